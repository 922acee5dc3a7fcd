"""Where each thing lies in the grid, as attributes and as the rules of the page's one style block.

The security policy allows no style attribute: the page carries a `<style nonce>`, and a fragment swapped
in by the script is placed from the same data attributes.
"""

from __future__ import annotations

from markupsafe import Markup

from booking.web.laying.blocks import Block
from booking.web.laying.frame import Frame

TIME, LANE = 3, 2  # the first column of time and the first lane, on the board; turned on the phone board


class Placing:
    """Hands out the attributes of what a template places, and remembers them as style rules."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.rules: list[str] = []

    def grid(self, name: str, lanes: str) -> Markup:
        """The attributes of a board: how many columns of time, how many before the first hour, which lanes."""
        cols, lead, first = self.frame.columns, self.frame.lead, self.frame.first_minute
        self.rules.append(f"#{name}{{--cols:{cols};--lead:{lead};--lanes:{lanes}}}")
        placed = Markup('id="{}" data-cols="{}" data-lead="{}" data-lanes="{}"').format(
            name, cols, lead, lanes
        )
        return placed if first is None else placed + Markup(' data-first="{}"').format(first)

    def columns(self, name: str) -> Markup:
        """The attributes of a strip of one row: how many columns of time."""
        cols = self.frame.columns
        self.rules.append(f"#{name}{{--cols:{cols}}}")
        return Markup('id="{}" data-cols="{}"').format(name, cols)

    def at(self, name: str, area: str) -> Markup:
        """The attributes of something in a grid area."""
        self.rules.append(f"#{name}{{grid-area:{area}}}")
        return Markup('id="{}" data-area="{}"').format(name, area)

    def wide(self, block: Block) -> Markup:
        """The attributes of a block on the wide board."""
        first, last = self.frame.place(block.piece.span)
        area = f"{block.first + LANE}/{first + TIME}/{block.last + LANE}/{last + TIME}"
        return self.at(f"b-{block.name}", area)

    def phone(self, block: Block) -> Markup:
        """The attributes of a block on the phone board."""
        first, last = self.frame.place(block.piece.span)
        area = f"{first + TIME}/{block.first + LANE}/{last + TIME}/{block.last + LANE}"
        return self.at(f"v-{block.name}", area)
