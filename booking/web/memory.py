"""Answers made lately, kept until anything is written that they may show. Imports the standard library and Flask.

Whoever asks again is answered from here, unless the age of the premises is another one (`Place.age`). That would tell
by its slowness that something was written, be it hidden from who asks; so everything is also forgotten at moments that
nobody can foresee, drawn by a secret that all processes share: a slow answer tells nothing by itself.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from hashlib import blake2s
from threading import Lock
from typing import Any, TypeVar, cast

from flask import Flask, current_app

from booking.actions.looking import Place

Answer = TypeVar("Answer")
MEMORY = "samlokal.memory"
LARGEST = 8 * 1024 * 1024
FORGOTTEN_ONE_SECOND_IN = 5


class Memory:
    """What one process remembers, the least lately used forgotten first; `largest` bytes of it, roughly."""

    def __init__(self, epoch: Callable[[], int], largest: int = LARGEST) -> None:
        self._epoch = epoch
        self._largest = largest
        self._held = 0
        self._lock = Lock()
        self._answers: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}

    def remembered(
        self, about: Hashable, make: Callable[[], Answer], weigh: Callable[[Answer], int]
    ) -> Answer:
        """The answer about this, made now unless it is known; `weigh` says how many bytes it takes.

        It is made once, however many ask at a time: whoever asks second waits for the first.
        """
        key = (self._epoch(), about)
        with self._lock:
            if key in self._answers:
                return cast(Answer, self._known(key))
            making = self._making.setdefault(key, Lock())
        with making:
            with self._lock:
                if key in self._answers:
                    return cast(Answer, self._known(key))
            try:
                made = make()
                self._keep(key, made, weigh(made))
            finally:
                self._making.pop(key, None)
            return made

    def _known(self, key: Hashable) -> Any:
        self._answers.move_to_end(key)
        return self._answers[key][0]

    def _keep(self, key: Hashable, made: Any, weight: int) -> None:
        with self._lock:
            self._held += weight - self._answers.get(key, (None, 0))[1]
            self._answers[key] = (made, weight)
            while self._held > self._largest:
                _, (_, lost) = self._answers.popitem(last=False)
                self._held -= lost


def install(app: Flask) -> None:
    """Give the application a memory that forgets by its secret key."""
    secret = blake2s(app.config["SECRET_KEY"].encode(), person=b"memory").digest()
    app.extensions[MEMORY] = Memory(lambda: forgotten_last(secret, time.time_ns()))


def remembered(
    place: Place, about: Hashable, make: Callable[[], Answer], weigh: Callable[[Answer], int]
) -> Answer:
    """What is shown of a premises, as long as nothing is written that it may show.

    `about` is all else that it depends on: the viewer, the time as exactly as it matters, the language.
    """
    memory: Memory = current_app.extensions[MEMORY]
    return memory.remembered((place.id, place.age, about), make, weigh)


def forgotten_last(secret: bytes, nanoseconds: int) -> int:
    """The last moment until now, in nanoseconds since 1970, at which everything is forgotten.

    Of each second a keyed hash says whether it has such a moment, and which.
    """
    second, now = divmod(nanoseconds, 1_000_000_000)
    while True:
        drawn = blake2s(second.to_bytes(8, "big"), key=secret, digest_size=8).digest()
        moment = int.from_bytes(drawn[1:5], "big") * 1_000_000_000 >> 32
        if drawn[0] % FORGOTTEN_ONE_SECOND_IN == 0 and moment <= now:
            return second * 1_000_000_000 + moment
        second, now = second - 1, 1_000_000_000
