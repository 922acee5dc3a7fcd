"""Every blueprint of the application, in one list."""

from __future__ import annotations

from booking.web import (
    book,
    bookings,
    calendars,
    doings,
    health,
    mine,
    notices,
    settings,
    sign_in,
    subscriptions,
    today,
)
from booking.web.api import api

BLUEPRINTS = (
    api,
    book.pages,
    bookings.pages,
    calendars.pages,
    doings.pages,
    health.pages,
    mine.pages,
    notices.pages,
    settings.pages,
    sign_in.pages,
    subscriptions.pages,
    today.pages,
)
