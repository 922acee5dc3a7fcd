"""What is counted rather than timed: the statements that pages take, and the memory of a server.

Imports the application's database and the neighbours.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from benchmarks.databases import application
from benchmarks.installations import WEEK, Installation
from benchmarks.plans import DAYS_AHEAD, FEEDS
from booking.storage.database import db

NO_STATEMENTS = ("BEGIN", "BEGIN IMMEDIATE", "PRAGMA")


def statements(each: Installation) -> dict[str, int]:
    """How many SQL statements each page takes, empty and full, asked twice so that nothing is only warming up."""
    empty = each.today + timedelta(days=DAYS_AHEAD + 30)
    pages = {
        "the day’s page, no bookings": f"/idag?datum={empty.isoformat()}",
        "the day’s page, 30 bookings": "/idag",
        "a week’s JSON, no bookings": each.board(empty, empty + timedelta(days=WEEK)),
        "a week’s JSON, 210 bookings": each.week,
        **{f"a feed of {number:,} events": each.feed_of(number) for number in FEEDS},
    }
    visitor = each.visitor("polis")
    app = application(each.folder, each.url)
    found = {}
    for name, path in pages.items():
        client = app.test_client(use_cookies=False)
        for _ in range(2):
            with app.app_context(), _counted() as counted:
                answer = client.get(path, headers=visitor.headers)
            assert answer.status_code == 200, (name, answer.status_code)
        found[name] = len(counted)
    with app.app_context():
        db.engine.dispose()
    return found


@contextmanager
def _counted() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(NO_STATEMENTS):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def workers_memory(pid: int) -> float:
    """What the workers of a server take together, in MiB: the pages they share are counted once (PSS)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(_share(child) for child in children) / 1024


def _share(pid: str) -> int:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
