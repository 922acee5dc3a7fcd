"""How the text of a block lies, by how long it is drawn and over how many lanes: classes of board.css.

Imports the domain. Text is cut by lines, never by size.
"""

from __future__ import annotations

from collections.abc import Sequence

from booking.domain.premises import Kind
from booking.web.laying.blocks import Block
from booking.web.laying.frame import Frame
from booking.web.laying.lanes import Lane
from booking.web.laying.lines import Sort

LONG_WORD = 6  # letters that fit beside the bar of an hour, in the widest of the usual faces

# Up to which minutes a block is so shaped; the last stands for all that is longer. On a board of USUAL_COLUMNS
# an hour is about 75 pixels; a longer board draws every minute narrower.
USUAL_COLUMNS = 174
JOINED = ((25, "mini"), (55, "vert"), (80, "tall wrap"), (None, "tall"))
JOINED_LONG_WORD = ((25, "mini"), (80, "vert"), (None, "tall"))
BOOKING = ((25, "mini"), (45, "slim"), (170, "flow"), (None, ""))
BUSY = ((40, "mini"), (50, "tight slim"), (100, "tight"), (None, ""))
WALL = ((55, "mini"), (None, "post"))
PART = ((45, "mini"), (None, ""))
AROUND = ((120, "vert"), (None, ""))
ALONE = {Sort.BUSY: BUSY, Sort.WALL: WALL, Sort.PART: PART}

Steps = tuple[tuple[int | None, str], ...]


def drawn(block: Block, frame: Frame) -> int:
    """How long a block looks on the wide board, in minutes of the usual one."""
    return frame.minutes(block.piece.span) * USUAL_COLUMNS // max(frame.columns, USUAL_COLUMNS)


def wide_shape(block: Block, frame: Frame, title: str = "") -> str:
    """The classes of a block on the wide board; a title with a long word stands up sooner."""
    minutes = drawn(block, frame)
    if block.piece.sort in (Sort.EAR, Sort.PALE):
        return _step(AROUND, minutes) if block.lanes > 1 else ""
    if block.lanes > 1:
        long_word = any(len(word) > LONG_WORD for word in title.split())
        return _step(JOINED_LONG_WORD if long_word else JOINED, minutes)
    return _step(ALONE.get(block.piece.sort, BOOKING), minutes)


def shows_time(block: Block, lane: Lane, frame: Frame) -> bool:
    """Whether there is room for the time beside the title on the wide board."""
    minutes = drawn(block, frame)
    if block.lanes > 1:
        return minutes >= 45
    return minutes >= 170 or (minutes >= 120 and lane.kind in (Kind.ROOM, Kind.TABLE))


def phone_shape(block: Block, over: Sequence[Kind | None], lanes: int, frame: Frame) -> str:
    """The classes of a block on a phone, where a lane is a column and 46 px an hour; `over` what, of how many lanes."""
    minutes, one = frame.minutes(block.piece.span), len(over) == 1
    marks = {
        "n": one and over[0] not in (Kind.ROOM, Kind.TABLE),
        "one": one and block.piece.sort in (Sort.EAR, Sort.OUT, Sort.GAVE_WAY),
        "big": block.piece.sort is Sort.BOOKING and len(over) == lanes > 1,
        "room": one and minutes >= 60,
        "short": minutes < 30 or list(over) == [None],  # a wall alone
    }
    return " ".join(name for name, fits in marks.items() if fits)


def _step(steps: Steps, minutes: int) -> str:
    return next(shape for limit, shape in steps if limit is None or minutes < limit)
