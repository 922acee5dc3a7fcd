"""Bookings brought over from another calendar, each by the ordinary action: every rule and the guard hold.

What is brought over twice is known by its id and stays as it is. Imports storage and the domain.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from booking.actions import booking
from booking.actions.errors import Clash, NotFound, Refused
from booking.actions.looking import place_for
from booking.actions.wishing import Order
from booking.domain.bookings import Repetition
from booking.domain.people import Viewer
from booking.domain.premises import Resource
from booking.domain.refusals import Reason, Refusal
from booking.domain.series import Fault, WrongPattern, read_rule, rest_of, write_rule
from booking.domain.spans import MINUTE, Span, day_of, instant
from booking.storage import directory, journal, naming, organisations
from booking.storage.database import transaction
from booking.storage.directory import Person
from booking.storage.journal import Action
from booking.storage.places import Place

ENDS = re.compile(r";(?:UNTIL|COUNT)=", re.IGNORECASE)


class Over(Exception):
    """No time of a series is to come."""


class Unreadable(ValueError):
    """A file is no calendar that can be read, or too much of one; the message is a sentence."""


class Passed(StrEnum):
    """Why an entry is not tried at all."""

    FREE = "free"
    CANCELLED = "cancelled"
    OVER = "over"
    UNREADABLE = "unreadable"
    UNKNOWN_ZONE = "unknown-zone"
    NO_SUCH_TIME = "no-such-time"
    OTHER_CLOCK = "other-clock"
    EXTRA_DAYS = "extra-days"
    FOLLOWING = "following"
    NO_PLACE = "no-place"


class Outcome(StrEnum):
    """What came of an entry."""

    FITS = "fits"
    BOOKED = "booked"
    CLASHES = "clashes"
    REFUSED = "refused"
    KNOWN = "known"
    PASSED = "passed"


@dataclass(frozen=True)
class Entry:
    """One entry of another calendar: `uid` names it for good, `where` says where in the file it stands.

    With `rule` (RFC 5545 section 3.3.10) the span, UTC, is the first of many; `excepted` are local days left out.
    `place` is what the file calls the place. `passed` where it cannot be, or is not to be, booked.
    """

    uid: str
    where: str
    span: Span | None = None
    title: str = ""
    note: str = ""
    place: str = ""
    rule: str | None = None
    excepted: tuple[date, ...] = ()
    private: bool = False
    passed: Passed | None = None


@dataclass(frozen=True)
class Brought:
    """What came of an entry: where it fits or was booked, how many of its times, and how many were left out."""

    entry: Entry
    outcome: Outcome
    resource: str = ""
    span: Span | None = None
    times: int = 0
    left_out: int = 0
    refusals: tuple[Refusal, ...] = ()
    passed: Passed | None = None


def booker(organisation: str, email: str | None, now: datetime) -> Viewer:
    """The eyes of the one in whose name is booked: the person given, else the organisation's only administrator.

    NotFound when there is no such organisation or person, or when which of several is not said.
    """
    found = organisations.by_key(organisation)
    present = [each for each in directory.people_of(found.id) if not each.ended(now)] if found else []
    meant = [each for each in present if _is_meant(each, email)]
    if len(meant) != 1:
        raise NotFound
    return directory.viewer_of(meant[0])


def _is_meant(person: Person, email: str | None) -> bool:
    return person.organisation_admin if email is None else person.email == email.strip().lower()


def bring(
    viewer: Viewer, premises: str, entries: Iterable[Entry], now: datetime, resource: str | None, commit: bool
) -> Iterator[Brought]:
    """Try each entry, by start, and with `commit` book it; what came of it.

    Nobody gives way, and of a series what fits is booked. Without `commit` an entry also clashes with those before
    it at the same place. `resource` is the place of all entries, or each is at the one its file names. NotFound
    when the premises, or that place, is not for the viewer.
    """
    place = place_for(viewer, premises)
    one = place.resource_key(resource) if resource is not None else None
    if resource is not None and one is None:
        raise NotFound
    found = [(each, one or place_named(place, each.place)) for each in entries]
    uids = {each: _uid(viewer, place, each, key) for each, key in found}
    known = naming.known_uids(uids.values())
    ours: dict[str, list[Span]] = {}
    for entry, key in sorted(found, key=lambda pair: pair[0].span.start if pair[0].span else now):
        if uids[entry] in known:
            yield Brought(entry, Outcome.KNOWN)
        elif passed := entry.passed or _passed(entry, key, now):
            yield Brought(entry, Outcome.PASSED, passed=passed)
        else:
            order = _order(place, entry, key or "", uids[entry])
            brought = _brought(viewer, place, order, entry, ours.setdefault(order.resource, []), now, commit)
            if brought.times:
                known.add(uids[entry])
            yield brought


def place_named(place: Place, words: str) -> str | None:
    """The key of the place that a calendar calls so, by key or name in any language; None when it is none of ours."""
    wanted = [each.strip().casefold() for each in re.split("[,;]", words)]
    return next(
        (each.key for name in wanted for each in place.premises.resources if name in _names(each)), None
    )


def _names(resource: Resource) -> set[str]:
    return {resource.key, resource.name.sv.casefold(), resource.name.en.casefold()}


def _uid(viewer: Viewer, place: Place, entry: Entry, key: str | None) -> str:
    """The same for the same entry of the same organisation at the same place, and telling nothing of it."""
    said = json.dumps([viewer.organisation, place.public_id, key, entry.uid])
    return f"{hashlib.sha256(said.encode()).hexdigest()[:40]}@samlokal"


def _passed(entry: Entry, key: str | None, now: datetime) -> Passed | None:
    if entry.span is None:
        return Passed.UNREADABLE
    if entry.rule is None and entry.span.end <= now:
        return Passed.OVER
    return Passed.NO_PLACE if key is None else None


def _order(place: Place, entry: Entry, key: str, uid: str) -> Order:
    """What is private keeps its words to itself."""
    assert entry.span is not None
    return Order(
        premises=place.premises.key,
        resource=key,
        span=entry.span,
        title="" if entry.private else entry.title,
        note="" if entry.private else entry.note,
        repeat=Repetition(entry.rule, entry.excepted) if entry.rule else None,
        uid=uid,
    )


def _brought(
    viewer: Viewer, place: Place, order: Order, entry: Entry, ours: list[Span], now: datetime, commit: bool
) -> Brought:
    """What comes of one entry; `ours` are the times at its place that those before it would have."""
    try:
        order = _from_now_on(viewer, place, order, now)
        judged = booking.try_out(viewer, order, now)
        fits = [each.wish.span for each in judged.fitting]
        fits = [each for each in fits if not any(each.overlaps(other) for other in ours)]
        if not fits:
            raise Clash(order.span)
        if commit:
            made = booking.book(viewer, order, now)
            with transaction():
                journal.record(Action.BOOKING_IMPORT, made.view.id, now)
        else:
            ours += fits
    except Over:
        return Brought(entry, Outcome.PASSED, passed=Passed.OVER)
    except Refused as refused:
        return Brought(entry, Outcome.REFUSED, order.resource, order.span, refusals=refused.refusals)
    except Clash:
        return Brought(entry, Outcome.CLASHES, order.resource, order.span)
    outcome = Outcome.BOOKED if commit else Outcome.FITS
    return Brought(entry, outcome, order.resource, fits[0], len(fits), len(judged.tried) - len(fits))


def _from_now_on(viewer: Viewer, place: Place, order: Order, now: datetime) -> Order:
    """The order for what is to come of a series, as far ahead as may be booked; Over when that is nothing."""
    if order.repeat is None:
        return order
    rule, zone = order.repeat.rule, place.premises.zone
    start, end = (each.astimezone(zone) for each in (order.span.start, order.span.end))
    today, last = day_of(now, zone), day_of(place.premises.horizon(viewer.category, now) - MINUTE, zone)
    since = today if start.time() > now.astimezone(zone).time() else today + timedelta(days=1)
    try:
        pattern = read_rule(rule if ENDS.search(rule) else f"{rule};UNTIL={last:%Y%m%d}", zone, start.time())
        first, left = rest_of(pattern, start.date(), since, last)
    except WrongPattern as wrong:
        if wrong.reason is Fault.NO_OCCURRENCE:
            raise Over from None
        raise Refused((Refusal(Reason(wrong.reason.value), "repeat"),)) from None
    nights = end.date() - start.date()
    starts, ends = instant(first, start.time(), zone), instant(first + nights, end.time(), zone)
    if starts is None or ends is None:
        raise Refused((Refusal(Reason.NO_SUCH_TIME, "starts"),))
    repeat = replace(order.repeat, rule=write_rule(left, zone))
    return replace(order, span=Span(starts, ends), repeat=repeat, skip=True)
