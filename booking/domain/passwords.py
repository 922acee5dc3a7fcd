"""What makes a password one that anybody would try first. Standard library only.

Length is asked for elsewhere and rules of composition nowhere. Here a password is refused when, without the words
that everybody tries and those that belong to its owner or to the service, too little is left of it to guess at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LEAST_LEFT = (
    5  # different letters that are none of these; or so many characters, where they are mostly digits
)
LEAST_LENGTH_LEFT = 10
SHORTEST_WORD = 3
# The words that lists of stolen passwords are full of, in the languages of the house, and the service's own.
TRIED_FIRST = (
    "lösenord", "losenord", "password", "passord", "hemligt", "hemlig", "secret", "admin", "administrator",
    "welcome", "välkommen", "valkommen", "sommar", "vinter", "höst", "host", "vår", "var", "spring", "summer",
    "autumn", "winter", "login", "logga", "inlogg", "letmein", "iloveyou", "samlokal", "sergels", "sergel",
    "torg", "stockholm", "norrmalm", "sverige", "sweden", "polis", "police", "bokning", "booking", "lokal",
    "måndag", "tisdag", "onsdag", "torsdag", "fredag", "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december", "hello", "hejsan", "dragon", "monkey",
    "master", "football",
)  # fmt: skip
ROWS = ("1234567890", "qwertyuiopå", "asdfghjklöä", "zxcvbnm", "abcdefghijklmnopqrstuvwxyzåäö")
RUN = 4


def guessable(password: str, about: Iterable[str]) -> bool:
    """Whether too little of a password is its own; `about` are the names and addresses it may not be made of."""
    left = password.casefold()
    own = [part.casefold() for text in about for part in re.split(r"[^\w]+|_", text)]
    for word in sorted({*own, *TRIED_FIRST}, key=len, reverse=True):
        if len(word) >= SHORTEST_WORD:
            left = left.replace(word, "")
    left = re.sub(r"[\W_]", "", _without_runs(left))
    letters = {each for each in left if not each.isdigit()}
    long_enough = (
        len(left) >= LEAST_LENGTH_LEFT and len(set(left)) >= LEAST_LEFT
    )  # digits with letters among them
    return len(letters) < LEAST_LEFT and not long_enough


def _without_runs(text: str) -> str:
    """Without neighbours on the keyboard or in the alphabet, either way, four or more in a row."""
    for row in (*ROWS, *(row[::-1] for row in ROWS)):
        for length in range(len(row), RUN - 1, -1):
            for start in range(len(row) - length + 1):
                text = text.replace(row[start : start + length], "")
    return text
