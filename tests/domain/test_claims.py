"""The one mechanism: what stands with what, what each use claims, and what an edit keeps."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.claims import (
    HOLD,
    Claim,
    Demand,
    Presence,
    Secrecy,
    Stake,
    Use,
    WallPosition,
    WallState,
    broken_pairs,
    compatible,
    demands,
    kept_and_added,
    laid,
    refused_time,
    stand_together,
)
from booking.domain.people import Circles
from booking.domain.spans import MINUTE, Span, common, merged, without
from tests.domain.cast import (
    CIRCLES,
    EQUIPPED,
    ORGANISATIONS,
    POLICE_AND_GUARDS,
    PREMISES,
    PROJECTOR,
    SOCIAL_SERVICES,
    THEATRE,
    VISION,
    at,
    span,
)

POLICE, SOCIAL, TRAFFIC = (
    ORGANISATIONS[key] for key in ("lokalpolisomrade-norrmalm", "ungdomsjouren", "trafikkontoret")
)
OPEN, CLOSED = WallState(WallPosition.OPEN), WallState(WallPosition.CLOSED)
STAKES: tuple[Stake, ...] = (
    HOLD,
    OPEN,
    CLOSED,
    Presence(POLICE),
    Presence(TRAFFIC),
    Secrecy(POLICE_AND_GUARDS),
    Secrecy(SOCIAL_SERVICES),
)
NEVER_TOGETHER = {
    (HOLD, HOLD),
    (OPEN, CLOSED),
    (Presence(TRAFFIC), Secrecy(POLICE_AND_GUARDS)),
    (Presence(TRAFFIC), Secrecy(SOCIAL_SERVICES)),
    (Presence(POLICE), Secrecy(SOCIAL_SERVICES)),
    (Secrecy(POLICE_AND_GUARDS), Secrecy(SOCIAL_SERVICES)),
}


@pytest.mark.parametrize(("one", "other"), list(product(STAKES, STAKES)), ids=str)
def test_every_cell_of_the_table(one: Stake, other: Stake) -> None:
    refused = (one, other) in NEVER_TOGETHER or (other, one) in NEVER_TOGETHER
    assert compatible(one, other, CIRCLES.admits) is not refused


def test_somebody_of_a_circle_may_be_where_its_secrets_are() -> None:
    assert compatible(Presence(POLICE), Secrecy(VISION), CIRCLES.admits)
    assert compatible(Presence(SOCIAL), Secrecy(VISION), CIRCLES.admits)
    assert not compatible(Presence(POLICE), Secrecy(999), CIRCLES.admits)


# --- what each use claims ---------------------------------------------------------------------


def claimed(use: Use) -> dict[str, set[Stake]]:
    """What a use claims, by space."""
    premises = THEATRE.premises if use.resource in THEATRE.premises.resources else EQUIPPED
    spaces: dict[str, set[Stake]] = {}
    for demand in demands(premises, use):
        is_wall = isinstance(demand.stake, WallState)
        assert demand.lead == (premises.changeover if is_wall else timedelta())
        spaces.setdefault(demand.space, set()).add(demand.stake)
    return spaces


def use(resource: str, circle: int | None = None, **more: object) -> Use:
    premises = PREMISES if resource in PREMISES.by_key else THEATRE.premises
    return Use(premises.by_key[resource], POLICE, circle, **more)  # type: ignore[arg-type]


HERE, SECRET = Presence(POLICE), Secrecy(POLICE_AND_GUARDS)


def test_a_desk_holds_itself_and_is_heard_in_its_zone() -> None:
    assert claimed(use("arbetsplats-1")) == {"arbetsplats-1": {HOLD}, "kontoret": {HERE}}


def test_a_table_holds_itself_and_is_heard_in_its_zone() -> None:
    assert claimed(use("konferensbordet")) == {"konferensbordet": {HOLD}, "motesdelen": {HERE}}


def test_a_room_holds_its_floor_and_tables_and_closes_the_wall() -> None:
    assert claimed(use("motesrummet")) == {
        "motesdelen": {HOLD, HERE},
        "konferensbordet": {HOLD},
        "glasvaggen": {CLOSED},
    }


def test_the_hall_opens_the_wall_and_leaves_the_desks() -> None:
    assert claimed(use("hela-lokalen")) == {
        "motesdelen": {HOLD, HERE},
        "kontoret": {HOLD, HERE},
        "konferensbordet": {HOLD},
        "glasvaggen": {OPEN},
    }


def test_clearing_the_desks_holds_each_of_them() -> None:
    held = claimed(use("hela-lokalen", clear_desks=True))
    assert {f"arbetsplats-{number}" for number in range(1, 5)} <= held.keys()
    assert "arbetsplats-1" not in claimed(use("motesrummet", clear_desks=True))


def test_equipment_has_no_zone() -> None:
    assert claimed(Use(PROJECTOR, POLICE)) == {"projektor": {HOLD}}
    assert claimed(use("arbetsplats-1", equipment=(PROJECTOR,)))["projektor"] == {HOLD}
    assert claimed(use("konferensbordet", POLICE_AND_GUARDS, equipment=(PROJECTOR,)))["projektor"] == {HOLD}


def test_a_confidential_desk_closes_the_wall_and_bars_the_office() -> None:
    assert claimed(use("arbetsplats-1", POLICE_AND_GUARDS)) == {
        "arbetsplats-1": {HOLD},
        "kontoret": {HERE, SECRET},
        "glasvaggen": {CLOSED},
    }


def test_a_confidential_table_is_the_room_that_holds_it() -> None:
    assert claimed(use("konferensbordet", POLICE_AND_GUARDS)) == claimed(
        use("motesrummet", POLICE_AND_GUARDS)
    )


def test_a_confidential_room_bars_all_its_zones() -> None:
    spaces = claimed(use("hela-lokalen", POLICE_AND_GUARDS))
    assert SECRET in spaces["motesdelen"]
    assert SECRET in spaces["kontoret"]
    assert spaces["glasvaggen"] == {OPEN}


def test_a_room_of_two_zones_out_of_three_opens_the_one_wall_and_closes_the_other() -> None:
    assert claimed(use("scen-och-sal")) == {
        "scenen": {HOLD, HERE},
        "salen": {HOLD, HERE},
        "langbordet": {HOLD},
        "rundbordet": {HOLD},
        "ridan": {OPEN},
        "dorrarna": {CLOSED},
    }
    assert claimed(use("salsplatsen", POLICE_AND_GUARDS))["ridan"] == {CLOSED}
    assert claimed(use("salsplatsen", POLICE_AND_GUARDS))["dorrarna"] == {CLOSED}
    assert claimed(use("allt"))["dorrarna"] == {OPEN}


@pytest.mark.parametrize("circle", [None, POLICE_AND_GUARDS])
@pytest.mark.parametrize("house", [EQUIPPED, THEATRE.premises], ids=lambda house: house.key)
def test_no_use_is_in_its_own_way(house: object, circle: int | None) -> None:
    for resource in house.resources:  # type: ignore[attr-defined]
        wanted = demands(house, Use(resource, POLICE, circle))  # type: ignore[arg-type]
        assert len(set(wanted)) == len(wanted)
        for one, other in product(wanted, wanted):
            if one is not other and one.space == other.space:
                assert compatible(one.stake, other.stake, CIRCLES.admits)


# --- the changeover ---------------------------------------------------------------------------


@given(st.integers(0, 90), st.integers(1, 60), st.integers(0, 20))
def test_a_wall_refuses_exactly_its_own_time_and_the_time_to_move_it(
    start: int, length: int, lead: int
) -> None:
    wanted = Demand("glasvaggen", OPEN, lead * MINUTE)
    standing = Claim("glasvaggen", CLOSED, span("10:00", "11:00"), "other", 1)
    tried = Span(at("09:30") + start * MINUTE, at("09:30") + (start + length) * MINUTE)
    meets = wanted.over(tried).overlaps(standing.span)
    assert meets == tried.overlaps(refused_time(wanted, standing))


# --- age --------------------------------------------------------------------------------------


def claim(stake: Stake, since: int, booking: str, start: str = "10:00", end: str = "11:00") -> Claim:
    return Claim("kontoret", stake, span(start, end), booking, since)


def test_a_newer_secret_mutes_an_older_presence_and_never_the_other_way() -> None:
    secret, outsider = Secrecy(POLICE_AND_GUARDS), Presence(TRAFFIC)
    assert stand_together(claim(outsider, 1, "a"), claim(secret, 2, "b"), CIRCLES.admits)
    assert stand_together(claim(secret, 2, "b"), claim(outsider, 1, "a"), CIRCLES.admits)
    assert not stand_together(claim(secret, 1, "b"), claim(outsider, 2, "a"), CIRCLES.admits)
    assert not stand_together(claim(outsider, 2, "a"), claim(secret, 1, "b"), CIRCLES.admits)


@pytest.mark.parametrize(("first", "second"), [(1, 2), (2, 1)])
def test_age_excuses_no_hold_and_no_wall(first: int, second: int) -> None:
    for one, other in ((HOLD, HOLD), (OPEN, CLOSED), (Secrecy(10), Secrecy(11))):
        assert not stand_together(claim(one, first, "a"), claim(other, second, "b"), CIRCLES.admits)


def test_the_audit_names_each_pair_that_breaks_the_rule_as_the_circles_are_now() -> None:
    secret = claim(Secrecy(POLICE_AND_GUARDS), 1, "briefing")
    guard = claim(Presence(ORGANISATIONS["ordningsvakterna"]), 2, "guard", "10:30", "12:00")
    wrong = claim(Presence(TRAFFIC), 3, "traffic", "10:59", "12:00")
    fine = claim(Presence(TRAFFIC), 4, "after", "11:00", "12:00")
    standing = [fine, wrong, guard, secret]
    assert list(broken_pairs(standing, CIRCLES.admits)) == [(secret, wrong)]
    left = Circles({**CIRCLES.members, POLICE_AND_GUARDS: frozenset({POLICE})})
    assert [set(pair) for pair in broken_pairs(standing, left.admits)] == [{secret, guard}, {secret, wrong}]


@given(st.lists(st.tuples(st.sampled_from(STAKES), st.integers(0, 50), st.integers(1, 30)), max_size=9))
def test_the_audit_finds_what_comparing_everything_finds(some: list[tuple[Stake, int, int]]) -> None:
    standing = [
        Claim(
            "s", stake, Span(at("10:00") + start * MINUTE, at("10:00") + (start + length) * MINUTE), str(n), n
        )
        for n, (stake, start, length) in enumerate(some)
    ]
    wrong = {
        frozenset({one.occurrence, other.occurrence})
        for one, other in product(standing, standing)
        if not stand_together(one, other, CIRCLES.admits)
    }
    found = [
        frozenset({one.occurrence, other.occurrence}) for one, other in broken_pairs(standing, CIRCLES.admits)
    ]
    assert set(found) == wrong
    assert len(found) == len(wrong)


# --- what an edit keeps -----------------------------------------------------------------------

spans = st.builds(
    lambda start, length: Span(at("10:00") + start * MINUTE, at("10:00") + (start + length) * MINUTE),
    st.integers(0, 60),
    st.integers(1, 60),
)
uses = st.builds(
    lambda resource, circle, clear: Use(resource, POLICE, circle, clear),
    st.sampled_from(EQUIPPED.resources),
    st.sampled_from([None, POLICE_AND_GUARDS, VISION]),
    st.booleans(),
)


def key_of(each: Claim) -> tuple[str, Stake]:
    return each.space, each.stake


def time_of(claims: list[Claim], key: tuple[str, Stake]) -> tuple[Span, ...]:
    return merged(each.span for each in claims if key_of(each) == key)


@given(st.lists(st.tuples(uses, spans), min_size=2, max_size=4))
def test_an_edit_keeps_what_was_held_as_old_as_it_was_and_adds_only_the_rest(
    edits: list[tuple[Use, Span]],
) -> None:
    held: list[Claim] = []
    for since, (wish, time) in enumerate(edits, start=1):
        wanted = list(laid(demands(EQUIPPED, wish), time, "mine", since))
        kept, added = kept_and_added(wanted, held, since)
        for key in {key_of(each) for each in wanted}:
            both = time_of([*kept, *added], key)
            assert both == time_of(wanted, key)
            assert time_of(kept, key) == common(time_of(wanted, key), time_of(held, key))
            assert time_of(added, key) == without(time_of(wanted, key), time_of(held, key))
            lengths = sum((each.span.length for each in [*kept, *added] if key_of(each) == key), timedelta())
            assert lengths == sum((each.length for each in both), timedelta()), "nothing is claimed twice"
        assert {key_of(each) for each in [*kept, *added]} == {key_of(each) for each in wanted}
        assert all(each.since == since for each in added)
        for each in kept:
            old = [o for o in held if key_of(o) == key_of(each) and o.since == each.since]
            assert not without([each.span], [o.span for o in old]), "kept is as old as it was"
        held = [*kept, *added]


def test_what_is_given_up_and_taken_back_is_new() -> None:
    desk = demands(PREMISES, use("arbetsplats-1"))
    held = list(laid(desk, span("09:00", "12:00"), "mine", 1))
    kept, _ = kept_and_added(laid(desk, span("09:00", "10:00"), "mine", 2), held, 2)
    kept, added = kept_and_added(laid(desk, span("09:00", "12:00"), "mine", 3), kept, 3)
    assert {(each.span, each.since) for each in kept} == {(span("09:00", "10:00"), 1)}
    assert {(each.span, each.since) for each in added} == {(span("10:00", "12:00"), 3)}
