"""The follow-up report counted by hand, and that nothing hidden is in it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.bookings import Purpose
from booking.domain.claims import WallPosition
from booking.domain.facts import GUESTS, Facts, Occasion, Secret, Yielded, seen
from booking.domain.heat import step
from booking.domain.people import Visibility, stranger
from booking.domain.premises import Category
from booking.domain.quarters import Quarter, quarter_of, read_quarter
from booking.domain.reporting import Kept, kept, report
from booking.domain.spans import Span, day_start
from booking.domain.suppression import NONE, Amount
from tests.domain.cast import (
    ARTIST_ALONE,
    ORGANISATIONS,
    OTHER_ARTIST_ALONE,
    POLICE_AND_GUARDS,
    PREMISES,
    SOCIAL_SERVICES,
    at,
    span,
)
from tests.domain.scripts import Act, houses, played, scripts
from tests.domain.world import World

AUTUMN = Quarter(2026, 4)
OVER = at("00:00", 60)
POLICE, TRAFFIC = ORGANISATIONS["lokalpolisomrade-norrmalm"], ORGANISATIONS["trafikkontoret"]


def used(number: int, resource: str, when: Span, **more: object) -> Occasion:
    made = Occasion(number, (resource,), when, TRAFFIC, Category.PLACE)
    return replace(made, **more)  # type: ignore[arg-type]


def every_day(resource: str, days: int, start: str = "10:00", end: str = "11:30", **more: object) -> Facts:
    return Facts(
        tuple(used(number, resource, span(start, end, -number), **more) for number in range(1, days + 1))
    )


def both(*some: Facts) -> Facts:
    occasions = [each for facts in some for each in facts.occasions]
    return Facts(tuple(replace(each, number=number) for number, each in enumerate(occasions)))


# --- quarters ---------------------------------------------------------------------------------


def test_a_quarter_is_three_months_of_the_premises_own_days() -> None:
    assert AUTUMN.span(PREMISES.zone) == Span(
        datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)
    )
    assert (AUTUMN.before, AUTUMN.after, AUTUMN.after.before) == (Quarter(2026, 3), Quarter(2027, 1), AUTUMN)
    assert [quarter_of(date(2026, month, 1)).number for month in (1, 3, 4, 9, 12)] == [1, 1, 2, 3, 4]


@pytest.mark.parametrize("text", ["2026-K5", "2026-K0", "2026", "", "1999-K1", "2026-K4 ", "٢٠٢٦-K1"])
def test_what_is_no_quarter_is_not_read_as_one(text: str) -> None:
    assert read_quarter(text) is None
    assert read_quarter("2026-K4") == read_quarter("2026-Q4") == AUTUMN


def test_today_is_not_counted_before_it_is_over() -> None:
    facts = Facts(tuple(used(number, "arbetsplats-1", span("08:00", "09:00")) for number in range(6)))
    assert report(PREMISES, AUTUMN, facts, at("12:00")).whole.amount == NONE
    assert report(PREMISES, AUTUMN, facts, at("00:00", 1)).whole.amount == Amount(6, 360)


# --- by hand ----------------------------------------------------------------------------------


def test_hours_times_and_share_of_a_place() -> None:
    made = report(PREMISES, AUTUMN, every_day("arbetsplats-1", 10), at("00:00"))
    line = made.places["arbetsplats-1"]
    days = 54  # October, and November to the 23rd
    assert line.amount == Amount(10, 900)
    assert (line.used_open, line.open) == (900, days * 14 * 60)
    assert made.places["arbetsplats-2"].amount == NONE
    assert made.whole == line


def test_the_hours_of_the_night_to_winter_time_are_all_there() -> None:
    night = Span(datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC))
    facts = Facts(
        (
            *every_day("arbetsplats-1", 5).occasions,
            used(99, "arbetsplats-1", night, category=Category.REACTIVE),
        )
    )
    made = report(PREMISES, AUTUMN, facts, at("00:00"))
    assert made.places["arbetsplats-1"].amount == Amount(6, 450 + 25 * 60)
    assert made.places["arbetsplats-1"].used_open == 450 + 14 * 60


def test_a_time_across_the_turn_of_quarters_is_in_both_with_its_own_part() -> None:
    turn = day_start(date(2026, 10, 1), PREMISES.zone)
    across = Span(turn - timedelta(hours=2), turn + timedelta(hours=3))
    facts = Facts(tuple(used(number, "arbetsplats-1", across) for number in range(5)))
    made = [report(PREMISES, each, facts, OVER).whole.amount for each in (AUTUMN.before, AUTUMN)]
    assert made == [Amount(5, 600), Amount(5, 900)]


def test_the_hours_of_the_week_say_how_much_of_each_was_booked() -> None:
    mondays = [at("00:00", number) for number in range(-60, 0) if at("12:00", number).weekday() == 0]
    facts = Facts(
        tuple(
            used(
                number, "arbetsplats-1", Span(day + timedelta(hours=9), day + timedelta(hours=10, minutes=30))
            )
            for number, day in enumerate(mondays)
        )
    )
    heat = report(PREMISES, AUTUMN, facts, at("00:00")).heats["arbetsplats-1"]
    assert heat is not None
    assert heat.hours == tuple(range(7, 21))
    assert {cell: share for cell, share in heat.cells.items() if share} == {(0, 9): 100, (0, 10): 50}
    assert [step(share) for share in (None, 0, 1, 20, 21, 100)] == [0, 0, 1, 1, 2, 5]


def test_an_hour_of_the_week_with_few_bookings_is_withheld_and_so_is_a_place() -> None:
    facts = both(
        every_day("arbetsplats-1", 10), every_day("arbetsplats-2", 2), every_day("konferensbordet", 7)
    )
    made = report(PREMISES, AUTUMN, facts, at("00:00"))
    amounts = {key: line.amount for key, line in made.places.items() if line.amount != NONE}
    assert amounts == {"arbetsplats-1": Amount(10, 900), "arbetsplats-2": None, "konferensbordet": None}
    assert made.places["arbetsplats-2"].used_open == made.places["konferensbordet"].used_open == 0
    assert made.heats["arbetsplats-2"] is made.heats["konferensbordet"] is None
    heat = made.heats["arbetsplats-1"]
    assert heat is not None
    assert set(heat.cells.values()) == {0, None}, "one or two times on each weekday"
    assert made.whole.amount == Amount(19, 19 * 90)


def test_a_total_that_one_table_withholds_the_other_does_not_tell() -> None:
    five = [ORGANISATIONS[key] for key in list(ORGANISATIONS)[:5]]
    facts = Facts(
        tuple(
            used(number, "arbetsplats-1", span("10:00", "11:00", -1 - number), organisation=organisation)
            for number, organisation in enumerate(five)
        )
    )
    made = report(PREMISES, AUTUMN, facts, at("00:00"))
    assert made.whole.amount is made.places["arbetsplats-1"].amount is made.categories.total is None
    assert set(made.organisations.values()) == {None}


def test_the_wall_as_rooms_needed_it() -> None:
    facts = both(every_day("motesrummet", 6), every_day("hela-lokalen", 5, "13:00", "14:00"))
    walls = report(PREMISES, AUTUMN, facts, at("00:00")).walls
    assert walls == {
        ("glasvaggen", WallPosition.OPEN): Amount(5, 300),
        ("glasvaggen", WallPosition.CLOSED): Amount(6, 540),
    }


def test_the_wall_does_not_tell_of_a_room_that_is_withheld() -> None:
    facts = both(
        every_day("motesrummet", 6),
        every_day("hela-lokalen", 2, "13:00", "14:00"),
        every_day("arbetsplats-1", 9),
    )
    made = report(PREMISES, AUTUMN, facts, at("00:00"))
    assert made.places["motesrummet"].amount is None
    assert set(made.walls.values()) == {None}


def test_organisations_stand_within_their_category_and_guests_together() -> None:
    facts = both(
        every_day("arbetsplats-1", 9),
        every_day("arbetsplats-2", 5, organisation=POLICE, category=Category.REACTIVE),
        every_day("konferensbordet", 3, organisation=ARTIST_ALONE, category=Category.GUEST),
        every_day(
            "konferensbordet", 4, "13:00", "14:00", organisation=OTHER_ARTIST_ALONE, category=Category.GUEST
        ),
    )
    made = report(PREMISES, AUTUMN, facts, at("00:00"))
    assert made.organisations == {
        (Category.PLACE, TRAFFIC): Amount(9, 810),
        (Category.REACTIVE, POLICE): Amount(5, 450),
        (Category.GUEST, GUESTS): Amount(7, 270 + 240),
    }
    assert made.categories.total == Amount(21, 1770)


def test_what_gave_way_counts_for_what_it_kept_and_to_whom_it_gave_way() -> None:
    lost = span("10:30", "11:30")
    occasions = [used(number, "arbetsplats-1", span("10:00", "12:00", -number)) for number in range(1, 6)]
    occasions = [
        replace(
            each,
            lost=(Span(lost.start - timedelta(days=each.number), lost.end - timedelta(days=each.number)),),
        )
        for each in occasions
    ]
    yielded = tuple(Yielded(number, POLICE, Category.REACTIVE) for number in (1, 2, 3, 4, 5, 5))
    made = report(PREMISES, AUTUMN, Facts(tuple(occasions), yielded), at("00:00"))
    assert made.whole.amount == Amount(5, 300)
    assert made.gave_way.groups == {(TRAFFIC, POLICE): Amount(5)}


def test_what_nobody_came_to_is_not_use() -> None:
    made = report(PREMISES, AUTUMN, every_day("arbetsplats-1", 6, missed=True), at("00:00"))
    assert made.missed.groups == {TRAFFIC: Amount(6)}
    assert made.whole.amount == NONE


def test_a_block_with_a_public_reason_is_no_use_and_stands_by_itself() -> None:
    block = Occasion(
        1,
        ("arbetsplats-1", "arbetsplats-2"),
        span("06:00", "12:00", -1),
        TRAFFIC,
        Category.PLACE,
        Purpose.BLOCK,
    )
    made = report(PREMISES, AUTUMN, Facts((block,)), at("00:00"))
    assert made.whole.amount == NONE
    assert [made.places[key].blocked for key in ("arbetsplats-1", "arbetsplats-2", "arbetsplats-3")] == [
        300,
        300,
        0,
    ]


# --- what is hidden ---------------------------------------------------------------------------


def secrets(*bookings: tuple[int, int, int]) -> list[Secret]:
    """So many bookings of an organisation for a circle, an hour and twenty minutes each."""
    made = []
    for number, organisation, circle in bookings:
        for each in range(number):
            when = span("10:00", "11:20", -1 - each)
            made.append(Secret(f"{organisation}-{circle}-{each}", organisation, frozenset({circle}), when))
    return made


WEEKS = Span(at("00:00", -30), at("00:00"))


def test_the_one_total_is_in_whole_hours_and_only_where_nobody_can_take_their_own_from_it() -> None:
    two = ((5, POLICE, POLICE_AND_GUARDS), (5, TRAFFIC, SOCIAL_SERVICES))
    assert kept(secrets(*two), WEEKS) == Kept(10, 13)
    assert kept(secrets((9, POLICE, POLICE_AND_GUARDS)), WEEKS) is None
    assert kept(secrets((5, POLICE, POLICE_AND_GUARDS), (4, TRAFFIC, SOCIAL_SERVICES)), WEEKS) is None
    assert kept(secrets((5, POLICE, POLICE_AND_GUARDS), (5, TRAFFIC, POLICE_AND_GUARDS)), WEEKS) is None


def test_a_series_is_one_booking_of_that_total() -> None:
    series = [replace(each, booking="one") for each in secrets((9, POLICE, POLICE_AND_GUARDS))]
    assert kept([*series, *secrets((5, TRAFFIC, SOCIAL_SERVICES))], WEEKS) is None


def test_that_total_waits_until_the_quarter_has_ended() -> None:
    facts = Facts(secrets=tuple(secrets((5, POLICE, POLICE_AND_GUARDS), (5, TRAFFIC, SOCIAL_SERVICES))))
    assert report(PREMISES, AUTUMN, facts, at("00:00", 1)).confidential is None
    assert report(PREMISES, AUTUMN, facts, OVER).confidential == Kept(10, 13)


def facts_of(world: World) -> tuple[Facts, dict[int, str]]:
    """What the ledger would hand out of a world, and the keys of its occasions by number."""
    ordinary = [each for each in world.bookings.values() if not each.circles]
    known = [each for each in ordinary if each.visibility in (Visibility.OPEN, Visibility.INTERNAL)]
    keys = {each.key for each in known}
    occasions = tuple(
        Occasion(
            number,
            (each.resource,),
            each.span,
            each.organisation,
            each.category or Category.PLACE,
            lost=each.released,
        )
        for number, each in enumerate(known)
    )
    hidden = tuple(claim for claim in world.standing if claim.occurrence not in keys)
    kept_secret = tuple(
        Secret(each.id, each.organisation, each.circles, each.span)
        for each in world.bookings.values()
        if each.circles
    )
    return Facts(occasions, (), kept_secret, hidden), {n: each.key for n, each in enumerate(known)}


@given(houses, scripts)
def test_counted_is_what_somebody_in_no_circle_finds_on_the_boards_of_days_that_have_ended(
    house: str, script: list[Act]
) -> None:
    world = played(house, script)
    world.now = at("00:00", 2)
    window = Span(at("00:00", -2), at("00:00", 2))
    facts, keys = facts_of(world)
    counted = {keys[each.number] for each in seen(world.premises, facts, window)}
    for eyes in (stranger(Category.PLACE), stranger(Category.REACTIVE)):
        found = {piece.id for piece in world.board(eyes, window).bookings}
        wholly_lost = {each.key for each in world.bookings.values() if each.released == (each.span,)}
        assert {key for key in counted if key.split("/")[0] in found} == counted - wholly_lost
        assert found <= {key.split("/")[0] for key in counted}


@given(houses, scripts, st.sampled_from([at("00:00", 2), OVER]))
def test_a_report_is_the_same_whatever_is_hidden_but_for_the_one_total(
    house: str, script: list[Act], now: datetime
) -> None:
    world = played(house, script)
    facts, _ = facts_of(world)
    window = AUTUMN.over(now, world.premises.zone)
    bare = Facts(tuple(seen(world.premises, facts, window)))
    made = report(world.premises, AUTUMN, facts, now)
    assert replace(made, confidential=None) == report(world.premises, AUTUMN, bare, now)
