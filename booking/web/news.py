"""What people are told, in words: the same in a page and in a letter. Imports the actions' values and the domain.

Nothing here knows more than what its reader may know. What they may not know gives one constant sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from booking.actions.noticing import Told
from booking.domain.notices import News
from booking.domain.spans import Span, day_of
from booking.web.answering import Offer
from booking.web.cards import name_of
from booking.web.pieces import write_occurrence
from booking.web.wording import hours, plain_day


def something() -> str:
    """What is said of a booking that may not be named: the same whatever happened to it."""
    return _("There has been a change in the booking system")


def headline(told: Told) -> str:
    """What happened, in a sentence."""
    return something() + "." if told.hidden else SENTENCES[told.notice.news](told)


def _by(named: Callable[[str], str], nobody: Callable[[], str]) -> Callable[[Told], str]:
    """A sentence about who did it, or without anybody where that is not said."""
    return lambda told: named(told.sender) if told.sender else nobody()


def _invited(told: Told) -> str:
    return _("%(name)s has invited you.", name=told.view.organiser) if told.view else something()


SENTENCES: Mapping[News, Callable[[Told], str]] = {
    News.DISPLACED: lambda _told: _("A booking with priority needs the premises."),
    News.MOVED: lambda _told: _("Your booking has been moved to an equal desk."),
    News.GIVEN_BACK: lambda _told: _("What had to give way is yours again."),
    News.CANCELLED: _by(
        lambda name: _("%(name)s has cancelled your booking.", name=name),
        lambda: _("Your booking has been cancelled."),
    ),
    News.RESTORED: _by(
        lambda name: _("%(name)s has undone the cancelling: your booking stands again.", name=name),
        lambda: _("Your booking stands again."),
    ),
    News.CHANGED: _by(
        lambda name: _("%(name)s has changed your booking.", name=name),
        lambda: _("Your booking has been changed."),
    ),
    News.APPROVED: lambda _told: _("Your booking has been approved."),
    News.DECLINED: lambda _told: _("Your booking was not approved."),
    News.LAPSED: lambda _told: _("Nobody answered in time, so your booking has lapsed."),
    News.MISSED: lambda _told: _("Nobody came, so the place has been released."),
    News.REMINDER: lambda _told: _("Your booking begins soon."),
    News.SWAP: _by(
        lambda name: _("%(name)s asks you to swap.", name=name), lambda: _("Somebody asks you to swap.")
    ),
    News.HANDED_OVER: _by(
        lambda name: _("%(name)s has given you a booking.", name=name), lambda: _("A booking is now yours.")
    ),
    News.ASKED: lambda _told: _("A booking waits for an answer."),
    News.CIRCLE_MADE: lambda _told: _("Your organisation is the steward of a new circle."),
    News.CIRCLE_JOINED: lambda _told: _("Your organisation is in another circle."),
    News.CIRCLE_LEFT: lambda _told: _("Your organisation is no longer in one of its circles."),
    News.CIRCLE_SMALLER: lambda _told: _("An organisation has left a circle that yours is the steward of."),
    News.RIGHTS: lambda _told: _("Your rights as administrator of your organisation have changed."),
    News.RESET: _by(
        lambda name: _(
            "The system’s administrator has had a link for a new password sent to %(name)s.", name=name
        ),
        lambda: _("The system’s administrator has had a link for a new password sent to a colleague."),
    ),
    News.PASSWORD: lambda _told: _(
        "Your password is a new one. Every session and token you had has been ended."
    ),
    News.FACTORS: _by(
        lambda name: _("The second factors of %(name)s have been taken away.", name=name),
        lambda: _("The second factors of a colleague have been taken away."),
    ),
    News.ENDING: lambda _told: _(
        "Your account ends within a week. What you have booked after that is cancelled then. "
        "If you need more time, ask the coordinator."
    ),
    News.PROLONGED: lambda _told: _("Your account ends on another day than before. Your settings say when."),
    News.REVIEW: lambda _told: _("A review of the access log is overdue."),
    News.RETIRED: lambda _told: _("A place is no longer to be had."),
    News.RENAMED: lambda _told: _("A place has a new name."),
    News.SIGN_IN_CHANGED: lambda _told: _(
        "How you sign in has changed. If that was not you, tell your organisation’s administrator."
    ),
    News.FACTORS_GONE: lambda _told: _(
        "Your second factor has been removed, and you are signed out everywhere."
    ),
    News.HOURS: lambda _told: _("The hours of the premises have changed."),
    News.INVITED: _invited,
}


# Where one reads more of what is about no booking.
PAGES: Mapping[News, str] = {
    News.CIRCLE_MADE: "/kretsar",
    News.CIRCLE_JOINED: "/kretsar",
    News.CIRCLE_LEFT: "/kretsar",
    News.CIRCLE_SMALLER: "/kretsar",
    News.RIGHTS: "/mina",
    News.RESET: "/organisationen",
    News.FACTORS: "/installningar",
    News.ENDING: "/installningar",
    News.PROLONGED: "/installningar",
}


def about(told: Told) -> str:
    """The place and the time it is about, as far as it is about any."""
    if told.place is None:
        return ""
    premises, span = told.place.premises, told.notice.span
    series = told.view is not None and told.notice.occurrence is None
    if told.view is not None and not series and (span is None or told.view.clipped):
        span = told.view.span
    known = told.resource is not None and told.resource in premises.by_key
    parts = [name_of(premises, told.resource) if known and told.resource else premises.name]
    if span is not None:
        parts.append(when(span, premises.zone))
    elif series:
        parts.append(_("several times"))
    return ", ".join(parts)


def lost(told: Told, now: datetime) -> list[str]:
    """The coming parts that had to give way and have not been given back."""
    if told.view is None or told.place is None or told.notice.news is not News.DISPLACED:
        return []
    zone = told.place.premises.zone
    return [
        _("Had to give way %(hours)s.", hours=hours(part, zone))
        for part in told.view.suspended
        if part.end > now
    ]


def when(span: Span, zone: ZoneInfo) -> str:
    """A day and its hours: tisdag 24 november 13.00–15.00; across days their dates."""
    first, last = day_of(span.start, zone), day_of(span.end - timedelta(microseconds=1), zone)
    return f"{plain_day(first)} {hours(span, zone)}" if first == last else hours(span, zone)


# --- addresses --------------------------------------------------------------------------------


def path_of(told: Told) -> str:
    """The page of what it is about; empty where there is none for its reader."""
    if told.notice.news is News.REVIEW:
        return "/granskning"
    if told.view is None:
        return PAGES.get(told.notice.news, "")
    alone = told.notice.occurrence is not None
    named = f"?{urlencode({'tillfalle': write_occurrence(told.view.occurrence)})}" if alone else ""
    return f"/bokning/{told.view.id}{named}"


def path_to(told: Told, offer: Offer) -> str:
    """The page on which a free time is taken instead."""
    assert told.view is not None
    query = {"tillfalle": write_occurrence(told.view.occurrence), "valj": offer.value}
    return f"/bokning/{told.view.id}/flytta?{urlencode(query)}"
