"""Chance and the time of signing, pinned: two worlds that are asked the same then answer with the same bytes.

Every random number of the program comes from the operating system's source, and every signature takes its time
from one place: those two are what is pinned here, nothing of the program itself.
"""

import hashlib
import itertools
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from itsdangerous import TimestampSigner

from tests.cast import MORNING


class Chance:
    """A source of bytes that begins anew wherever it is told to, and the time of signatures."""

    def __init__(self) -> None:
        self.begin("", MORNING)

    def begin(self, name: str, now: datetime) -> None:
        """From here on the bytes are a function of the name alone, and what is signed is signed now."""
        self._name = name
        self.now = now
        self._numbers = itertools.count()
        random.seed(name)

    def __call__(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            found += hashlib.sha256(f"{self._name} {next(self._numbers)}".encode()).digest()
        return found[:size]


@contextmanager
def pinned() -> Iterator[Chance]:
    """Chance as one source, for the length of the block."""
    chance, state = Chance(), random.getstate()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", chance)
        patch.setattr(random, "_urandom", chance)
        patch.setattr(TimestampSigner, "get_timestamp", lambda _: int(chance.now.timestamp()))
        try:
            yield chance
        finally:
            random.setstate(state)
