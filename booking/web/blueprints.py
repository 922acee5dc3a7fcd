"""Every blueprint of the application, in one list."""

from __future__ import annotations

from booking.web import (
    arriving,
    blocking,
    book,
    bookings,
    calendars,
    closing,
    coordination,
    doings,
    extracts,
    furnishing,
    health,
    history,
    mine,
    notices,
    organisation,
    reviewing,
    settings,
    sign_in,
    subscriptions,
    today,
)
from booking.web.api import api

BLUEPRINTS = (
    api,
    arriving.pages,
    blocking.pages,
    book.pages,
    bookings.pages,
    calendars.pages,
    closing.pages,
    coordination.pages,
    doings.pages,
    extracts.pages,
    furnishing.pages,
    health.pages,
    history.pages,
    mine.pages,
    organisation.pages,
    notices.pages,
    reviewing.pages,
    settings.pages,
    sign_in.pages,
    subscriptions.pages,
    today.pages,
)
