"""The doctor: a sound installation is told from one that is not, each fault by a sentence, and no secret is told."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import delete, update

from booking.actions import working
from booking.domain.people import Role
from booking.storage import condition, journal
from booking.storage.database import db, run, transaction
from booking.storage.journal import Action
from booking.storage.post import office
from booking.storage.stakes import Stored
from booking.storage.tables import claims, people, sealed
from booking.web import letters
from tests.cast import DESKS, HALL, POLICE, POLICE_CIRCLE, TRAFFIC
from tests.support.house import House, house_on
from tests.support.mailbox import SENDER, mailbox

PLANTED = "Operation Blåsippa"
REAL = {"demo": False, "base_url": "https://lokalen.example.org", "proxies": 1, "mail_from": SENDER}
HASTY = "wrong database  PostgreSQL does not wait for the disk"  # the tests' own server need not


def examine(house: House) -> Result:
    return house.app.test_cli_runner().invoke(args=["doctor"])


def told(result: Result, state: str) -> list[str]:
    return [
        line[6:]
        for line in result.output.splitlines()
        if line.startswith(f"{state} ") and not line.startswith(HASTY)
    ]


def work(house: House) -> None:
    with house.inside():
        working.work(working.all_jobs(office(), letters.write, house.clock, lambda: False), house.clock)


def test_nothing_is_wrong_with_a_sound_installation_and_no_letter_is_sent(
    build_house: Callable[..., House], tmp_path: Path
) -> None:
    os.chmod(tmp_path, stat.S_IRWXU)
    with mailbox() as box:
        house = build_house(**REAL, smtp_url=box.url)
        house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE, title=PLANTED)
        work(house)
        box.received.clear()
        found = examine(house)
        assert box.received == []
    assert told(found, "wrong") == []
    assert len(told(found, "ok")) >= 10
    with house.inside():
        kind = db.engine.dialect.name
    if kind == "sqlite":
        assert found.exit_code == 0
    else:
        assert "The program is a superuser of PostgreSQL." in found.output
        assert "log may quote" not in found.output


def test_each_fault_is_told_with_what_to_do_and_without_what_was_said(
    build_house: Callable[..., House],
) -> None:
    house = build_house(**REAL, smtp_url="smtp://samlokal:very-secret@127.0.0.1:1")
    first = house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE, title=PLANTED).view
    house.book(TRAFFIC, DESKS[0], "11:00", "12:00")
    with house.inside(), transaction():
        moved = {"starts": house.at("17:15"), "ends": house.at("18:15")}
        run(update(claims).where(claims.c.starts == house.at("11:00")).values(**moved))
        run(update(sealed).values(box=b"not a box of ours"))
        run(delete(people).where(people.c.role == Role.ADMINISTRATOR.value))
        journal.record(Action.PREMISES_LOAD, "premises x", house.at("23:00"))
    found = examine(house)
    assert found.exit_code == 1
    assert told(found, "wrong") == [
        "mail      The mail server does not let the program in (ConnectionRefusedError).",
        "keys      A sealed record does not open with any of the keys.",
        "clock     The journal has an entry from later than now: the clock went back, or was ahead.",
        "premises  There is no administrator.",
        "worker    The worker has never run.",
        "claims    Claims stand together that must not.",
    ]
    work(house)
    house.clock.step(hours=1)
    later = examine(house)
    assert "worker    The worker has not come to: letters, approvals, missed" in later.output
    for never in (PLANTED, "very-secret", SENDER, first.id, POLICE):
        assert never not in found.output + later.output


def test_a_booking_that_bars_less_than_it_should_is_told(house: House) -> None:
    first = house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE, title=PLANTED).view
    with house.inside(), transaction():
        run(delete(claims).where(claims.c.kind == Stored.SECRECY.value))
    found = examine(house)
    assert "claims    Something that is booked does not hold what it should." in told(found, "wrong")
    assert PLANTED not in found.output
    assert first.id not in found.output


def test_a_database_that_is_empty_is_not_asked_further(empty_database: str, tmp_path: Path) -> None:
    with house_on(empty_database, tmp_path) as house:
        found = examine(house)
        assert found.exit_code == 1
        assert "-> There is nothing in the database yet: run `flask --app wsgi init`." in found.output
        assert "claims" not in found.output


@pytest.mark.parametrize("where", ["127.0.0.1:1", "does-not-exist.invalid"])
def test_a_database_that_is_away_is_told_without_its_address(tmp_path: Path, where: str) -> None:
    with house_on(f"postgresql+psycopg://anna:very-secret@{where}/samlokal", tmp_path) as house:
        found = examine(house)
    assert found.exit_code == 1
    assert "The database does not answer (OperationalError)." in found.output
    for never in ("anna", "very-secret", where):
        assert never not in found.output


@pytest.mark.parametrize(
    ("address", "elsewhere"),
    [
        ("anna@/samlokal?host=/run/postgresql", False),
        ("/samlokal", False),
        ("anna@127.0.0.1/samlokal", False),
        ("anna@db.example.org/samlokal", True),
        ("anna@/samlokal?host=db.example.org", True),
    ],
)
def test_the_way_to_another_machine_is_known_by_the_address(
    tmp_path: Path, address: str, elsewhere: bool
) -> None:
    with house_on(f"postgresql+psycopg://{address}", tmp_path) as house, house.inside():
        assert condition.is_elsewhere() is elsewhere
