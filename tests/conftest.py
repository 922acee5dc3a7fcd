"""How every test runs: what hypothesis tries, the databases, and the house with its people.

A test that asks for `house`, or for anything of it below, runs on SQLite and on PostgreSQL.
"""

import gc
import io
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import settings

from booking import logs
from booking.actions.looking import Opened
from booking.domain.people import Viewer
from booking.storage import passwords
from booking.storage.database import run, transaction
from booking.storage.places import Place
from booking.storage.tables import people
from tests.cast import PASSWORD
from tests.support.databases import KINDS, Databases, PostgresDatabases, SqliteFiles, lent, unhurried
from tests.support.house import Clock, House, Visitor, house_on
from tests.support.postgres import Cluster

settings.register_profile("default", derandomize=True, max_examples=60, deadline=None)
settings.register_profile("prove", derandomize=True, max_examples=1000, deadline=None)
settings.load_profile("default")


def pytest_collection_finish() -> None:
    """What stands before the first test stays to the last: it is not searched for rubbish again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The PostgreSQL server of this run of tests."""
    with Cluster() as running:
        yield running


@pytest.fixture(scope="session")
def sqlite_files() -> Iterator[SqliteFiles]:
    """Copies of a filled SQLite database."""
    with unhurried() as folder:
        yield SqliteFiles(folder)


@pytest.fixture(scope="session")
def postgres_databases(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> PostgresDatabases:
    """Copies of a filled PostgreSQL database."""
    return PostgresDatabases(cluster, tmp_path_factory.mktemp("postgresql"))


@pytest.fixture(params=KINDS)
def databases(request: pytest.FixtureRequest) -> Databases:
    """Where filled databases come from, of each kind in turn."""
    source: Databases = request.getfixturevalue(
        "sqlite_files" if request.param == "sqlite" else "postgres_databases"
    )
    return source


@pytest.fixture
def database(databases: Databases) -> Iterator[str]:
    """The URL of a database with the premises at Sergels torg and the demo's people, and no bookings."""
    with lent(databases) as url:
        yield url


@pytest.fixture
def empty_database(databases: Databases) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    url = databases.empty()
    yield url
    databases.remove(url)


@pytest.fixture
def house(database: str, tmp_path: Path) -> Iterator[House]:
    """The installation under test, at seven on a Tuesday morning."""
    with house_on(database, tmp_path) as made:
        yield made


@pytest.fixture
def inside(house: House) -> Iterator[None]:
    """The application's context for the length of the test, as a request has it."""
    with house.inside():
        yield


@pytest.fixture
def quick_hashing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are checked as always, but hashed at the least cost, for tests that sign in many times."""
    quick = PasswordHasher(1, 8, 1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    monkeypatch.setattr(passwords, "_NOBODYS", quick.hash("nobody"))
    with house.inside(), transaction():
        run(people.update().values(password_hash=quick.hash(PASSWORD)))


@pytest.fixture
def build_house(databases: Databases, tmp_path: Path) -> Iterator[Callable[..., House]]:
    """More houses on databases of their own, with other settings where given."""
    with ExitStack() as stack:

        def build(**settings: Any) -> House:
            return stack.enter_context(house_on(stack.enter_context(lent(databases)), tmp_path, **settings))

        yield build


@pytest.fixture
def app(house: House) -> Flask:
    """The application of the house."""
    return house.app


@pytest.fixture
def clock(house: House) -> Clock:
    """The clock of the house; it moves only when told to."""
    return house.clock


@pytest.fixture
def place(house: House) -> Place:
    """The premises at Sergels torg."""
    return house.place


@pytest.fixture
def viewer_of(house: House) -> Callable[[str], Viewer]:
    """The eyes of a person, by address."""
    return house.viewer


@pytest.fixture
def client_of(house: House) -> Callable[..., Visitor]:
    """A browser, signed in as the person with this address; signed out without one."""
    return house.visitor


@pytest.fixture
def book(house: House) -> Callable[..., Opened]:
    """Book by the actions: who, what, from, to, the day, and the fields of an order."""
    return house.book


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that is logged, as the server writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.Lines())
    root = logging.getLogger()
    ours = logging.getLogger(logs.OURS)
    before = ours.level
    root.addHandler(handler)
    ours.setLevel(logging.INFO)
    yield written
    ours.setLevel(before)
    root.removeHandler(handler)
