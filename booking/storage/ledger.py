"""Every query about bookings and their claims. Hands out frozen domain values; imports domain and tables.

Content that is sealed is never read here: `booking.storage.sealed` is asked for one booking at a time,
and only by the action that opens it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, true

from booking.domain.bookings import Booking, Content, Gone, Invitee, Purpose, Repetition, Status, key_of
from booking.domain.claims import Claim, Hold
from booking.domain.notices import News
from booking.domain.people import CircleId, OrganisationId, PersonId, Visibility
from booking.domain.premises import Category
from booking.domain.spans import Span, merged
from booking.storage.database import run
from booking.storage.places import Place
from booking.storage.stakes import Columns, Stored, stake
from booking.storage.tables import (
    attendees,
    bookings,
    claims,
    displacements,
    notices,
    occurrences,
    organisations,
    people,
    terms,
    terms_circles,
    terms_equipment,
)
from booking.storage.tables import refused_dates as refused

OCCURRENCE = (occurrences.c.id, occurrences.c.starts, occurrences.c.ends)
OF_THE_BOOKING = ("id", "booking_id", "premises_id", "organisation_id")
VALUES_AT_ONCE = 1000
AT_ONCE = 100  # spans in one statement: databases bound how deep a condition may be
# 31 days, the changeover and a night of 25 hours, bounded as in the schema
LONGEST_CLAIM = timedelta(days=32)


@dataclass(frozen=True)
class Standing:
    """What stands around a window: the claims that overlap it, those that gave way too, and their bookings."""

    bookings: tuple[Booking, ...]
    claims: tuple[Claim, ...]
    named: Mapping[int, str]  # the keys of the occurrences by their numbers

    def numbered(self, number: int) -> Booking:
        """The occurrence with this number, which must be among them."""
        key = self.named[number]
        return next(each for each in self.bookings if each.key == key)


def around(place: Place, windows: Iterable[Span]) -> Standing:
    """All that overlaps some windows, and all that overlaps any booking in them, walls' changeover included.

    A booking that starts within the changeover after a window counts as in it: its wall claim reaches in.
    """
    changeover = place.premises.changeover
    reach = merged(window.widened(changeover, changeover) for window in windows)
    live = [
        row
        for some in _a_few(reach)
        for row in run(select(*OCCURRENCE).where(or_(*(_live(place, span) for span in some))))
    ]
    known = (*reach, *(Span(row.starts, row.ends) for row in live))
    return _standing(place, merged(span.widened(changeover, changeover) for span in known), live)


def _a_few(spans: Sequence[Span]) -> Iterator[Sequence[Span]]:
    return (spans[start : start + AT_ONCE] for start in range(0, len(spans), AT_ONCE))


def _live(place: Place, window: Span) -> ColumnElement[bool]:
    return and_(_overlapping(occurrences, place.id, window), ~occurrences.c.cancelled)


def _overlapping(table: Any, premises: int, window: Span) -> ColumnElement[bool]:
    """Bounded on both sides by the longest claim, so that history costs nothing."""
    return and_(
        table.c.premises_id == premises,
        table.c.starts < window.end,
        table.c.starts > window.start - LONGEST_CLAIM,
        table.c.ends > window.start,
    )


def all_claims(place: Place) -> tuple[Claim, ...]:
    """Every standing claim of a premises, for the audit."""
    query = _claims().where(claims.c.premises_id == place.id, ~claims.c.released)
    keys = place.space_keys
    return tuple(_claim(keys, row) for row in run(query))


def premises_of(booking: str) -> int | None:
    """The number of the premises a booking belongs to; None when there is no such booking."""
    number: int | None = run(select(bookings.c.premises_id).where(bookings.c.id == booking)).scalar()
    return number


def known_uids(uids: Iterable[str]) -> set[str]:
    """Those of the names in calendars that stored bookings have, cancelled ones too."""
    return {row.uid for row in _each(select(bookings.c.uid), bookings.c.uid, uids)}


def concerning(
    place: Place, person: PersonId, organisation: OrganisationId | None, window: Span, colleagues: bool
) -> dict[str, int]:
    """The occurrences a person made or is invited to by name in a window: numbers by key.

    With colleagues, the organisation's too.
    """
    invited = select(attendees.c.terms_id).where(attendees.c.person_id == person)
    whose = [bookings.c.organiser_id == person, occurrences.c.terms_id.in_(invited)]
    if colleagues and organisation is not None:
        whose.append(bookings.c.organisation_id == organisation)
    columns = (occurrences.c.id, occurrences.c.booking_id, occurrences.c.occurrence)
    query = select(*columns).join(bookings).where(_live(place, window), or_(*whose))
    return {key_of(row.booking_id, row.occurrence): row.id for row in run(query)}


def beside(place: Place, numbers: Iterable[int]) -> Standing:
    """Some occurrences, and everything that overlaps them, walls' changeover included."""
    return _beside(place, _each(select(*OCCURRENCE), occurrences.c.id, numbers))


def numbers_of(booking: str) -> dict[datetime, int]:
    """The numbers of a booking's occurrences by their names, oldest first."""
    query = select(occurrences.c.occurrence, occurrences.c.id).where(occurrences.c.booking_id == booking)
    return dict(run(query.order_by(occurrences.c.occurrence)).all())


def meant(booking: str, occurrence: datetime | None, now: datetime) -> dict[str, int]:
    """The occurrences of a booking that somebody may mean, the likeliest first: numbers by key.

    By name, or else by an instant in it. Without either those to come, then those that stood, the latest
    first, then what is cancelled. All of them, for which of them somebody may know is not decided here.
    """
    query = select(occurrences).where(occurrences.c.booking_id == booking).order_by(occurrences.c.starts)
    rows = run(query).all()
    standing = [row for row in rows if not row.cancelled]
    if occurrence is None:
        coming = [row for row in standing if row.ends > now]
        past = [row for row in standing if row.ends <= now]
        found = [*coming, *reversed(past), *(row for row in rows if row.cancelled)]
    else:
        named = [row for row in rows if row.occurrence == occurrence]
        found = [*named, *(row for row in standing if row.starts <= occurrence < row.ends)]
    return {key_of(booking, row.occurrence): row.id for row in found}


def spoken_of(
    said: Iterable[tuple[str, datetime | None]], now: datetime
) -> dict[tuple[str, datetime | None], tuple[int, int]]:
    """The numbers of premises and occurrence that somebody was told of, by booking and occurrence.

    Of a series without an occurrence the next that comes, else its last.
    """
    wanted = set(said)
    series = [booking for booking, occurrence in wanted if occurrence is None]
    chosen = _coming_or_last(series, now) if series else {}
    names = {each: (each[0], each[1] or chosen.get(each[0])) for each in wanted}
    columns = (occurrences.c.premises_id, occurrences.c.id)
    query = select(occurrences.c.booking_id, occurrences.c.occurrence, *columns).where(
        occurrences.c.occurrence.in_({occurrence for _, occurrence in names.values() if occurrence})
    )
    rows = _each(query, occurrences.c.booking_id, [booking for booking, _ in wanted])
    found = {(booking, name): (premises, number) for booking, name, premises, number in rows}
    return {each: found[name] for each, name in names.items() if name in found}


def _coming_or_last(bookings_: Sequence[str], now: datetime) -> dict[str, datetime]:
    last = select(occurrences.c.booking_id, func.max(occurrences.c.occurrence)).group_by(
        occurrences.c.booking_id
    )
    coming = (
        select(occurrences.c.booking_id, func.min(occurrences.c.occurrence))
        .where(~occurrences.c.cancelled, occurrences.c.ends > now)
        .group_by(occurrences.c.booking_id)
    )
    found: dict[str, datetime] = {}
    for query in (last, coming):
        found |= dict(_each(query, occurrences.c.booking_id, bookings_))
    return found


def alone(place: Place, numbers: Iterable[int]) -> list[Booking]:
    """Some occurrences and nothing beside them, by start; what they have released is not asked."""
    return list(_bookings(place, numbers, {}).values())


@dataclass(frozen=True)
class RefusedDate:
    """A date that a series could not have when it was booked, UTC, with the slug of its reason."""

    span: Span
    reason: str


def refused_dates(booking: str) -> list[RefusedDate]:
    """The dates of a series that were refused and have not been booked since, by start."""
    found = select(refused).where(refused.c.booking_id == booking).order_by(refused.c.starts)
    return [RefusedDate(Span(row.starts, row.ends), row.reason) for row in run(found)]


def ahead(place: Place, now: datetime) -> list[Booking]:
    """All occurrences of a premises that stand and have not ended, by start; what they released is not asked."""
    return alone(place, numbers_ahead(place, now))


def numbers_ahead(place: Place, now: datetime) -> list[int]:
    """The numbers of all occurrences of a premises that stand and have not ended."""
    query = select(occurrences.c.id).where(
        occurrences.c.premises_id == place.id,
        occurrences.c.starts > now - LONGEST_CLAIM,
        occurrences.c.ends > now,
        ~occurrences.c.cancelled,
    )
    return list(run(query).scalars())


def sharing(terms_id: str) -> int:
    """How many occurrences have these terms."""
    count: int = run(select(func.count()).where(occurrences.c.terms_id == terms_id)).scalar_one()
    return count


def confidential_terms(booking: str) -> bool:
    """Whether anything of a booking is for circles alone."""
    query = select(terms.c.id).join(terms_circles).where(terms.c.booking_id == booking)
    return run(query.limit(1)).first() is not None


def _beside(place: Place, mine: Sequence[Row[Any]]) -> Standing:
    changeover = place.premises.changeover
    near = merged(Span(row.starts, row.ends).widened(changeover, changeover) for row in mine)
    return _standing(place, near, mine)


def _standing(place: Place, spans: Sequence[Span], also: Iterable[Row[Any]]) -> Standing:
    """The claims that overlap the spans with their bookings, and other occurrences' bookings besides.

    Numbers are fetched first: a condition that says 'either of two tables' would walk through all history.
    """
    rows = list({row.id: row for some in _a_few(spans) for row in _claims_in(place, some)}.values())
    numbers = {row.id for row in also} | {row.occurrence_id for row in rows}
    keys = place.space_keys
    laid = tuple(_claim(keys, row) for row in rows)
    found = _bookings(place, numbers, released(laid))
    return Standing(tuple(found.values()), laid, {number: each.key for number, each in found.items()})


def released(laid: Iterable[Claim]) -> dict[str, tuple[Span, ...]]:
    """The time in which each occurrence gave way, by its key: what it holds no longer."""
    found: dict[str, list[Span]] = defaultdict(list)
    for claim in laid:
        if claim.released and isinstance(claim.stake, Hold):
            found[claim.occurrence].append(claim.span)
    return {key: merged(spans) for key, spans in found.items()}


def _claims() -> Select[Any]:
    return select(claims, occurrences.c.booking_id, occurrences.c.occurrence).join(occurrences)


def _claims_in(place: Place, spans: Sequence[Span]) -> list[Row[Any]]:
    """The claims that overlap some of a few spans, those that gave way too."""
    inside = or_(*(_overlapping(claims, place.id, span) for span in spans))
    return list(run(_claims().where(inside)))


def _each(query: Select[Any], column: ColumnElement[Any], values: Iterable[Any]) -> list[Any]:
    """The rows in which the column is one of the values, asked for a thousand at a time."""
    wanted = sorted(set(values))
    parts = (wanted[start : start + VALUES_AT_ONCE] for start in range(0, len(wanted), VALUES_AT_ONCE))
    return [row for part in parts for row in run(query.where(column.in_(part)))]


def coming(organisation: OrganisationId, circles: Iterable[CircleId], now: datetime) -> int:
    """How many occurrences an organisation has ahead, blocks and what is for other circles not counted."""
    others = (
        exists()
        .where(terms_circles.c.terms_id == occurrences.c.terms_id)
        .where(terms_circles.c.circle_id.not_in(sorted(circles)))
    )
    query = (
        select(func.count())
        .select_from(occurrences.join(bookings))
        .where(
            occurrences.c.organisation_id == organisation,
            occurrences.c.starts > now,
            ~occurrences.c.cancelled,
            ~others,
            bookings.c.kind == Purpose.USE.value,
        )
    )
    count: int = run(query).scalar_one()
    return count


def ahead_in(organisation: OrganisationId, circles: Iterable[CircleId], now: datetime) -> bool:
    """Whether an organisation has anything that has not ended and is confidential to one of some circles."""
    query = (
        select(occurrences.c.id)
        .join(terms_circles, terms_circles.c.terms_id == occurrences.c.terms_id)
        .where(
            occurrences.c.organisation_id == organisation,
            occurrences.c.ends > now,
            ~occurrences.c.cancelled,
            terms_circles.c.circle_id.in_(list(circles)),
        )
    )
    return run(query.limit(1)).first() is not None


def secret_ahead(place: Place, circles: Iterable[CircleId], now: datetime) -> tuple[Span, ...]:
    """The time to come in which anything is said in a premises that only one of some circles may hear, merged."""
    query = select(claims.c.starts, claims.c.ends).where(
        claims.c.premises_id == place.id,
        claims.c.starts > now - LONGEST_CLAIM,
        claims.c.ends > now,
        claims.c.kind == Stored.SECRECY.value,
        claims.c.about.in_(list(circles)),
        ~claims.c.released,
    )
    return merged(Span(max(row.starts, now), row.ends) for row in run(query))


def begun_without(place: Place, window: Span, now: datetime) -> list[int]:
    """The occurrences that started in the window, have not ended and to which nobody has checked in."""
    query = (
        select(occurrences.c.id)
        .join(bookings)
        .where(
            occurrences.c.premises_id == place.id,
            occurrences.c.starts >= window.start,
            occurrences.c.starts < window.end,
            occurrences.c.ends > now,
            ~occurrences.c.cancelled,
            occurrences.c.checked_in_at.is_(None),
            bookings.c.kind == Purpose.USE.value,
            bookings.c.status == Status.CONFIRMED.value,
        )
    )
    return list(run(query.order_by(occurrences.c.starts, occurrences.c.id)).scalars())


def ahead_of(
    place: Place, person: PersonId, organisation: OrganisationId, now: datetime
) -> dict[str, list[Booking]]:
    """What a person booked for an organisation that stands and has not ended: occurrences by their booking."""
    query = (
        select(occurrences.c.id)
        .join(bookings)
        .where(
            bookings.c.organiser_id == person,
            bookings.c.organisation_id == organisation,
            occurrences.c.premises_id == place.id,
            occurrences.c.ends > now,
            ~occurrences.c.cancelled,
        )
    )
    found: dict[str, list[Booking]] = defaultdict(list)
    for each in alone(place, run(query).scalars()):
        found[each.id].append(each)
    return found


def booked_ahead(now: datetime) -> set[OrganisationId]:
    """The organisations that have anything booked that stands and has not ended."""
    coming = occurrences.c.ends > now, ~occurrences.c.cancelled
    return set(run(select(occurrences.c.organisation_id).where(*coming).distinct()).scalars())


def to_remind(place: Place, window: Span) -> list[tuple[int, datetime | None]]:
    """The confirmed occurrences that start in the window and concern somebody who wants to be reminded.

    Their numbers, and when somebody was last reminded of each.
    """
    wanting = select(people.c.id).where(people.c.remind_minutes.is_not(None))
    invited = select(attendees.c.terms_id).where(attendees.c.person_id.in_(wanting))
    query = (
        select(occurrences.c.id, occurrences.c.reminded_at)
        .join(bookings)
        .where(
            occurrences.c.premises_id == place.id,
            occurrences.c.starts > window.start,
            occurrences.c.starts <= window.end,
            ~occurrences.c.cancelled,
            bookings.c.kind == Purpose.USE.value,
            bookings.c.status == Status.CONFIRMED.value,
            or_(bookings.c.organiser_id.in_(wanting), occurrences.c.terms_id.in_(invited)),
        )
    )
    return [tuple(row) for row in run(query.order_by(occurrences.c.starts, occurrences.c.id))]


def told(numbers: Iterable[int]) -> dict[str, datetime]:
    """When it was last told of each occurrence, by its key, that it had to give way.

    Asked of the notices: how often it was displaced would tell how many hidden bookings bar it.
    """
    same = and_(
        notices.c.booking_id == occurrences.c.booking_id,
        notices.c.occurrence == occurrences.c.occurrence,
        notices.c.kind == News.DISPLACED.value,
        notices.c.person_id == bookings.c.organiser_id,
    )
    query = (
        select(occurrences.c.booking_id, occurrences.c.occurrence, func.max(notices.c.made_at))
        .join(bookings, bookings.c.id == occurrences.c.booking_id)
        .join(notices, same)
        .group_by(occurrences.c.booking_id, occurrences.c.occurrence)
    )
    rows = _each(query, occurrences.c.id, numbers)
    return {key_of(booking, occurrence): at for booking, occurrence, at in rows}


def _bookings(
    place: Place, numbers: Iterable[int], gave_way: Mapping[str, tuple[Span, ...]]
) -> dict[int, Booking]:
    """The bookings of some occurrences by number, cancelled ones too, by start."""
    query = (
        select(
            bookings,
            occurrences.c.id.label("number"),
            *(column for column in terms.c if column.name not in ("id", "booking_id")),
            *(column for column in occurrences.c if column.name not in OF_THE_BOOKING),
            people.c.name.label("organiser_name"),
            organisations.c.category,
        )
        .join(occurrences, occurrences.c.booking_id == bookings.c.id)
        .join(terms, terms.c.id == occurrences.c.terms_id)
        .join(people, people.c.id == bookings.c.organiser_id)
        .join(organisations, organisations.c.id == bookings.c.organisation_id)
        .where(bookings.c.premises_id == place.id)
    )
    rows = sorted(_each(query, occurrences.c.id, numbers), key=lambda row: (row.starts, row.id))
    ids = [row.terms_id for row in rows]
    circles = _grouped(select(terms_circles), terms_circles.c.terms_id, ids)
    equipment = _grouped(select(terms_equipment), terms_equipment.c.terms_id, ids)
    invited = _invited(ids)
    keys = place.space_keys
    return {
        row.number: _booking(
            row,
            keys,
            (circles[row.terms_id], equipment[row.terms_id], invited[row.terms_id]),
            gave_way.get(key_of(row.id, row.occurrence), ()),
        )
        for row in rows
    }


def _grouped(query: Select[Any], column: ColumnElement[Any], ids: Iterable[str]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for shared, other in _each(query, column, ids):
        groups[shared].append(other)
    return groups


def _invited(ids: Iterable[str]) -> dict[str, list[Invitee]]:
    query = select(attendees.c.terms_id, people.c.id, people.c.name, people.c.email).join(people)
    groups: dict[str, list[Invitee]] = defaultdict(list)
    for shared, *person in sorted(_each(query, attendees.c.terms_id, ids), key=lambda row: row.email):
        groups[shared].append(Invitee(*person))
    return groups


def _booking(
    row: Row[Any],
    keys: Any,
    belongings: tuple[list[int], list[int], list[Invitee]],
    gave_way: tuple[Span, ...],
) -> Booking:
    circles, equipment, invited = belongings
    sealed = bool(circles)
    return Booking(
        id=row.id,
        resource=keys[row.space_id],
        span=Span(row.starts, row.ends),
        occurrence=row.occurrence,
        organisation=row.organisation_id,
        organiser=row.organiser_id,
        organiser_name=row.organiser_name,
        visibility=Visibility(row.visibility),
        circle=row.circle_id,
        circles=frozenset(circles),
        content=None if sealed else _content(row, invited),
        invited=frozenset(each.person for each in invited),
        equipment=tuple(sorted(keys[number] for number in equipment)),
        clear_desks=row.clear_desks,
        status=Status.CANCELLED if row.cancelled else Status(row.status),
        uid=row.uid,
        version=row.version,
        sequence=row.sequence,
        created=row.made_at,
        changed=row.changed_at,
        terms=row.terms_id,
        category=Category(row.category),
        purpose=Purpose(row.kind),
        urgent=row.urgent,
        repetition=_repetition(row),
        released=gave_way,
        checked_in=row.checked_in_at,
        missed=row.missed,
        answer_by=row.answer_by,
    )


def _content(row: Row[Any], invited: Iterable[Invitee]) -> Content:
    """What is said openly. Whoever books writes a title, if an empty one: where there is none it was destroyed."""
    gone = Gone.DESTROYED if row.title is None else None
    return Content(row.title or "", row.note or "", tuple(invited), gone)


def _repetition(row: Row[Any]) -> Repetition | None:
    if row.rule is None:
        return None
    return Repetition(
        row.rule, tuple(date.fromisoformat(day) for day in (row.excepted or "").split(",") if day)
    )


def _claim(keys: Any, row: Row[Any]) -> Claim:
    found = stake(Columns(row.kind, row.about, row.tag))
    key = key_of(row.booking_id, row.occurrence)
    return Claim(keys[row.space_id], found, Span(row.starts, row.ends), key, row.since, row.released)


# --- what gave way ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Displaced:
    """A part of an occurrence that had to give way and has not been given back; UTC."""

    number: int
    occurrence: int
    span: Span


def gave_way(place: Place, spans: Sequence[Span], now: datetime) -> list[int]:
    """The occurrences that released something in the spans and have not ended, the oldest claims first."""
    found: dict[int, int] = {}
    for some in _a_few(spans):
        inside = or_(*(_overlapping(claims, place.id, span) for span in some))
        query = (
            select(claims.c.occurrence_id, func.min(claims.c.since))
            .join(occurrences)
            .where(inside, claims.c.released, occurrences.c.ends > now)
            .group_by(claims.c.occurrence_id)
        )
        found.update(dict(run(query).all()))
    return sorted(found, key=lambda number: (found[number], number))


@dataclass(frozen=True)
class Waits:
    """An occurrence of a booking that waits for approval, and when that wait ends by itself; UTC."""

    number: int
    booking: str
    answer_by: datetime


def waiting(place: Place) -> list[Waits]:
    """All that waits for approval in a premises, the booking made first first, each by start."""
    query = (
        select(occurrences.c.id, bookings.c.id.label("booking"), bookings.c.answer_by)
        .join(bookings)
        .where(
            bookings.c.answer_by.is_not(None),
            bookings.c.status == Status.PENDING.value,
            bookings.c.premises_id == place.id,
            ~occurrences.c.cancelled,
        )
        .order_by(bookings.c.created_at, bookings.c.id, occurrences.c.starts)
    )
    return [Waits(row.id, row.booking, row.answer_by) for row in run(query)]


def displaced(
    place: Place, spans: Sequence[Span], now: datetime, of: OrganisationId | None = None
) -> list[Displaced]:
    """The displacements in the spans that have not come to their end, of occurrences that stand.

    Those `of` one organisation, where it is given.
    """
    whose = occurrences.c.organisation_id == of if of is not None else true()
    rows = [
        row
        for some in _a_few(spans)
        for row in run(
            select(displacements, occurrences.c.premises_id)
            .join(occurrences)
            .where(
                or_(*(_overlapping(occurrences, place.id, span) for span in some)),
                occurrences.c.ends > now,
                ~occurrences.c.cancelled,
                whose,
                displacements.c.given_back_at.is_(None),
                ~displacements.c.moved,
            )
        )
    ]
    return [Displaced(row.id, row.occurrence_id, Span(row.starts, row.ends)) for row in rows]
