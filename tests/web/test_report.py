"""The follow-up report: one set of figures on the page, in files and by the API, and nothing hidden in it."""

import csv
import itertools
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from booking.actions import approving, cancelling, checking_in, retaining
from booking.actions.errors import Refused
from booking.domain.retention import Periods
from booking.storage.database import run, transaction
from booking.storage.tables import organisations
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    COORDINATOR,
    DESKS,
    HALL,
    MEETING_ROOM,
    MIKA,
    POLICE,
    POLICE_CIRCLE,
    PREMISES,
    SOCIAL,
    SOCIAL_CIRCLE,
    TABLE,
    TODAY,
    TRAFFIC,
)
from tests.support.house import House, Visitor
from tests.web.api.program import conforms

AUTUMN = "2026-K4"
NEXT_YEAR = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
TABLES = (
    "platser", "veckan", "organisationer", "vaggar", "foretrade", "uteblivna", "godkannanden", "nekade", "sekretess",
)  # fmt: skip
NOT_SHOWN = "visas inte"


def days(number: int) -> list[date]:
    return [TODAY + timedelta(days=each) for each in range(number)]


def rows(visitor: Visitor, table: str, quarter: str = AUTUMN, **more: str) -> list[list[str]]:
    """A table of the report as the file has it, its heading first."""
    answer = visitor.get("/uppfoljning.csv", query_string={"kvartal": quarter, "tabell": table, **more})
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    text = answer.get_data().decode("utf-8-sig")
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(text), delimiter=";"))


def told(visitor: Visitor, table: str, quarter: str = AUTUMN) -> dict[str, list[str]]:
    """The same by the first cell, without what is none."""
    return {row[0]: row[1:] for row in rows(visitor, table, quarter)[1:] if set(row[1:]) - {"0", "0,00", ""}}


def by_program(visitor: Visitor, quarter: str = "2026-Q4") -> dict[str, Any]:
    path = f"/premises/{PREMISES}/report"
    answer = visitor.get(f"/api/v1{path}?quarter={quarter}")
    conforms(visitor.application, "GET", path, answer)
    found: dict[str, Any] = json.loads(answer.text)
    return found


@pytest.fixture
def autumn(house: House) -> House:
    """A quarter in which the traffic office had a desk, the police a room, and the social services a few hours."""
    for day in days(6):
        house.book(TRAFFIC, DESKS[0], "08:00", "10:30", day)
    for day in days(5):
        house.book(POLICE, MEETING_ROOM, "13:00", "14:00", day)
    for day in days(2):
        house.book(MIKA, DESKS[1], "13:00", "15:00", day, visibility="internal")
    cancelled = house.book(TRAFFIC, DESKS[3], "08:00", "09:00").view.id
    with house.inside():
        cancelling.cancel(house.viewer(TRAFFIC), cancelled, house.clock())
    house.clock.now = NEXT_YEAR
    return house


def test_a_quarter_counted_by_hand(autumn: House) -> None:
    reader = autumn.visitor(SOCIAL)
    assert told(reader, "platser") == {
        "Mötesrummet": [NOT_SHOWN, "0", NOT_SHOWN, "0,00", NOT_SHOWN, "0", "0,00"],
        "Arbetsplats 1": ["6", "0", "15,00", "0,00", "1", "0", "0,00"],
        "Arbetsplats 2": [NOT_SHOWN, "0", NOT_SHOWN, "0,00", NOT_SHOWN, "0", "0,00"],
        "Alla platser": ["13", "0", "24,00", "0,00", "2", "0", ""],
    }
    assert told(reader, "organisationer") == {
        "Reaktiva organisationer": [NOT_SHOWN, NOT_SHOWN, NOT_SHOWN],
        "Lokalpolisområde Norrmalm": [NOT_SHOWN, NOT_SHOWN, NOT_SHOWN],
        "Förebyggande organisationer": [NOT_SHOWN, NOT_SHOWN, NOT_SHOWN],
        "MIKA": [NOT_SHOWN, NOT_SHOWN, NOT_SHOWN],
        "Platsens organisationer": ["6", "15,00", "62"],
        "Trafikkontoret": ["6", "15,00", "62"],
        "Alla": ["13", "24,00", "100"],
    }


def test_the_quarter_before_stands_beside_it(autumn: House) -> None:
    reader = autumn.visitor(SOCIAL)
    assert told(reader, "platser", "2027-K1")["Alla platser"] == ["0", "13", "0,00", "24,00", "0", "2", ""]
    assert told(reader, "platser", "2026-K3") == {}


def test_page_and_program_say_the_same(autumn: House) -> None:
    reader = autumn.visitor(SOCIAL)
    found = by_program(reader)
    assert found["whole"] | {"open_minutes": 0} == {
        "times": 13, "minutes": 24 * 60, "used_open_minutes": 22 * 60, "open_minutes": 0, "share": 2,
    }  # fmt: skip
    assert {each["resource"]: each["times"] for each in found["places"]} == {
        MEETING_ROOM: None, TABLE: 0, HALL: 0, DESKS[0]: 6, DESKS[1]: None, DESKS[2]: 0, DESKS[3]: 0,
    }  # fmt: skip
    assert (found["quarter"], found["ended"], found["confidential"]) == ("2026-Q4", True, None)
    page = reader.get(f"/uppfoljning?kvartal={AUTUMN}").text
    for words in ("Oktober–december 2026", "24 h", "15 h", "Trafikkontoret"):
        assert words in page
    assert "hittills: till och med" not in page
    assert "2 h</td>" not in page, "what is withheld stands nowhere"


def test_the_hours_of_the_week_of_a_place(autumn: House) -> None:
    reader = autumn.visitor(SOCIAL)
    heading, *hours = rows(reader, "veckan", plats=DESKS[0])
    assert heading == ["Timme", "mån", "tis", "ons", "tors", "fre", "lör", "sön"]
    assert (hours[0][0], hours[-1][0]) == ("07–08", "20–21")
    assert {cell for row in hours for cell in row[1:]} == {"0", NOT_SHOWN}, (
        "one time on each weekday is too few"
    )
    assert "Visas inte: platsen" in reader.get(f"/uppfoljning?kvartal={AUTUMN}&plats={DESKS[1]}").text


def test_the_running_quarter_is_counted_to_yesterday(house: House) -> None:
    for each in (*DESKS, TABLE):
        house.book(TRAFFIC, each, "08:00", "09:00")
    house.book(TRAFFIC, TABLE, "10:00", "11:00")
    assert told(house.visitor(COORDINATOR), "platser") == {}
    house.clock.step(days=1)
    reader = house.visitor(COORDINATOR)
    assert told(reader, "platser")["Alla platser"][:3] == ["6", "0", "6,00"]
    assert "hittills: till och med tisdag 24 november" in reader.get("/uppfoljning").text


def test_the_night_to_winter_time_has_an_hour_more(house: House) -> None:
    house.clock.now = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)
    night = date(2026, 10, 24)
    for each in (*DESKS, TABLE):
        house.book(POLICE, each, "23:00", "24:00", night)
        house.book(POLICE, each, "00:00", "06:00", night + timedelta(days=1))
    house.clock.now = NEXT_YEAR
    assert told(house.visitor(POLICE), "platser")["Alla platser"][:3] == ["10", "0", "40,00"]


# --- who reads it -----------------------------------------------------------------------------


def test_it_is_the_same_for_every_reader(autumn: House) -> None:
    found = everything(autumn, POLICE)
    assert all(everything(autumn, who) == found for who in (SOCIAL, COORDINATOR, ADMINISTRATOR))


def test_guests_do_not_read_it_and_are_not_led_to_it(house: House) -> None:
    artist = house.visitor(ARTIST)
    answers = [
        artist.get(path)
        for path in ("/uppfoljning", "/uppfoljning.csv", f"/api/v1/premises/{PREMISES}/report")
    ]
    assert [each.status_code for each in answers] == [403, 403, 403]
    assert "/uppfoljning" not in artist.get("/idag").text
    assert "/uppfoljning" in house.visitor(SOCIAL).get("/idag").text
    assert "/uppfoljning" in house.visitor(COORDINATOR).get("/samordning").text


def test_of_another_premises_there_is_none(house: House) -> None:
    reader = house.visitor(SOCIAL)
    for path in (
        "/uppfoljning?lokal=nowhere",
        "/uppfoljning.csv?tabell=x",
        "/uppfoljning.csv?tabell=veckan&plats=x",
    ):
        assert reader.get(path).status_code == 404


@pytest.mark.parametrize("quarter", ["", "2099-K1", "x"])
def test_what_is_no_quarter_yet_shows_the_running_one(house: House, quarter: str) -> None:
    page = house.visitor(SOCIAL).get("/uppfoljning", query_string={"kvartal": quarter}).text
    assert '<p class="sub">Sergels torg · Oktober–december 2026' in page


@pytest.mark.parametrize("quarter", ["2026", "2027-Q2"])
def test_a_program_is_told_that_it_is_no_quarter_yet(house: House, quarter: str) -> None:
    answer = house.visitor(SOCIAL).get(f"/api/v1/premises/{PREMISES}/report?quarter={quarter}")
    assert (answer.status_code, answer.json and answer.json["reasons"]) == (422, ["bad-quarter"])


def test_a_name_that_looks_like_a_formula_is_words_in_the_file(autumn: House) -> None:
    with autumn.inside(), transaction():
        run(
            organisations.update()
            .where(organisations.c.key == "trafikkontoret")
            .values(name='=HYPERLINK("x")')
        )
    assert '\'=HYPERLINK("x")' in told(autumn.visitor(SOCIAL), "organisationer")


# --- what came to nothing ---------------------------------------------------------------------


def test_who_gave_way_to_something_urgent_is_counted_and_to_something_confidential_is_not(
    house: House,
) -> None:
    for day in days(5):
        house.book(TRAFFIC, MEETING_ROOM, "10:00", "12:00", day)
        house.book(POLICE, MEETING_ROOM, "11:00", "12:00", day, urgent=True, agree=True)
        house.book(TRAFFIC, MEETING_ROOM, "15:00", "16:00", day)
        house.book(POLICE, MEETING_ROOM, "15:00", "16:00", day, circle=POLICE_CIRCLE, agree=True)
    house.clock.now = NEXT_YEAR
    reader = house.visitor(SOCIAL)
    assert rows(reader, "foretrade")[1:] == [
        ["Trafikkontoret", "Lokalpolisområde Norrmalm", "5"],
        ["Alla", "", "5"],
    ]
    assert told(reader, "organisationer")["Trafikkontoret"][:2] == ["5", "5,00"]
    assert told(reader, "organisationer")["Lokalpolisområde Norrmalm"][:2] == ["5", "5,00"]


def test_what_nobody_came_to_is_counted(house: House) -> None:
    for each in (*DESKS, TABLE):
        house.book(TRAFFIC, each, "10:00", "12:00")
    house.clock.now = house.at("10:20")
    with house.inside():
        assert checking_in.release_missed(house.clock()) == 5
    house.clock.now = NEXT_YEAR
    assert told(house.visitor(SOCIAL), "uteblivna") == {"Trafikkontoret": ["5"], "Alla": ["5"]}
    assert told(house.visitor(SOCIAL), "platser") == {}


def test_what_was_approved_and_what_rules_refused_is_counted(house: House) -> None:
    coordinator = house.viewer(COORDINATOR)
    for day in days(6):
        asked = house.book(ARTIST, MEETING_ROOM, "10:00", "11:00", day).view.id
        with house.inside():
            if day == TODAY:
                approving.decline(coordinator, asked, house.clock())
            else:
                approving.approve(coordinator, asked, house.clock())
    for start in ("05:00", "06:00"):  # twice on one day is once
        for who in (TRAFFIC, ARTIST, COORDINATOR):
            refused(house, who, TABLE, start, "10:00")
    refused(house, ARTIST, TABLE, "08:00", "20:00")
    refused(house, SOCIAL, TABLE, "08:00", "20:00", days(900)[-1], circle=SOCIAL_CIRCLE)
    house.clock.step(days=1)
    for who in (TRAFFIC, ARTIST):
        refused(house, who, TABLE, "05:00", "06:00", days(3)[-1])
    house.clock.now = NEXT_YEAR
    reader = house.visitor(SOCIAL)
    assert rows(reader, "godkannanden")[1:] == [
        ["Avslagna", NOT_SHOWN],
        ["Godkända", NOT_SHOWN],
        ["Alla", "6"],
    ]
    outside, longer = "Utanför de tider då de får boka", "Längre än de får boka"
    assert rows(reader, "nekade")[1:] == [[longer, NOT_SHOWN], [outside, NOT_SHOWN], ["Alla", "6"]]
    assert by_program(reader)["refused"] == [
        {"reason": "outside-hours", "times": None},
        {"reason": "too-long", "times": None},
    ]


def refused(house: House, who: str, *wish: Any, **more: Any) -> None:
    with pytest.raises(Refused):
        house.book(who, *wish, **more)


def test_a_block_with_a_public_reason_stands_by_itself_and_one_without_nowhere(
    house: House, block: Callable[..., Any]
) -> None:
    block((DESKS[0], DESKS[1]), "08:00", "12:00", "Golvläggning")
    block((DESKS[2],), "08:00", "12:00", "Hemligt besök", public=False)
    house.clock.now = NEXT_YEAR
    found = {row[0]: row[-1] for row in rows(house.visitor(SOCIAL), "platser")[1:]}
    assert [found[f"Arbetsplats {number}"] for number in (1, 2, 3)] == ["4,00", "4,00", "0,00"]


def test_destroying_what_is_old_changes_no_figure(autumn: House) -> None:
    reader = autumn.visitor(SOCIAL)
    before = [rows(reader, table) for table in TABLES]
    with autumn.inside():
        retaining.decide("Beslut 1", Periods(1, 1, 1), autumn.clock())
        retaining.destroy(autumn.clock())
    assert [rows(reader, table) for table in TABLES] == before


# --- what is hidden ---------------------------------------------------------------------------


def everything(house: House, who: str) -> list[Any]:
    reader = house.visitor(who)
    return [by_program(reader), *(rows(reader, table) for table in TABLES)]


def with_ordinary_bookings(house: House) -> House:
    for day in days(5):
        house.book(TRAFFIC, DESKS[0], "08:00", "10:30", day)
    house.book(MIKA, TABLE, "08:00", "09:00", visibility="internal")
    house.book(MIKA, TABLE, "10:00", "11:00", visibility="internal")
    return house


def test_what_something_confidential_met_is_not_in_it_a_members_or_not(
    build_house: Callable[..., House],
) -> None:
    bare, members, others = (with_ordinary_bookings(build_house()) for _ in range(3))
    for house, holder in ((members, POLICE), (others, TRAFFIC)):
        for day in days(2):
            house.book(holder, DESKS[1], "16:00", "18:00", day)
            house.book(POLICE, HALL, "17:00", "17:45", day, circle=POLICE_CIRCLE, agree=True)
            house.book(POLICE, DESKS[2], "17:00", "17:30", day)
            for who, desk in itertools.product((TRAFFIC, MIKA, COORDINATOR), DESKS):
                house.clash(who, desk, "17:00", "17:30", day)
            refused(house, SOCIAL, TABLE, "17:00", "17:30", days(900)[-1], circle=SOCIAL_CIRCLE)
    for house in (bare, members, others):
        house.clock.now = NEXT_YEAR
    for who in (SOCIAL, TRAFFIC):
        assert everything(bare, who) == everything(members, who) == everything(others, who)


def test_one_total_of_what_is_confidential_where_nobody_can_take_their_own_from_it(house: House) -> None:
    for day in days(5):
        house.book(POLICE, MEETING_ROOM, "10:00", "11:20", day, circle=POLICE_CIRCLE)
        house.book(SOCIAL, MEETING_ROOM, "13:00", "14:00", day, circle=SOCIAL_CIRCLE)
    reader = house.visitor(TRAFFIC)
    assert rows(reader, "sekretess")[1:] == []
    assert by_program(reader)["confidential"] is None
    house.clock.now = NEXT_YEAR
    reader = house.visitor(TRAFFIC)
    assert rows(reader, "sekretess")[1:] == [["Sekretessbokningar", "10", "12,00"]]
    assert by_program(reader)["confidential"] == {"bookings": 10, "hours": 12}
    assert told(reader, "platser") == told(reader, "vaggar") == {}


# --- work -------------------------------------------------------------------------------------


def test_as_many_statements_for_thirty_as_for_one(
    house: House, asked: Callable[[Callable[[], object]], list[str]]
) -> None:
    def statements() -> int:
        house.clock.now += timedelta(days=3)
        reader = house.visitor(SOCIAL)
        found = len(asked(lambda: reader.get(f"/uppfoljning?kvartal={AUTUMN}")))
        house.clock.now -= timedelta(days=3)
        return found

    house.book(TRAFFIC, DESKS[0], "08:00", "09:00")
    house.book(POLICE, HALL, "18:00", "19:00", circle=POLICE_CIRCLE)
    few = statements()
    for hour in range(9, 16):
        for each in DESKS:
            house.book(TRAFFIC, each, f"{hour:02}:00", f"{hour + 1:02}:00")
    house.book(POLICE, HALL, "19:00", "20:00", circle=POLICE_CIRCLE)
    assert statements() == few
