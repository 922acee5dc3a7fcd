"""Series by a program: booked in one call, opened and changed by occurrence, and hidden dates that were never there."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from booking.storage import tables
from booking.storage.database import run
from tests.cast import (
    ARTIST,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    MIKA,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    TODAY,
    TRAFFIC,
    ZONE,
)
from tests.support.house import House
from tests.web.api.program import Json, Program, at, order

Of = Callable[..., Program]
WEEKS = [TODAY + timedelta(weeks=number) for number in range(1, 6)]
EVERY_TUESDAY = {"rrule": "FREQ=WEEKLY;COUNT=4"}
PLANTED = "Operation Blåsippa"


def weekly(start: str = "10:00", end: str = "11:00", resource: str = DESKS[0], **more: Any) -> Json:
    """The body of a series on four Tuesdays from next week."""
    return order(start, end, resource, **{"day": WEEKS[0], "repeat": EVERY_TUESDAY, **more})


def one(number: str, day: date, clock: str = "10:00", **asked: str) -> str:
    """The address of an occurrence."""
    more = "".join(f"&{name}={value}" for name, value in asked.items())
    return f"/bookings/{number}?occurrence={at(clock, day).replace('+', '%2B')}{more}"


def told(program: Program, number: str, days: list[date]) -> list[Any]:
    """What each occurrence says: start, title and status; nothing where it is not found."""
    answers = [program.get(one(number, day)) for day in days]
    return [
        (each.json["starts"], each.json["title"], each.json["status"]) if each.status_code == 200 else None
        for each in answers
    ]


def rows(house: House, table: Any) -> int:
    """How many rows a table holds."""
    with house.inside():
        return len(run(select(table)).all())


# --- booking ----------------------------------------------------------------------------------


def test_a_series_is_booked_as_the_contract_writes_it(program_of: Of, house: House) -> None:
    program = program_of(POLICE)
    body = {
        **order("09:00", "12:00", DESKS[1], day=date(2026, 12, 1), visibility="internal"),
        "repeat": {"rrule": "FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20270131T225959Z", "except": ["2026-12-23"]},
        "on_clash": "refuse",
        "displace": [],
    }
    dry = program.post("/bookings?dry_run=true", body)
    assert (dry.status_code, rows(house, tables.bookings)) == (200, 0)
    made = program.post("/bookings", body)
    assert made.status_code == 201
    assert {**made.json, "id": None} == dry.json
    assert (made.json["starts"], made.json["occurrence"]) == (at("09:00", date(2026, 12, 2)),) * 2
    assert made.json["series"] == body["repeat"]
    with house.inside():
        days = [row.starts.astimezone(ZONE) for row in run(select(tables.occurrences)).all()]
    assert {each.weekday() for each in days} == {0, 2}
    assert len(days) == 16
    assert date(2026, 12, 23) not in {each.date() for each in days}
    assert made.headers["Location"] == f"/api/v1/bookings/{made.json['id']}"
    opened = program.get(f"/bookings/{made.json['id']}")
    assert (opened.json, opened.headers["ETag"]) == (made.json, made.headers["ETag"])


def test_what_a_series_answered_can_be_sent_again_as_it_is(program_of: Of) -> None:
    program = program_of(TRAFFIC)
    made = program.post("/bookings", weekly()).json
    assert made["series"] == {"rrule": "FREQ=WEEKLY;COUNT=4", "except": []}
    path = f"/bookings/{made['id']}"
    same = program.patch(path, {"repeat": made["series"], "urgent": False, "title": "Ny"})
    assert (same.status_code, same.json["title"]) == (200, "Ny")
    for fixed in (None, {"rrule": "FREQ=WEEKLY;COUNT=5"}, {**made["series"], "except": ["2026-12-08"]}):
        answer = program.patch(path, {"repeat": fixed})
        assert (answer.status_code, answer.json["type"]) == (422, "repeat-cannot-change"), fixed
    again = program.post("/bookings", weekly(resource=DESKS[1], repeat=made["series"]))
    assert again.status_code == 201


def test_no_repetition_may_be_said_or_left_out(program_of: Of, house: House) -> None:
    program, key = program_of(TRAFFIC), {"Idempotency-Key": "1"}
    made = program.post("/bookings", order(), headers=key).json
    assert program.post("/bookings", order(repeat=None), headers=key).json == made
    assert made["series"] is None
    assert program.patch(f"/bookings/{made['id']}", {"repeat": None}).status_code == 200
    for other in (
        {"repeat": EVERY_TUESDAY},
        {"urgent": True},
        {"organiser": TRAFFIC},
        {"displace_begun": True},
    ):
        answer = program.post("/bookings", order(**other), headers=key)
        assert answer.json["type"] == "idempotency-key-reused", other
    assert rows(house, tables.occurrences) == 1


def test_a_series_repeated_with_its_key_is_one_series(program_of: Of, house: House) -> None:
    program, key = program_of(TRAFFIC), {"Idempotency-Key": "1"}
    first = program.post("/bookings", weekly(), headers=key)
    again = program.post("/bookings", weekly(), headers=key)
    assert (again.status_code, again.json) == (201, first.json)
    other = weekly(repeat={**EVERY_TUESDAY, "except": [str(WEEKS[1])]})
    assert program.post("/bookings", other, headers=key).json["type"] == "idempotency-key-reused"
    assert rows(house, tables.occurrences) == 4


def test_a_year_of_days_is_booked_in_one_request(program_of: Of, house: House) -> None:
    program = program_of(POLICE)
    made = program.post("/bookings", weekly(repeat={"rrule": "FREQ=DAILY;COUNT=366"}))
    assert (made.status_code, rows(house, tables.occurrences)) == (201, 366)
    last = WEEKS[0] + timedelta(days=365)
    assert program.get(one(made.json["id"], last)).json["starts"] == at("10:00", last)
    summer = datetime(2027, 7, 1, 10, tzinfo=ZONE).isoformat()
    asked = f"/bookings/{made.json['id']}?occurrence={summer.replace('+', '%2B')}"
    assert program.get(asked).json["starts"] == summer
    clash = program_of(TRAFFIC).post("/bookings", weekly(repeat={"rrule": "FREQ=DAILY;COUNT=300"}))
    assert (clash.status_code, len(clash.json["clashes"]), clash.json["fits"]) == (409, 300, 0)
    moved = program.patch(f"/bookings/{made.json['id']}?scope=all", {"starts": at("10:30", WEEKS[0])})
    assert (moved.status_code, moved.json["starts"]) == (200, at("10:30", WEEKS[0]))
    assert program.delete(f"/bookings/{made.json['id']}?scope=all").status_code == 204


def test_any_desk_of_a_series_is_the_one_that_fits_it_best(program_of: Of, house: House) -> None:
    house.book(POLICE, DESKS[0], "10:00", "11:00", WEEKS[1])
    made = program_of(TRAFFIC).post("/bookings", weekly(resource="any-desk"))
    assert (made.status_code, made.json["resource"]) == (201, DESKS[1])


def test_a_series_is_booked_for_a_colleague(program_of: Of, house: House) -> None:
    made = program_of(POLICE).post("/bookings", weekly(organiser=POLICE_COLLEAGUE))
    assert made.json["organiser"] == house.viewer(POLICE_COLLEAGUE).name
    answer = program_of(POLICE).post("/bookings", weekly(organiser=GUARD))
    assert (answer.status_code, answer.json["type"]) == (422, "unknown-colleague")


WRONG = [
    ({"rrule": "FREQ=WEEKLY"}, "repeat", "repeat-without-end"),
    ({"rrule": "FREQ=SECONDLY;COUNT=2"}, "repeat", "repeat-unsupported"),
    ({"rrule": "every Tuesday"}, "repeat", "repeat-unreadable"),
    ({"rrule": ""}, "repeat", "repeat-unreadable"),
    ({"rrule": "FREQ=DAILY;COUNT=367"}, "repeat", "repeat-too-many"),
    ({"rrule": "FREQ=DAILY;UNTIL=20500101T000000Z"}, "repeat", "repeat-too-long"),
    ({"rrule": "FREQ=WEEKLY;UNTIL=20200101T000000Z"}, "repeat", "repeat-never"),
    ({"rrule": "FREQ=DAILY;COUNT=1", "except": [str(WEEKS[0])]}, "repeat", "repeat-never"),
    ({"rrule": 1}, "repeat.rrule", "wrong-type"),
    ({"rrule": "x" * 300}, "repeat.rrule", "unprintable"),
    ({"rrule": "FREQ=DAILY\n"}, "repeat.rrule", "unprintable"),
    ({}, "repeat.rrule", "missing"),
    ({**EVERY_TUESDAY, "except": "2026-12-08"}, "repeat.except", "wrong-type"),
    ({**EVERY_TUESDAY, "except": [1]}, "repeat.except", "wrong-type"),
    ({**EVERY_TUESDAY, "except": ["2026-13-08"]}, "repeat.except", "bad-date"),
    ({**EVERY_TUESDAY, "except": ["20261208"]}, "repeat.except", "bad-date"),
    ({**EVERY_TUESDAY, "except": ["2026-12-08T10:00:00+01:00"]}, "repeat.except", "bad-date"),
    ({**EVERY_TUESDAY, "except": ["2026-12-08"] * 367}, "repeat.except", "too-many-entries"),
    ({**EVERY_TUESDAY, "exdate": []}, "repeat.exdate", "unknown-field"),
    ([], "repeat", "wrong-type"),
    ("FREQ=DAILY;COUNT=2", "repeat", "wrong-type"),
]


def test_a_rule_that_is_none_gets_a_sentence_and_books_nothing(program_of: Of, house: House) -> None:
    program = program_of(TRAFFIC)
    for repeat, field, reason in WRONG:
        answer = program.post("/bookings", weekly(repeat=repeat))
        assert (answer.status_code, answer.json["type"]) == (422, reason), repeat
        assert list(answer.json["errors"]) == [field], repeat
    overlaps = {**weekly(repeat={"rrule": "FREQ=DAILY;COUNT=2"}), "ends": at("11:00", WEEKS[1])}
    assert program_of(POLICE).post("/bookings", overlaps).json["type"] == "repeat-overlaps-itself"
    assert rows(house, tables.bookings) == 0


# --- clashes ----------------------------------------------------------------------------------


def test_every_time_of_a_series_that_is_refused_is_told(program_of: Of, house: House) -> None:
    mine = house.book(POLICE, DESKS[0], "10:30", "12:00", WEEKS[1], title="Rapport")
    house.book(POLICE, HALL, "10:00", "10:30", WEEKS[2], circle=POLICE_CIRCLE, title=PLANTED)
    program = program_of(TRAFFIC)
    for query in ("?dry_run=true", ""):
        answer = program.post(f"/bookings{query}", weekly())
        assert answer.status_code == 409
        known, hidden = answer.json["clashes"]
        assert known["occurrence"] == at("10:00", WEEKS[1])
        assert [view["id"] for view in known["with"]] == [mine.view.id]
        assert hidden == {
            "occurrence": at("10:00", WEEKS[2]),
            "with": [
                {
                    "view": "busy",
                    "resource": DESKS[0],
                    "starts": at("10:00", WEEKS[2]),
                    "ends": at("10:30", WEEKS[2]),
                }
            ],
        }
        assert (answer.json["fits"], answer.json["displaceable"]) == (2, [])
        assert PLANTED not in answer.text
    assert rows(house, tables.bookings) == 2


def test_a_rule_that_forbids_one_time_of_a_series_is_told_at_that_time(program_of: Of, house: House) -> None:
    house.clock.step(days=116)
    sundays = {"rrule": "FREQ=WEEKLY;COUNT=3"}
    body = order("02:30", "03:30", day=date(2027, 3, 21), repeat=sundays)
    answer = program_of(POLICE).post("/bookings", body)
    assert (answer.status_code, answer.json["fits"]) == (409, 2)
    (refused,) = answer.json["clashes"]
    assert (refused["reason"], refused["with"]) == ("no-such-time", [])
    skipped = program_of(POLICE).post("/bookings", {**body, "on_clash": "skip"})
    assert (skipped.status_code, rows(house, tables.occurrences)) == (201, 2)


def test_the_times_that_fit_are_booked_and_the_refused_ones_are_kept(program_of: Of, house: House) -> None:
    house.book(POLICE, DESKS[0], "10:30", "12:00", WEEKS[0])
    program = program_of(TRAFFIC)
    dry = program.post("/bookings?dry_run=true", weekly(on_clash="skip"))
    assert (dry.status_code, dry.json["occurrence"]) == (200, at("10:00", WEEKS[1]))
    made = program.post("/bookings", weekly(on_clash="skip"))
    assert made.status_code == 201
    assert {**made.json, "id": None} == dry.json
    number = made.json["id"]
    assert [each is not None for each in told(program, number, WEEKS)] == [False, True, True, True, False]
    assert made.json["series"] == {"rrule": "FREQ=WEEKLY;COUNT=4", "except": []}
    with house.inside():
        (kept,) = run(select(tables.refused_dates)).all()
    assert (kept.booking_id, kept.starts, kept.reason) == (number, house.at("10:00", WEEKS[0]), "clash")


def test_skipping_makes_nobody_give_way(program_of: Of, house: House) -> None:
    house.book(ARTIST, DESKS[1], "10:30", "12:00", WEEKS[1], visibility="open")
    briefing = weekly(resource=HALL, visibility="confidential", circle=POLICE_CIRCLE, on_clash="skip")
    made = program_of(POLICE).post("/bookings", briefing)
    assert (made.status_code, rows(house, tables.occurrences)) == (201, 4)
    assert rows(house, tables.displacements) == 0


def test_others_give_way_to_a_series_after_an_exact_yes(program_of: Of, house: House) -> None:
    for day in WEEKS[:2]:
        house.book(ARTIST, DESKS[1], "10:30", "12:00", day, visibility="open")
    program = program_of(POLICE)
    briefing = weekly(resource=HALL, visibility="confidential", circle=POLICE_CIRCLE)
    asked = program.post("/bookings?dry_run=true", briefing).json
    assert (asked["clashes"], asked["fits"]) == ([], 2)
    listed = asked["displaceable"]
    assert [view["starts"] for view in listed] == [at("10:30", day) for day in WEEKS[:2]]
    agreed = {**briefing, "on_clash": "displace"}
    assert program.post("/bookings", {**agreed, "displace": listed[:1]}).status_code == 409
    assert program.post("/bookings", {**agreed, "displace": listed}).status_code == 201
    artist = program_of(ARTIST)
    for view, day in zip(listed, WEEKS[:2], strict=True):
        suspended = [{"starts": at("10:30", day), "ends": at("11:00", day)}]
        assert artist.get(f"/bookings/{view['id']}").json["suspended"] == suspended


def test_a_whole_series_gives_way_to_another_named_by_its_id(program_of: Of, house: House) -> None:
    number = program_of(TRAFFIC).post("/bookings", weekly()).json["id"]
    program = program_of(POLICE)
    briefing = weekly(resource=HALL, visibility="confidential", circle=POLICE_CIRCLE)
    listed = program.post("/bookings", briefing).json["displaceable"]
    assert [(view["id"], view["occurrence"]) for view in listed] == [
        (number, at("10:00", day)) for day in WEEKS[:4]
    ]
    briefing |= {"on_clash": "displace", "displace": [number]}
    assert program.post("/bookings", briefing).status_code == 201
    for day in WEEKS[:4]:
        suspended = program_of(TRAFFIC).get(one(number, day)).json["suspended"]
        assert suspended == [{"starts": at("10:00", day), "ends": at("11:00", day)}]


def test_what_has_begun_gives_way_only_after_a_second_yes(program_of: Of, house: House) -> None:
    number = house.book(ARTIST, DESKS[1], "08:00", "11:00", visibility="open").view.id
    house.clock.step(hours=2)
    program = program_of(POLICE)
    briefing = order("10:00", "10:30", HALL, visibility="confidential", circle=POLICE_CIRCLE)
    briefing |= {"on_clash": "displace", "displace": [number]}
    first = program.post("/bookings", briefing)
    assert (first.status_code, len(first.json["displaceable"])) == (409, 1)
    assert program.post("/bookings", {**briefing, "displace_begun": True}).status_code == 201


def test_something_urgent_asks_lower_ranks_to_give_way(program_of: Of, house: House) -> None:
    number = house.book(TRAFFIC, MEETING_ROOM, "13:00", "15:00", visibility="open").view.id
    program = program_of(POLICE)
    meeting = order("14:00", "16:00", MEETING_ROOM, visibility="internal")
    assert program.post("/bookings", meeting).json["displaceable"] == []
    urgent = {**meeting, "urgent": True}
    assert [view["id"] for view in program.post("/bookings", urgent).json["displaceable"]] == [number]
    made = program.post("/bookings", {**urgent, "on_clash": "displace", "displace": [number]})
    assert made.status_code == 201
    path = f"/bookings/{made.json['id']}"
    assert program.patch(path, {"urgent": True, "title": "Ny"}).status_code == 200
    assert program.patch(path, {"urgent": False}).json["type"] == "urgent-cannot-change"


# --- opening, changing, cancelling ------------------------------------------------------------


@pytest.fixture
def series(program_of: Of) -> str:
    """Four Tuesdays of the traffic office at a desk, ten to eleven; its id."""
    number: str = program_of(TRAFFIC).post("/bookings", weekly()).json["id"]
    return number


def test_an_occurrence_is_opened_by_its_name_and_else_the_next_to_come(
    program_of: Of, house: House, series: str
) -> None:
    program = program_of(TRAFFIC)
    for day in WEEKS[:4]:
        found = program.get(one(series, day)).json
        assert (found["id"], found["occurrence"]) == (series, at("10:00", day))
    assert program.get(one(series, WEEKS[4])).status_code == 404
    assert program.get(one(series, WEEKS[0], "10:30")).status_code == 404
    assert program.get(f"/bookings/{series}").json["occurrence"] == at("10:00", WEEKS[0])
    house.clock.step(days=8)
    assert program.get(f"/bookings/{series}").json["occurrence"] == at("10:00", WEEKS[1])
    house.clock.step(days=80)
    assert program.get(f"/bookings/{series}").json["occurrence"] == at("10:00", WEEKS[3])
    strange = program.get(f"/bookings/{series}?occurrence=monday")
    assert (strange.status_code, strange.json["type"]) == (422, "bad-time")


def test_one_occurrence_is_changed_alone_and_stays_so_when_all_are(program_of: Of, series: str) -> None:
    program = program_of(TRAFFIC)
    alone = {"title": "Bara nu", "starts": at("12:00", WEEKS[1]), "ends": at("13:00", WEEKS[1])}
    changed = program.patch(one(series, WEEKS[1]), alone)
    assert (changed.json["occurrence"], changed.json["starts"]) == (at("10:00", WEEKS[1]), alone["starts"])
    assert program.get(one(series, WEEKS[1])).json == changed.json
    assert told(program, series, WEEKS[:4]) == [
        (at("10:00", WEEKS[0]), "Planering", "confirmed"),
        (at("12:00", WEEKS[1]), "Bara nu", "confirmed"),
        (at("10:00", WEEKS[2]), "Planering", "confirmed"),
        (at("10:00", WEEKS[3]), "Planering", "confirmed"),
    ]
    moved = program.patch(
        f"/bookings/{series}?scope=all",
        {"starts": at("10:30", WEEKS[0]), "ends": at("11:30", WEEKS[0]), "note": "Ta med kartan"},
    )
    assert moved.json["occurrence"] == at("10:00", WEEKS[0])
    assert told(program, series, WEEKS[:4]) == [
        (at("10:30", WEEKS[0]), "Planering", "confirmed"),
        (at("12:30", WEEKS[1]), "Bara nu", "confirmed"),
        (at("10:30", WEEKS[2]), "Planering", "confirmed"),
        (at("10:30", WEEKS[3]), "Planering", "confirmed"),
    ]
    assert {program.get(one(series, day)).json["note"] for day in WEEKS[:4]} == {"Ta med kartan"}


def test_this_and_those_that_follow_are_changed_and_the_earlier_stay(program_of: Of, series: str) -> None:
    program = program_of(TRAFFIC)
    program.patch(one(series, WEEKS[3]), {"title": "Sista gången"})
    changed = program.patch(one(series, WEEKS[2], scope="following"), {"resource": DESKS[2]})
    assert (changed.json["occurrence"], changed.json["resource"]) == (at("10:00", WEEKS[2]), DESKS[2])
    found = [program.get(one(series, day)).json for day in WEEKS[:4]]
    assert [(each["resource"], each["title"]) for each in found] == [
        (DESKS[0], "Planering"),
        (DESKS[0], "Planering"),
        (DESKS[2], "Planering"),
        (DESKS[2], "Sista gången"),
    ]


def test_what_has_ended_is_never_reached(program_of: Of, house: House, series: str) -> None:
    program = program_of(TRAFFIC)
    house.clock.step(days=8)
    program.patch(f"/bookings/{series}?scope=all", {"title": "Ny rubrik"})
    assert [each[1] for each in told(program, series, WEEKS[:4])] == ["Planering", *["Ny rubrik"] * 3]
    assert program.patch(one(series, WEEKS[0]), {"title": "För sent"}).json["type"] == "already-ended"
    assert program.delete(f"/bookings/{series}?scope=all").status_code == 204
    statuses = [each[2] for each in told(program, series, WEEKS[:4])]
    assert statuses == ["confirmed", *["cancelled"] * 3]


def test_cancelling_reaches_as_far_as_it_says(program_of: Of, series: str) -> None:
    program = program_of(TRAFFIC)

    def statuses() -> list[str]:
        return [each[2] for each in told(program, series, WEEKS[:4])]

    assert program.delete(one(series, WEEKS[1])).status_code == 204
    assert statuses() == ["confirmed", "cancelled", "confirmed", "confirmed"]
    assert program.delete(one(series, WEEKS[1])).status_code == 204
    assert statuses() == ["confirmed", "cancelled", "confirmed", "confirmed"]
    assert program.patch(one(series, WEEKS[1]), {"title": "Ny"}).json["type"] == "already-cancelled"
    assert program.delete(one(series, WEEKS[1], scope="following")).status_code == 204
    assert statuses() == ["confirmed", "cancelled", "cancelled", "cancelled"]
    assert program.delete(one(series, WEEKS[1], scope="following")).status_code == 204
    assert program.delete(one(series, WEEKS[3], scope="all")).status_code == 204
    assert statuses() == ["cancelled"] * 4
    assert program.get(f"/bookings/{series}").json["status"] == "cancelled"
    assert program.delete(f"/bookings/{series}?scope=all").status_code == 204


def test_somebody_elses_series_is_seen_but_not_changed(program_of: Of, series: str) -> None:
    guard = program_of(GUARD)
    seen = guard.get(one(series, WEEKS[1])).json
    assert (seen["series"], seen["may"]) == (None, [])
    for scope in ("this", "following", "all"):
        assert guard.patch(one(series, WEEKS[1], scope=scope), {"title": "Min"}).status_code == 403
        assert guard.delete(one(series, WEEKS[1], scope=scope)).status_code == 403
    assert guard.get(one(series, WEEKS[1])).json == seen


def test_the_second_of_two_editors_of_a_series_is_told_and_nothing_is_lost(
    program_of: Of, series: str
) -> None:
    one_editor, other = program_of(TRAFFIC), program_of(TRAFFIC)
    tags = {day: other.get(one(series, day)).headers["ETag"] for day in WEEKS[:4]}
    unnamed = other.get(f"/bookings/{series}").headers["ETag"]
    assert one_editor.patch(one(series, WEEKS[2]), {"title": "Först"}, etag=tags[WEEKS[2]]).status_code == 200
    for day, tag in tags.items():
        for scope in ("this", "all"):
            late = other.patch(one(series, day, scope=scope), {"title": "Sist"}, etag=tag)
            assert (late.status_code, late.json["type"]) == (412, "changed")
    assert other.patch(f"/bookings/{series}?scope=all", {"title": "Sist"}, etag=unnamed).status_code == 412
    gone = other.delete(f"/bookings/{series}?scope=all", headers={"If-Match": unnamed})
    assert gone.status_code == 412
    titles = [each[1] for each in told(other, series, WEEKS[:4])]
    assert titles == ["Planering", "Planering", "Först", "Planering"]


def test_an_occurrence_is_changed_by_who_holds_its_own_tag_or_the_one_answered_unasked(
    program_of: Of, series: str
) -> None:
    program = program_of(TRAFFIC)
    for tagged in (one(series, WEEKS[2]), f"/bookings/{series}"):
        tag = program.get(tagged).headers["ETag"]
        assert program.patch(one(series, WEEKS[2]), {"note": tagged}, etag=tag).status_code == 200
    another = program.get(one(series, WEEKS[1])).headers["ETag"]
    assert program.patch(one(series, WEEKS[2]), {"note": "Fel"}, etag=another).status_code == 412
    assert program.patch(one(series, WEEKS[2]), {"note": "Utan"}, etag=None).status_code == 428
    tag = program.get(f"/bookings/{series}").headers["ETag"]
    assert program.delete(one(series, WEEKS[2]), headers={"If-Match": tag}).status_code == 204


def test_a_move_of_a_series_meets_clashes_and_leaves_out_what_does_not_fit(
    program_of: Of, house: House, series: str
) -> None:
    house.book(POLICE, DESKS[0], "14:00", "16:00", WEEKS[1])
    program, path = program_of(TRAFFIC), f"/bookings/{series}?scope=all"
    later = {"starts": at("14:00", WEEKS[0]), "ends": at("15:00", WEEKS[0])}
    clash = program.patch(path, later)
    assert (clash.status_code, clash.json["fits"]) == (409, 3)
    assert [each["occurrence"] for each in clash.json["clashes"]] == [at("14:00", WEEKS[1])]
    assert program.patch(path, {**later, "on_clash": "skip"}).status_code == 200
    assert [each[0] for each in told(program, series, WEEKS[:4])] == [
        at("10:00" if day == WEEKS[1] else "14:00", day) for day in WEEKS[:4]
    ]


def test_a_series_comes_back_by_the_wall_clock_when_it_is_moved_across_the_change(
    program_of: Of, house: House
) -> None:
    house.clock.step(days=116)
    program, sundays = program_of(POLICE), {"rrule": "FREQ=WEEKLY;COUNT=2"}
    before, after = date(2027, 3, 21), date(2027, 3, 28)
    number = program.post("/bookings", order("10:00", "11:00", day=before, repeat=sundays)).json["id"]
    program.patch(f"/bookings/{number}?scope=all", {"starts": at("09:00", before)})
    summer = at("10:00", after, "+02:00").replace("+", "%2B")
    moved = program.get(f"/bookings/{number}?occurrence={summer}").json
    assert (moved["starts"], moved["ends"]) == (
        at("09:00", after, "+02:00"),
        at("11:00", after, "+02:00"),
    )


# --- what others may not know of it -----------------------------------------------------------


@pytest.fixture
def taken_over(house: House, program_of: Of) -> str:
    """Four Tuesdays of a police officer at a desk, of which the third lies inside a briefing; its id."""
    house.book(POLICE, HALL, "09:00", "12:00", WEEKS[2], circle=POLICE_CIRCLE, title=PLANTED)
    made = program_of(POLICE).post("/bookings", weekly(visibility="internal"))
    assert (made.status_code, made.json["visibility"]) == (201, "internal")
    number: str = made.json["id"]
    assert program_of(POLICE).get(one(number, WEEKS[2])).json["visibility"] == "confidential"
    return number


OUTSIDERS = [TRAFFIC, MIKA]


def bytes_of(answer: TestResponse) -> tuple[int, bytes, str]:
    """All of an answer."""
    return answer.status_code, answer.data, str(answer.headers)


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_a_week_taken_over_by_a_briefing_is_a_week_that_never_was(
    program_of: Of, taken_over: str, outsider: str
) -> None:
    program = program_of(outsider)
    made_up = WEEKS[2] + timedelta(days=1)
    for method in ("GET", "HEAD", "PATCH", "DELETE", "PUT", "OPTIONS"):
        answers = [
            program.call(
                method,
                one(taken_over, day, scope="all") if method in ("PATCH", "DELETE") else one(taken_over, day),
                json={"title": "Min"},
                headers={"If-Match": "*"},
            )
            for day in (WEEKS[2], made_up)
        ]
        assert bytes_of(answers[0]) == bytes_of(answers[1]), method
    assert [each is not None for each in told(program, taken_over, WEEKS[:4])] == [True, True, False, True]
    assert all(
        program.get(one(taken_over, day)).json["series"] is None for day in (WEEKS[0], WEEKS[1], WEEKS[3])
    )


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_nothing_that_is_done_to_the_hidden_week_shows_in_the_others(
    program_of: Of, house: House, taken_over: str, outsider: str
) -> None:
    program, police = program_of(outsider), program_of(POLICE)
    visible = [WEEKS[0], WEEKS[1], WEEKS[3]]

    def seen() -> list[tuple[int, bytes, str]]:
        named = [program.get(one(taken_over, day)) for day in visible]
        return [bytes_of(each) for each in (*named, program.get(f"/bookings/{taken_over}"))]

    before = seen()
    assert {each[0] for each in before} == {200}
    house.clock.step(minutes=5)
    assert police.patch(one(taken_over, WEEKS[2]), {"title": PLANTED}).status_code == 200
    assert seen() == before
    shorter = {"ends": at("10:45", WEEKS[2])}
    assert police.patch(one(taken_over, WEEKS[2]), shorter).status_code == 200
    assert seen() == before
    assert police.delete(one(taken_over, WEEKS[2])).status_code == 204
    assert seen() == before
    assert program.get(one(taken_over, WEEKS[2])).status_code == 404


def test_when_only_the_hidden_week_is_left_the_series_is_over_to_others(
    program_of: Of, house: House, taken_over: str
) -> None:
    police, traffic = program_of(POLICE), program_of(TRAFFIC)
    police.delete(one(taken_over, WEEKS[3]))
    house.clock.step(days=15)
    assert police.get(f"/bookings/{taken_over}").json["occurrence"] == at("10:00", WEEKS[2])
    assert traffic.get(f"/bookings/{taken_over}").json["occurrence"] == at("10:00", WEEKS[1])


def test_a_token_with_an_outsiders_eyes_neither_sees_nor_reaches_the_hidden_week(
    program_of: Of, taken_over: str
) -> None:
    blind, police = program_of(POLICE, confidential=False), program_of(POLICE)
    assert blind.get(one(taken_over, WEEKS[2])).status_code == 404
    seen = blind.get(one(taken_over, WEEKS[3]))
    assert (seen.json["series"], seen.json["may"]) == (None, ["edit", "cancel", "check_in"])
    police.patch(one(taken_over, WEEKS[2]), {"title": PLANTED})
    again = blind.get(one(taken_over, WEEKS[3]))
    assert (again.json, again.headers["ETag"]) == (seen.json, seen.headers["ETag"])
    assert blind.patch(one(taken_over, WEEKS[0], scope="all"), {"title": "Alla"}).status_code == 200
    titles = [each[1] for each in told(police, taken_over, WEEKS[:4])]
    assert titles == ["Alla", "Alla", PLANTED, "Alla"]
    assert blind.delete(one(taken_over, WEEKS[0], scope="all")).status_code == 204
    statuses = [each[2] for each in told(police, taken_over, WEEKS[:4])]
    assert statuses == ["cancelled", "cancelled", "confirmed", "cancelled"]


def test_the_pieces_of_an_older_week_are_opened_by_what_can_be_seen_of_them(
    program_of: Of, house: House, series: str
) -> None:
    house.book(POLICE, HALL, "09:00", "10:15", WEEKS[1], circle=POLICE_CIRCLE, agree=True)
    house.book(POLICE, HALL, "10:30", "10:45", WEEKS[1], circle=POLICE_CIRCLE, agree=True)
    guest_eyes = program_of(MIKA)
    for start, end in (("10:15", "10:30"), ("10:45", "11:00")):
        piece = guest_eyes.get(one(series, WEEKS[1], start)).json
        assert (piece["starts"], piece["ends"]) == (at(start, WEEKS[1]), at(end, WEEKS[1]))
    made_up, true = (guest_eyes.get(one(series, WEEKS[1], clock)) for clock in ("10:01", "10:00"))
    assert bytes_of(made_up) == bytes_of(true)
    assert made_up.status_code == 404
    assert program_of(TRAFFIC).get(one(series, WEEKS[1])).json["starts"] == at("10:00", WEEKS[1])
