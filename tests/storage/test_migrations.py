"""The schema: made from nothing by the migrations, on both databases, and exactly what the program's tables say."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, MetaData, NullPool, Table, create_engine, inspect, text

from booking.storage.database import migrate, revisions, run, transaction
from booking.storage.tables import metadata
from tests.support.house import House, house_on
from tests.support.server import Server
from tests.test_cli import sentence, type_in

OPTIONS = {"compare_type": True, "compare_server_default": True}


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts=OPTIONS)
    found: list[object] = compare_metadata(context, metadata)
    return found


def test_a_database_made_from_nothing_has_exactly_the_programs_tables(empty_database: str) -> None:
    migrate(empty_database)
    engine = create_engine(empty_database, poolclass=NullPool)
    with engine.connect() as connection:
        assert differences(connection) == []
        tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
        assert tables == set(metadata.tables)


def test_setting_up_a_second_time_changes_nothing(house: House) -> None:
    house.book("polis@example.org", "motesrummet", "10:00", "11:00", title="Finns kvar")
    migrate(house.app.config["SQLALCHEMY_DATABASE_URI"])
    engine = create_engine(house.app.config["SQLALCHEMY_DATABASE_URI"], poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT title FROM terms")) == "Finns kvar"


def test_the_house_is_not_ready_while_its_database_is_of_another_age(house: House) -> None:
    visitor = house.visitor()
    assert visitor.get("/readyz").status_code == 200
    with house.inside(), transaction():
        run(text("UPDATE alembic_version SET version_num = 'older'"))
    assert visitor.get("/readyz").status_code == 503


def test_the_house_is_not_ready_before_its_database_is_made(empty_database: str, tmp_path: Path) -> None:
    with house_on(empty_database, tmp_path) as house:
        assert house.visitor().get("/readyz").status_code == 503
        migrate(empty_database)
        assert house.visitor().get("/readyz").status_code == 200


FILLED_AT_FIRST = """
INSERT INTO premises (id, public_id, key, definition) VALUES (1, 'p', 'p', 'nothing');
INSERT INTO spaces (id, public_id, premises_id, key) VALUES (1, 's1', 1, 'rum'), (2, 's2', 1, 'projektor');
INSERT INTO organisations (id, key, name, code, colour, category, secrecy, default_visibility)
    VALUES (1, 'o', 'O', 'OO', 1, 'place', 'none', 'internal');
INSERT INTO circles (id, key, name, steward_id) VALUES (1, 'c', 'C', 1);
INSERT INTO people (id, email, name, role, organisation_id, created_at)
    VALUES (1, 'a@example.org', 'A', 'member', 1, {moment}), (2, 'b@example.org', 'B', 'member', 1, {moment});
INSERT INTO bookings (id, premises_id, space_id, organisation_id, organiser_id, visibility, circle_id, clear_desks,
    title, note, status, uid, version, sequence, created_at, changed_at)
    VALUES ('open', 1, 1, 1, 1, 'open', NULL, {no}, 'Rubrik', 'Text', 'confirmed', 'u1', 3, 2, {moment}, {moment}),
           ('sealed', 1, 1, 1, 1, 'confidential', 1, {no}, NULL, NULL, 'confirmed', 'u2', 1, 0, {moment}, {moment});
INSERT INTO occurrences (id, booking_id, premises_id, organisation_id, occurrence, starts, ends)
    VALUES (1, 'open', 1, 1, {moment}, {moment}, {later}), (2, 'sealed', 1, 1, {moment}, {moment}, {later});
INSERT INTO booking_equipment (booking_id, space_id) VALUES ('open', 2);
INSERT INTO booking_circles (booking_id, circle_id) VALUES ('sealed', 1);
INSERT INTO attendees (booking_id, person_id) VALUES ('open', 2);
INSERT INTO sealed (booking_id, box) VALUES ('sealed', {box});
INSERT INTO displacements (id, booking_id, starts, ends, told_at) VALUES (1, 'open', {moment}, {later}, {moment});
INSERT INTO claims (premises_id, space_id, occurrence_id, kind, tag, starts, ends, since)
    VALUES (1, 1, 1, 1, 99, {moment}, {later}, 1)
"""


def test_what_was_booked_in_the_first_schema_is_there_in_the_present_one(empty_database: str) -> None:
    migrate(empty_database, "0001")
    engine = create_engine(empty_database, poolclass=NullPool)
    sqlite = engine.dialect.name == "sqlite"
    words = (
        {"moment": "1795000000", "later": "1795003600", "no": "0", "box": "x'0102'"}
        if sqlite
        else {
            "moment": "to_timestamp(1795000000)",
            "later": "to_timestamp(1795003600)",
            "no": "false",
            "box": "'\\x0102'",
        }
    )
    with engine.begin() as connection:
        for statement in FILLED_AT_FIRST.format(**words).split(";"):
            connection.exec_driver_sql(statement)
    migrate(empty_database)
    with engine.connect() as connection:
        kept = {
            "SELECT id, booking_id, title, note, visibility FROM terms ORDER BY id": [
                ("open", "open", "Rubrik", "Text", "open"),
                ("sealed", "sealed", None, None, "confidential"),
            ],
            "SELECT terms_id, sequence FROM occurrences ORDER BY id": [("open", 2), ("sealed", 0)],
            "SELECT terms_id, space_id FROM terms_equipment": [("open", 2)],
            "SELECT terms_id, circle_id FROM terms_circles": [("sealed", 1)],
            "SELECT terms_id, person_id FROM attendees": [("open", 2)],
            "SELECT terms_id, box FROM sealed": [("sealed", b"\x01\x02")],
            "SELECT occurrence_id, given_back_at FROM displacements": [(1, None)],
            "SELECT occurrence_id, tag FROM claims": [(1, 99)],
            "SELECT id, kind, version, rule FROM bookings ORDER BY id": [
                ("open", "use", 3, None),
                ("sealed", "use", 1, None),
            ],
        }
        for query, rows in kept.items():
            assert [tuple(row) for row in connection.execute(text(query))] == rows, query
        assert differences(connection) == []


# --- a row in every table, of every age ---------------------------------------------------------

MOMENT = datetime(2026, 11, 24, 8, tzinfo=UTC)
ENDED = {"sessions"}  # since 0004 a session says what it was opened with: all signed in anew
WORDS = {("claims", "kind"): 1, ("claims", "about"): None, ("premises", "definition"): "{}"}  # a Hold


def test_rows_of_every_schema_there_has_been_stand_in_the_present_one(empty_database: str) -> None:
    engine = create_engine(empty_database, poolclass=NullPool)
    laid: list[tuple[str, dict[str, Any]]] = []
    for number, revision in enumerate(revisions(), start=1):
        migrate(empty_database, revision)
        with engine.begin() as connection:
            laid += fill_every_table(connection, number)
    with engine.connect() as connection:
        assert differences(connection) == []
        present = MetaData()
        present.reflect(connection)
        kept = [each for each in laid if each[0] in present.tables.keys() - ENDED]
        assert len(kept) > 150
        for name, row in kept:
            table = present.tables[name]
            alike = [table.c[column] == value for column, value in row.items() if column in table.c]
            assert connection.execute(table.select().where(*alike)).all(), (name, row)


def fill_every_table(connection: Connection, number: int) -> list[tuple[str, dict[str, Any]]]:
    """A row with this number in each table as it is now, whatever it has, referring to the others; what was laid."""
    found = MetaData()
    found.reflect(connection)
    tables = [each for each in found.sorted_tables if each.name != "alembic_version"]
    rows = [(each, {column.name: value_of(each, column, number) for column in each.c}) for each in tables]
    for table, row in rows:
        connection.execute(table.insert(), row)
    return [
        (table.name, {name: value for name, value in row.items() if value is not None}) for table, row in rows
    ]


def value_of(table: Table, column: Column[Any], number: int) -> Any:
    """What stands in a column of the row with this number: another value in each row."""
    if (table.name, column.name) in WORDS:
        return WORDS[table.name, column.name]
    kind = column.type.python_type
    if column.name in ("ends", "ends_at"):
        later = MOMENT + timedelta(hours=24 * number + 1)
        return later if kind is datetime else int(later.timestamp())
    if kind is datetime:
        return MOMENT + timedelta(hours=24 * number)
    if kind is bytes:
        return bytes([number])
    if kind is str:
        return str(number)
    if kind is bool:
        return False
    is_time = column.name in ("starts", "occurrence", "since") or column.name.endswith(
        ("_at", "at", "_until")
    )
    return int((MOMENT + timedelta(hours=24 * number)).timestamp()) if is_time else number


# --- the program and a database of another age -----------------------------------------------------

AGES = {"older": ("0001", "make a backup, then run"), "newer": ("9999", "install the newer program again")}


@pytest.mark.parametrize("age", AGES)
def test_no_command_works_on_a_database_of_another_age_but_those_that_mend_it(house: House, age: str) -> None:
    revision, mended = AGES[age]
    with house.inside(), transaction():
        run(text(f"UPDATE alembic_version SET version_num = '{revision}'"))
    for words in (("work", "--once"), ("check",), ("sealing", "keys"), ("user", "token", "a@example.org")):
        said = sentence(type_in(house, *words))
        assert mended in said
        assert len(said.splitlines()) == 1
    if age == "newer":
        assert mended in sentence(type_in(house, "init"))


def test_a_server_does_not_start_on_a_database_of_another_age(empty_database: str, tmp_path: Path) -> None:
    server = Server(tmp_path, empty_database)
    with pytest.raises(RuntimeError):
        server.start()
    server.command("init")
    with create_engine(empty_database, poolclass=NullPool).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RuntimeError):
        server.start()
    said = [
        line for line in server.log.read_text().splitlines() if line.startswith("Samlokal does not start.")
    ]
    assert "There is nothing in the database yet: run `flask --app wsgi init`." in said[0]
    assert "install the newer program again" in said[-1]
