"""How the text of a block lies, by how long it is drawn and over how many lanes: classes of board.css.

Imports the domain. Text is cut by lines, never by size.
"""

from __future__ import annotations

from booking.domain.premises import Kind
from booking.web.laying.blocks import Block
from booking.web.laying.frame import Frame
from booking.web.laying.lanes import Lane
from booking.web.laying.lines import Sort

FITS_NOTHING, FITS_A_BADGE = 25, 45  # minutes: about 30 and 55 pixels at 1440
UPRIGHT, ACROSS = 50, 80
WIDE, ROOMY = 120, 170


LONG_WORD = 8  # letters that fit beside the bar of an hour


def wide_shape(block: Block, frame: Frame, title: str = "") -> str:
    """The classes of a block on the wide board; a title with a long word stands up sooner."""
    minutes = frame.minutes(block.piece.span)
    if block.piece.sort in (Sort.EAR, Sort.PALE):
        return "vert" if block.lanes > 1 and minutes < WIDE else ""
    if minutes < FITS_NOTHING:
        return "mini"
    if block.lanes > 1:
        upright = ACROSS if any(len(word) > LONG_WORD for word in title.split()) else UPRIGHT
        return "vert" if minutes < upright else "tall wrap" if minutes < ACROSS else "tall"
    if block.piece.sort in (Sort.BUSY, Sort.WALL):
        return "mini" if minutes < FITS_A_BADGE else "wrap" if minutes < ACROSS else ""
    if block.piece.sort is Sort.PART:
        return "mini" if minutes < FITS_A_BADGE else ""
    if minutes < FITS_A_BADGE:
        return "slim"
    return "" if minutes >= ROOMY else "flow"


def shows_time(block: Block, lane: Lane, frame: Frame) -> bool:
    """Whether there is room for the time beside the title on the wide board."""
    minutes = frame.minutes(block.piece.span)
    if block.lanes > 1:
        return minutes >= FITS_A_BADGE
    return minutes >= ROOMY or (minutes >= WIDE and lane.kind in (Kind.ROOM, Kind.TABLE))


def phone_shape(block: Block, lane: Lane, lanes: int, frame: Frame) -> str:
    """The classes of a block on the phone board, where a lane is a column and 46 px an hour."""
    minutes = frame.minutes(block.piece.span)
    shape = []
    if block.lanes == 1 and lane.kind in (Kind.DESK, Kind.EQUIPMENT, None):
        shape.append("n")
    elif block.lanes > 2 and block.piece.sort is Sort.BOOKING and block.lanes == lanes:
        shape.append("big")
    if block.lanes == 1 and minutes >= 60:
        shape.append("room")
    if minutes < FITS_A_BADGE - 15:
        shape.append("mini")
    return " ".join(shape)
