"""What an examination says: how bad it is, what was found, and what to do. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """What was found, and what to do about it where that is something."""

    state: State
    said: str
    do: str = ""


def good(said: str) -> Finding:
    """Nothing to do."""
    return Finding(State.OK, said)


def warn(said: str, do: str) -> Finding:
    """It works, and should be better."""
    return Finding(State.WARN, said, do)


def wrong(said: str, do: str) -> Finding:
    """It does not work, or what was answered may be lost or read by others."""
    return Finding(State.WRONG, said, do)
