"""Checking in, coming too late and ending early, by the rules alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from booking.domain.attendance import came, cut_claims, door_open, ended_at, is_attended, is_missed
from booking.domain.bookings import Booking, Purpose, Status
from booking.domain.claims import Claim, Presence, Secrecy, Use, demands, laid, parted
from booking.domain.people import CircleId, Visibility
from tests.cast import DESKS, HALL, MEETING_ROOM, TABLE
from tests.domain.cast import EQUIPPED, POLICE_AND_GUARDS, SOCIAL_SERVICES, TRAFIK, at, span

MORNING = at("07:00")


def made(resource: str = DESKS[1], start: str = "10:00", end: str = "12:00", **fields: object) -> Booking:
    """An ordinary booking of Trafikkontoret, made early in the morning."""
    assert TRAFIK.organisation
    assert TRAFIK.person
    plain = Booking(
        id="b1",
        resource=resource,
        span=span(start, end),
        occurrence=at(start),
        organisation=TRAFIK.organisation,
        organiser=TRAFIK.person,
        organiser_name="Trafik",
        visibility=Visibility.INTERNAL,
        created=MORNING,
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


def secret(start: str, end: str, zone: str = "kontoret", circle: CircleId = POLICE_AND_GUARDS) -> Claim:
    return Claim(zone, Secrecy(circle), span(start, end), "hidden/1", 9)


def missed(booking: Booking, clock: str, *standing: Claim) -> bool:
    return is_missed(EQUIPPED, booking, standing, at(clock))


# --- checking in ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "open_"),
    [("09:44", False), ("09:45", True), ("10:00", True), ("11:59", True), ("12:00", False)],
)
def test_the_door_is_open_from_a_quarter_before_until_the_end(clock: str, open_: bool) -> None:
    assert door_open(span("10:00", "12:00"), at(clock)) is open_


@pytest.mark.parametrize("resource", [DESKS[0], TABLE, MEETING_ROOM, HALL])
def test_people_check_in_where_one_sits(resource: str) -> None:
    assert is_attended(EQUIPPED, made(resource))


def test_nobody_checks_in_to_a_projector_or_to_a_block() -> None:
    assert not is_attended(EQUIPPED, made("projektor"))
    assert not is_attended(EQUIPPED, made(purpose=Purpose.BLOCK))
    assert not is_attended(EQUIPPED, made(purpose=Purpose.CLOSURE))


@pytest.mark.parametrize(("clock", "here"), [("09:29", False), ("09:30", True), ("10:01", True)])
def test_what_was_made_within_half_an_hour_of_its_start_counts_as_checked_in(clock: str, here: bool) -> None:
    assert came(made(created=at(clock))) is here


# --- nobody came ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "gone"), [("10:14", False), ("10:15", True), ("11:59", True), ("12:00", False)]
)
def test_a_desk_nobody_came_to_is_missed_after_a_quarter_until_it_ends(clock: str, gone: bool) -> None:
    assert missed(made(), clock) is gone


def test_how_long_one_waits_is_the_premises_own() -> None:
    patient = replace(EQUIPPED, check_in_within=timedelta(minutes=30))
    assert not is_missed(patient, made(), [], at("10:29"))
    assert is_missed(patient, made(), [], at("10:30"))


@pytest.mark.parametrize(
    "fields",
    [
        {"checked_in": at("09:50")},
        {"created": at("09:40")},
        {"status": Status.PENDING},
        {"status": Status.CANCELLED},
        {"purpose": Purpose.BLOCK},
        {"purpose": Purpose.CLOSURE},
        {"circle": SOCIAL_SERVICES, "circles": frozenset({SOCIAL_SERVICES})},
        {"circles": frozenset({SOCIAL_SERVICES})},
        {"released": (span("09:55", "10:10"),)},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_what_is_never_missed(fields: dict[str, object]) -> None:
    assert not missed(made(**fields), "10:20")


@pytest.mark.parametrize("circle", [POLICE_AND_GUARDS, SOCIAL_SERVICES])
@pytest.mark.parametrize("hours", [("09:30", "10:01"), ("10:00", "10:30"), ("09:00", "13:00")])
def test_what_began_in_time_barred_to_anyone_is_never_missed(
    circle: CircleId, hours: tuple[str, str]
) -> None:
    assert not missed(made(), "10:20", secret(*hours, circle=circle))


@pytest.mark.parametrize(
    "claim",
    [
        secret("09:00", "10:00"),
        secret("10:01", "11:00"),
        secret("09:00", "11:00", zone="motesdelen"),
        replace(secret("09:00", "11:00"), released=True),
        Claim("kontoret", Presence(1), span("09:00", "11:00"), "open/1", 9),
    ],
)
def test_other_claims_than_a_secrecy_over_its_start_save_nothing(claim: Claim) -> None:
    assert missed(made(), "10:20", claim)


def test_what_gave_way_later_than_its_start_saves_nothing() -> None:
    assert missed(made(released=(span("10:30", "11:00"),)), "10:20")


# --- ending early -----------------------------------------------------------------------------


def test_it_ends_at_the_next_whole_minute() -> None:
    seconds = timedelta(seconds=20)
    assert ended_at(made(), at("11:10") + seconds).span == span("10:00", "11:11")
    assert ended_at(made(), at("11:10")).span == span("10:00", "11:10")
    assert ended_at(made(), at("10:00")).span == span("10:00", "10:01")
    assert ended_at(made(), at("11:59") + seconds).span == span("10:00", "12:00")


def claims_of(booking: Booking) -> list[Claim]:
    use = Use(EQUIPPED.by_key[booking.resource], booking.organisation)
    return [*laid(demands(EQUIPPED, use), booking.span, booking.key, 3)]


def test_its_claims_end_with_it_and_keep_their_age() -> None:
    booking = made(MEETING_ROOM)
    short = ended_at(booking, at("11:10"))
    cut = cut_claims([*claims_of(booking), secret("11:00", "13:00")], short)
    expected = laid(
        demands(EQUIPPED, Use(EQUIPPED.by_key[MEETING_ROOM], short.organisation)), short.span, short.key, 3
    )
    assert sorted(cut, key=str) == sorted(expected, key=str)


def test_the_wall_is_not_moved_for_a_part_that_is_no_more() -> None:
    gave = (span("10:30", "11:00"),)
    booking = made(MEETING_ROOM, released=gave)
    claims = parted(claims_of(booking), booking.span, gave)
    short = ended_at(booking, at("10:57"))
    assert short.released == (span("10:30", "10:57"),)
    standing = [each for each in cut_claims(claims, short) if not each.released]
    assert {each.span.end for each in standing} == {at("10:30")}
    assert all(each.span.end <= short.span.end for each in cut_claims(claims, short))
