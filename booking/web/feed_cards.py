"""A calendar subscription as the pages show it. Imports the actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from booking.actions.feeding import FeedKind, Subscription
from booking.domain.spans import day_of
from booking.web.cards import name_of
from booking.web.wording import clock, plain_day, short_day

# How programs name themselves, and how people do.
PROGRAMS = (
    ("Outlook", "Outlook"),
    ("Microsoft Exchange", "Outlook"),
    ("Google-Calendar", "Google"),
    ("Thunderbird", "Thunderbird"),
    ("dataaccessd", "iPhone"),
    ("CalendarAgent", "Mac"),
    ("ICSx5", "ICSx⁵"),
    ("DAVx5", "DAVx⁵"),
    ("Nextcloud", "Nextcloud"),
)


@dataclass(frozen=True)
class FeedCard:
    """What is written of one subscription; its secret is never known here."""

    id: str
    name: str
    shows: str
    made: str
    fetched: str
    program: str


def feed_card(subscription: Subscription) -> FeedCard:
    """The words for a subscription."""
    feed, zone = subscription.feed, subscription.place.premises.zone
    return FeedCard(
        id=feed.id,
        name=name(subscription),
        shows=_sentence(_shows(subscription)),
        made=plain_day(day_of(feed.created_at, zone)),
        fetched=_when(feed.fetched_at, zone) if feed.fetched_at else "",
        program=program(feed.fetched_by or ""),
    )


def name(subscription: Subscription) -> str:
    """What it is a calendar of."""
    premises = subscription.place.premises
    if subscription.feed.kind == FeedKind.MINE:
        return _("My bookings")
    if subscription.resource is not None:
        return name_of(premises, subscription.resource)
    return _("All places, %(premises)s", premises=premises.name)


def program(agent: str) -> str:
    """The program that fetched, by the name people know it by."""
    known = next((called for mark, called in PROGRAMS if mark in agent), None)
    return known or agent.split("/")[0].split("(")[0].strip()[:30]


def _shows(subscription: Subscription) -> list[str]:
    feed = subscription.feed
    parts = []
    if feed.busy_only:
        parts.append(_("only taken time"))
    if feed.kind == FeedKind.MINE:
        if feed.colleagues:
            parts.append(_("with colleagues’ bookings"))
        parts.append(
            _("confidential bookings as Booked time") if feed.neutral else _("without confidential bookings")
        )
    return parts


def _sentence(parts: list[str]) -> str:
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def _when(moment: datetime, zone: ZoneInfo) -> str:
    return f"{short_day(day_of(moment, zone))} {clock(moment, zone)}"
