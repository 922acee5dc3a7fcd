"""Changes that claims are laid anew for: another time, another resource, other eyes. Imports storage and the domain.

The rules are tried anew, the claims only for what they add.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from booking.actions import telling
from booking.actions.approving import asks_anew, waiting_again
from booking.actions.booking import aged
from booking.actions.changes import (
    Changes,
    Part,
    Scope,
    circle_changed,
    discloses,
    on_new_terms,
    on_terms,
    write_down,
)
from booking.actions.displacing import displace
from booking.actions.errors import Refused
from booking.actions.giving_back import give_back
from booking.actions.judging import Judged, Tried, agreed, clash
from booking.actions.looking import eyes_over_all
from booking.actions.times import refuse_overlaps
from booking.actions.wishing import Order, refuse
from booking.domain.attempts import Attempt
from booking.domain.bookings import Booking, Content, Repetition, Status
from booking.domain.disclosure import Eyes
from booking.domain.people import Viewer
from booking.domain.refusals import TIMELY, Reason, Refusal, invited_outside, refusals
from booking.domain.series import WrongPattern, read_rule, shifted, write_rule
from booking.domain.spans import Span, day_of, instant, whole_days
from booking.storage import ledger, places
from booking.storage.circles import all_circles
from booking.storage.places import Place


def move(
    viewer: Viewer,
    place: Place,
    named: Booking,
    parts: Sequence[Part],
    changes: Changes,
    scope: Scope,
    now: datetime,
) -> list[Booking]:
    """Another time, resource or reach: the rules are tried anew, the claims for what they add."""
    judged = weighed(viewer, place, named, parts, changes, now)
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
    after = write_down(viewer, place, changed, laid, changes, now)
    if waits and named.status is not Status.PENDING:
        telling.asked(place, after, viewer.person, now)
    give_back(place, lifted, now, moved=frozenset(each.key for each in after))
    return after


def weighed(
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
    if not discloses(first, changes):
        refuse(circle_changed(first, wish))
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
    opens = discloses(part.occurrences[0], changes)
    moved = []
    for each, tried in fitting:
        crossed = tried.verdict.crossed if tried.verdict else frozenset()
        circles = crossed if opens else each.circles
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
        for one in (on_terms(group) if len(shared) == 1 else on_new_terms(group))
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
