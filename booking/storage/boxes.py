"""All sealed boxes, of every kind, walked and replaced: for the care of the keys. Imports the tables.

What is in them is opened by `booking.storage.sealed`; nothing here answers anybody but the operator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table, select, update

from booking.storage.database import run
from booking.storage.tables import authenticators, sealed

AT_ONCE = 200


@dataclass(frozen=True)
class Kind:
    """A table of boxes: the column that names each, and what a box of that name is bound to."""

    table: Table
    key: Column[Any]
    bound: Callable[[Any], str]


KINDS = (
    Kind(sealed, sealed.c.terms_id, str),
    Kind(authenticators, authenticators.c.person_id, lambda person: f"person {person}"),
)


@dataclass(frozen=True)
class Box:
    """A sealed box, what names it in its table, and what it is bound to."""

    key: Any
    bound: str
    content: bytes


def batches(kind: Kind) -> Iterator[Sequence[Box]]:
    """Every box of a kind, some at a time in the order of their keys; each batch is read when it is asked for."""
    rows = run(_next(kind, None)).all()
    while rows:
        yield [Box(row.key, kind.bound(row.key), row.box) for row in rows]
        rows = run(_next(kind, rows[-1].key)).all()


def _next(kind: Kind, after: Any) -> Any:
    query = select(kind.key.label("key"), kind.table.c.box).order_by(kind.key).limit(AT_ONCE)
    return query if after is None else query.where(kind.key > after)


def replace(kind: Kind, box: Box, anew: bytes) -> bool:
    """Put a box in place of the one that was read; False where somebody changed or removed it meanwhile."""
    same = kind.key == box.key, kind.table.c.box == box.content
    return bool(run(update(kind.table).where(*same).values(box=anew)).rowcount)
