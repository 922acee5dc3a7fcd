"""A premises is changed: what a standing use holds in it, what it keeps, and what could not stand there."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.bookings import Booking
from booking.domain.claims import HOLD, Claim, Presence, Secrecy, Use, demands, laid, parted
from booking.domain.people import Visibility
from booking.domain.premises import Kind, Name, Partition, Premises, Resource
from booking.domain.refitting import also_kept_out, cannot_stand, claimed_alike, fits, refitted
from booking.domain.spans import MINUTE, Span, merged, within
from tests.domain.cast import CIRCLES, EQUIPPED, NOW, ORGANISATIONS, POLICE_AND_GUARDS, PREMISES, at, span

POLICE, TRAFFIC = ORGANISATIONS["lokalpolisomrade-norrmalm"], ORGANISATIONS["trafikkontoret"]
MEETING_SIDE, OFFICE = "motesdelen", "kontoret"
MORE = Name("Ett till", "One more")


def with_(*resources: Resource, premises: Premises = PREMISES) -> Premises:
    """The premises with these, in place of those of the same key."""
    changed = {**premises.by_key, **{each.key: each for each in resources}}
    return replace(premises, resources=tuple(changed.values()))


NEW_DESK = Resource("arbetsplats-5", Kind.DESK, MORE, (OFFICE,))
NEW_TABLE = Resource("sidobordet", Kind.TABLE, MORE, (MEETING_SIDE,))
MOVED_DESK = replace(PREMISES.by_key["arbetsplats-1"], zones=(MEETING_SIDE,))
CHANGED = (
    PREMISES,
    with_(NEW_DESK),
    with_(NEW_TABLE),
    with_(NEW_DESK, MOVED_DESK, NEW_TABLE),
    with_(replace(PREMISES.by_key["motesrummet"], zones=(OFFICE,))),
    with_(replace(PREMISES.by_key["konferensbordet"], kind=Kind.DESK)),
    replace(PREMISES, changeover=15 * MINUTE),
    replace(PREMISES, changeover=0 * MINUTE),
    replace(PREMISES, partitions=()),
    replace(
        PREMISES,
        partitions=(*PREMISES.partitions, Partition("draperiet", MORE, frozenset({OFFICE, MEETING_SIDE}))),
    ),
)
KEYS = ("motesrummet", "hela-lokalen", "konferensbordet", "arbetsplats-1", "arbetsplats-2")


def booking(key: str, released: tuple[Span, ...] = ()) -> Booking:
    whole = span("10:00", "12:00")
    return Booking("b", key, whole, whole.start, POLICE, 1, "", Visibility.INTERNAL, released=released)


def use(premises: Premises, key: str, *, secret: bool = False, clear_desks: bool = False) -> Use:
    circle = POLICE_AND_GUARDS if secret else None
    return Use(premises.by_key[key], POLICE, circle, clear_desks)


@given(
    st.sampled_from(CHANGED),
    st.sampled_from(CHANGED),
    st.sampled_from(KEYS),
    st.booleans(),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 8), st.integers(1, 4)), max_size=2),
)
def test_it_holds_what_it_would_if_it_were_made_there_and_gives_way_when_it_did(
    before: Premises, after: Premises, key: str, secret: bool, clear_desks: bool, gone: list[tuple[int, int]]
) -> None:
    quarter = 15 * MINUTE
    first = booking(key).span
    lost = [Span(first.start + a * quarter, first.start + (a + b) * quarter) for a, b in gone]
    made = booking(key, within(merged(lost), first))
    old, new = (
        demands(each, use(each, key, secret=secret, clear_desks=clear_desks)) for each in (before, after)
    )
    held = parted(laid(old, made.span, made.key, 7), made.span, made.released)
    assert fits(old, held, made)
    claims = refitted(old, new, held, made, 9)
    assert fits(new, claims, made)
    stays = {(each.space, each.stake) for each in set(old) & set(new)}
    assert {each.since for each in claims if (each.space, each.stake) in stays} <= {7}
    back = refitted(new, old, claims, made, 11)
    assert fits(old, back, made)


def test_a_new_desk_is_held_by_the_newest_claim_and_all_else_stays_as_old_as_it_was() -> None:
    made, after = booking("hela-lokalen"), with_(NEW_DESK)
    old, new = (demands(each, use(each, made.resource, clear_desks=True)) for each in (PREMISES, after))
    held = laid(old, made.span, made.key, 3)
    claims = refitted(old, new, held, made, 5)
    assert [each for each in claims if each.since == 5] == [
        Claim("arbetsplats-5", HOLD, made.span, made.key, 5)
    ]
    assert {each for each in claims if each.since == 3} == set(held)


def test_of_a_wall_that_takes_longer_only_the_earlier_minutes_are_new() -> None:
    made, after = booking("motesrummet"), replace(PREMISES, changeover=15 * MINUTE)
    old, new = (demands(each, use(each, made.resource)) for each in (PREMISES, after))
    claims = refitted(old, new, laid(old, made.span, made.key, 3), made, 5)
    wall = sorted((each.span, each.since) for each in claims if each.space == "glasvaggen")
    assert wall == [(span("09:45", "09:55"), 5), (span("09:55", "12:00"), 3)]


def test_names_hours_and_what_is_retired_change_no_claim() -> None:
    desk = PREMISES.by_key["arbetsplats-1"]
    assert claimed_alike(PREMISES, with_(replace(desk, name=MORE, retired=NOW.date(), seats=3)))
    assert not claimed_alike(PREMISES, with_(NEW_DESK))
    assert not claimed_alike(PREMISES, with_(MOVED_DESK))
    assert not claimed_alike(PREMISES, replace(PREMISES, changeover=15 * MINUTE))
    assert not claimed_alike(PREMISES, replace(PREMISES, partitions=()))


# --- what could not stand there ---------------------------------------------------------------


def test_nobody_falls_silent_for_a_changed_premises() -> None:
    here = Claim(OFFICE, Presence(TRAFFIC), span("10:00", "12:00"), "theirs", 1)
    secret = Claim(OFFICE, Secrecy(POLICE_AND_GUARDS), span("11:00", "13:00"), "ours", 9)
    assert list(cannot_stand([here, secret], 9, CIRCLES.admits)) == [(secret, here)]


@pytest.mark.parametrize(
    "other",
    [
        Claim(OFFICE, HOLD, span("11:00", "12:00"), "ours", 1),
        Claim(OFFICE, HOLD, span("12:00", "13:00"), "theirs", 1),
        Claim(MEETING_SIDE, HOLD, span("11:00", "12:00"), "theirs", 1),
        Claim(OFFICE, HOLD, span("11:00", "12:00"), "theirs", 1, released=True),
        Claim(OFFICE, Presence(TRAFFIC), span("11:00", "12:00"), "theirs", 1),
    ],
    ids=["its own", "after it", "elsewhere", "gave way", "may be there"],
)
def test_a_new_claim_stands_beside_what_it_does_not_meet(other: Claim) -> None:
    new = Claim(OFFICE, HOLD, span("10:00", "12:00"), "ours", 9)
    assert list(cannot_stand([new, other], 9, CIRCLES.admits)) == []


def test_what_clashed_before_the_change_is_not_laid_to_it() -> None:
    old = [Claim(OFFICE, HOLD, span("10:00", "12:00"), name, 1) for name in ("ours", "theirs")]
    new = Claim("arbetsplats-5", HOLD, span("10:00", "12:00"), "ours", 9)
    assert list(cannot_stand([*old, new], 9, CIRCLES.admits)) == []


# --- where everybody is kept out --------------------------------------------------------------

IN_THE_OFFICE = {each.key for each in PREMISES.lying_in(frozenset({OFFICE}))}


def test_what_comes_into_a_zone_that_is_kept_whole_is_kept_too() -> None:
    assert also_kept_out(PREMISES, with_(NEW_DESK, NEW_TABLE), IN_THE_OFFICE) == ("arbetsplats-5",)
    table = replace(PREMISES.by_key["konferensbordet"], zones=(OFFICE,))
    assert also_kept_out(PREMISES, with_(table), IN_THE_OFFICE) == ("konferensbordet",)


def test_what_comes_beside_a_few_places_that_are_kept_is_not() -> None:
    some = IN_THE_OFFICE - {"arbetsplats-4"}
    assert also_kept_out(PREMISES, with_(NEW_DESK, NEW_TABLE), some) == ()
    both = {"konferensbordet", "motesrummet", *IN_THE_OFFICE}
    assert also_kept_out(PREMISES, with_(NEW_DESK), both) == ("arbetsplats-5",)
    assert also_kept_out(PREMISES, PREMISES, both) == (), "the hall was not kept before, and is not now"


def test_of_all_there_is_everything_that_comes_is_kept() -> None:
    assert also_kept_out(PREMISES, EQUIPPED, PREMISES.by_key) == ("projektor",)
    assert also_kept_out(PREMISES, EQUIPPED, IN_THE_OFFICE) == ()


def test_less_or_more_or_longer_than_its_use_demands_is_seen() -> None:
    made = booking("hela-lokalen")
    wanted = demands(PREMISES, use(PREMISES, made.resource, secret=True))
    held = laid(wanted, made.span, made.key, 1)
    assert fits(wanted, held, made)
    assert not fits(wanted, held[1:], made)
    assert not fits(wanted, (*held, Claim("arbetsplats-1", HOLD, made.span, made.key, 1)), made)
    assert not fits(wanted, (*held[1:], replace(held[0], span=Span(at("10:00"), at("12:01")))), made)
    assert not fits(wanted, tuple(replace(each, released=True) for each in held), made)
