"""The life of bookings at random, against a simple reference: whatever people do, nothing is lost, held twice or told.

Imports the actions and tests.actions.reference.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from booking.actions import approving, booking, cancelling, changing, checking_in, looking, operating
from booking.actions.changes import Changes, Scope
from booking.actions.errors import Clash, Refused
from booking.actions.looking import Opened
from booking.actions.wishing import Given, Order
from booking.domain.bookings import Booking, Repetition, Status
from booking.domain.claims import Hold, Presence, Secrecy, WallState
from booking.domain.people import Visibility
from booking.domain.permissions import Forbidden
from booking.domain.spans import MINUTE, Span, overlapping
from booking.domain.views import Busy
from booking.storage import ledger, naming
from tests.actions import reference
from tests.cast import (
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    PREMISES,
    SOCIAL,
    SOCIAL_CIRCLE,
    TABLE,
    TODAY,
    TRAFFIC,
)
from tests.support.databases import Databases, lent
from tests.support.house import House, house_on

WHO = st.sampled_from([POLICE, GUARD, SOCIAL, TRAFFIC, COORDINATOR, ARTIST, ARTIST])
WHERE = st.sampled_from([MEETING_ROOM, TABLE, HALL, HALL, *DESKS[:3], *DESKS[:3]])
CIRCLES = {POLICE: POLICE_CIRCLE, GUARD: POLICE_CIRCLE, SOCIAL: SOCIAL_CIRCLE}
RULES = st.sampled_from([None, None, "FREQ=DAILY;COUNT=4", "FREQ=DAILY;INTERVAL=2;COUNT=3"])
QUARTERS = st.integers(0, 8)
LENGTHS = st.sampled_from([15, 30, 45, 90])
SCOPES = st.sampled_from(list(Scope))
OUTSIDERS = (ARTIST, TRAFFIC, SOCIAL)


class Life(RuleBasedStateMachine):
    """One house from its first morning on; `databases` is set by the test."""

    databases: Databases

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        url = self._stack.enter_context(lent(self.databases))
        self.house: House = self._stack.enter_context(house_on(url, folder))
        self._stack.enter_context(self.house.inside())
        self.made: list[str] = []

    def teardown(self) -> None:
        self._stack.close()

    # --- what people do -----------------------------------------------------------------------

    @rule(
        who=WHO, where=WHERE, day=st.integers(0, 1), quarter=QUARTERS, length=LENGTHS, repeats=RULES,
        secret=st.booleans(), urgent=st.booleans(), clear=st.booleans(), skip=st.booleans(),
    )  # fmt: skip
    def book(self, who: str, where: str, day: int, quarter: int, length: int, **how: Any) -> None:
        start = self.house.at("09:00") + timedelta(days=day, minutes=15 * quarter)
        circle = CIRCLES.get(who) if how["secret"] else None
        order = Order(
            premises=PREMISES,
            resource=where,
            span=Span(start, start + timedelta(minutes=length)),
            visibility=Visibility.CONFIDENTIAL if circle else Visibility.INTERNAL,
            circle=circle,
            clear_desks=how["clear"] and where == HALL,
            urgent=how["urgent"],
            repeat=Repetition(how["repeats"]) if how["repeats"] else None,
            skip=how["skip"],
        )
        with suppress(Refused, Clash):
            self.made.append(self._agreed(who, order).view.id)

    def _agreed(self, who: str, order: Order) -> Opened:
        """Book, saying yes to whatever would give way."""
        viewer, now = self.house.viewer(who), self.house.clock()
        try:
            return booking.book(viewer, order, now)
        except Clash as clash:
            if not clash.displaceable:
                raise
            given = frozenset(Given(each.id, each.span) for each in clash.displaceable)
        agreed = Order(**{**vars(order), "displace": given, "begun_too": True})
        return booking.book(viewer, agreed, now)

    @initialize(first=st.integers(0, 6), who=st.permutations([ARTIST, TRAFFIC, GUARD, ARTIST]))
    def sit_down(self, first: int, who: list[str]) -> None:
        """Desks and the table are taken on three mornings, before anybody presses."""
        start = self.house.at("09:00", TODAY) + timedelta(minutes=15 * first)
        span = Span(start, start + timedelta(minutes=90))
        for person, where in zip(who, (*DESKS[:2], TABLE, DESKS[2]), strict=True):
            order = Order(
                PREMISES, where, span, visibility=Visibility.INTERNAL, repeat=Repetition("FREQ=DAILY;COUNT=3")
            )
            with suppress(Refused, Clash):
                self.made.append(self._agreed(person, order).view.id)

    @rule(
        day=st.integers(0, 2), quarter=st.integers(0, 9), where=st.sampled_from([HALL, HALL, MEETING_ROOM, DESKS[0]]),
        clear=st.booleans(), repeats=RULES, secret=st.booleans(),
    )  # fmt: skip
    def press(
        self, day: int, quarter: int, where: str, clear: bool, repeats: str | None, secret: bool
    ) -> None:
        """The police need a place, in secret or urgently, on one morning or on several."""
        start = self.house.at("09:00", TODAY) + timedelta(days=day, minutes=15 * quarter)
        order = Order(
            premises=PREMISES,
            resource=where,
            span=Span(start, start + timedelta(minutes=30)),
            visibility=Visibility.CONFIDENTIAL if secret else Visibility.INTERNAL,
            circle=POLICE_CIRCLE if secret else None,
            clear_desks=clear and where == HALL,
            urgent=not secret,
            repeat=Repetition(repeats) if repeats else None,
        )
        with suppress(Refused, Clash):
            self.made.append(self._agreed(POLICE, order).view.id)

    @rule(which=st.integers(0, 9), time=st.integers(0, 4), by=st.sampled_from([-30, 15, 60]), scope=SCOPES)
    def move(self, which: int, time: int, by: int, scope: Scope) -> None:
        with suppress(Refused, Clash, IndexError):
            each = self._occurrence(which, time)
            span = each.span.widened(-timedelta(minutes=by), timedelta(minutes=by))
            self._change(each, Changes(start=span.start, end=span.end), scope)

    @rule(which=st.integers(0, 9), time=st.integers(0, 4), where=WHERE, scope=SCOPES)
    def take_another_place(self, which: int, time: int, where: str, scope: Scope) -> None:
        with suppress(Refused, Clash, IndexError):
            each = self._occurrence(which, time)
            clears = each.clear_desks and where == HALL
            self._change(each, Changes(resource=where, clear_desks=clears), scope)

    @rule(which=st.integers(0, 9), time=st.integers(0, 4), scope=SCOPES)
    def say_otherwise(self, which: int, time: int, scope: Scope) -> None:
        with suppress(Refused, IndexError):
            each = self._occurrence(which, time)
            self._change(each, Changes(title=f"Ny rubrik {which}"), scope)

    @rule(which=st.integers(0, 9), time=st.integers(0, 4), scope=SCOPES)
    def cancel(self, which: int, time: int, scope: Scope) -> None:
        with suppress(Refused, IndexError):
            each = self._occurrence(which, time)
            viewer = self._somebody_of(each)
            cancelling.cancel(viewer, each.id, self.house.clock(), scope=scope, occurrence=each.occurrence)

    @rule(day=st.integers(0, 2), quarter=st.integers(0, 9), repeats=RULES)
    def ask_for_the_room(self, day: int, quarter: int, repeats: str | None) -> None:
        """An artist asks for the meeting room: it waits for the coordinator, and holds its place."""
        start = self.house.at("09:00", TODAY) + timedelta(days=day, minutes=15 * quarter)
        repeat = Repetition(repeats) if repeats else None
        order = Order(PREMISES, MEETING_ROOM, Span(start, start + timedelta(minutes=30)), repeat=repeat)
        with suppress(Refused, Clash):
            self.made.append(self._agreed(ARTIST, order).view.id)

    @rule(yes=st.booleans())
    def answer(self, yes: bool) -> None:
        """The coordinator answers the first that waits."""
        viewer, now = self.house.viewer(COORDINATOR), self.house.clock()
        for each in approving.queue(viewer, self.house.place, now).waiting[:1]:
            (approving.approve if yes else approving.decline)(viewer, each.views[0].id, now)

    @rule(which=st.integers(0, 9), time=st.integers(0, 4), leaves=st.booleans())
    def come(self, which: int, time: int, leaves: bool) -> None:
        """Somebody checks in, and perhaps leaves early."""
        with suppress(Refused, Forbidden, IndexError):
            each, now = self._occurrence(which, time), self.house.clock()
            viewer = self._somebody_of(each)
            checking_in.check_in(viewer, each.id, now, each.occurrence)
            if leaves:
                checking_in.end_early(viewer, each.id, now, each.occurrence)

    @rule()
    def the_worker_works(self) -> None:
        """Nobody came, or nobody answered."""
        checking_in.release_missed(self.house.clock())
        approving.lapse(self.house.clock())

    @rule(minutes=st.sampled_from([5, 20, 60]))
    def let_time_pass(self, minutes: int) -> None:
        self.house.clock.step(minutes=minutes)

    def _occurrence(self, which: int, time: int) -> Booking:
        live = [each for each in self._stored() if each.status is not Status.CANCELLED]
        of_one = [each for each in live if each.id == self.made[which % len(self.made)]]
        return of_one[time % len(of_one)] if of_one else self.made[len(self.made)]  # type: ignore[return-value]

    def _change(self, each: Booking, changes: Changes, scope: Scope) -> None:
        viewer, now = self._somebody_of(each), self.house.clock()
        try:
            changing.change(viewer, each.id, changes, None, now, scope, each.occurrence)
        except Clash as clash:
            if not clash.displaceable:
                raise
            given = frozenset(Given(one.id, one.span) for one in clash.displaceable)
            agreed = Changes(**{**vars(changes), "displace": given, "begun_too": True})
            changing.change(viewer, each.id, agreed, None, now, scope, each.occurrence)

    def _somebody_of(self, each: Booking) -> Any:
        found = (self.house.viewer(who) for who in (POLICE, GUARD, SOCIAL, TRAFFIC, COORDINATOR, ARTIST))
        return next(one for one in found if one.organisation == each.organisation)

    # --- what holds after every step ----------------------------------------------------------

    def _stored(self) -> list[Booking]:
        names = [number for key in self.made for number in naming.numbers_of(key).values()]
        return ledger.alone(self.house.place, names)

    @invariant()
    def the_audit_is_clean(self) -> None:
        assert [audit.broken for audit in operating.audit()] == [()]

    @invariant()
    def every_occurrence_has_exactly_its_claims(self) -> None:
        names = [number for key in self.made for number in naming.numbers_of(key).values()]
        standing = ledger.beside(self.house.place, names)
        for each in standing.bookings:
            own = [claim for claim in standing.claims if claim.occurrence == each.key]
            held = [minute for claim in own for minute in _minutes(claim)]
            assert len(held) == len(set(held)), "held twice"
            live = each.status is not Status.CANCELLED
            wanted = reference.minutes(
                each.resource, each.circle is not None, each.clear_desks, each.span.start, each.span.end
            )
            assert set(held) == (wanted if live else set()), each

    @invariant()
    def nothing_is_kept_from_its_holder_without_a_reason(self) -> None:
        """What gave way and could stand has been given back."""
        names = [number for key in self.made for number in naming.numbers_of(key).values()]
        standing = ledger.beside(self.house.place, names)
        taken: dict[Any, set[str]] = {}
        for claim in standing.claims:
            if not claim.released and isinstance(claim.stake, Hold | WallState):
                for stake, minute in _minutes(claim):
                    taken.setdefault((stake[0], minute), set()).add(f"{claim.occurrence} {stake[1]}")
        for each in standing.bookings:
            for part in overlapping(each.released, Span(self.house.clock(), each.span.end)):
                assert any(_meets(taken, each, minute) for minute in _every_minute(part)), (
                    f"{each.key} could be given back"
                )

    @invariant()
    def a_dry_run_is_refused_on_hidden_grounds_exactly_where_the_board_is_busy(self) -> None:
        now = self.house.clock()
        for who in OUTSIDERS:
            viewer, place = self.house.viewer(who), self.house.place
            window = Span(now, now + timedelta(days=2))
            board = looking.board(viewer, place, window, now).board
            for resource in (DESKS[0], TABLE, MEETING_ROOM):
                busy = [each.span for each in board.busy if each.resource == resource]
                for span in _around(busy, window):
                    assert _hidden(self, who, resource, span) == bool(overlapping(busy, span)), (
                        who,
                        resource,
                        span,
                    )


def _hidden(life: Life, who: str, resource: str, span: Span) -> bool:
    order = Order(premises=PREMISES, resource=resource, span=span, visibility=Visibility.INTERNAL)
    try:
        booking.try_out(life.house.viewer(who), order, life.house.clock())
    except Clash as clash:
        return any(isinstance(each, Busy) for each in clash.clashes)
    except Refused:
        pass
    return False


def _around(busy: list[Span], window: Span) -> Iterator[Span]:
    """The minutes on both sides of the edges of the first taken times, as far as they lie ahead in the window."""
    for edge in sorted({edge for span in busy[:2] for edge in (span.start, span.end)}):
        for span in (Span(edge - MINUTE, edge), Span(edge, edge + MINUTE)):
            if window.start + MINUTE < span.start and span.end < window.end:
                yield span


def _minutes(claim: Any) -> Iterator[tuple[reference.Stake, datetime]]:
    match claim.stake:
        case Hold():
            word = "hold"
        case WallState(position):
            word = position.value
        case Presence():
            word = "here"
        case Secrecy():
            word = "said"
    for minute in _every_minute(claim.span):
        yield (claim.space, word), minute


def _every_minute(span: Span) -> Iterator[datetime]:
    moment = span.start
    while moment < span.end:
        yield moment
        moment += MINUTE


def _meets(taken: dict[Any, set[str]], each: Booking, minute: datetime) -> bool:
    """Whether another booking holds what this one would take at that minute, or stands the wall otherwise."""
    wanted = reference.minutes(
        each.resource, each.circle is not None, each.clear_desks, minute, minute + MINUTE
    )
    return any(
        not holder.startswith(each.key) and (word == "hold" or not holder.endswith(word))
        for (space, word), at in wanted
        for holder in taken.get((space, at), ())
        if word not in ("here", "said")
    )


def lived(databases: Databases, lives: int, steps: int) -> None:
    """So many lives of so many steps, always the same ones."""
    machine = type("LifeOnThis", (Life,), {"databases": databases})
    few = settings(
        max_examples=lives,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    run_state_machine_as_test(machine, settings=few)


@pytest.mark.timeout(1200)
def test_whatever_happens_to_bookings_nothing_is_lost_held_twice_or_told(databases: Databases) -> None:
    lived(databases, lives=4, steps=14)


@pytest.mark.prove
def test_the_same_through_longer_lives(databases: Databases) -> None:
    lived(databases, lives=12, steps=22)
