"""The address people use, which links in letters and calendars begin with. Flask only."""

from __future__ import annotations

from flask import current_app, has_request_context, request

UNSET = "http://localhost:8000"  # the demo's own, as `make run` starts it


def site() -> str:
    """The address of this installation, without a slash at its end."""
    settings = current_app.extensions["samlokal.settings"]
    if settings.base_url:
        return str(settings.base_url).rstrip("/")
    return request.url_root.rstrip("/") if has_request_context() else UNSET
