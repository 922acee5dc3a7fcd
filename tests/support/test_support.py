"""The tests' own ground holds: the PostgreSQL cluster and Chromium do what the other tests rely on."""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from playwright.sync_api import Error

from tests.support.chromium import launch
from tests.support.postgres import Cluster
from tests.support.processes import children


class Greeting(BaseHTTPRequestHandler):
    """Answers every address with one Swedish heading."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write("<title>Hej</title><h1>Sergels torg är öppet</h1>".encode())

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


@pytest.fixture
def greeting() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Greeting) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


def rows(url: str) -> list[str]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return list(connection.scalars(sa.text("SELECT word FROM said ORDER BY word")))


def say(url: str, word: str) -> None:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE IF NOT EXISTS said (word text)"))
        connection.execute(sa.text("INSERT INTO said VALUES (:word)"), {"word": word})


def test_a_database_made_from_a_template_holds_what_the_template_held() -> None:
    with Cluster() as cluster:
        say(cluster.create_database("pattern"), "åäö")
        copy = cluster.create_database("copy", template="pattern")
        assert rows(copy) == ["åäö"]
        cluster.drop_database("copy")
        with pytest.raises(sa.exc.OperationalError):
            rows(copy)


def test_the_cluster_knows_the_index_that_refuses_overlaps() -> None:
    with Cluster() as cluster:
        engine = sa.create_engine(cluster.create_database("overlaps"), poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE EXTENSION btree_gist"))
            assert connection.scalar(sa.text("SHOW timezone")) == "UTC"
            assert connection.scalar(sa.text("SHOW server_encoding")) == "UTF8"


def test_a_stopped_cluster_leaves_nothing_behind() -> None:
    cluster = Cluster()
    cluster.start()
    url = sa.make_url(cluster.create_database("gone"))
    folder = Path(str(url.query["host"]))
    assert folder.exists()
    cluster.stop()
    assert not folder.exists()


@pytest.mark.prove
def test_what_was_committed_before_a_power_cut_is_there_after_it() -> None:
    with Cluster(durable=True) as cluster:
        url = cluster.create_database("kept")
        for number in range(5):
            say(url, f"word {number}")
            cluster.kill()
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(url.replace("+psycopg", ""))
            cluster.restart()
            assert rows(url) == [f"word {n}" for n in range(number + 1)]


@pytest.mark.browser
def test_a_page_opens_in_the_browser(greeting: str) -> None:
    with launch() as browser:
        page = browser.new_page()
        page.goto(greeting)
        assert page.get_by_role("heading").inner_text() == "Sergels torg är öppet"


@pytest.mark.browser
def test_what_playwright_turns_off_in_the_browser_stays_off() -> None:
    """Of two lists the browser reads the last, which is ours."""
    with launch():
        line = next(said for each in started_by(os.getpid()) if len(said := switched_off(each)) > 1)
        theirs, *_, ours = line
        assert set(theirs) <= set(ours)


def started_by(pid: int) -> Iterator[int]:
    """The processes that one has started, and those that these have."""
    for child in children(pid):
        yield child
        yield from started_by(child)


def switched_off(pid: int) -> list[list[str]]:
    """Each list of features that the command line of a process turns off."""
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    lists = (word.partition("--disable-features=")[2] for word in words)
    return [each.split(",") for each in lists if each]


@pytest.mark.browser
def test_the_browser_reaches_no_other_host() -> None:
    with launch() as browser, pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        browser.new_page().goto("http://samlokal.example/")
