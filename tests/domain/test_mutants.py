"""One rule broken at a time: the property that guards it must then fail, or it guards nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from booking.domain import attempts, claims, disclosure
from booking.domain.claims import Claim, Presence, Secrecy
from booking.domain.people import Visibility
from booking.domain.spans import Span
from tests.domain import rules, world
from tests.domain.cast import CIRCLES, HOUSES, KONSTNAR, PEOPLE, POLICE_AND_GUARDS, POLIS, TRAFIK, span
from tests.domain.scripts import houses, places, played, scripts
from tests.domain.twins import OUTSIDERS, acts, near

pytestmark = pytest.mark.prove
triers = st.sampled_from(sorted(name for name, each in PEOPLE.items() if each.organisation is not None))


def audit(data: st.DataObject) -> None:
    rules.audit_is_clean(data.draw(houses), data.draw(scripts))


def crossing(data: st.DataObject) -> None:
    rules.what_crosses_is_taken_over(data.draw(houses), data.draw(scripts))


def busy(data: st.DataObject) -> None:
    rules.refused_exactly_where_busy_or_seen(
        played(data.draw(houses), data.draw(scripts)), PEOPLE[data.draw(triers)]
    )


def hidden(data: st.DataObject) -> None:
    rules.nothing_hidden_is_named(played(data.draw(houses), data.draw(scripts)), PEOPLE[data.draw(triers)])


def alike(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(OUTSIDERS)))
    rules.two_worlds_look_alike(data.draw(houses), data.draw(acts), name, data.draw(near).span)


def free(data: st.DataObject) -> None:
    house, viewer = data.draw(houses), PEOPLE[data.draw(triers)]
    resource = HOUSES[house].resources[data.draw(places) % len(HOUSES[house].resources)].key
    circle = data.draw(st.sampled_from([None, *sorted(viewer.circles)]))
    made = played(house, data.draw(scripts))
    rules.free_times_are_free(made, viewer, resource, timedelta(minutes=30), circle)


def discreet(data: st.DataObject) -> None:
    house, viewer = data.draw(houses), PEOPLE[data.draw(triers)]
    resource = HOUSES[house].resources[data.draw(places) % len(HOUSES[house].resources)].key
    if viewer.circles:
        circle = data.draw(st.sampled_from(sorted(viewer.circles)))
        made = played(house, data.draw(scripts))
        rules.only_secrecy_over_what_is_free(made, viewer, resource, data.draw(near).span, circle)


def piece(data: st.DataObject) -> None:
    older = data.draw(near)
    made = world.World()
    made.book(KONSTNAR, "arbetsplats-2", older.span, id="desk")
    made.book(POLIS, "hela-lokalen", span("09:30", "10:30"), POLICE_AND_GUARDS, agreed=True)
    before = made.board(TRAFIK)
    made.change(KONSTNAR, "desk", span=older.span)
    clipped = [each for each in made.board(TRAFIK).bookings if each.clipped]
    assert clipped == [each for each in before.bookings if each.clipped]


# --- the mutants ------------------------------------------------------------------------------

sound = claims.compatible


def deaf(one: Any, other: Any, admits: Any) -> bool:
    """Nobody minds who listens."""
    kinds = {type(one), type(other)}
    return kinds == {Presence, Secrecy} or sound(one, other, admits)


def loose_secrets(one: Any, other: Any, admits: Any) -> bool:
    """Two circles may speak in one zone."""
    return (type(one), type(other)) == (Secrecy, Secrecy) or sound(one, other, admits)


def everywhere(patch: pytest.MonkeyPatch, compatible: Callable[..., bool]) -> None:
    """The audit and the tests keep the sound rule: the booking and the looking break it."""
    patch.setattr(attempts, "compatible", compatible)
    patch.setattr(disclosure, "compatible", compatible)


def wall_needs_no_time(patch: pytest.MonkeyPatch) -> None:
    for module in (attempts, disclosure):
        patch.setattr(module, "refused_time", lambda demand, claim: claim.span)


def nothing_is_clipped(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(disclosure.Eyes, "_clip", lambda eyes, booking: ())


def clipped_stays_held(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(disclosure.Eyes, "_parts_clipped", lambda eyes, claims, given: ())


def circles_forgotten(patch: pytest.MonkeyPatch) -> None:
    def knows(viewer: Any, booking: Any) -> bool:
        return bool(viewer.signed_in and booking.visibility is not Visibility.CONFIDENTIAL)

    patch.setattr(disclosure, "knows", knows)


def everything_known(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(disclosure, "knows", lambda viewer, booking: True)


def nothing_taken_over(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(attempts.Attempt, "_crossed", lambda attempt, kept, added: frozenset())


def edits_into_barred_time(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(attempts.Attempt, "_barred_by_edit", lambda attempt, added: [])


def presence_moves_in_time_only(patch: pytest.MonkeyPatch) -> None:
    """What an edit adds is asked for its presence alone, so that a change of desks is not asked at all."""
    whole = attempts.Attempt._barred_by_edit

    def asked(attempt: attempts.Attempt, added: list[Claim]) -> list[Claim]:
        return whole(attempt, [each for each in added if isinstance(each.stake, Presence)])

    patch.setattr(attempts.Attempt, "_barred_by_edit", asked)


def busy_places_are_taken(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(attempts.Attempt, "_busy_places", lambda attempt, added: [])
    patch.setattr(attempts.Attempt, "_clipped", lambda attempt, added: [])


def clash_names_only_what_overlaps(patch: pytest.MonkeyPatch) -> None:
    def clashing(eyes: Any, wanted: Any, span: Span, met: Any, also: Any = ()) -> Any:
        return whole(eyes, [], span, met, also)  # no lead: what comes just after is not named

    whole = disclosure.Eyes.clashing
    patch.setattr(disclosure.Eyes, "clashing", clashing)


def pieces_from_the_row(patch: pytest.MonkeyPatch) -> None:
    whole = disclosure.Eyes._full

    def full(eyes: Any, booking: Any, span: Any, suspended: Any, clipped: bool) -> Any:
        made = whole(eyes, booking, span, suspended, clipped)
        return disclosure.replace(made, version=booking.version)

    patch.setattr(disclosure.Eyes, "_full", full)


def seams(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(disclosure, "merged", lambda spans: tuple(sorted(set(spans))))


def edits_age_nothing(patch: pytest.MonkeyPatch) -> None:
    def kept_and_added(wanted: Any, held: Any, since: int) -> Any:
        held = list(held)
        if not held:
            return claims.kept_and_added(wanted, held, since)
        old = min(each.since for each in held)
        return [disclosure.replace(each, since=old) for each in wanted], []

    patch.setattr(attempts, "kept_and_added", kept_and_added)


Mutant = Callable[[pytest.MonkeyPatch], None]
MUTANTS: list[tuple[str, Mutant, Callable[[st.DataObject], None]]] = [
    ("outsiders may listen", lambda patch: everywhere(patch, deaf), audit),
    ("two circles may speak in one zone", lambda patch: everywhere(patch, loose_secrets), audit),
    ("an edit is as old as what it changes", edits_age_nothing, audit),
    ("the wall needs no time, on the board", wall_needs_no_time, busy),
    ("the wall needs no time, in free times", wall_needs_no_time, free),
    ("nothing is clipped", nothing_is_clipped, hidden),
    ("equipment of what is clipped stays its holder's", clipped_stays_held, busy),
    ("circles do not count, on the board", circles_forgotten, hidden),
    ("everybody knows everything", everything_known, hidden),
    ("everybody knows everything, in two worlds", everything_known, alike),
    ("nothing is taken over", nothing_taken_over, crossing),
    ("edits reach into barred time", edits_into_barred_time, crossing),
    ("edits change places in barred time", presence_moves_in_time_only, crossing),
    ("what is busy gives way", busy_places_are_taken, discreet),
    ("a clash by the changeover is not named", clash_names_only_what_overlaps, busy),
    ("a seam shows", seams, alike),
    ("a piece is made from the row", pieces_from_the_row, piece),
]


@pytest.mark.parametrize(
    ("mutant", "rule"), [each[1:] for each in MUTANTS], ids=[each[0] for each in MUTANTS]
)
def test_a_broken_rule_is_noticed(
    mutant: Mutant, rule: Callable[[st.DataObject], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    @settings(
        max_examples=2000,
        phases=[Phase.generate],
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        rule(data)

    mutant(monkeypatch)
    with pytest.raises(AssertionError):
        holds()


def test_the_world_of_the_tests_uses_what_is_mutated() -> None:
    assert world.Attempt is attempts.Attempt
    assert world.Eyes is disclosure.Eyes
    assert world.World().circles is CIRCLES
