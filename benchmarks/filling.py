"""A database filled with as many bookings as asked for, each stored as an order by the API stores it.

Imports the application. Rows go in many at once with every index, trigger and constraint standing; a test compares
them with those of a booking that somebody made.
"""

import itertools
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, text, update

from benchmarks import plans
from benchmarks.furnishing import bookers, furnish
from benchmarks.plans import Planned
from booking import demo
from booking.domain.bookings import Purpose, Status, key_of
from booking.domain.claims import Demand, Use, demands, laid
from booking.domain.people import Visibility
from booking.domain.spans import day_of
from booking.storage import sealed, tables
from booking.storage.database import db, run, settle, transaction
from booking.storage.journal import Action
from booking.storage.places import Place
from booking.storage.stakes import columns
from booking.storage.tokens import ALPHABET, ID_LENGTH

AT_ONCE = 20_000  # bookings written in one transaction
CACHE_KIB = 200_000  # of SQLite, while it is filled
NUMBERED = ("occurrences", "claims")
Rows = dict[str, list[dict[str, Any]]]


class Filling:
    """One database that grows. Everything is called inside the application's context."""

    def __init__(
        self, now: datetime, days: int = plans.DAYS_AHEAD, feeds: tuple[int, ...] = plans.FEEDS
    ) -> None:
        """Load the premises and their people into a migrated, empty database."""
        self._made = now - timedelta(days=1)
        self._random = random.Random(1)
        self._turns: dict[str, int] = defaultdict(int)
        self._numbers = {name: itertools.count(1) for name in NUMBERED}
        self._places = furnish(feeds, self._made)
        self._bookers = bookers(self._places)
        self._demands: dict[tuple[str, str, str], tuple[Demand, ...]] = {}
        self._stored = 0
        today = day_of(now, self._places[demo.PREMISES].premises.zone)
        everywhere = list(self._places.values())
        self._planned = itertools.chain(
            plans.ahead(self._places[demo.PREMISES], today, days),
            *(plans.subscribed(self._places[plans.subscribed_key(each)], today, each) for each in feeds),
            plans.behind(everywhere, today),
        )

    def grow(self, stored: int) -> None:
        """Add bookings until so many are stored; those to come are first, then history."""
        while self._stored < stored:
            some = list(itertools.islice(self._planned, min(AT_ONCE, stored - self._stored)))
            self._write(some)
            self._stored += len(some)
        self._settle()

    def _write(self, planned: Iterable[Planned]) -> None:
        rows: Rows = defaultdict(list)
        for each in planned:
            self._add(each, rows)
        with transaction():
            for name in tables.metadata.tables:
                if rows[name]:
                    _insert(tables.metadata.tables[name], rows[name])
            for key, turn in self._turns.items():
                place = tables.premises.c.id == self._places[key].id
                run(update(tables.premises).where(place).values(turn=turn))

    def _settle(self) -> None:
        """What a database does by itself in time: statistics, and SQLite's log written back."""
        settle()
        if db.engine.dialect.name == "sqlite":
            return
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in NUMBERED:
                last = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT MAX(id) FROM {name}))"
                connection.execute(text(last))
            connection.execute(text("VACUUM ANALYZE"))

    # --- rows ---------------------------------------------------------------------------------

    def _add(self, planned: Planned, rows: Rows) -> None:
        place, plan = self._places[planned.premises], planned.plan
        booker = self._bookers[plan.who]
        number, shared, uid = self._id(), self._id(), self._id()
        created = min(self._made, planned.span.start - timedelta(days=7))
        secret = plan.visibility is Visibility.CONFIDENTIAL
        title = f"Möte {number[:6]}"
        rows["bookings"].append(
            {
                "id": number,
                "premises_id": place.id,
                "organisation_id": booker.organisation,
                "organiser_id": booker.person,
                "kind": Purpose.USE.value,
                "urgent": False,
                "status": Status.CONFIRMED.value,
                "answer_by": None,
                "rule": None,
                "excepted": None,
                "uid": f"{uid}@samlokal",
                "version": 1,
                "created_at": created,
            }
        )
        rows["terms"].append(
            {
                "id": shared,
                "booking_id": number,
                "space_id": place.space_ids[plan.resource],
                "visibility": plan.visibility.value,
                "circle_id": booker.circle if secret else None,
                "clear_desks": False,
                "title": None if secret else title,
                "note": None if secret else "",
            }
        )
        if secret:
            box = sealed.seals().seal(shared, {"title": title, "note": "", "attendees": []})
            rows["sealed"].append({"terms_id": shared, "box": box})
            rows["terms_circles"].append({"terms_id": shared, "circle_id": booker.circle})
        occurrence = next(self._numbers["occurrences"])
        rows["occurrences"].append(
            {
                "id": occurrence,
                "booking_id": number,
                "terms_id": shared,
                "premises_id": place.id,
                "organisation_id": booker.organisation,
                "occurrence": planned.span.start,
                "starts": planned.span.start,
                "ends": planned.span.end,
                "sequence": 0,
                "made_at": created,
                "changed_at": created,
            }
        )
        rows["claims"] += self._claims(planned, place, occurrence, number)
        rows["journal"].append(
            {
                "at": created,
                "actor_id": booker.person,
                "action": Action.BOOKING_BOOK.value,
                "subject": number,
                "fields": "",
            }
        )

    def _claims(
        self, planned: Planned, place: Place, occurrence: int, booking: str
    ) -> Iterator[dict[str, Any]]:
        self._turns[planned.premises] += 1
        turn, key = self._turns[planned.premises], key_of(booking, planned.span.start)
        for claim in laid(self._wanted(planned, place), planned.span, key, turn):
            yield {
                "id": next(self._numbers["claims"]),
                "premises_id": place.id,
                "space_id": place.space_ids[claim.space],
                "occurrence_id": occurrence,
                **columns(claim.stake)._asdict(),
                "starts": claim.span.start,
                "ends": claim.span.end,
                "since": turn,
                "released": False,
            }

    def _wanted(self, planned: Planned, place: Place) -> tuple[Demand, ...]:
        plan = planned.plan
        which = planned.premises, plan.who, plan.resource + plan.visibility
        if which not in self._demands:
            booker = self._bookers[plan.who]
            circle = booker.circle if plan.visibility is Visibility.CONFIDENTIAL else None
            use = Use(place.premises.by_key[plan.resource], booker.organisation, circle)
            self._demands[which] = demands(place.premises, use)
        return self._demands[which]

    def _id(self) -> str:
        return "".join(self._random.choices(ALPHABET, k=ID_LENGTH))


# --- many rows at once ------------------------------------------------------------------------


def _insert(table: Table, rows: list[dict[str, Any]]) -> None:
    """As many rows as there are, by the fastest way each database has: COPY, or one statement run many times."""
    names = ", ".join(rows[0])
    connection: Any = db.session.connection().connection
    if db.engine.dialect.name == "sqlite":
        marks = ", ".join("?" for _ in rows[0])
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", _in_seconds(rows))
        return
    with connection.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(tuple(row.values()))


def _in_seconds(rows: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """SQLite keeps instants as whole seconds."""
    instants = [name for name, value in rows[0].items() if isinstance(value, datetime)]
    for row in rows:
        yield tuple((row | {name: int(row[name].timestamp()) for name in instants}).values())


def utc_now() -> datetime:
    """The present whole minute."""
    return datetime.now(UTC).replace(second=0, microsecond=0)
