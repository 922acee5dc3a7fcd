"""Changing a booking of one's own organisation, under the premises' lock: one occurrence, those that follow, or all.

What an edit does not touch stays as it is: occurrences that have ended, exceptions made earlier, claims that
are not moved. Imports storage and the domain. Raises the errors of `booking.actions.errors` and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from booking.actions import telling
from booking.actions.approving import asks_anew, waiting_again
from booking.actions.booking import aged, seal
from booking.actions.displacing import displace
from booking.actions.errors import Changed, Clash, Refused
from booking.actions.giving_back import give_back
from booking.actions.judging import Judged, Tried, agreed, clash
from booking.actions.looking import (
    Opened,
    etag_of,
    eyes_over_all,
    look_at,
    place_of,
    seen_whole,
    stored,
    words_of,
)
from booking.actions.times import refuse_overlaps
from booking.actions.wishing import Given, Order, Resolved, present, refuse, resolve
from booking.domain.attempts import Attempt
from booking.domain.bookings import Booking, Content, Repetition, Status
from booking.domain.claims import Claim
from booking.domain.disclosure import Eyes, knows
from booking.domain.people import Viewer, Visibility
from booking.domain.permissions import Deed, require
from booking.domain.refusals import TIMELY, Reason, Refusal, Wish, invited_outside, refusals, words
from booking.domain.series import WrongPattern, read_rule, shifted, write_rule
from booking.domain.spans import Span, day_of, instant, whole_days
from booking.storage import journal, ledger, naming, places, recording
from booking.storage.circles import all_circles, named_circles
from booking.storage.database import GuardRefused, Touches, transaction
from booking.storage.journal import Action
from booking.storage.places import Place
from booking.storage.tokens import new_id


class Scope(StrEnum):
    """How far a change reaches in a series."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


HOW = ("displace", "begun_too", "disclose", "skip", "left_out")  # no fields: what was said yes to


@dataclass(frozen=True)
class Changes:
    """What is to be changed; None leaves a field as it is. `disclose` confirms opening what was confidential."""

    resource: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    title: str | None = None
    note: str | None = None
    visibility: Visibility | None = None
    circle: str | None = None
    attendees: tuple[str, ...] | None = None
    equipment: tuple[str, ...] | None = None
    clear_desks: bool | None = None
    displace: frozenset[Given] | None = None
    begun_too: bool = False
    disclose: bool = False
    skip: bool = False
    left_out: tuple[datetime, ...] | None = None

    @property
    def names(self) -> list[str]:
        """The names of the fields that are given."""
        return [name for name, value in vars(self).items() if value is not None and name not in HOW]


@dataclass(frozen=True)
class Part:
    """Occurrences that share their terms, with the order that they would be after the change."""

    occurrences: tuple[Booking, ...]
    order: Order
    resolved: Resolved


def change(
    viewer: Viewer,
    booking_id: str,
    changes: Changes,
    etag: str | None,
    now: datetime,
    scope: Scope = Scope.THIS,
    occurrence: datetime | None = None,
) -> Opened:
    """Change a booking of one's own organisation. Changed when `etag` is not its present one.

    A change of a text tries no rule about time; a move is tried only for what it adds. Of a series, a new start
    or end moves every occurrence in reach by as much, by the wall clock. What is said in a confidential booking
    stays closed in the answer.
    """
    place = place_of(viewer, booking_id)
    try:
        with transaction(place.id, touches=Touches.BOOKINGS):
            named = _change(present(viewer), booking_id, changes, etag, now, scope, occurrence)
    except GuardRefused:
        raise Clash(Span(changes.start or now, changes.end or now)) from None
    return look_at(viewer, booking_id, now, named)


def try_change(
    viewer: Viewer,
    booking_id: str,
    changes: Changes,
    now: datetime,
    scope: Scope = Scope.THIS,
    occurrence: datetime | None = None,
) -> int:
    """How many occurrences a change would reach; raises Clash or Refused as `change` would. Nothing is written."""
    place, booking, eyes = stored(viewer, booking_id, now, occurrence)
    require(viewer, Deed.BOOKING_CHANGE, seen_whole(eyes, booking, occurrence))
    reached, anew = _reached(viewer, place, booking, changes, scope, now)
    if anew:
        parts = _parted(viewer, place, reached, changes, now)
        _weighed(viewer, place, booking, parts, changes, now)
    return len(reached)


def _change(
    viewer: Viewer,
    booking_id: str,
    changes: Changes,
    etag: str | None,
    now: datetime,
    scope: Scope,
    occurrence: datetime | None,
) -> datetime:
    place, booking, eyes = stored(viewer, booking_id, now, occurrence)
    view = seen_whole(eyes, booking, occurrence)
    require(viewer, Deed.BOOKING_CHANGE, view)
    assert view is not None
    refuse_stale(viewer, booking_id, etag, etag_of(view), now)
    reached, anew = _reached(viewer, place, booking, changes, scope, now)
    parts = _parted(viewer, place, reached, changes, now)
    if anew:
        changed = _move(viewer, place, booking, parts, changes, scope, now)
    else:
        changed = _reword(viewer, place, parts, changes, now)
    telling.changed(place, reached, changed, viewer.person, now)
    return booking.occurrence


def _reached(
    viewer: Viewer, place: Place, booking: Booking, changes: Changes, scope: Scope, now: datetime
) -> tuple[tuple[Booking, ...], bool]:
    """The occurrences that are changed, and whether their claims are laid anew; Refused where it may not be."""
    _refuse_what_time_forbids(booking, changes, now)
    _refuse_other_eyes(viewer, booking, changes)
    reached = in_reach(viewer, place, booking, scope, now)
    moves = _moves(place, reached, changes)
    if moves and len(reached) > 1:
        reached = tuple(each for each in reached if each.span.start > now)
        refuse([] if reached else [Refusal(Reason.BEGUN, "starts")])
    return reached, moves or _discloses(booking, changes)


def refuse_stale(viewer: Viewer, booking_id: str, held: str | None, present_tag: str, now: datetime) -> None:
    """Changed unless the tag held is that of the occurrence, or of the one its booking answers with unasked."""
    if held is None or held == present_tag:
        return
    _, booking, eyes = stored(viewer, booking_id, now)
    view = seen_whole(eyes, booking)
    if view is None or held != etag_of(view):
        raise Changed


def in_reach(
    viewer: Viewer, place: Place, booking: Booking, scope: Scope, now: datetime
) -> tuple[Booking, ...]:
    """The occurrences that a change of this one reaches: of a series, those that stand and have not ended.

    What the viewer may not know is out of reach: a token with an outsider's eyes changes what it sees.
    """
    if booking.repetition is None or scope is Scope.THIS:
        return (booking,)
    names = naming.numbers_of(booking.id)
    first = booking.occurrence if scope is Scope.FOLLOWING else None
    numbers = [number for name, number in names.items() if first is None or name >= first]
    found = ledger.alone(place, numbers)
    standing = (each for each in found if each.status is not Status.CANCELLED and each.span.end > now)
    return tuple(each for each in standing if knows(viewer, each))


def _parted(
    viewer: Viewer, place: Place, reached: Iterable[Booking], changes: Changes, now: datetime
) -> list[Part]:
    """The occurrences by their terms, each with its order: what they do not share stays their own."""
    shared: dict[str, list[Booking]] = {}
    for each in reached:
        shared.setdefault(each.terms, []).append(each)
    parts = []
    for group in shared.values():
        order = as_order(place, group[0], changes)
        parts.append(Part(tuple(group), order, resolve(viewer, place, order, now)))
    return parts


def _refuse_what_time_forbids(booking: Booking, changes: Changes, now: datetime) -> None:
    if booking.span.end <= now:
        raise Refused((Refusal(Reason.ENDED, "starts"),))
    if booking.span.start <= now and changes.start not in (None, booking.span.start):
        raise Refused((Refusal(Reason.BEGUN, "starts"),))


def _discloses(booking: Booking, changes: Changes) -> bool:
    return booking.circle is not None and changes.visibility in (Visibility.OPEN, Visibility.INTERNAL)


def _refuse_other_eyes(viewer: Viewer, booking: Booking, changes: Changes) -> None:
    """What has been seen cannot be unseen; what was confidential is opened by its organiser, who confirms it."""
    if _discloses(booking, changes):
        if booking.organiser != viewer.person:
            raise Refused((Refusal(Reason.ONLY_THE_ORGANISER, "visibility"),))
        if not changes.disclose:
            raise Refused((Refusal(Reason.CONFIRM_DISCLOSURE, "visibility"),))
    elif (
        booking.confidential
        and booking.circle is None
        and changes.visibility in (Visibility.OPEN, Visibility.INTERNAL)
    ):
        raise Refused((Refusal(Reason.STAYS_CONFIDENTIAL, "visibility"),))
    elif not booking.confidential and changes.visibility is Visibility.CONFIDENTIAL:
        raise Refused((Refusal(Reason.CANNOT_BECOME_CONFIDENTIAL, "visibility"),))


def as_order(place: Place, booking: Booking, changes: Changes) -> Order:
    """The order that an occurrence, with the changes, would have been; its time is its own."""
    content = words_of(booking)
    visibility = changes.visibility or booking.visibility
    kept = booking.circle if visibility is Visibility.CONFIDENTIAL else None
    circle = named_circles([kept])[kept].key if kept is not None else None
    return Order(
        premises=place.premises.key,
        resource=changes.resource or booking.resource,
        span=booking.span,
        title=content.title if changes.title is None else changes.title,
        note=content.note if changes.note is None else changes.note,
        visibility=visibility,
        circle=changes.circle or circle,
        kept_circle=kept,
        attendees=tuple(e.email for e in content.attendees)
        if changes.attendees is None
        else changes.attendees,
        equipment=booking.equipment if changes.equipment is None else changes.equipment,
        clear_desks=booking.clear_desks if changes.clear_desks is None else changes.clear_desks,
        displace=changes.displace,
        begun_too=changes.begun_too,
        urgent=booking.urgent,
        skip=changes.skip,
        left_out=changes.left_out,
        blocked=booking.purpose.keeps_out,
    )


def _moves(place: Place, reached: Sequence[Booking], changes: Changes) -> bool:
    """Whether anything that claims are made of differs; what is only said again is no move."""
    return any(_differs(place, each, changes) for each in reached)


def _differs(place: Place, booking: Booking, changes: Changes) -> bool:
    resource = place.resource_key(changes.resource) if changes.resource else booking.resource
    equipment = booking.equipment
    if changes.equipment is not None:
        equipment = tuple(sorted(place.resource_key(name) or name for name in changes.equipment))
    clear = booking.clear_desks if changes.clear_desks is None else changes.clear_desks
    span = Span(changes.start or booking.span.start, changes.end or booking.span.end)
    asked = (resource, span, equipment, clear)
    return asked != (booking.resource, booking.span, booking.equipment, booking.clear_desks)


# --- words ------------------------------------------------------------------------------------


def _reword(
    viewer: Viewer, place: Place, parts: Sequence[Part], changes: Changes, now: datetime
) -> list[Booking]:
    """Only words, visibility or people change: no rule about time, no claim is touched."""
    changed = []
    for part in parts:
        first, wish = part.occurrences[0], part.resolved.wishes[0]
        outside = invited_outside(wish, first.circles)
        refuse([*part.resolved.wrong, *words(wish), *_circle_changed(first, wish), *outside])
        content = Content(part.order.title, part.order.note, part.resolved.invited)
        reworded = [replace(each, content=content, visibility=wish.visibility) for each in part.occurrences]
        changed += _on_terms(reworded)
    return _store(viewer, place, changed, None, changes, now)


def _circle_changed(booking: Booking, wish: Wish) -> list[Refusal]:
    same = wish.use.circle == booking.circle
    return [] if same else [Refusal(Reason.CANNOT_BECOME_CONFIDENTIAL, "circle")]


def _on_terms(changed: Sequence[Booking]) -> list[Booking]:
    """Changed occurrences of one terms on terms of their own, where others keep those they had."""
    terms = changed[0].terms
    if changed[0].repetition is None or ledger.sharing(terms) == len(changed):
        return list(changed)
    return _on_new_terms(changed)


def _on_new_terms(changed: Sequence[Booking]) -> list[Booking]:
    """The same on new terms; what is sealed of them is sealed under those too."""
    content = words_of(changed[0])
    terms = new_id()
    return [replace(each, terms=terms, content=content) for each in changed]


# --- moves ------------------------------------------------------------------------------------


def _move(
    viewer: Viewer,
    place: Place,
    named: Booking,
    parts: Sequence[Part],
    changes: Changes,
    scope: Scope,
    now: datetime,
) -> list[Booking]:
    """Another time, resource or reach: the rules are tried anew, the claims for what they add."""
    judged = _weighed(viewer, place, named, parts, changes, now)
    changed, laid, lifted = [], [], []
    waits = named.status is Status.PENDING
    turn = places.next_turn(place.id)
    for part, one in zip(parts, judged, strict=True):
        moved = _moved(part, one, changes, now)
        changed += [each for each, _ in moved]
        before = {each.key: each for each in part.occurrences}
        waits |= any(asks_anew(before[each.key], each, tried.wish, now) for each, tried in moved)
        laid += [
            claim
            for each, tried in moved
            if tried.verdict
            for claim in aged(each.key, turn, tried.verdict.kept, tried.verdict.added)
        ]
        lifted += [each.span for each, tried in zip(part.occurrences, one.tried, strict=True) if tried.fits]
    losses = [each for one in judged for each in one.losses]
    displace(place, judged[0].standing, losses, changed[0], laid, now, viewer.person)
    repetition = _shifted(place, named, changes) if scope is Scope.ALL else named.repetition
    changed = [replace(each, repetition=repetition) for each in changed]
    if waits:
        changed = waiting_again(place, changed, now)
    after = _store(viewer, place, changed, laid, changes, now)
    if waits and named.status is not Status.PENDING:
        telling.asked(place, after, viewer.person, now)
    give_back(place, lifted, now, moved=frozenset(each.key for each in after))
    return after


def _weighed(
    viewer: Viewer, place: Place, named: Booking, parts: Sequence[Part], changes: Changes, now: datetime
) -> list[Judged]:
    """What comes of the move, part by part; Refused or Clash where it is refused, or not agreed to."""
    spans = _new_spans(place, named, parts, changes)
    refuse_overlaps([span for span in spans.values() if span])
    reached = [each for part in parts for each in part.occurrences]
    windows = [
        whole_days(span, place.premises.zone)
        for span in (*(each.span for each in reached), *spans.values())
        if span
    ]
    eyes, standing = eyes_over_all(viewer, place, windows, now)
    judged = [
        _judged(part, spans, eyes, standing, frozenset(each.key for each in reached), changes, now)
        for part in parts
    ]
    _refuse_clashes(viewer, place, named, judged, parts[0].order, now)
    return judged


def _new_spans(
    place: Place, named: Booking, parts: Sequence[Part], changes: Changes
) -> dict[str, Span | None]:
    """The new time of each occurrence: moved by as much as the one named, by the wall clock of the premises.

    None where that time does not exist.
    """
    zone = place.premises.zone

    def wall(moment: datetime) -> datetime:
        return moment.astimezone(zone).replace(tzinfo=None)

    def by(new: datetime | None, old: datetime) -> timedelta | None:
        return None if new in (None, old) else wall(new) - wall(old)

    def moved(moment: datetime, difference: timedelta | None) -> datetime | None:
        if difference is None:
            return moment
        local = wall(moment) + difference
        return instant(local.date(), local.time(), zone)

    start_by, end_by = by(changes.start, named.span.start), by(changes.end, named.span.end)
    found: dict[str, Span | None] = {
        named.key: Span(changes.start or named.span.start, changes.end or named.span.end)
    }
    for each in (one for part in parts for one in part.occurrences if one.key != named.key):
        start, end = moved(each.span.start, start_by), moved(each.span.end, end_by)
        found[each.key] = Span(start, end) if start and end else None
    return found


def _judged(
    part: Part,
    spans: dict[str, Span | None],
    eyes: Eyes,
    standing: ledger.Standing,
    along: frozenset[str],
    changes: Changes,
    now: datetime,
) -> Judged:
    """What comes of moving the occurrences of one part; refused by what no other time would mend."""
    wish = part.resolved.wishes[0]
    first = part.occurrences[0]
    if not _discloses(first, changes):
        refuse(_circle_changed(first, wish))
    use = replace(wish.use, organisation=first.organisation)
    circles = all_circles()
    tried = []
    for each in part.occurrences:
        span = spans[each.key]
        at = replace(wish, span=span or each.span, started=each.span.start <= now, coming=0)
        wrong = refusals(at) if span else (Refusal(Reason.NO_SUCH_TIME, "starts"),)
        at = replace(at, use=use)
        verdict = None
        if not wrong:
            verdict = Attempt(eyes, circles, use, standing.claims, changing=each, along=along).judge(at.span)
        tried.append(Tried(at, wrong, verdict))
    alone = len(along) == 1
    lasting = [one for each in tried for one in each.wrong if alone or one.reason not in TIMELY]
    refuse([*part.resolved.wrong, *lasting])
    if all(each.wrong for each in tried):
        refuse([one for each in tried for one in each.wrong])
    return Judged(tuple(tried), eyes, standing, part.resolved.invited, part.resolved.organiser)


def _refuse_clashes(
    viewer: Viewer, place: Place, named: Booking, judged: Sequence[Judged], order: Order, now: datetime
) -> None:
    """Clash when a move is refused, or makes somebody give way who was not agreed to."""
    whole = replace(judged[0], tried=tuple(each for one in judged for each in one.tried))
    if not whole.leaves_out_what_was_said(order) or not agreed(order, whole.displaceable, now):
        wanted = whole.tried[0].wish.span
        raise clash(viewer, place, wanted, [whole], whole, now, changing=named)


def _moved(part: Part, judged: Judged, changes: Changes, now: datetime) -> list[tuple[Booking, Tried]]:
    """The occurrences as they will be, those that fit, on terms of their own where others keep theirs."""
    wish = judged.tried[0].wish
    fitting = [
        (each, tried) for each, tried in zip(part.occurrences, judged.tried, strict=True) if tried.fits
    ]
    discloses = _discloses(part.occurrences[0], changes)
    moved = []
    for each, tried in fitting:
        crossed = tried.verdict.crossed if tried.verdict else frozenset()
        circles = crossed if discloses else each.circles
        refuse(invited_outside(wish, circles))
        moved.append(
            replace(
                each,
                resource=wish.use.resource.key,
                span=tried.wish.span,
                visibility=wish.visibility,
                circle=wish.use.circle,
                circles=circles,
                content=Content(part.order.title, part.order.note, judged.invited),
                equipment=tuple(sorted(one.key for one in wish.use.equipment)),
                clear_desks=wish.use.clear_desks,
                sequence=each.sequence
                + int(each.span != tried.wish.span or each.resource != wish.use.resource.key),
            )
        )
    shared: dict[frozenset[int], list[Booking]] = {}
    for each in moved:
        shared.setdefault(each.circles, []).append(each)
    placed = [
        one
        for group in shared.values()
        for one in (_on_terms(group) if len(shared) == 1 else _on_new_terms(group))
    ]
    by_key = {each.key: each for each in placed}
    return [(by_key[each.key], tried) for each, tried in fitting]


def _shifted(place: Place, named: Booking, changes: Changes) -> Repetition | None:
    """How the whole series repeats after it was moved by days. Refused where a rule cannot be moved so."""
    if named.repetition is None or changes.start is None:
        return named.repetition
    zone = place.premises.zone
    days = (day_of(changes.start, zone) - day_of(named.span.start, zone)).days
    if not days:
        return named.repetition
    try:
        pattern = shifted(read_rule(named.repetition.rule, zone), days)
    except WrongPattern as wrong:
        raise Refused((Refusal(Reason(wrong.reason.value), "starts"),)) from None
    left_out = tuple(day + timedelta(days=days) for day in named.repetition.excepted)
    return Repetition(write_rule(pattern, zone), left_out)


# --- storing ----------------------------------------------------------------------------------


def _store(
    viewer: Viewer,
    place: Place,
    changed: Sequence[Booking],
    laid: list[Claim] | None,
    changes: Changes,
    now: datetime,
) -> list[Booking]:
    """Write the changed occurrences down; as they are now."""
    version = changed[0].version + 1
    after = [replace(each, version=version, changed=now) for each in changed]
    before = ledger.confidential_terms(after[0].id)
    recording.change(place, after, laid)
    for shared in {each.terms: each for each in after}.values():
        seal(shared)
    journal.record(Action.BOOKING_CHANGE, after[0].id, now, viewer.person, changes.names)
    if before and not all(each.confidential for each in after) and changes.visibility:
        journal.record(Action.BOOKING_DISCLOSE, after[0].id, now, viewer.person)
    return after
