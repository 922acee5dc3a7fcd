"""Where each thing lies in the grid, as attributes and as the rules of the page's one style block.

The security policy allows no style attribute: the page carries a `<style nonce>`, and a fragment swapped
in by the script is placed from the same data attributes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from booking.web.laying.blocks import Block
from booking.web.laying.frame import Frame

TIME, LANE = 3, 2  # the first column of time and the first lane of a day's board; turned on a phone


class Placing:
    """Hands out the attributes of what a template places, and remembers them as style rules.

    `shown` are the numbers of the lanes that a phone shows, None where it shows all.
    """

    def __init__(self, frame: Frame, shown: Sequence[int] | None = None) -> None:
        self.frame = frame
        self.shown = shown
        self._rules: dict[Markup, None] = {}

    @property
    def rules(self) -> tuple[Markup, ...]:
        """The style rules of all that was placed, each once."""
        return tuple(self._rules)

    @property
    def style(self) -> Markup:
        """The same as the page's one style block has them."""
        return Markup("\n").join(self._rules)

    def _named(self, name: str, says: str) -> None:
        self._rules[Markup("#{}{{{}}}").format(name, says)] = None

    def grid(self, name: str, lanes: str, upright: str = "") -> Markup:
        """The attributes of a board: how many columns of time, how many before the first hour, which lanes.

        `upright` are the lanes of a board that is turned on a phone.
        """
        cols, lead, first = self.frame.columns, self.frame.lead, self.frame.first_minute
        said = {"cols": cols, "lead": lead, "lanes": lanes, **({"upright": upright} if upright else {})}
        self._named(name, properties(said))
        first_minute = {} if first is None else {"first": first}
        return Markup('id="{}" {}').format(name, attributes({**said, **first_minute}))

    def columns(self, name: str) -> Markup:
        """The attributes of a strip of one row: how many columns of time."""
        cols = self.frame.columns
        self._named(name, properties({"cols": cols}))
        return Markup('id="{}" data-cols="{}"').format(name, cols)

    def at(self, name: str, area: str) -> Markup:
        """The attributes of something in a grid area."""
        self._named(name, f"grid-area:{area}")
        return Markup('id="{}" data-area="{}"').format(name, area)

    # --- a day's board, which a phone turns: board.css makes the area from what is said here ----------

    def lies(
        self, lane: int | None = None, lanes: int = 1, start: int | None = None, length: int = 1
    ) -> Markup:
        """The attributes of what lies over lanes and columns of time, both counted from 0; None: board.css knows."""
        spot = {**({} if lane is None else self.across(lane, lanes)), **along(start, length)}
        for key, value in spot.items():
            self._rules[Markup('[data-{0}="{1}"]{{--{0}:{1}}}').format(key, value)] = None
        return attributes(spot)

    def block(self, block: Block) -> Markup:
        """The attributes of a block."""
        first, last = self.frame.place(block.piece.span)
        return self.lies(block.first, block.lanes, first, last - first)

    def link(self, block: Block) -> Markup:
        """The attributes of a block that one can go to: it keeps its name, by which focus finds it again."""
        return Markup('id="b-{}" {}').format(block.name, self.block(block))

    def across(self, lane: int, lanes: int) -> Mapping[str, int]:
        """From which lane over how many; `p` and `q` the same on a phone that shows some, `p` 0 for what it hides."""
        found = {"l": lane + LANE, **({"n": lanes} if lanes > 1 else {})}
        if self.shown is None:
            return found
        inside = [place for place, number in enumerate(self.shown) if lane <= number < lane + lanes]
        return {**found, "p": inside[0] + LANE if inside else 0, "q": max(len(inside), 1)}


def along(start: int | None, length: int) -> Mapping[str, int]:
    """From which column of time, and how many."""
    return {} if start is None else {"f": start + TIME, **({"d": length} if length > 1 else {})}


def properties(said: Mapping[str, object]) -> str:
    """Custom properties of a style rule."""
    return ";".join(f"--{key}:{value}" for key, value in said.items())


def attributes(said: Mapping[str, object]) -> Markup:
    """Data attributes."""
    return Markup(" ").join(Markup('data-{}="{}"').format(key, value) for key, value in said.items())
