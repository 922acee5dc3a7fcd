"""Every blueprint of the application, in one list."""

from __future__ import annotations

from booking.web import calendars, health, settings, sign_in, today
from booking.web.api import api

BLUEPRINTS = (api, calendars.pages, health.pages, settings.pages, sign_in.pages, today.pages)
