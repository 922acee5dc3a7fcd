"""The schema: made from nothing by the migrations, on both databases, and exactly what the program's tables say."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, NullPool, create_engine, inspect, text

from booking.storage.database import migrate, run, transaction
from booking.storage.tables import metadata
from tests.support.house import House, house_on

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
