"""Free times, which must be what booking accepts."""

from collections.abc import Callable

import pytest

from tests.cast import ADMINISTRATOR, ARTIST, DESKS, HALL, MIKA, POLICE, POLICE_CIRCLE, SOCIAL, TODAY, TRAFFIC
from tests.support.house import House
from tests.web.api.program import Json, Program, at, order

Of = Callable[..., Program]


def free(**asked: object) -> str:
    """The address of a search today, nine to six, for an hour."""
    wanted = {"minutes": 60, "from": at("09:00"), "to": at("18:00"), **asked}
    pairs = "&".join(f"{name}={value}" for name, value in wanted.items() if value is not None)
    return f"/premises/sergels-torg/free?{pairs.replace('+', '%2B')}"


def test_the_nearest_free_times_come_first(program_of: Of, house: House) -> None:
    house.book(POLICE, DESKS[0], "09:30", "11:00")
    found = program_of(TRAFFIC).get(free(resource=DESKS[0], limit=3)).json
    assert found == {
        "free": [
            {"resource": DESKS[0], "starts": at("11:00"), "ends": at("12:00")},
            {"resource": DESKS[0], "starts": at("12:00"), "ends": at("13:00")},
            {"resource": DESKS[0], "starts": at("13:00"), "ends": at("14:00")},
        ]
    }


def test_any_resource_of_a_kind_will_do(program_of: Of, house: House) -> None:
    house.book(POLICE, DESKS[0], "09:00", "10:00")
    program = program_of(TRAFFIC)
    by_kind = program.get(free(kind="desk", limit=3)).json["free"]
    assert [each["resource"] for each in by_kind] == list(DESKS[1:])
    assert program.get(free(resource="any-desk", limit=3)).json["free"] == by_kind
    assert program.get(free(kind="equipment")).json["free"] == []


@pytest.mark.parametrize(
    ("email", "asked"),
    [
        (ARTIST, {"kind": "desk"}),
        (TRAFFIC, {"kind": "room"}),
        (SOCIAL, {"kind": "desk"}),
        (POLICE, {"resource": HALL, "confidential_to": POLICE_CIRCLE}),
        (MIKA, {"kind": "table", "confidential_to": "socialtjansten"}),
    ],
)
def test_each_free_time_is_accepted_when_booked(
    program_of: Of, house: House, email: str, asked: dict[str, str]
) -> None:
    house.book(POLICE, HALL, "10:00", "10:45", circle=POLICE_CIRCLE)
    house.book(SOCIAL, "motesrummet", "13:10", "14:00", circle="socialtjansten")
    house.book(ARTIST, DESKS[1], "15:00", "16:20", visibility="open")
    program = program_of(email)
    window = {"from": "2026-11-24T08:59:31.5+01:00", "to": "2026-11-24T20:00:20+01:00"}
    offered = program.get(free(minutes=25, limit=50, **window, **asked)).json["free"]
    assert offered
    circle = asked.get("confidential_to")
    secret: Json = {"visibility": "confidential", "circle": circle} if circle else {}
    for each in offered:
        wish = {**order(resource=each["resource"], **secret), "starts": each["starts"], "ends": each["ends"]}
        assert program.post("/bookings?dry_run=true", wish).status_code == 200, each


def test_hidden_bookings_are_never_offered_over_and_never_told(program_of: Of, house: House) -> None:
    house.book(POLICE, HALL, "09:00", "12:00", title="Operation Blåsippa", circle=POLICE_CIRCLE)
    answer = program_of(ARTIST).get(free(resource=DESKS[0], limit=1))
    assert answer.json["free"] == [{"resource": DESKS[0], "starts": at("12:00"), "ends": at("13:00")}]


def test_there_is_nothing_in_the_past_or_beyond_the_horizon(program_of: Of, house: House) -> None:
    program = program_of(ARTIST)
    past, ahead = (
        free(kind="desk", **{"from": f"{year}-11-24T09:00:00Z", "to": f"{year}-11-24T18:00:00Z"})
        for year in (2025, 2027)
    )
    assert program.get(past).json == {"free": []}
    assert program.get(ahead).json == {"free": []}
    house.clock.step(minutes=1, seconds=20)
    (now,) = program_of(POLICE).get(free(kind="desk", limit=1, **{"from": f"{TODAY}T00:00:00Z"})).json["free"]
    assert now["starts"] == at("07:15")


def test_who_may_book_nothing_is_told_so(program_of: Of) -> None:
    assert program_of(ADMINISTRATOR).get(free(kind="desk")).status_code == 403
    assert program_of().get(free(kind="desk")).status_code == 401
    assert program_of(POLICE).get(free(kind="desk").replace("sergels-torg", "elsewhere")).status_code == 404


IMPOSSIBLE = [
    ({}, "resource", "either-or"),
    ({"resource": DESKS[0], "kind": "desk"}, "resource", "either-or"),
    ({"resource": "balkongen"}, "resource", "unknown-resource"),
    ({"kind": "sofa"}, "kind", "not-a-choice"),
    ({"kind": "desk", "minutes": 0}, "minutes", "out-of-range"),
    ({"kind": "desk", "minutes": 44641}, "minutes", "out-of-range"),
    ({"kind": "desk", "minutes": "60.0"}, "minutes", "out-of-range"),
    ({"kind": "desk", "minutes": "٦٠"}, "minutes", "out-of-range"),
    ({"kind": "desk", "minutes": 900}, "minutes", "too-long"),
    ({"kind": "desk", "limit": 51}, "limit", "out-of-range"),
    ({"kind": "desk", "limit": -1}, "limit", "out-of-range"),
    ({"kind": "desk", "minutes": None}, "minutes", "missing"),
    ({"kind": "desk", "to": at("08:00")}, "to", "window-backwards"),
    ({"kind": "desk", "to": "2027-02-25T09:00:00+01:00"}, "to", "window-too-long"),
    ({"kind": "desk", "confidential_to": "socialtjansten"}, "confidential_to", "circle-not-yours"),
    ({"kind": "desk", "visibility": "open"}, "visibility", "unknown-field"),
]


def test_a_search_that_is_none_is_refused(program_of: Of) -> None:
    program = program_of(TRAFFIC)
    for asked, field, reason in IMPOSSIBLE:
        answer = program.get(free(**asked))
        said = (answer.status_code, answer.json["type"], list(answer.json["errors"]))
        assert said == (422, reason, [field]), asked


def test_a_guest_is_offered_the_times_at_which_a_room_can_be_asked_for(program_of: Of, house: House) -> None:
    house.book(POLICE, HALL, "09:00", "12:00", circle=POLICE_CIRCLE)
    artist = program_of(ARTIST)
    (first,) = artist.get(free(kind="room", limit=1)).json["free"]
    assert (first["starts"], first["ends"]) == (at("12:00"), at("13:00"))
    body = order("12:00", "13:00", first["resource"])
    assert artist.post("/bookings?dry_run=true", body).json["status"] == "pending"
    assert artist.post("/bookings", body).json["status"] == "pending"
    (later,) = artist.get(free(resource=first["resource"], limit=1)).json["free"]
    assert later["starts"] == at("13:00"), "what waits takes its time"
