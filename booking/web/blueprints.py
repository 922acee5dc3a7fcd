"""Every blueprint of the application, in one list."""

from __future__ import annotations

from booking.web import (
    arriving,
    book,
    bookings,
    calendars,
    doings,
    health,
    mine,
    notices,
    organisation,
    settings,
    sign_in,
    subscriptions,
    today,
)
from booking.web.api import api

BLUEPRINTS = (
    api,
    arriving.pages,
    book.pages,
    bookings.pages,
    calendars.pages,
    doings.pages,
    health.pages,
    mine.pages,
    organisation.pages,
    notices.pages,
    settings.pages,
    sign_in.pages,
    subscriptions.pages,
    today.pages,
)
