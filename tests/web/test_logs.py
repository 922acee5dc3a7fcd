"""What is logged: lines of JSON with the pattern of the address, and never what somebody wrote, asked for or is."""

import io
import json
import logging
import sys
from typing import Any

import pytest
from sqlalchemy import insert, text

from booking import logs
from booking.actions import looking, membership
from booking.storage import tables
from booking.storage.database import DatabaseFailed, DatabaseRefused, db, run, transaction
from booking.web import denials
from tests.cast import GUARD, HALL, POLICE, POLICE_CIRCLE, SOCIAL
from tests.support.house import House
from tests.support.postgres import Cluster

PLANTED = "Operation Blåsippa"


def told(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_a_request_is_told_by_the_pattern_of_its_address(house: House, lines: io.StringIO) -> None:
    made = house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE, title=PLANTED).view
    visitor = house.visitor(GUARD)
    visitor.get(f"/bokning/{made.id}?nyckel=hemlig", headers={"X-Request-Id": "chosen-by-them"})
    visitor.get("/nowhere/at-all?q=Bl%C3%A5sippa")
    visitor.open("/", method="BREW")
    found, nowhere, brewed = told(lines)
    assert {name: found[name] for name in ("level", "logger", "message", "method", "route", "status")} == {
        "level": "info",
        "logger": "booking.web.request_log",
        "message": "answered",
        "method": "GET",
        "route": "/bokning/<number>",
        "status": 200,
    }
    assert found["kib"] > 1
    assert found["ms"] > 0
    assert len(found["request"]) == 16
    assert (nowhere["route"], nowhere["status"]) == ("-", 404)
    assert (brewed["method"], brewed["status"]) == ("-", 405)
    for never in (made.id, "hemlig", "sippa", "nowhere", "chosen-by-them", "BREW", GUARD):
        assert never not in lines.getvalue()


def test_a_proxy_of_ours_numbers_the_requests(build_house: Any, lines: io.StringIO) -> None:
    house = build_house(proxies=1)
    house.visitor().get("/healthz", headers={"X-Request-Id": "0123456789abcdef"})
    house.visitor().get("/healthz", headers={"X-Request-Id": 'a"b' * 40})
    first, second = told(lines)
    assert first["request"] == "0123456789abcdef"
    assert len(second["request"]) == 16


def test_tokens_and_links_are_never_logged(house: House, lines: io.StringIO) -> None:
    with house.inside():
        _, secret = membership.issue_token(house.viewer(POLICE), "program", True, house.clock())
    visitor = house.visitor()
    visitor.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    visitor.get("/api/v1/me", headers={"Authorization": "Bearer wrong-token"})
    visitor.get("/ical/secret-of-a-feed.ics")
    visitor.get("/valkommen/secret-of-a-link")
    assert [each["route"] for each in told(lines)] == [
        "/api/v1/me",
        "/api/v1/me",
        "/ical/<secret>.ics",
        "/valkommen/<secret>",
    ]
    for never in (secret, "wrong-token", "secret-of"):
        assert never not in lines.getvalue()


def test_a_statement_that_takes_long_is_told_without_what_it_was_given(
    build_house: Any, lines: io.StringIO
) -> None:
    """No time at all is long here, so all are told; values are bound, and a quoted one would not pass either."""
    house = build_house(slow_query_ms=0)
    house.book(POLICE, HALL, "17:00", "17:45", title=PLANTED, note=PLANTED)
    house.visitor(POLICE).get("/idag")
    with house.inside():
        run(text("SELECT :said, 'Operation Blåsippa'"), {"said": PLANTED})
    slow = [each for each in told(lines) if each["message"] == "slow statement"]
    assert {each["level"] for each in slow} == {"warning"}
    assert any(each["statement"].startswith("INSERT INTO terms") for each in slow)
    assert slow[-1]["statement"].endswith(", '…'")
    assert {"-", "/idag"} <= {each["route"] for each in slow}
    assert "sippa" not in lines.getvalue()


def test_a_fault_is_told_by_its_kind_and_where_it_was_and_the_page_gives_its_number(
    house: House, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError(PLANTED)

    made = house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE, title=PLANTED).view
    monkeypatch.setattr(looking, "unsealed", broken)
    visitor = house.visitor(POLICE)
    answer = visitor.submit(f"/bokning/{made.id}/oppna")
    assert answer.status_code == 500
    fault = next(each for each in told(lines) if each["level"] == "error")
    assert (fault["message"], fault["error"], fault["route"]) == (
        "failed",
        "KeyError",
        "/bokning/<number>/oppna",
    )
    assert fault["passed"][-1].startswith("booking/actions/looking.py:")
    assert fault["passed"][-1].endswith(" open_details")
    assert fault["request"] in answer.text
    assert PLANTED not in lines.getvalue() + answer.text


def test_a_fault_in_answering_a_fault_is_told_without_the_address(
    house: House, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError(PLANTED)

    made = house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE, title=PLANTED).view
    monkeypatch.setattr(denials, "note", broken)
    monkeypatch.setitem(house.app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = house.visitor(SOCIAL).get(f"/bokning/{made.id}")
    assert answer.status_code == 500
    fault = next(each for each in told(lines) if each["level"] == "error")
    assert (fault["message"], fault["error"]) == ("failed", "KeyError")
    assert fault["request"] in answer.text
    for never in (made.id, PLANTED):
        assert never not in lines.getvalue()


def test_what_the_database_refuses_is_told_without_what_it_was_given(house: House) -> None:
    statement = insert(tables.terms).values(id="t", booking_id="nobody's", title=PLANTED)
    for refused, wrong in (
        (DatabaseRefused, statement),
        (DatabaseFailed, text("SELECT :said FROM x").bindparams(said=PLANTED)),
    ):
        with house.inside(), pytest.raises(refused) as error, transaction():
            run(wrong)
        assert PLANTED not in str(error.value)
        assert error.value.__cause__ is None
        assert error.value.__suppress_context__


def test_the_log_of_the_database_server_holds_nothing_that_was_said(house: House, cluster: Cluster) -> None:
    """A guard that refuses, and errors forced beside it, on the real server; SQLite has no log."""
    house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE, title=PLANTED, note=PLANTED)
    with house.inside():
        if db.engine.dialect.name == "sqlite":
            return
        row = {"id": "t", "booking_id": "nobody's", "title": PLANTED}
        with pytest.raises(DatabaseRefused), transaction():
            run(insert(tables.terms), row)
    said = cluster.log()
    assert "null value in column" in said
    assert "sippa" not in said


def test_an_error_of_another_program_is_told_by_its_pattern_alone() -> None:
    record = logging.LogRecord(
        "gunicorn.error", logging.ERROR, "", 0, "Error handling request %s", ("/x/y",), None
    )
    assert json.loads(logs.Lines().format(record))["message"] == "Error handling request %s"
    calm = logging.LogRecord("gunicorn.error", logging.INFO, "", 0, "Listening at: %s", ("here",), None)
    assert json.loads(logs.Lines().format(calm))["message"] == "Listening at: here"


def test_a_command_that_fails_leaves_one_line_without_values(
    lines: io.StringIO, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        {}[PLANTED]
    except KeyError as error:
        logs._uncaught(KeyError, error, error.__traceback__)
    assert [each["error"] for each in told(lines)] == ["KeyError"]
    assert PLANTED not in lines.getvalue() + capsys.readouterr().err


def test_every_line_is_one_line(lines: io.StringIO) -> None:
    logging.getLogger("booking.somewhere").error("two\nlines %s", "and\nmore")
    [line] = lines.getvalue().splitlines()
    assert json.loads(line)["message"] == "two\nlines and\nmore"
    assert sys.excepthook is not logs._uncaught, "only the started program catches everything"
