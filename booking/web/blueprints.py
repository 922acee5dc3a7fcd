"""Every blueprint of the application, in one list."""

from __future__ import annotations

from booking.web import health, settings, sign_in

BLUEPRINTS = (health.pages, settings.pages, sign_in.pages)
