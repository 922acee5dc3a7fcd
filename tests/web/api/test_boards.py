"""The premises and their boards, as programs read them."""

from collections.abc import Callable
from datetime import date

import pytest

from booking.actions.looking import Opened
from tests.cast import ADMINISTRATOR, ARTIST, GUARD, HALL, MEETING_ROOM, POLICE, POLICE_CIRCLE, TRAFFIC
from tests.support.house import House
from tests.web.api.program import Program, at, board

Of = Callable[..., Program]
PLANTED = "Operation Blåsippa"


@pytest.fixture
def briefing(house: House) -> Opened:
    """A briefing of the police in the whole premises, five to a quarter to six."""
    return house.book(POLICE, HALL, "17:00", "17:45", title=PLANTED, note=PLANTED, circle=POLICE_CIRCLE)


def busy(resource: str, start: str, end: str) -> dict[str, str]:
    return {"view": "busy", "resource": resource, "starts": at(start), "ends": at(end)}


# --- premises ---------------------------------------------------------------------------------


def test_a_program_reads_what_the_premises_has(program_of: Of, house: House) -> None:
    (found,) = program_of(ARTIST).get("/premises").json["premises"]
    assert (found["id"], found["key"], found["time_zone"]) == (
        house.place.public_id,
        "sergels-torg",
        "Europe/Stockholm",
    )
    assert [each["name"] for each in found["zones"]] == ["Mötesdelen", "Kontoret"]
    assert found["partitions"][0]["between"] == ["kontoret", "motesdelen"]
    assert [
        (each["key"], each["kind"], each.get("zone", each.get("zones"))) for each in found["resources"]
    ] == [
        ("motesrummet", "room", ["motesdelen"]),
        ("konferensbordet", "table", "motesdelen"),
        ("hela-lokalen", "room", ["motesdelen", "kontoret"]),
        *((f"arbetsplats-{number}", "desk", "kontoret") for number in (1, 2, 3, 4)),
    ]


def test_names_are_in_the_language_the_caller_accepts(program_of: Of) -> None:
    answer = program_of(ARTIST).get("/premises", headers={"Accept-Language": "en-GB, sv;q=0.5"})
    assert answer.json["premises"][0]["zones"][0]["name"] == "Meeting side"


# --- boards -----------------------------------------------------------------------------------


def test_a_board_tells_the_circle_a_booking_and_keeps_its_words(program_of: Of, briefing: Opened) -> None:
    answer = program_of(GUARD).get(board())
    assert answer.json == {
        "entries": [
            {
                "view": "full",
                "id": briefing.view.id,
                "premises": "sergels-torg",
                "resource": HALL,
                "resources": [HALL],
                "starts": at("17:00"),
                "ends": at("17:45"),
                "title": None,
                "note": None,
                "visibility": "confidential",
                "circle": POLICE_CIRCLE,
                "organisation": {"key": "lokalpolisomrade-norrmalm", "name": "Lokalpolisområde Norrmalm"},
                "organiser": "Polis Ett",
                "attendees": None,
                "status": "confirmed",
                "suspended": [],
                "series": None,
                "occurrence": at("17:00"),
                "may": [],
                "sealed": True,
            }
        ],
        "walls": [{"partition": "glasvaggen", "state": "open", "starts": at("16:55"), "ends": at("17:45")}],
    }


@pytest.mark.parametrize("outsider", [ARTIST, TRAFFIC, ADMINISTRATOR])
def test_a_board_tells_everyone_else_taken_time(program_of: Of, briefing: Opened, outsider: str) -> None:
    answer = program_of(outsider).get(board())
    desks = [busy(f"arbetsplats-{number}", "17:00", "17:45") for number in (1, 2, 3, 4)]
    assert answer.json == {
        "entries": [
            busy(MEETING_ROOM, "16:55", "17:50"),
            *desks,
            busy(HALL, "17:00", "17:45"),
            busy("konferensbordet", "17:00", "17:45"),
        ],
        "walls": [{"partition": "glasvaggen", "state": "busy", "starts": at("16:55"), "ends": at("17:50")}],
    }
    assert {entry["view"] for entry in answer.json["entries"]} == {"busy"}
    assert PLANTED not in answer.text
    assert briefing.view.id not in answer.text


def test_a_token_without_leave_sees_its_own_briefing_as_taken_time(program_of: Of, briefing: Opened) -> None:
    answers = [program_of(each, confidential=False).get(board()).data for each in (POLICE, GUARD)]
    assert answers[0] == answers[1]
    assert b'"full"' not in answers[0]


def test_a_booking_that_gave_way_is_whole_to_its_own_and_in_pieces_to_others(
    program_of: Of, house: House
) -> None:
    made = house.book(ARTIST, "arbetsplats-2", "13:00", "15:00", title="Affischer", visibility="open")
    house.book(POLICE, HALL, "14:00", "14:30", circle=POLICE_CIRCLE, agree=True)

    def pieces(email: str) -> list[tuple[str, str, list[dict[str, str]]]]:
        entries = program_of(email).get(board()).json["entries"]
        return [
            (each["starts"], each["ends"], each["suspended"])
            for each in entries
            if each.get("id") == made.view.id
        ]

    assert pieces(TRAFFIC) == [(at("13:00"), at("14:00"), []), (at("14:30"), at("15:00"), [])]
    lost = [part for _, _, parts in pieces(ARTIST) for part in parts]
    assert {"starts": at("14:00"), "ends": at("14:30")} in lost


def test_a_board_is_sorted_by_start(program_of: Of, house: House) -> None:
    house.book(POLICE, "arbetsplats-1", "12:00", "13:00")
    house.book(POLICE, "arbetsplats-4", "09:00", "18:00")
    house.book(POLICE, MEETING_ROOM, "08:00", "09:00")
    starts = [entry["starts"] for entry in program_of(POLICE).get(board()).json["entries"]]
    assert starts == [at("08:00"), at("09:00"), at("12:00")]


def test_a_board_unchanged_is_not_sent_again(program_of: Of, house: House) -> None:
    program = program_of(TRAFFIC)
    first = program.get(board())
    etag = first.headers["ETag"]
    assert "Last-Modified" not in first.headers
    for sent in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = program.get(board(), headers={"If-None-Match": sent})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    house.book(POLICE, "arbetsplats-1", "12:00", "13:00")
    changed = program.get(board(), headers={"If-None-Match": etag})
    assert (changed.status_code, changed.headers["ETag"] != etag) == (200, True)


def test_what_a_circle_changes_among_itself_changes_nobody_elses_board(
    program_of: Of, house: House, briefing: Opened
) -> None:
    outsider, insider = program_of(ARTIST), program_of(POLICE)
    before = outsider.get(board())
    assert (
        insider.patch(f"/bookings/{briefing.view.id}", {"title": "Nytt", "note": PLANTED}).status_code == 200
    )
    assert insider.get(f"/bookings/{briefing.view.id}").status_code == 200
    after = outsider.get(board())
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])


def test_a_premises_is_found_by_its_id_too(program_of: Of, house: House) -> None:
    by_id = board().replace("sergels-torg", house.place.public_id)
    program = program_of(POLICE)
    assert program.get(by_id).data == program.get(board()).data


def test_a_premises_that_is_not_there_is_not_found(program_of: Of) -> None:
    program = program_of(POLICE)
    nowhere = program.get("/nowhere")
    for path in ("/premises/kulturhuset/board", "/premises/kulturhuset/board?from=x", "/premises/%00/board"):
        answer = program.get(path)
        assert (answer.status_code, answer.data) == (404, nowhere.data)


def test_nobody_sees_no_board(program_of: Of) -> None:
    assert program_of().get(board()).status_code == 401
    assert program_of().get("/premises").status_code == 401


IMPOSSIBLE = [
    ("", "from", "missing"),
    ("from=2026-11-24&to=2026-11-25T00:00:00Z", "from", "bad-time"),
    ("from=2026-11-24T00:00:00&to=2026-11-25T00:00:00Z", "from", "bad-time"),
    ("from=2026-11-24T00:00:00Z&to=2026-11-24T23:59:60Z", "to", "bad-time"),
    ("from=2026-11-24T00:00:00Z&to=9999-12-31T23:59:59-01:00", "to", "bad-time"),
    ("from=0001-01-01T00:00:00%2B01:00&to=2026-11-24T00:00:00Z", "from", "bad-time"),
    ("from=2026-11-24T00:00:00%2B24:00&to=2026-11-25T00:00:00Z", "from", "bad-time"),
    ("from=2026-11-24T00:00:00Z&to=2026-11-24T00:00:00Z", "to", "window-backwards"),
    ("from=2026-11-24T00:00:00Z&to=2026-11-23T00:00:00Z", "to", "window-backwards"),
    ("from=2026-11-24T00:00:00Z&to=2026-12-25T00:00:01Z", "to", "window-too-long"),
    (
        "from=2026-11-24T00:00:00Z&from=2026-11-25T00:00:00Z&to=2026-11-26T00:00:00Z",
        "from",
        "given-twice",
    ),
]


def test_a_board_of_no_possible_time_is_refused(program_of: Of) -> None:
    program = program_of(POLICE)
    for query, field, reason in IMPOSSIBLE:
        answer = program.get(f"/premises/sergels-torg/board?{query}")
        assert answer.status_code == 422, query
        assert reason in answer.json["reasons"], query
        assert field in answer.json["errors"], query


def test_a_month_of_the_calendar_is_31_days_whatever_the_clocks_do(program_of: Of) -> None:
    program = program_of(POLICE)
    autumn = "from=2026-10-01T00:00:00%2B02:00&to=2026-11-01T00:00:00%2B01:00"
    assert program.get(f"/premises/sergels-torg/board?{autumn}").status_code == 200
    assert program.get(board(days=31)).status_code == 200


def test_a_plus_that_was_not_escaped_is_understood(program_of: Of) -> None:
    program = program_of(POLICE)
    assert program.get(board().replace("%2B", "+")).data == program.get(board().replace("%2B", "%2b")).data


def test_times_are_told_in_the_premises_own_offset_on_both_sides_of_the_change(
    program_of: Of, house: House
) -> None:
    night = date(2027, 3, 27)
    house.book(POLICE, "arbetsplats-1", "23:00", "24:00", night)
    entries = program_of(POLICE).get(board(day=night, days=2)).json["entries"]
    assert [(each["starts"], each["ends"]) for each in entries] == [
        ("2027-03-27T23:00:00+01:00", "2027-03-28T00:00:00+01:00")
    ]
