"""Lines put beside each other: what is one thing in neighbouring lanes is drawn as one block.

Imports the domain. A booking over several lanes, and taken time with the same interval in neighbouring
places, are joined; all of it is computed from the pieces alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from booking.domain.views import WallView
from booking.web.laying.frame import Frame
from booking.web.laying.lanes import Lane
from booking.web.laying.lines import Line, Piece, Sort


@dataclass(frozen=True)
class Block:
    """A piece over the lanes from `first` to before `last`. `said` blocks are drawn by another lane.

    `name` is unique on a board and stays the same while the thing stays where it is.
    """

    name: str
    piece: Piece
    first: int
    last: int
    said: bool = False

    @property
    def lanes(self) -> int:
        """How many lanes it lies over."""
        return self.last - self.first


def blocks(lanes: tuple[Lane, ...], lines: Mapping[str, Line], frame: Frame) -> tuple[tuple[Block, ...], ...]:
    """For every lane the blocks that begin in it, and those of earlier lanes that it has to speak of."""
    kept = [tuple(piece for piece in lines[lane.key] if frame.shows(piece.span)) for lane in lanes]
    joints = [{_joint(piece) for piece in line} - {None} for line in kept]
    return tuple(tuple(_in_lane(number, lane, kept[number], joints)) for number, lane in enumerate(lanes))


def _in_lane(number: int, lane: Lane, line: Line, joints: list[set[Hashable]]) -> Iterator[Block]:
    for piece in line:
        joint = _joint(piece)
        follows = joint is not None and number > 0 and joint in joints[number - 1]
        last = number + 1
        while joint is not None and last < len(joints) and joint in joints[last]:
            last += 1
        if not follows or piece.sort not in (Sort.EAR, Sort.PALE, Sort.THROUGH):
            yield Block(_name(lane, piece), piece, number, number + 1 if follows else last, said=follows)


def _joint(piece: Piece) -> Hashable:
    """What a piece shares with its neighbours where the two are one thing; None for what is never joined."""
    if piece.sort is Sort.BUSY or piece.wall is WallView.BUSY:
        return (Sort.BUSY, piece.span)
    if piece.view is None:
        return None
    sort = Sort.BOOKING if piece.sort is Sort.THROUGH else piece.sort
    return (sort, piece.view.id, piece.span)


def _name(lane: Lane, piece: Piece) -> str:
    since: datetime = piece.since or piece.span.start
    return f"{piece.sort.value}-{lane.key}-{since:%d%H%M}"
