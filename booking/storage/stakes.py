"""How a stake stands in the table of claims: its kind, whom it is about, and the tag the guard tells it by.

Both directions in one place. Imports the domain only.
"""

from __future__ import annotations

import secrets
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from booking.domain.claims import Hold, Presence, Secrecy, Stake, WallPosition, WallState

WALL_TAGS = {WallPosition.OPEN: 1, WallPosition.CLOSED: 2}
POSITIONS = {tag: position for position, tag in WALL_TAGS.items()}
FIRST_FREE_TAG = 16


class Stored(IntEnum):
    """The number of each kind of stake in the table."""

    HOLD = 1
    WALL = 2
    PRESENCE = 3
    SECRECY = 4


class Columns(NamedTuple):
    """A stake as the table has it."""

    kind: int
    about: int | None
    tag: int | None


def columns(stake: Stake) -> Columns:
    """How a stake is stored. A Hold gets a tag of its own each time; a wall's tag is how it stands."""
    match stake:
        case Hold():
            return Columns(Stored.HOLD.value, None, FIRST_FREE_TAG + secrets.randbits(62))
        case WallState(position):
            return Columns(Stored.WALL.value, None, WALL_TAGS[position])
        case Presence(organisation):
            return Columns(Stored.PRESENCE.value, organisation, None)
        case Secrecy(circle):
            return Columns(Stored.SECRECY.value, circle, None)


@lru_cache(maxsize=1 << 12)
def stake(stored: Columns) -> Stake:
    """The stake that was stored."""
    match stored:
        case Columns(kind=Stored.HOLD):
            return Hold()
        case Columns(kind=Stored.WALL, tag=int(tag)):
            return WallState(POSITIONS[tag])
        case Columns(kind=Stored.PRESENCE, about=int(organisation)):
            return Presence(organisation)
        case Columns(kind=Stored.SECRECY, about=int(circle)):
            return Secrecy(circle)
    raise ValueError("a stored claim is of no known kind")
