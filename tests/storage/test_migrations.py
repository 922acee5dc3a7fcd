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
