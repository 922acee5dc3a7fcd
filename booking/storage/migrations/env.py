"""Runs the migrations on the database that `booking.storage.database.migrate` names: all of them or none.

Two that are started at once run one after the other, and the second finds nothing to do.
"""

from alembic import context
from sqlalchemy import Connection, NullPool, create_engine, event

from booking.storage.tables import metadata

IN_LINE = 5_314_806_112  # a number that nothing else in the database locks

engine = create_engine(
    context.config.attributes["url"], poolclass=NullPool
)  # nothing stays open, whatever fails
sqlite = engine.dialect.name == "sqlite"

if sqlite:  # whose driver would begin no transaction before a table is changed

    @event.listens_for(engine, "connect")
    def _on_connect(connection, _record) -> None:  # type: ignore[no-untyped-def]
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True
    )
    with context.begin_transaction():
        if not sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({IN_LINE})")
        context.run_migrations()
