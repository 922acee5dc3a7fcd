"""A database carried into another, as a dump and its restoring do. Imports the tables and SQLAlchemy."""

from sqlalchemy import NullPool, create_engine

from booking.storage.database import migrate
from booking.storage.tables import metadata


def restore(dumped: str, anew: str) -> None:
    """Every row of a database into one that has nothing in it, whose schema is made by the migrations."""
    migrate(anew)
    source, target = (create_engine(url, poolclass=NullPool) for url in (dumped, anew))
    with source.connect() as reading, target.begin() as writing:
        for table in metadata.sorted_tables:
            writing.execute(table.delete())  # what the migrations themselves put there
            rows = [dict(row) for row in reading.execute(table.select()).mappings()]
            if rows:
                writing.execute(table.insert(), rows)
