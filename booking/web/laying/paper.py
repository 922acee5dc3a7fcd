"""A floor brought to the size of a drawing. Imports the domain."""

from __future__ import annotations

from dataclasses import dataclass

from booking.domain.floors import Box, Floor, Outline, Point


@dataclass(frozen=True)
class Paper:
    """Where the floor's upper left corner lies on the drawing, and how long its unit is along and down."""

    left: float
    top: float
    along: float
    down: float

    @classmethod
    def across(cls, floor: Floor, left: float, top: float, width: float) -> Paper:
        """The floor so wide, its height as it is."""
        scale = width / floor.width
        return cls(left, top, scale, scale)

    @classmethod
    def filled(cls, floor: Floor, room: Box) -> Paper:
        """The floor stretched over a room: for drawings too small for a scale."""
        return cls(room.x, room.y, room.width / floor.width, room.height / floor.height)

    def point(self, point: Point) -> Point:
        """Where a point lies."""
        return self.left + point[0] * self.along, self.top + point[1] * self.down

    def box(self, box: Box) -> Box:
        """Where a rectangle lies."""
        x, y = self.point((box.x, box.y))
        return Box(x, y, box.width * self.along, box.height * self.down)

    def outline(self, outline: Outline) -> Outline:
        """Where an outline lies."""
        return tuple(self.point(each) for each in outline)
