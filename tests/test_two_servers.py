"""Two servers on one PostgreSQL, as on two hosts: neither keeps anything of its own that the other would lack."""

import secrets
from datetime import UTC, datetime, time
from pathlib import Path

from benchmarks.clients import Client
from benchmarks.installations import Installation
from booking.storage.sealed import new_key
from tests.cast import DESKS
from tests.support.databases import PostgresDatabases, lent

NOON = time(12)


def test_who_signs_in_at_one_books_at_the_other_and_reads_it_at_the_first(
    postgres_databases: PostgresDatabases, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    shared = {"SAMLOKAL_SECRET_KEY": secrets.token_urlsafe(48), "SAMLOKAL_SEALING_KEYS": new_key()}
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
    with lent(postgres_databases) as url:
        servers = (Installation(folder, url, 0, now, **shared) for folder in folders)
        with next(servers) as one, next(servers) as other:
            here = one.visitor("polis")
            there = Client(other.port, here.headers)
            order = {"visibility": "confidential", "title": "Operation Blåsippa"}
            made = other.book(there, DESKS[0], 2, NOON, **order)
            assert made.status == 201
            seen = here.ask("GET", made.header("Location"))
            assert seen.status == 200
            assert seen.json()["title"] == "Operation Blåsippa"
            assert seen.header("ETag") == made.header("ETag")
            again = one.book(here, DESKS[0], 2, NOON, **order)
            assert again.status == 409
            for client in (here, there):
                client.close()
