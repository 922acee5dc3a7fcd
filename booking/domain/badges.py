"""What stands for an organisation on the board: a code of two letters and one of eight colours.

Standard library only. A code is unique in its premises; colours repeat.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import product

from booking.domain.people import Organisation

COLOURS = range(1, 9)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ"


def is_code(text: str) -> bool:
    """Whether it can be a code: two capital letters."""
    return len(text) == 2 and all(each.isalpha() and each == each.upper() for each in text)


def free_code(name: str, taken: Collection[str]) -> str:
    """A code for a name that nobody has: out of its letters where that goes. Taken ones come back when all are."""
    return next((code for code in _codes(name) if code not in taken), next(_codes(name)))


def _codes(name: str) -> Iterator[str]:
    words = ["".join(each for each in word if each in LETTERS) for word in name.upper().split()]
    letters = "".join(words) or "G"
    initials = "".join(word[0] for word in words if word)
    if len(initials) > 1:
        yield initials[:2]
    yield from (letters[0] + each for each in letters[1:])
    yield from (letters[0] + each for each in LETTERS)
    yield from (one + other for one, other in product(LETTERS, LETTERS))


def quiet_colour(there: Iterable[Organisation]) -> int:
    """The colour that the fewest have, the first of these."""
    used = Counter(each.colour for each in there)
    return min(COLOURS, key=lambda colour: used[colour])


def alike(one: Organisation, there: Iterable[Organisation]) -> list[Organisation]:
    """The others of its category that have its colour."""
    return [
        each
        for each in there
        if each.id != one.id and each.category is one.category and each.colour == one.colour
    ]
