"""A simple reference of claims, written apart from the rules: what each use of Sergels torg holds, minute by minute.

Imports the cast of names only.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.cast import DESKS, HALL, MEETING_ROOM, TABLE

MEETING, OFFICE, WALL = "motesdelen", "kontoret", "glasvaggen"
MINUTE = timedelta(minutes=1)
MOVING_THE_WALL = 5 * MINUTE
Stake = tuple[str, str]  # a space, and what is held there: hold, open, closed, here or said


def stakes(resource: str, confidential: bool, clear_desks: bool) -> Iterator[Stake]:
    """What a use takes, as the house's rules are told to people."""
    if resource == HALL:
        zones, wall = (MEETING, OFFICE), "open"
        held = [MEETING, OFFICE, TABLE, *(DESKS if clear_desks else ())]
    elif resource == MEETING_ROOM or (resource == TABLE and confidential):
        zones, wall = (MEETING,), "closed"
        held = [MEETING, TABLE]
    else:
        zones = (MEETING,) if resource == TABLE else (OFFICE,)
        wall = "closed" if confidential else ""
        held = [resource]
    yield from ((space, "hold") for space in held)
    yield from ((zone, "here") for zone in zones)
    if confidential:
        yield from ((zone, "said") for zone in zones)
    if wall:
        yield WALL, wall


def minutes(
    resource: str, confidential: bool, clear_desks: bool, start: datetime, end: datetime
) -> set[tuple[Stake, datetime]]:
    """Every minute of every stake of one use."""
    found = set()
    for stake in stakes(resource, confidential, clear_desks):
        moment = start - MOVING_THE_WALL if stake[0] == WALL else start
        while moment < end:
            found.add((stake, moment))
            moment += MINUTE
    return found
