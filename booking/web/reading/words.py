"""Words of other calendars as ours are: on one line, of our length, without what no page can show."""

from __future__ import annotations

import hashlib
import json

from booking.domain.refusals import NOTE_LENGTH, TITLE_LENGTH, unprintable


def one_line(text: str) -> str:
    """A title: on one line, cut to the longest a title may be."""
    return _cut(" ".join(_shown(text).split()), TITLE_LENGTH)


def several_lines(text: str) -> str:
    """A note, cut to the longest a note may be."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _cut("\n".join(_shown(each).rstrip() for each in lines).strip(), NOTE_LENGTH)


def named(*words: str) -> str:
    """A name for an entry that has none of its own: the same for the same words."""
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


def _shown(text: str) -> str:
    return "".join(" " if unprintable(each) else each for each in text)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
