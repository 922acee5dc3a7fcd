"""The JSON API, version 1: a face of the same actions the pages use. Its modules put themselves into its blueprint."""

from __future__ import annotations

from booking.web.api import boards, bookings, callers, feeds, free, openapi, problems, reports
from booking.web.api.operations import api

__all__ = ["api", "boards", "bookings", "callers", "feeds", "free", "openapi", "problems", "reports"]
