"""The care of the sealing keys: which of them open what, and sealing everything anew under the newest.

Imports storage. For the operator's commands alone; what is in the boxes is not handed out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from booking.storage import boxes, journal
from booking.storage.boxes import Box
from booking.storage.boxes import Kind as Kind
from booking.storage.database import rest, transaction
from booking.storage.journal import Action
from booking.storage.sealed import SealBroken, mark_of, seals


@dataclass(frozen=True)
class Keys:
    """How many boxes each key opens, by its mark, the newest key first; and how many no key opens, by theirs."""

    opened: Mapping[str, int]
    unopened: Mapping[str, int]


def keys() -> Keys:
    """Open every box, and count."""
    opened, unopened = Counter[str](), Counter[str]()
    for kind in boxes.KINDS:
        for batch in boxes.batches(kind):
            for box in batch:
                (opened if _opens(box) else unopened)[mark_of(box.content)] += 1
    return Keys({mark: opened[mark] for mark in seals().marks}, dict(sorted(unopened.items())))


def sample_opens() -> bool:
    """Whether the first boxes of each kind open: those of a few hundred bookings, by chance which."""
    return all(_opens(box) for kind in boxes.KINDS for box in next(boxes.batches(kind), ()))


def _opens(box: Box) -> bool:
    try:
        seals().open(box.bound, box.content)
    except SealBroken:
        return False
    return True


def rotate(now: datetime) -> int:
    """Seal under the newest key every box that another key opens; how many.

    Some at a time, each batch a transaction of its own: killed half-way it is run again, and goes on from there.
    What somebody changes meanwhile stays as they changed it, under the key their program has.
    """
    with transaction():  # once a run, whatever it finds: how often it is written tells nothing
        journal.record(Action.SEALING_ROTATE, f"key {seals().marks[0]}", now)
    return sum(
        _seal_anew(kind, batch) for kind in boxes.KINDS for batch in boxes.batches(kind) if _older(batch)
    )


def _older(batch: Sequence[Box]) -> bool:
    return not all(seals().is_newest(box.content) for box in batch)


def _seal_anew(kind: Kind, batch: Sequence[Box]) -> int:
    """The batch is sealed before the lock is taken: nobody who books waits for it."""
    anew = [
        (box, seals().seal(box.bound, seals().open(box.bound, box.content)))
        for box in batch
        if not seals().is_newest(box.content) and _opens(box)
    ]
    with transaction():
        done = sum(boxes.replace(kind, box, content) for box, content in anew)
    rest()
    return done
