"""What a form fuzzer sends: fields by the names that a view was seen to ask for, with values nearly right or hostile.

Imports Werkzeug and the tests' own cast; no chance but what it is given.
"""

from collections import defaultdict
from collections.abc import Iterator
from random import Random
from typing import Any, ClassVar

from werkzeug.datastructures import ImmutableMultiDict

from tests import cast
from tests.noninterference.script import FORMS

HOSTILE: tuple[str, ...] = (
    "", " ", "\0", "a\0b", "\r\n", "%00", "../../etc/passwd", "..%2f", "'; DROP TABLE bookings; --", '"><script>',
    "{{ 7*7 }}", "{% raw %}", "%s%n", "\ud7ff\ue000\uffff", "\u202e\u200b", "e\u0301" * 40, "🏳️‍🌈" * 50, "å" * 300,
    "x" * 5000,
    "-1", "0", "1", "2", "٣", "²", "1e9", "NaN", "Infinity", "99999999999999999999", "-9223372036854775809", "0x10",
    "1_0", "2026-02-30",
    "0000-00-00", "9999-12-31", "10000-01-01", "0001-01-01", "2026-W48-2", "24:00", "00:00", "23:59",
    "25:61", "12:00:00", "20261124T170000Z", "99991231T235959Z", "00010101T000000Z", "2026-03-29", "02:30",
    "null", "true", "[]", "{}", '{"a": [1', "a,b", "FREQ=SECONDLY;COUNT=9", "FREQ=DAILY;COUNT=400", "ja", "on", "all",
    "this", "following", "@", "a@b", "x" * 250 + "@example.org", "åäö@example.org", "//evil.example", "/\\evil.example",
    "https://evil.example/", "javascript:alert(1)", "-", "_", "none", "None", "NULL", "h" * 22, "0" * 22,
)  # fmt: skip
PEOPLE = (cast.GUARD, cast.ARTIST, cast.SOCIAL, cast.TRAFFIC, "ny@example.org", "nobody@example.org")
PLACES = (*cast.DESKS, cast.MEETING_ROOM, cast.TABLE, cast.HALL, "any-desk", "kontoret", "glasvaggen")
DAYS = ("2026-11-24", "2026-11-25", "2026-11-30", "2026-12-24", "2027-01-31")
TIMES = ("06:00", "07:00", "08:15", "13:00", "16:59", "17:00", "18:30", "23:45")
CIRCLES = (cast.POLICE_CIRCLE, cast.SOCIAL_CIRCLE, cast.VISION_CIRCLE, "polisen", "mika", "ordningsvakterna")
CHOICES = (
    "open",
    "internal",
    "confidential",
    "daily",
    "weekly",
    "monthly",
    "antal",
    "datum",
    "ja",
    "1",
    "gor",
    "sv",
    "en",
)
RIGHT = (*PEOPLE, *PLACES, *DAYS, *TIMES, *CIRCLES, *CHOICES, cast.PREMISES, cast.PASSWORD)
# A letter and a figure of a name that no view has.
STRANGE = ("x", "__class__", "a.b", "a[0]", "")


class Curious(ImmutableMultiDict[str, str]):
    """Fields of a request that remember by which names they were asked."""

    asked: ClassVar[set[str]] = set()

    def __getitem__(self, key: str) -> str:
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)

    def getlist(self, key: str, *more: Any, **rest: Any) -> list[Any]:
        self.asked.add(key)
        return super().getlist(key, *more, **rest)


class Guesser:
    """Guesses fields for one view after another; it learns names from what the view asked for."""

    def __init__(self, chance: Random, known: tuple[str, ...]) -> None:
        """`known` are ids of what is there: bookings, places, marks."""
        self._chance, self._known = chance, known
        self._names: dict[str, set[str]] = defaultdict(set)

    def learn(self, endpoint: str) -> None:
        """What was asked for since the last time, a view asks for."""
        self._names[endpoint] |= Curious.asked - {"csrf_token"}
        Curious.asked.clear()

    def value(self) -> str:
        """A value: nearly right, of something that is there, or hostile."""
        return self._chance.choice(self._chance.choice((RIGHT, self._known, HOSTILE)))

    def fields(self, endpoint: str) -> list[tuple[str, str]]:
        """Fields for a view: a form that means something with some fields changed, or any fields at all."""
        start = self._chance.choice(FORMS.get(endpoint, ({},))) if self._chance.random() < 0.6 else {}
        found = [(name, value) for name, values in start.items() for value in _each(values)]
        return sorted(self._changed(found)) + list(self._more(endpoint))

    def _changed(self, fields: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for name, value in fields:
            if self._chance.random() < 0.85:
                yield name, value if self._chance.random() < 0.8 else self.value()

    def _more(self, endpoint: str) -> Iterator[tuple[str, str]]:
        names = sorted(self._names[endpoint]) or list(STRANGE)
        for _ in range(self._chance.randrange(5)):
            name = self._chance.choice(names if self._chance.random() < 0.9 else STRANGE)
            yield name, self.value()


def _each(values: Any) -> list[str]:
    return list(values) if isinstance(values, list | tuple) else [str(values)]
