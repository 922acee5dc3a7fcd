"""Booking, opening, changing and cancelling by a program."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from booking.actions.looking import Opened
from booking.storage import tables
from booking.storage.database import run
from booking.web.errors import problem
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    SOCIAL,
    SOCIAL_CIRCLE,
    TABLE,
    TODAY,
    TRAFFIC,
)
from tests.support.house import House
from tests.web.api.program import Program, at, board, order

Of = Callable[..., Program]
PLANTED = "Operation Blåsippa"
BRIEFING = {
    **order("17:00", "17:45", HALL),
    "title": PLANTED,
    "note": "Samling vid bordet.",
    "visibility": "confidential",
    "circle": POLICE_CIRCLE,
}


def rows(house: House, table: Any = tables.bookings) -> int:
    """How many rows a table holds."""
    with house.inside():
        return len(run(select(table)).all())


@pytest.fixture
def briefing(house: House) -> Opened:
    """A briefing of the police in the whole premises, five to a quarter to six."""
    return house.book(POLICE, HALL, "17:00", "17:45", title=PLANTED, note=PLANTED, circle=POLICE_CIRCLE)


# --- booking ----------------------------------------------------------------------------------


def test_a_booking_is_made_and_told_whole(program_of: Of) -> None:
    program = program_of(POLICE)
    answer = program.post("/bookings", {**BRIEFING, "attendees": [GUARD], "clear_desks": True})
    assert answer.status_code == 201
    number = answer.json["id"]
    assert answer.headers["Location"] == f"/api/v1/bookings/{number}"
    assert answer.json == {
        "view": "full",
        "id": number,
        "premises": "sergels-torg",
        "resource": HALL,
        "resources": [HALL],
        "starts": at("17:00"),
        "ends": at("17:45"),
        "title": PLANTED,
        "note": "Samling vid bordet.",
        "visibility": "confidential",
        "circle": POLICE_CIRCLE,
        "organisation": {"key": "lokalpolisomrade-norrmalm", "name": "Lokalpolisområde Norrmalm"},
        "organiser": "Polis Ett",
        "attendees": [{"name": "Ordningsvakt", "email": GUARD}],
        "status": "confirmed",
        "suspended": [],
        "series": None,
        "occurrence": at("17:00"),
        "may": ["edit", "cancel", "check_in"],
        "sealed": False,
    }
    opened = program.get(f"/bookings/{number}")
    assert (opened.json, opened.headers["ETag"]) == (answer.json, answer.headers["ETag"])


ORDERS = {
    "open, for several people": {"visibility": "open", "attendees": [SOCIAL, GUARD, POLICE_COLLEAGUE]},
    "for a circle": {**BRIEFING, "attendees": [GUARD, POLICE_COLLEAGUE]},
    "for a colleague": {"organiser": POLICE_COLLEAGUE},
    "for a colleague and a circle": {**BRIEFING, "organiser": POLICE_COLLEAGUE},
    "every week": {"repeat": {"rrule": "FREQ=WEEKLY;COUNT=4"}},
    "every week for a circle": {**BRIEFING, "repeat": {"rrule": "FREQ=WEEKLY;COUNT=4"}},
    "any desk": {"resource": "any-desk"},
    "urgent, so that another gives way": {"urgent": True, "on_clash": "displace"},
    "inside a briefing of one's own circle": {"resource": DESKS[0]},
}


@pytest.mark.parametrize("given", ORDERS.values(), ids=ORDERS)
def test_what_is_answered_when_one_books_is_what_one_reads_afterwards(
    house: House, program_of: Of, given: dict[str, Any]
) -> None:
    house.clock.step(microseconds=123456)
    if given.get("urgent"):
        house.book(ARTIST, MEETING_ROOM, "13:00", "14:00")
    if given.get("resource") == DESKS[0]:
        house.book(GUARD, HALL, "12:30", "14:00", circle=POLICE_CIRCLE)
    program = program_of(POLICE)
    wanted = {**order("13:00", "14:00", MEETING_ROOM), **given}
    answer = program.post("/bookings", wanted)
    if given.get("urgent"):
        assert answer.status_code == 409
        answer = program.post("/bookings", {**wanted, "displace": answer.json["displaceable"]})
    assert answer.status_code == 201, answer.json
    read = program.get(f"/bookings/{answer.json['id']}")
    assert (read.json, read.headers["ETag"]) == (answer.json, answer.headers["ETag"])


def test_what_is_left_out_is_the_organisations_default(program_of: Of) -> None:
    social = program_of(SOCIAL).post("/bookings", order("10:00", "11:00", MEETING_ROOM)).json
    traffic = program_of(TRAFFIC).post("/bookings", order("10:00", "11:00", DESKS[0])).json
    assert (social["visibility"], social["circle"]) == ("confidential", "endast-ungdomsjouren")
    assert (traffic["visibility"], traffic["circle"]) == ("internal", None)


def test_any_desk_finds_one_and_ids_are_as_good_as_keys(program_of: Of, house: House) -> None:
    place, program = house.place, program_of(TRAFFIC)
    by_id = {**order(), "premises": place.public_id, "resource": place.public_ids[DESKS[3]]}
    assert program.post("/bookings", by_id).json["resource"] == DESKS[3]
    taken = [program.post("/bookings", order(resource="any-desk")).json["resource"] for _ in range(3)]
    assert taken == list(DESKS[:3])
    assert program.post("/bookings", order(resource="any-desk")).status_code == 409


def test_times_of_any_offset_are_the_same_instants(program_of: Of) -> None:
    body = {**order(), "starts": "2026-11-24T12:00:00Z", "ends": "2026-11-24T16:30:00.000+02:30"}
    made = program_of(TRAFFIC).post("/bookings", body).json
    assert (made["starts"], made["ends"]) == (at("13:00"), at("15:00"))


@pytest.mark.parametrize(
    ("starts", "ends", "minutes"),
    [
        ("2027-03-28T01:30:00+01:00", "2027-03-28T03:30:00+02:00", 60),
        ("2026-10-25T01:30:00+02:00", "2026-10-25T03:30:00+01:00", 180),
    ],
)
def test_a_booking_across_the_change_of_the_clock_keeps_its_length(
    program_of: Of, house: House, starts: str, ends: str, minutes: int
) -> None:
    house.clock.step(days=-60)
    made = program_of(POLICE).post("/bookings", {**order(), "starts": starts, "ends": ends}).json
    assert (made["starts"], made["ends"]) == (starts, ends)
    window = f"from={starts}&to={ends}".replace("+", "%2B")
    found = program_of(POLICE).get(f"/premises/sergels-torg/board?{window}")
    assert [(each["starts"], each["ends"]) for each in found.json["entries"]] == [(starts, ends)]
    with house.inside():
        row = run(select(tables.occurrences)).one()
    assert (row.ends - row.starts).total_seconds() == minutes * 60


def test_a_session_books_with_its_csrf_header_only(session_of: Of, house: House) -> None:
    browser = session_of(TRAFFIC)
    refused = browser.post("/bookings", order(), headers={"X-CSRFToken": ""})
    assert (refused.status_code, refused.json["type"], rows(house)) == (400, "csrf", 0)
    assert browser.post("/bookings", order()).status_code == 201


def test_an_administrator_may_book_nothing_and_nobody_is_asked_to_sign_in(
    program_of: Of, house: House
) -> None:
    forbidden = program_of(ADMINISTRATOR).post("/bookings", {"nonsense": 1})
    assert (forbidden.status_code, forbidden.json["type"]) == (403, "forbidden")
    assert program_of().post("/bookings", order()).status_code == 401
    assert rows(house) == 0


# --- clashes ----------------------------------------------------------------------------------


def test_a_clash_tells_what_the_caller_may_know_and_the_nearest_times(
    program_of: Of, house: House, briefing: Opened
) -> None:
    answer = program_of(ARTIST).post("/bookings", order("17:30", "18:30", DESKS[0]))
    assert answer.status_code == 409
    assert PLANTED not in answer.text
    assert answer.json == {
        "type": "clash",
        "title": "It clashes with what is there",
        "status": 409,
        "detail": answer.json["detail"],
        "clashes": [
            {
                "occurrence": at("17:30"),
                "with": [
                    {"view": "busy", "resource": DESKS[0], "starts": at("17:00"), "ends": at("17:45")},
                ],
            }
        ],
        "displaceable": [],
        "alternatives": answer.json["alternatives"],
        "fits": 0,
    }
    nearest = answer.json["alternatives"][0]
    again = {**order(resource=nearest["resource"]), "starts": nearest["starts"], "ends": nearest["ends"]}
    assert program_of(ARTIST).post("/bookings", again).status_code == 201
    assert rows(house) == 2


def test_a_clash_with_a_booking_one_may_know_names_it(program_of: Of, house: House) -> None:
    made = house.book(POLICE, DESKS[1], "13:00", "15:00", title="Rapport")
    clash = program_of(TRAFFIC).post("/bookings", order("14:00", "16:00")).json
    assert [(view["id"], view["title"]) for view in clash["clashes"][0]["with"]] == [
        (made.view.id, "Rapport")
    ]


def test_a_briefing_lists_who_would_give_way_and_goes_over_exactly_those(
    program_of: Of, house: House
) -> None:
    house.book(ARTIST, DESKS[1], "16:00", "17:30", title="Affischer", visibility="open")
    program = program_of(POLICE)
    for query in ("?dry_run=true", ""):
        clash = program.post(f"/bookings{query}", BRIEFING)
        assert clash.status_code == 409
    listed = clash.json["displaceable"]
    assert [(view["resource"], view["title"], view["suspended"]) for view in listed] == [
        (DESKS[1], "Affischer", [])
    ]
    agreed = {**BRIEFING, "on_clash": "displace"}
    assert program.post("/bookings", {**agreed, "displace": []}).status_code == 409
    assert program.post("/bookings", {**agreed, "displace": ["another"]}).status_code == 409
    shorter = {**listed[0], "ends": at("17:29")}
    assert program.post("/bookings", {**agreed, "displace": [shorter]}).status_code == 409
    assert rows(house) == 1
    assert program.post("/bookings?dry_run=true", {**agreed, "displace": listed}).status_code == 200
    assert program.post("/bookings", {**agreed, "displace": listed}).status_code == 201
    told = program_of(ARTIST).get(f"/bookings/{listed[0]['id']}").json
    assert told["suspended"] == [{"starts": at("17:00"), "ends": at("17:30")}]


def test_those_who_give_way_may_be_named_by_id_alone(program_of: Of, house: House) -> None:
    made = house.book(ARTIST, DESKS[1], "16:00", "17:30", visibility="open")
    body = {**BRIEFING, "on_clash": "displace", "displace": [made.view.id]}
    assert program_of(POLICE).post("/bookings", body).status_code == 201


def test_skipping_the_only_time_there_is_books_nothing(program_of: Of, house: House) -> None:
    house.book(POLICE, DESKS[1], "13:00", "15:00")
    assert program_of(TRAFFIC).post("/bookings", {**order(), "on_clash": "skip"}).status_code == 409
    assert rows(house) == 1


# --- once, and dry ----------------------------------------------------------------------------


def test_a_call_repeated_with_its_key_makes_one_booking(program_of: Of, house: House) -> None:
    program, key = program_of(TRAFFIC), {"Idempotency-Key": "e5c1 7/å"}
    first = program.post("/bookings", order(), headers=key)
    number = first.json["id"]
    again = program.post("/bookings", order(), headers=key)
    assert (again.status_code, again.json) == (201, first.json)
    program.patch(f"/bookings/{number}", {"title": "Ny rubrik"})
    changed = program.post("/bookings", order(), headers=key)
    assert (changed.status_code, changed.json) == (201, {**first.json, "title": "Ny rubrik"})
    other = program.post("/bookings", order(title="Annat"), headers=key)
    assert (other.status_code, other.json["type"]) == (422, "idempotency-key-reused")
    assert rows(house) == 1


def test_a_key_is_one_persons_and_lasts_a_day(program_of: Of, house: House) -> None:
    key = {"Idempotency-Key": "1"}
    mine = program_of(TRAFFIC).post("/bookings", order(), headers=key)
    theirs = program_of(POLICE).post("/bookings", order(resource=DESKS[0]), headers=key)
    assert mine.json["id"] != theirs.json["id"]
    house.clock.step(hours=24, minutes=1)
    later = program_of(TRAFFIC).post("/bookings", order(day=TODAY + timedelta(days=1)), headers=key)
    assert later.status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb", "\x7f"])
def test_a_key_that_is_none_is_refused(program_of: Of, house: House, key: str) -> None:
    answer = program_of(TRAFFIC).post("/bookings", order(), headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json["type"], rows(house)) == (422, "bad-idempotency-key", 0)


def test_a_dry_run_answers_as_the_real_call_and_writes_nothing(program_of: Of, house: House) -> None:
    program = program_of(POLICE)
    before = [rows(house, table) for table in tables.metadata.sorted_tables]
    dry = program.post("/bookings?dry_run=true", BRIEFING, headers={"Idempotency-Key": "1"})
    assert (dry.status_code, dry.json["id"]) == (200, None)
    assert program.post("/bookings?dry_run=true", order("15:00", "14:00")).status_code == 422
    assert [rows(house, table) for table in tables.metadata.sorted_tables] == before
    real = program.post("/bookings?dry_run=false", BRIEFING)
    assert {**real.json, "id": None} == dry.json
    assert program.post("/bookings?dry_run=true", BRIEFING).status_code == 409
    for odd in ("1", "True", "", "yes"):
        assert program.post(f"/bookings?dry_run={odd}", order()).json["type"] == "not-a-choice"


# --- opening ----------------------------------------------------------------------------------


def test_opening_a_briefing_is_noted_once_for_each_time_and_never_for_its_organiser(
    program_of: Of, house: House, briefing: Opened
) -> None:
    path = f"/bookings/{briefing.view.id}"
    guard = program_of(GUARD)
    opened = guard.get(path)
    assert (opened.json["title"], opened.json["note"], opened.json["sealed"]) == (PLANTED, PLANTED, False)
    assert rows(house, tables.openings) == 1
    again = guard.get(path, headers={"If-None-Match": opened.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    headers_only = guard.call("HEAD", path)
    assert (headers_only.status_code, headers_only.headers["ETag"]) == (200, opened.headers["ETag"])
    program_of(POLICE).get(path)
    with house.inside():
        (noted,) = run(select(tables.openings)).all()
    assert noted.channel == "api"
    assert PLANTED not in str(noted)


def test_a_hidden_booking_is_an_address_that_was_never_used_for_every_method(
    program_of: Of, session_of: Of, briefing: Opened
) -> None:
    for outsider in (
        program_of(ARTIST),
        program_of(TRAFFIC),
        program_of(ADMINISTRATOR),
        program_of(POLICE, confidential=False),
        session_of(ARTIST),
    ):
        for method in ("GET", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "HEAD"):
            answers = [
                outsider.call(method, path, data=b"{", headers={"If-Match": '"x"', "Content-Type": "text/x"})
                for path in (
                    f"/bookings/{briefing.view.id}",
                    "/bookings/neverused",
                    "/nowhere",
                    "/bookings/%00",
                )
            ]
            assert {answer.status_code for answer in answers} == {404}, method
            assert len({(answer.data, str(answer.headers)) for answer in answers}) == 1, method
    assert program_of(POLICE).get(f"/bookings/{briefing.view.id}").json["status"] == "confirmed"


def test_an_address_says_which_methods_it_has(program_of: Of, briefing: Opened) -> None:
    answer = program_of(POLICE).call("PUT", f"/bookings/{briefing.view.id}")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "DELETE, GET, HEAD, PATCH")
    assert program_of(POLICE).get("/bookings").headers["Allow"] == "POST"


# --- changing ---------------------------------------------------------------------------------


@pytest.fixture
def desk(house: House) -> Opened:
    """A desk of the traffic office, one to three."""
    return house.book(TRAFFIC, DESKS[1], "13:00", "15:00", title="Skyltning")


def test_a_booking_is_changed_by_who_holds_its_tag(program_of: Of, desk: Opened) -> None:
    program, path = program_of(TRAFFIC), f"/bookings/{desk.view.id}"
    before = program.get(path)
    etag = before.headers["ETag"]
    changes = {"title": "Skyltar", "starts": at("13:30"), "ends": at("15:30"), "resource": DESKS[2]}
    changed = program.patch(path, changes, etag=f'"other", {etag}')
    assert changed.status_code == 200
    assert changed.json == {**before.json, **changes, "resources": [DESKS[2]]}
    assert program.get(path).headers["ETag"] == changed.headers["ETag"] != etag
    late = program.patch(path, {"title": "För sent"}, etag=etag)
    assert (late.status_code, late.json["type"]) == (412, "changed")
    weak = program.patch(path, {"title": "Svagt"}, etag=f"W/{changed.headers['ETag']}")
    assert weak.status_code == 412
    missing = program.patch(path, {"title": "Utan"}, etag=None)
    assert (missing.status_code, missing.json["type"]) == (428, "if-match-missing")
    assert program.patch(path, {"note": "Vad som helst"}, etag="*").json["title"] == "Skyltar"


def test_a_colleague_changes_and_cancels_too(program_of: Of, briefing: Opened) -> None:
    program, path = program_of(POLICE_COLLEAGUE), f"/bookings/{briefing.view.id}"
    assert program.patch(path, {"note": "Ny tid"}).json["note"] == "Ny tid"
    assert program.delete(path).status_code == 204


def test_somebody_elses_booking_is_seen_but_not_changed(program_of: Of, desk: Opened) -> None:
    path = f"/bookings/{desk.view.id}"
    for program in (program_of(POLICE), program_of(GUARD)):
        seen = program.get(path)
        assert seen.json["may"] == []
        assert program.patch(path, {"title": "Min"}).status_code == 403
        assert program.delete(path).status_code == 403
        assert program.get(path).json == seen.json
    assert program_of(ARTIST).delete(path).status_code == 404


def test_a_change_meets_clashes_and_rules_as_a_booking_does(
    program_of: Of, house: House, desk: Opened
) -> None:
    house.book(POLICE, DESKS[0], "13:00", "15:00")
    program, path = program_of(TRAFFIC), f"/bookings/{desk.view.id}"
    clash = program.patch(path, {"resource": DESKS[0]})
    assert (clash.status_code, clash.json["clashes"][0]["with"][0]["resource"]) == (409, DESKS[0])
    for changes, reason in (
        ({"ends": at("12:00")}, "ends-before-start"),
        ({"visibility": "confidential"}, "cannot-become-confidential"),
        ({"resource": "any-desk"}, "unknown-resource"),
        ({"resource": "balkongen"}, "unknown-resource"),
        ({"premises": "sergels-torg"}, "unknown-field"),
        ({"title": None}, "wrong-type"),
        ({"urgent": True}, "urgent-cannot-change"),
        ({"repeat": {"rrule": "FREQ=DAILY;COUNT=2"}}, "repeat-cannot-change"),
        ({"repeat": {}}, "missing"),
        ({"organiser": POLICE}, "unknown-field"),
    ):
        answer = program.patch(path, changes)
        assert (answer.status_code, answer.json["type"]) == (422, reason)
    assert program.get(path).json["title"] == "Skyltning"


def test_a_briefing_is_opened_to_others_by_its_organiser_who_confirms_it(
    program_of: Of, briefing: Opened
) -> None:
    program, path = program_of(POLICE), f"/bookings/{briefing.view.id}"
    assert program.patch(path, {"visibility": "open"}).json["type"] == "confirm-disclosure"
    confirmed = {"visibility": "open", "disclose": True}
    assert program_of(POLICE_COLLEAGUE).patch(path, confirmed).json["type"] == "only-the-organiser"
    assert program.patch(path, confirmed).json["visibility"] == "open"
    assert program_of(ARTIST).get(path).json["title"] == PLANTED


# --- cancelling, and how far it reaches -------------------------------------------------------


def test_a_cancelled_booking_stays_in_history(program_of: Of, house: House, desk: Opened) -> None:
    program, path = program_of(TRAFFIC), f"/bookings/{desk.view.id}"
    etag = program.get(path).headers["ETag"]
    assert program.delete(path, headers={"If-Match": '"other"'}).status_code == 412
    gone = program.delete(path, headers={"If-Match": etag})
    assert (gone.status_code, gone.data, "Content-Type" in gone.headers) == (204, b"", False)
    after = program.get(path).json
    assert (after["status"], after["may"]) == ("cancelled", [])
    assert program.get(board()).json["entries"] == []
    assert program.delete(path).status_code == 204
    assert program.patch(path, {"title": "Igen"}).json["type"] == "already-cancelled"
    assert program_of(TRAFFIC).post("/bookings", order()).status_code == 201


@pytest.mark.parametrize("scope", ["this", "following", "all"])
def test_a_single_booking_is_all_of_its_occurrences(program_of: Of, desk: Opened, scope: str) -> None:
    program, path = program_of(TRAFFIC), f"/bookings/{desk.view.id}"
    reach = f"{path}?scope={scope}&occurrence={at('13:00').replace('+', '%2B')}"
    assert program.patch(reach, {"title": "Ny"}).json["title"] == "Ny"
    assert program.delete(reach).status_code == 204


def test_a_reach_that_is_none_changes_nothing(program_of: Of, desk: Opened) -> None:
    program, path = program_of(TRAFFIC), f"/bookings/{desk.view.id}"
    for method in ("PATCH", "DELETE"):
        strange = program.call(method, f"{path}?scope=some", json={}, headers={"If-Match": "*"})
        assert (strange.status_code, strange.json["type"]) == (422, "not-a-choice")
        other = f"{path}?occurrence={at('14:00').replace('+', '%2B')}"
        assert program.call(method, other, json={}, headers={"If-Match": "*"}).status_code == 404
    assert program.get(path).json["status"] == "confirmed"


# --- bad input --------------------------------------------------------------------------------

HUGE = "9" * 6000


NO_BODY = [
    (b"", 400),
    (b"{", 400),
    (b"\xff\xfe{}", 400),
    (b'{"\\ud800": 1}', 400),
    (b'{"\\ud83d": 1, "\\ude00": 1}', 400),
    (b'{"repeat": {"\\udfff": 1}}', 400),
    (b'{"title": NaN}', 400),
    (b'{"title": -Infinity}', 400),
    (b'{"title": "a", "title": "b"}', 400),
    (f'{{"title": {HUGE}}}'.encode(), 400),
    (b"[" * 100_000, 400),
    (b'{"repeat": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", 400),
    (b'{"a":' * 30_000 + b"1" + b"}" * 30_000, 400),
    (b"[]", 422),
    (b"null", 422),
    (b'"text"', 422),
    (b'{"title": 1e999}', 422),
    (b'{"title": "' + b"a" * 10_000_000 + b'"}', 413),
]


def test_too_much_sent_in_pieces_is_too_much(program_of: Of, house: House) -> None:
    pieces = io.BytesIO(b'{"title": "' + b"a" * 10_000_000 + b'"}')
    answer = program_of(TRAFFIC).call(
        "POST",
        "/bookings",
        input_stream=pieces,
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
        headers={"Content-Type": "application/json", "Transfer-Encoding": "chunked"},
    )
    assert (answer.status_code, answer.json["type"], rows(house)) == (413, "too-large", 0)
    assert pieces.read() == b""


def test_what_is_no_body_is_refused(program_of: Of, house: House) -> None:
    program = program_of(TRAFFIC)
    for sent, status in NO_BODY:
        answer = program.call("POST", "/bookings", data=sent, headers={"Content-Type": "application/json"})
        assert answer.status_code == status, sent[:40]
    assert rows(house) == 0


def test_what_is_wrong_can_be_told_whatever_was_sent() -> None:
    told = problem(422, errors={"\ud800": ["Ö \udfff"]}).get_data()
    assert json.loads(told)["errors"] == {"\ud800": ["Ö \udfff"]}


@pytest.mark.parametrize(
    "sent", ["text/plain", "application/x-www-form-urlencoded", "application/merge-patch+json", ""]
)
def test_only_json_is_taken(program_of: Of, sent: str) -> None:
    answer = program_of(TRAFFIC).call("POST", "/bookings", data=b"{}", headers={"Content-Type": sent})
    assert (answer.status_code, answer.json["type"]) == (415, "unsupported-media-type")


WRONG = [
    ({"ends": at("12:00")}, "ends", "ends-before-start"),
    ({"ends": at("13:00")}, "ends", "ends-before-start"),
    ({"starts": at("22:00"), "ends": at("23:00")}, "starts", "outside-hours"),
    (
        {"starts": "2028-11-24T13:00:00+01:00", "ends": "2028-11-24T14:00:00+01:00"},
        "starts",
        "too-far-ahead",
    ),
    ({"starts": "2026-11-24T13:00:30+01:00"}, "starts", "not-whole-minutes"),
    ({"starts": "2026-11-24T13:00:00.0000001+01:00"}, "starts", "not-whole-minutes"),
    ({"resource": "balkongen"}, "resource", "unknown-resource"),
    ({"resource": "x" * 300}, "resource", "unprintable"),
    ({"equipment": ["projektorn"]}, "equipment", "unknown-equipment"),
    ({"equipment": [DESKS[0]]}, "equipment", "unknown-equipment"),
    ({"premises": "kulturhuset"}, "premises", "unknown-premises"),
    ({"visibility": "confidential", "circle": SOCIAL_CIRCLE}, "circle", "circle-not-yours"),
    ({"visibility": "confidential", "circle": "nobodys"}, "circle", "circle-not-yours"),
    ({"circle": "endast-trafikkontoret"}, "circle", "circle-without-confidential"),
    ({"attendees": ["nobody@example.org"]}, "attendees", "unknown-attendee"),
    ({"attendees": "polis@example.org"}, "attendees", "wrong-type"),
    ({"attendees": ["a\x00b"]}, "attendees", "unprintable"),
    ({"attendees": ["a@example.org"] * 201}, "attendees", "too-many-entries"),
    ({"title": "x" * 200_000}, "title", "title-too-long"),
    ({"title": "Rad\nRad"}, "title", "title-line-break"),
    ({"title": "\x00"}, "title", "unprintable"),
    ({"title": "\ud800"}, "title", "unprintable"),
    ({"title": 1}, "title", "wrong-type"),
    ({"note": "\u202e\x07"}, "note", "unprintable"),
    ({"note": "x" * 4001}, "note", "note-too-long"),
    ({"clear_desks": "true"}, "clear_desks", "wrong-type"),
    ({"clear_desks": 1}, "clear_desks", "wrong-type"),
    ({"clear_desks": True}, "clear_desks", "clear-desks-needs-a-room"),
    ({"starts": 1795525200}, "starts", "wrong-type"),
    ({"starts": "2026-11-24T13:00:00"}, "starts", "bad-time"),
    ({"starts": "2026-11-24 13:00:00+01:00"}, "starts", "bad-time"),
    ({"starts": "2026-02-30T13:00:00+01:00"}, "starts", "bad-time"),
    ({"starts": "2026-11-24T13:00:60+01:00"}, "starts", "bad-time"),
    ({"starts": "2026-11-24T24:00:00+01:00"}, "starts", "bad-time"),
    ({"starts": "2026-11-24T13:00:00+99:99"}, "starts", "bad-time"),
    ({"starts": "0001-01-01T00:00:00+01:00"}, "starts", "bad-time"),
    ({"ends": "9999-12-31T23:59:59-23:59"}, "ends", "bad-time"),
    (
        {"starts": "2027-03-28T02:30:00+01:00", "ends": "2027-03-28T04:00:00+02:00"},
        "starts",
        "no-such-time",
    ),
    (
        {"starts": "2027-03-28T02:30:00+02:00", "ends": "2027-03-28T04:00:00+02:00"},
        "starts",
        "no-such-time",
    ),
    ({"visibility": "secret"}, "visibility", "not-a-choice"),
    ({"visibility": None}, "visibility", "wrong-type"),
    ({"on_clash": "force"}, "on_clash", "not-a-choice"),
    ({"displace": ["x"]}, "displace", "displace-needs-on-clash"),
    ({"on_clash": "displace", "displace": [{"id": 1}]}, "displace", "wrong-type"),
    ({"on_clash": "displace", "displace": [{"id": "x", "starts": 5}]}, "displace", "wrong-type"),
    ({"urgent": "true"}, "urgent", "wrong-type"),
    ({"urgent": None}, "urgent", "wrong-type"),
    ({"displace_begun": 1}, "displace_begun", "wrong-type"),
    ({"organiser": 1}, "organiser", "wrong-type"),
    ({"organiser": "nobody@example.org"}, "organiser", "unknown-colleague"),
    ({"organiser": POLICE}, "organiser", "unknown-colleague"),
    ({"visibility": "own"}, "visibility", "not-a-choice"),
    ({"colour": "red"}, "colour", "unknown-field"),
]


def test_a_field_that_is_wrong_gets_a_sentence_and_changes_nothing(program_of: Of, house: House) -> None:
    program = program_of(TRAFFIC)
    for fields, field, reason in WRONG:
        answer = program.post("/bookings", order(**fields))
        assert (answer.status_code, answer.json["type"]) == (422, reason), fields
        assert (list(answer.json["errors"]), answer.json["reasons"]) == ([field], [reason]), fields
        (sentence,) = answer.json["errors"][field]
        assert sentence.endswith(".")
    assert rows(house) == 0


def test_what_has_passed_or_lasts_too_long_is_refused(program_of: Of, house: House) -> None:
    house.clock.step(hours=7)
    program = program_of(POLICE)
    month = {"starts": at("15:00"), "ends": "2026-12-25T15:01:00+01:00"}
    assert program.post("/bookings", order()).json["reasons"] == ["in-the-past"]
    assert program.post("/bookings", order(**month)).json["errors"].keys() == {"ends"}
    assert program.post("/bookings", order(**month)).json["type"] == "too-long"
    assert (
        program.post("/bookings", {**order(**month), "ends": "2026-12-25T15:00:00+01:00"}).status_code == 201
    )


def test_everything_that_is_wrong_is_told_at_once(program_of: Of) -> None:
    answer = program_of(TRAFFIC).post("/bookings", {"title": 1, "colour": "red", "starts": "noon"})
    assert answer.json["type"] == "invalid"
    assert set(answer.json["errors"]) == {"title", "colour", "starts", "ends", "premises", "resource"}
    rules = program_of(TRAFFIC).post("/bookings", order("22:00", "21:00", title="Rad\nRad", clear_desks=True))
    assert rules.json["reasons"] == ["ends-before-start", "title-line-break", "clear-desks-needs-a-room"]


def test_a_token_without_leave_makes_no_confidential_booking(program_of: Of, house: House) -> None:
    answer = program_of(POLICE, confidential=False).post("/bookings", BRIEFING)
    assert (answer.status_code, rows(house)) == (422, 0)
    assert "circle-not-yours" in answer.json["reasons"] or "token-not-confidential" in answer.json["reasons"]


def test_a_guest_makes_no_confidential_booking_and_waits_for_a_room(program_of: Of, house: House) -> None:
    artist = program_of(ARTIST)
    assert artist.post("/bookings", order(visibility="confidential")).json["reasons"] == [
        "confidential-not-for-you"
    ]
    asked = artist.post("/bookings", order(resource=HALL))
    assert (asked.status_code, asked.json["status"]) == (201, "pending")
    assert artist.post("/bookings", order("16:00", "17:00", TABLE)).json["status"] == "confirmed"


# --- undoing a cancelling ---------------------------------------------------------------------


def test_a_cancelling_is_undone_for_ten_minutes_where_the_time_is_still_free(
    house: House, program_of: Of
) -> None:
    made = house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00", title="Lägesmöte").view
    program, path = program_of(TRAFFIC), f"/bookings/{made.id}"
    program.delete(path)
    assert program_of(SOCIAL).post(f"{path}/restore").status_code == 404, "it is their own people's to undo"
    assert [program.post(f"{path}/restore").status_code for _ in range(2)] == [204, 204]
    back = program.get(path).json
    assert (back["status"], back["title"], back["starts"]) == ("confirmed", "Lägesmöte", at("10:00"))

    program.delete(path)
    house.book(POLICE, MEETING_ROOM, "10:30", "12:00", title="Operation", circle=POLICE_CIRCLE)
    taken = program.post(f"{path}/restore")
    assert (taken.status_code, taken.json["type"]) == (409, "clash")
    assert "Operation" not in taken.text
    house.clock.step(minutes=10)
    late = program.post(f"{path}/restore")
    assert (late.status_code, late.json["reasons"]) == (422, ["undo-passed"])
    assert program.get(path).json["status"] == "cancelled"


# --- checking in ------------------------------------------------------------------------------


def test_a_program_checks_in_and_twice_is_harmless(house: House, program_of: Of) -> None:
    made = house.book(TRAFFIC, DESKS[0], "10:00", "12:00").view
    program, path = program_of(TRAFFIC), f"/bookings/{made.id}/check-in"
    early = program.post(path)
    assert (early.status_code, early.json["reasons"]) == (422, ["too-early"])
    house.clock.now = house.at("09:50")
    assert [program.post(path).status_code for _ in range(2)] == [204, 204]
    assert program.post(f"{path}?occurrence=2026-11-24T11:00:00%2B01:00").status_code == 404


def test_others_do_not_check_in_and_what_they_may_not_know_is_not_there(house: House, program_of: Of) -> None:
    desk = house.book(TRAFFIC, DESKS[0], "10:00", "12:00").view
    secret = house.book(POLICE, HALL, "12:00", "13:00", circle=POLICE_CIRCLE).view
    house.clock.now = house.at("11:50")
    program = program_of(SOCIAL)
    assert program.post(f"/bookings/{desk.id}/check-in").status_code == 403
    assert program.post(f"/bookings/{secret.id}/check-in").status_code == 404
