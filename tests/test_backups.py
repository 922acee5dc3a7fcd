"""Backup and restore: the drill, on both databases, with people who book meanwhile."""

import secrets
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from booking.storage.backups import BackupFailed, back_up
from booking.storage.database import run, transaction
from booking.storage.tables import bookings
from tests.cast import DESKS, MEETING_ROOM, POLICE, POLICE_CIRCLE
from tests.support.databases import Databases, fill
from tests.support.house import House, house_on
from tests.test_cli import sentence, type_in

KEY = secrets.token_bytes(32)
WORD = "Utsättning inför kvällen"


@pytest.fixture
def open_house(databases: Databases, tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Houses on new databases, filled or with nothing in them."""
    with ExitStack() as stack:

        def opened(filled: bool = True, key: bytes = KEY) -> House:
            url = databases.empty()
            stack.callback(databases.remove, url)
            if filled:
                fill(url, tmp_path)
            return stack.enter_context(house_on(url, tmp_path, sealing_keys=(key,)))

        yield opened


@contextmanager
def people_booking(house: House, answered: list[str]) -> Iterator[None]:
    """Somebody books a desk by the minute, as fast as it goes, for the length of the block."""
    ended, failed = threading.Event(), list[BaseException]()

    def book() -> None:
        try:
            with house.app.app_context():
                for number in range(10_000):
                    if ended.is_set():
                        return
                    day = house.clock().date() + timedelta(days=1 + number // 2400)
                    minute = number % 2400 // 4 + 480
                    times = [f"{each // 60:02}:{each % 60:02}" for each in (minute, minute + 1)]
                    answered.append(house.book(POLICE, DESKS[number % 4], *times, day).view.id)
        except BaseException as error:  # noqa: BLE001  (told by the test below)
            failed.append(error)

    thread = threading.Thread(target=book)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
    assert failed == []


def stored(house: House) -> set[str]:
    with house.inside():
        return set(run(select(bookings.c.id)).scalars())


def test_the_drill(open_house: Callable[..., House], tmp_path: Path) -> None:
    house, answered = open_house(), list[str]()
    house.book(POLICE, MEETING_ROOM, "09:00", "10:00", title=WORD, note=WORD, circle=POLICE_CIRCLE)
    with people_booking(house, answered):
        for number in range(50):
            before, file = set(answered), tmp_path / f"backup-{number}"
            made = type_in(house, "backup", str(file))
            assert made.exit_code == 0, made.output
            if before and len(answered) > len(before):
                break  # somebody was answered meanwhile
    assert len(answered) > len(before) > 0

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert WORD.encode() not in file.read_bytes()
    assert {each.name for each in tmp_path.glob("*backup*")} == {
        f"backup-{each}" for each in range(number + 1)
    }
    assert "nothing is written over a backup" in sentence(type_in(house, "backup", str(file)))

    another = open_house(filled=False)
    restored = type_in(another, "restore", str(file))
    assert restored.exit_code == 0, restored.output
    assert "0 pairs that break the rule" in restored.output
    assert before <= stored(another)
    assert "unopened: 0" in type_in(another, "sealing", "keys").output
    another.book(POLICE, MEETING_ROOM, "11:00", "12:00")

    without = open_house(filled=False, key=secrets.token_bytes(32))
    assert type_in(without, "restore", str(file)).exit_code == 0
    assert "unopened: 1" in type_in(without, "sealing", "keys").output


def test_what_is_there_is_lost_for_a_backup_only_after_a_yes_and_never_for_half_of_one(
    open_house: Callable[..., House], tmp_path: Path
) -> None:
    house, file, half = open_house(), tmp_path / "backup", tmp_path / "half"
    first = house.book(POLICE, DESKS[0], "09:00", "10:00").view.id
    assert type_in(house, "backup", str(file)).exit_code == 0
    half.write_bytes(file.read_bytes()[:-400])
    second = house.book(POLICE, DESKS[1], "09:00", "10:00").view.id

    assert "--replace" in sentence(type_in(house, "restore", str(file)))
    assert type_in(house, "restore", str(file), "--replace").exit_code == 1  # nobody answered the question
    assert "damaged" in sentence(type_in(house, "restore", str(half), "--replace", "--yes"))
    half.write_bytes(b"no backup of anything")
    assert "is no backup of" in sentence(type_in(house, "restore", str(half), "--replace", "--yes"))
    assert stored(house) == {first, second}

    replaced = type_in(house, "restore", str(file), "--replace", "--yes")
    assert replaced.exit_code == 0, replaced.output
    assert stored(house) == {first}
    house.book(POLICE, DESKS[1], "09:00", "10:00")


def test_a_backup_of_an_older_schema_is_restored_and_says_what_to_do(
    open_house: Callable[..., House], tmp_path: Path
) -> None:
    house, file = open_house(), tmp_path / "backup"
    with house.inside(), transaction():
        run(text("UPDATE alembic_version SET version_num = '0001'"))
    assert "0001" in type_in(house, "backup", str(file)).output
    said = sentence(type_in(open_house(filled=False), "restore", str(file)))
    assert "run `flask --app wsgi init`" in said


def test_a_backup_that_cannot_be_made_says_why_and_leaves_nothing(
    open_house: Callable[..., House], tmp_path: Path
) -> None:
    assert "nothing in the database" in sentence(
        type_in(open_house(filled=False), "backup", str(tmp_path / "b"))
    )
    missing: Any = tmp_path / "nowhere" / "backup"
    assert "cannot be written" in sentence(type_in(open_house(), "backup", str(missing)))
    assert not missing.parent.exists()


def test_the_password_and_the_keys_are_in_no_command_line_and_the_keys_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, noted = tmp_path / "pg_dump", tmp_path / "noted"
    program.write_text(f'#!/bin/sh\necho "$@" > {noted}\nenv >> {noted}\necho "pg_dump: no" >&2\nexit 1\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("SAMLOKAL_SEALING_KEYS", "den-hemliga-nyckeln")
    url = "postgresql+psycopg://anna:hemligt@db.example.org:6432/lokalen?sslmode=require"
    with pytest.raises(BackupFailed, match="pg_dump: no"):
        back_up(url, tmp_path / "backup")
    line, *environment = noted.read_text().splitlines()
    assert "hemligt" not in line
    given = {
        "PGUSER=anna",
        "PGPASSWORD=hemligt",
        "PGHOST=db.example.org",
        "PGPORT=6432",
        "PGDATABASE=lokalen",
    }
    assert set(environment) >= given | {"PGSSLMODE=require"}
    assert "den-hemliga-nyckeln" not in noted.read_text()
