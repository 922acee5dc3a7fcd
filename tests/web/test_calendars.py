"""Calendar subscriptions as a calendar program meets them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from werkzeug.test import TestResponse

from booking.actions import cancelling, changing, feeding
from booking.actions.changes import Changes, Scope
from booking.actions.feeding import FeedKind, FeedWish
from booking.domain.bookings import Booking, Repetition
from booking.storage import access, tables
from booking.storage.database import db, run, transaction
from tests.cast import (
    ARTIST,
    COORDINATOR,
    GUARD,
    MIKA,
    POLICE,
    POLICE_COLLEAGUE,
    PREMISES,
    SOCIAL,
    TODAY,
    TRAFFIC,
)
from tests.support.house import House

PLANTED = "Operation Blåsippa"


@pytest.fixture
def subscribe(house: House) -> Callable[..., str]:
    """The address of a new subscription: who, which kind, and what else is wished."""

    def make(email: str, kind: str = "premises", **wish: Any) -> str:
        with house.inside():
            _, secret = feeding.issue(
                house.viewer(email), FeedWish(PREMISES, FeedKind(kind), **wish), house.clock()
            )
        return f"/ical/{secret}.ics"

    return make


def fetch(house: House, address: str, **headers: str) -> TestResponse:
    return house.visitor().get(address, headers=headers)


def entries(answer: TestResponse) -> list[dict[str, Any]]:
    """What a calendar program reads: summary, place and times of every entry."""
    assert answer.status_code == 200
    return [
        {
            "summary": str(event["SUMMARY"]),
            "place": str(event["LOCATION"]),
            "start": event.decoded("DTSTART").astimezone(UTC),
            "end": event.decoded("DTEND").astimezone(UTC),
        }
        for event in Calendar.from_ical(answer.data).walk("VEVENT")
    ]


def test_the_artists_premises_feed_shows_a_briefing_as_taken_time_and_nothing_else(
    house: House, subscribe: Callable[..., str]
) -> None:
    opened = house.book(
        POLICE,
        "hela-lokalen",
        "17:00",
        "17:45",
        title=PLANTED,
        note=PLANTED,
        circle="polis-och-ordningsvakter",
    )
    answer = fetch(house, subscribe(ARTIST))
    found = entries(answer)
    start, end = house.at("17:00"), house.at("17:45")
    desks = "Konferensbordet, Hela lokalen, Arbetsplats 1, Arbetsplats 2, Arbetsplats 3, Arbetsplats 4"
    assert found == [
        {
            "summary": "Upptaget",
            "place": "Mötesrummet, Sergels torg",
            "start": start - timedelta(minutes=5),
            "end": end + timedelta(minutes=5),
        },
        {"summary": "Upptaget", "place": f"{desks}, Sergels torg", "start": start, "end": end},
    ]
    for word in (
        PLANTED,
        opened.view.id,
        opened.view.uid,
        "Polis",
        "olis-och",
        "ORGANIZER",
        "CREATED",
        "SEQUENCE",
    ):
        assert word not in answer.text


@pytest.mark.parametrize("reader", [POLICE, POLICE_COLLEAGUE, GUARD, MIKA, TRAFFIC])
@pytest.mark.parametrize("kind", ["mine", "premises", "resource"])
def test_no_feed_carries_what_is_said_in_a_confidential_booking_not_even_its_organisers(
    house: House, subscribe: Callable[..., str], reader: str, kind: str
) -> None:
    house.book(POLICE, "motesrummet", "10:00", "11:00", title=PLANTED, circle="polis-och-ordningsvakter")
    wish: dict[str, Any] = {"resource": "motesrummet"} if kind == "resource" else {"colleagues": True}
    answer = fetch(house, subscribe(reader, kind, **wish))
    assert PLANTED not in answer.text
    assert "Lokalpolis" not in answer.text
    assert "ordningsvakter" not in answer.text


def test_ones_own_confidential_booking_is_booked_time_in_ones_own_calendar(
    house: House, subscribe: Callable[..., str]
) -> None:
    house.book(POLICE, "motesrummet", "10:00", "11:00", title=PLANTED, circle="polis-och-ordningsvakter")
    assert entries(fetch(house, subscribe(POLICE, "mine"))) == [
        {
            "summary": "Bokad tid",
            "place": "Mötesrummet, Sergels torg",
            "start": house.at("10:00"),
            "end": house.at("11:00"),
        }
    ]
    assert entries(fetch(house, subscribe(POLICE, "mine", neutral=False))) == []
    assert entries(fetch(house, subscribe(POLICE_COLLEAGUE, "mine"))) == []
    assert len(entries(fetch(house, subscribe(POLICE_COLLEAGUE, "mine", colleagues=True)))) == 1


def test_what_may_be_known_stands_with_its_title_and_leaves_the_reader_free(
    house: House, subscribe: Callable[..., str]
) -> None:
    house.book(
        TRAFFIC, "konferensbordet", "13:00", "15:00", title="Skyltning; del 1, torget", visibility="internal"
    )
    answer = fetch(house, subscribe(COORDINATOR))
    assert [each["summary"] for each in entries(answer)] == ["Skyltning; del 1, torget (Trafikkontoret)"]
    assert "TRANSP:TRANSPARENT" in answer.text
    assert "TRANSP:OPAQUE" in fetch(house, subscribe(TRAFFIC, "mine")).text
    assert {each["summary"] for each in entries(fetch(house, subscribe(ARTIST)))} == {"Upptaget"}


def test_a_resource_shows_all_that_keeps_others_from_it(house: House, subscribe: Callable[..., str]) -> None:
    house.book(TRAFFIC, "hela-lokalen", "09:00", "10:00", title="Torgmöte", visibility="open")
    house.book(TRAFFIC, "arbetsplats-1", "12:00", "13:00", title="Pass", visibility="open")
    summaries = [
        each["summary"]
        for each in entries(fetch(house, subscribe(COORDINATOR, "resource", resource="konferensbordet")))
    ]
    assert summaries == ["Torgmöte (Trafikkontoret)"]


def test_a_feed_for_a_web_site_is_busy_only(house: House, subscribe: Callable[..., str]) -> None:
    house.book(TRAFFIC, "konferensbordet", "13:00", "15:00", title=PLANTED, visibility="open")
    found = entries(fetch(house, subscribe(COORDINATOR, busy_only=True)))
    assert {each["summary"] for each in found} == {"Upptaget"}


def test_the_same_bytes_until_something_changes_and_then_others(
    house: House, subscribe: Callable[..., str]
) -> None:
    opened = house.book(TRAFFIC, "konferensbordet", "13:00", "15:00", title="Först", visibility="open")
    address = subscribe(COORDINATOR)
    first = fetch(house, address)
    house.clock.step(minutes=7)
    again = fetch(house, address)
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    for tag in (
        first.headers["ETag"],
        f"W/{first.headers['ETag']}",
        f'"other", {first.headers["ETag"]}',
        "*",
    ):
        assert fetch(house, address, If_None_Match=tag).status_code == 304
    with house.inside():
        changing.change(house.viewer(TRAFFIC), opened.view.id, Changes(title="Sedan"), None, house.clock())
    changed = fetch(house, address, If_None_Match=first.headers["ETag"])
    assert changed.status_code == 200
    assert "Sedan" in changed.text
    before, after = (Calendar.from_ical(each.data).walk("VEVENT")[0] for each in (first, changed))
    assert (before["UID"], before["SEQUENCE"]) == (after["UID"], after["SEQUENCE"])
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt


def test_a_changed_title_of_a_confidential_booking_changes_nothing_for_anybody_elses_feed(
    house: House, subscribe: Callable[..., str]
) -> None:
    opened = house.book(POLICE, "motesrummet", "10:00", "11:00", title="A", circle="polis-och-ordningsvakter")
    addresses = [
        subscribe(who, kind) for who in (ARTIST, MIKA, GUARD, POLICE) for kind in ("mine", "premises")
    ]
    before = [fetch(house, address) for address in addresses]
    house.clock.step(minutes=20)
    with house.inside():
        for title in ("B", "C" * 100, "D"):
            changing.change(house.viewer(POLICE), opened.view.id, Changes(title=title), None, house.clock())
    after = [fetch(house, address) for address in addresses]
    assert [each.data for each in before] == [each.data for each in after]
    assert [each.headers["ETag"] for each in before] == [each.headers["ETag"] for each in after]


def test_a_moved_booking_keeps_its_uid_and_counts_its_sequence(
    house: House, subscribe: Callable[..., str]
) -> None:
    opened = house.book(TRAFFIC, "konferensbordet", "13:00", "15:00", title="Möte", visibility="open")
    address = subscribe(TRAFFIC, "mine")
    before = Calendar.from_ical(fetch(house, address).data).walk("VEVENT")[0]
    with house.inside():
        changing.change(
            house.viewer(TRAFFIC), opened.view.id, Changes(end=house.at("15:30")), None, house.clock()
        )
    after = Calendar.from_ical(fetch(house, address).data).walk("VEVENT")[0]
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], before["SEQUENCE"] + 1)


def test_a_cancelled_booking_is_left_out(house: House, subscribe: Callable[..., str]) -> None:
    opened = house.book(TRAFFIC, "konferensbordet", "13:00", "15:00", title="Möte", visibility="open")
    address = subscribe(TRAFFIC, "mine")
    assert len(entries(fetch(house, address))) == 1
    with house.inside():
        cancelling.cancel(house.viewer(TRAFFIC), opened.view.id, house.clock())
    assert entries(fetch(house, address)) == []


def test_an_artists_desk_that_had_to_give_way_stands_in_pieces_in_every_feed(
    house: House, subscribe: Callable[..., str]
) -> None:
    house.book(ARTIST, "arbetsplats-2", "13:00", "15:00", title="Skiss", visibility="open")
    house.book(POLICE, "hela-lokalen", "14:00", "14:30", circle="polis-och-ordningsvakter", agree=True)
    for address in (subscribe(ARTIST, "mine"), subscribe(TRAFFIC)):
        sketches = [each for each in entries(fetch(house, address)) if each["summary"].startswith("Skiss")]
        assert [(each["start"], each["end"]) for each in sketches] == [
            (house.at("13:00"), house.at("14:00")),
            (house.at("14:30"), house.at("15:00")),
        ]


def test_every_wrong_address_is_the_sites_ordinary_404_without_a_cookie(
    house: House, subscribe: Callable[..., str]
) -> None:
    address = subscribe(ARTIST)
    right = address.removeprefix("/ical/").removesuffix(".ics")
    with house.inside(), transaction():
        feed, _ = access.feed(right)
        assert feed is not None
        access.revoke_feed(feed.person, feed.id)
    ordinary = house.visitor().get("/never-used")
    wrong = (right, right.swapcase(), right[:-1], "x" * 500, "%ff%fe", "nåväl")
    for secret in wrong:
        answer = fetch(house, f"/ical/{secret}.ics")
        assert (answer.status_code, answer.data) == (404, ordinary.data)
        assert answer.headers.getlist("Set-Cookie") == []


def test_the_answer_is_as_calendar_programs_need_it(house: House, subscribe: Callable[..., str]) -> None:
    address = subscribe(ARTIST)
    answer = fetch(house, address, Accept="")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "Last-Modified" not in answer.headers
    assert answer.headers.getlist("Set-Cookie") == []
    head = house.visitor().head(address)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", answer.headers["ETag"])


def test_a_feed_dies_with_its_owners_account_and_membership(
    house: House, subscribe: Callable[..., str]
) -> None:
    guest, member = subscribe(ARTIST), subscribe(POLICE)
    with house.inside(), transaction():
        run(tables.people.update().where(tables.people.c.email == ARTIST).values(ends_at=house.clock()))
        run(tables.people.update().where(tables.people.c.email == POLICE).values(organisation_id=2))
    for address in (guest, member):
        assert fetch(house, address).status_code == 404


def test_its_owner_sees_when_and_by_which_program_it_was_fetched(
    house: House, subscribe: Callable[..., str]
) -> None:
    fetch(house, subscribe(SOCIAL), User_Agent="Thunderbird/140 " + "x" * 500)
    with house.inside():
        [found] = feeding.subscriptions(house.viewer(SOCIAL))
    assert found.feed.fetched_at == house.clock()
    assert found.feed.fetched_by is not None
    assert found.feed.fetched_by.startswith("Thunderbird/140")


@pytest.mark.parametrize("day", [datetime(2026, 10, 24, tzinfo=UTC), datetime(2027, 3, 27, tzinfo=UTC)])
def test_a_night_with_a_change_of_the_clock_has_its_right_length(
    house: House, subscribe: Callable[..., str], day: datetime
) -> None:
    house.clock.now = day - timedelta(days=2)
    opened = house.book(
        GUARD, "arbetsplats-1", "22:00", "24:00", day=day.date(), title="Natt", visibility="internal"
    )
    with house.inside():
        end = house.at("06:00", (day + timedelta(days=1)).date())
        changing.change(house.viewer(GUARD), opened.view.id, Changes(end=end), None, house.clock())
    [found] = entries(fetch(house, subscribe(GUARD, "mine")))
    hours = 9 if day.month == 10 else 7
    assert found["end"] - found["start"] == timedelta(hours=hours)
    assert (found["start"], found["end"]) == (opened.view.span.start, end)


def test_a_thousand_entries_stay_far_below_what_calendar_programs_take(
    house: House, subscribe: Callable[..., str]
) -> None:
    with house.inside():
        db.session.rollback()
    for number in range(4):
        for hour in range(7, 21):
            house.book(
                COORDINATOR, f"arbetsplats-{number + 1}", f"{hour:02}:00", f"{hour:02}:45", title="T" * 120
            )
    answer = fetch(house, subscribe(TRAFFIC))
    assert len(answer.data) / len(entries(answer)) < 1000


# --- series, approvals, blocks ----------------------------------------------------------------

WEEKLY = Repetition("FREQ=WEEKLY;COUNT=3")
WEEK = timedelta(days=7)


def told(answer: TestResponse) -> list[tuple[str, datetime, int, str]]:
    """UID, start, sequence and status of every entry."""
    return [
        (
            str(each["UID"]),
            each.decoded("DTSTART").astimezone(UTC),
            int(each["SEQUENCE"]),
            str(each["STATUS"]),
        )
        for each in Calendar.from_ical(answer.data).walk("VEVENT")
    ]


def test_a_series_is_one_entry_for_each_time_named_by_its_original_date(
    house: House, subscribe: Callable[..., str]
) -> None:
    made = house.book(TRAFFIC, "konferensbordet", "10:00", "11:00", title="Möte", repeat=WEEKLY).view
    single = house.book(TRAFFIC, "konferensbordet", "13:00", "14:00", title="Ett").view
    own, others = (
        fetch(house, subscribe(who, kind)) for who, kind in ((TRAFFIC, "mine"), (POLICE, "premises"))
    )
    assert "RRULE" not in own.text.split("END:VTIMEZONE")[1]
    for answer in (own, others):
        found = told(answer)
        root = made.uid.rsplit("-", 1)[0]
        days = ("20261124", "20261201", "20261208")
        assert [uid for uid, *_ in found if uid != single.uid] == [f"{root}-{day}" for day in days]
        assert single.uid in [uid for uid, *_ in found]
        assert "-" not in single.uid


def test_what_was_moved_on_its_own_keeps_its_name_also_when_all_are_moved(
    house: House, subscribe: Callable[..., str]
) -> None:
    made = house.book(TRAFFIC, "konferensbordet", "10:00", "11:00", title="Möte", repeat=WEEKLY).view
    address, viewer = subscribe(TRAFFIC, "mine"), house.viewer(TRAFFIC)
    before = told(fetch(house, address))
    second = (TODAY + WEEK, house.at("10:00", TODAY + WEEK))
    alone = Changes(start=house.at("12:00", second[0]), end=house.at("13:00", second[0]))
    with house.inside():
        changing.change(viewer, made.id, alone, None, house.clock(), Scope.THIS, second[1])
    one = told(fetch(house, address))
    assert [each[0] for each in one] == [each[0] for each in before]
    assert [each[2] for each in one] == [0, 1, 0]
    later = Changes(start=house.at("10:30"), end=house.at("11:30"))
    with house.inside():
        changing.change(viewer, made.id, later, None, house.clock(), Scope.ALL, house.at("10:00"))
    every = told(fetch(house, address))
    assert [each[0] for each in every] == [each[0] for each in before]
    assert [each[2] for each in every] == [1, 2, 1]
    assert every[1][1] == house.at("12:30", second[0])
    with house.inside():
        cancelling.cancel(viewer, made.id, house.clock(), occurrence=second[1])
    left = fetch(house, address)
    assert [each[0] for each in told(left)] == [before[0][0], before[2][0]]
    house.clock.step(minutes=5)
    assert fetch(house, address).data == left.data


def test_what_waits_for_approval_is_tentative(house: House, subscribe: Callable[..., str]) -> None:
    house.book(ARTIST, "motesrummet", "10:00", "11:00", title="Repetition", visibility="open")
    for address in (subscribe(ARTIST, "mine"), subscribe(TRAFFIC)):
        assert {each[3] for each in told(fetch(house, address))} == {"TENTATIVE"}


def test_a_block_is_told_with_its_reason_where_it_has_a_public_one_and_else_as_taken_time(
    house: House, subscribe: Callable[..., str], block: Callable[..., Booking]
) -> None:
    block(("arbetsplats-4",), "08:00", "12:00", "Skärmen lagas")
    block(("arbetsplats-1", "arbetsplats-2"), "13:00", "14:00", PLANTED, public=False)
    answer = fetch(house, subscribe(ARTIST))
    assert [(each["summary"], each["place"]) for each in entries(answer)] == [
        ("Ur bruk: Skärmen lagas (Platssamverkan Sergels torg)", "Arbetsplats 4, Sergels torg"),
        ("Upptaget", "Arbetsplats 1, Arbetsplats 2, Sergels torg"),
    ]
    assert PLANTED not in answer.text
