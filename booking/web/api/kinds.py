"""The kinds of values a field can hold: each reads one strictly and says its schema, so the two cannot drift.

Imports the faults. Nothing is coerced: "true" is not true, and 1 is not "1".
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from booking.domain.spans import instant
from booking.web.api.faults import Fault, Wrong

Schema = dict[str, Any]
NAME_LENGTH = 254
EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# RFC 3339 section 5.6. A space before the offset is a plus that an address did not escape.
TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,20}))?(?:([Zz])|([+\- ])(\d\d):(\d\d))", re.ASCII
)


class Kind(ABC):
    """A kind of value."""

    @abstractmethod
    def read(self, value: Any) -> Any:
        """The value as the views use it; Wrong if it is not of this kind."""

    @property
    @abstractmethod
    def schema(self) -> Schema:
        """Its JSON Schema (2020-12)."""


@dataclass(frozen=True)
class Words(Kind):
    """Text of people; how long and of which characters is for the rules to say."""

    most: int

    def read(self, value: Any) -> str:
        """The text as it is."""
        if not isinstance(value, str):
            raise Wrong(Fault.WRONG_TYPE, "a string")
        return value

    @property
    def schema(self) -> Schema:
        """A string of bounded length."""
        return {"type": "string", "maxLength": self.most}


@dataclass(frozen=True)
class Name(Kind):
    """The id or the key of something, or an address."""

    def read(self, value: Any) -> str:
        """The name; it is visible characters, and never long."""
        if not isinstance(value, str):
            raise Wrong(Fault.WRONG_TYPE, "a string")
        if len(value) > NAME_LENGTH or not value.isprintable():
            raise Wrong(Fault.UNPRINTABLE)
        return value

    @property
    def schema(self) -> Schema:
        """A short string."""
        return {"type": "string", "maxLength": NAME_LENGTH}


@dataclass(frozen=True)
class Flag(Kind):
    """True or false, and nothing that looks like it."""

    def read(self, value: Any) -> bool:
        """The flag."""
        if not isinstance(value, bool):
            raise Wrong(Fault.WRONG_TYPE, "true or false")
        return value

    @property
    def schema(self) -> Schema:
        """A boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True)
class Choice(Kind):
    """One of some words."""

    choices: tuple[str, ...]

    def read(self, value: Any) -> str:
        """The word."""
        if not isinstance(value, str):
            raise Wrong(Fault.WRONG_TYPE, "a string")
        if value not in self.choices:
            raise Wrong(Fault.NOT_A_CHOICE, ", ".join(self.choices))
        return value

    @property
    def schema(self) -> Schema:
        """An enumeration."""
        return {"type": "string", "enum": list(self.choices)}


@dataclass(frozen=True)
class Switch(Kind):
    """True or false in an address."""

    def read(self, value: Any) -> bool:
        """The flag."""
        return Choice(("true", "false")).read(value) == "true"

    @property
    def schema(self) -> Schema:
        """A boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True)
class Number(Kind):
    """A whole number in an address."""

    least: int
    most: int

    def read(self, value: Any) -> int:
        """The number, within its range."""
        digits = isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value)
        if not digits or not self.least <= int(value) <= self.most:
            raise Wrong(Fault.OUT_OF_RANGE, f"{self.least}–{self.most}")
        return int(value)

    @property
    def schema(self) -> Schema:
        """An integer within its range."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class OrNull(Kind):
    """A kind, or null for having none."""

    kind: Kind

    def read(self, value: Any) -> Any:
        """The value, or None."""
        return None if value is None else self.kind.read(value)

    @property
    def schema(self) -> Schema:
        """The kind's schema, or null."""
        return {"anyOf": [self.kind.schema, {"type": "null"}]}


@dataclass(frozen=True)
class Many(Kind):
    """A list of some kind, bounded."""

    kind: Kind
    most: int

    def read(self, value: Any) -> tuple[Any, ...]:
        """All of them."""
        if not isinstance(value, list):
            raise Wrong(Fault.WRONG_TYPE, "a list")
        if len(value) > self.most:
            raise Wrong(Fault.TOO_MANY, str(self.most))
        return tuple(self.kind.read(each) for each in value)

    @property
    def schema(self) -> Schema:
        """An array."""
        return {"type": "array", "items": self.kind.schema, "maxItems": self.most}


@dataclass(frozen=True)
class Stated(Kind):
    """A kind of which null says something too: read as the one value of a tuple, unlike what was left out."""

    kind: Kind

    def read(self, value: Any) -> tuple[Any]:
        """The value, alone in a tuple."""
        return (self.kind.read(value),)

    @property
    def schema(self) -> Schema:
        """The kind's schema."""
        return self.kind.schema


# --- times ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Day(Kind):
    """A local day of the premises, as RFC 3339 writes a full-date."""

    def read(self, value: Any) -> date:
        """The day."""
        if not isinstance(value, str):
            raise Wrong(Fault.WRONG_TYPE, "a string")
        try:
            found = date.fromisoformat(value) if DATE.fullmatch(value) else None
        except ValueError:
            found = None
        if found is None:
            raise Wrong(Fault.BAD_DATE)
        return found

    @property
    def schema(self) -> Schema:
        """An RFC 3339 full-date."""
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class Moment:
    """An instant, aware UTC, with the wall clock and the offset it was written with."""

    at: datetime
    written: datetime

    def exists_in(self, zone: ZoneInfo) -> bool:
        """Whether the wall clock as written can be meant: not one of the premises' own that its night leaves out.

        A time of another offset is an instant like any other.
        """
        wall = self.written.replace(tzinfo=None)
        if instant(wall.date(), wall.time(), zone) is not None:
            return True
        around = (wall - timedelta(hours=3), wall + timedelta(hours=3))
        own = {each.replace(tzinfo=zone).utcoffset() for each in around}
        return self.written.utcoffset() not in own


@dataclass(frozen=True)
class Time(Kind):
    """A time with its offset (RFC 3339 section 5.6); without an offset it is a wall clock, and refused."""

    def read(self, value: Any) -> Moment:
        """The instant. Leap seconds, and years no premises is booked in, are refused."""
        if not isinstance(value, str):
            raise Wrong(Fault.WRONG_TYPE, "a string")
        parts = TIME.fullmatch(value)
        try:
            written = _written(parts) if parts else None
            at = written.astimezone(UTC) if written else EARLIEST
        except (ValueError, OverflowError):
            raise Wrong(Fault.BAD_TIME) from None
        if written is None or not EARLIEST < at < LATEST:
            raise Wrong(Fault.BAD_TIME)
        return Moment(at, written)

    @property
    def schema(self) -> Schema:
        """An RFC 3339 date-time."""
        return {"type": "string", "format": "date-time"}


def _written(parts: re.Match[str]) -> datetime:
    """The parts of a time put together; ValueError where they are none."""
    day, clock, fraction, _zulu, sign, hours, minutes = parts.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if int(hours or 0) > 23 or int(minutes or 0) > 59:
        raise ValueError("an offset is less than a day")
    wall = datetime.combine(datetime.fromisoformat(day).date(), time.fromisoformat(clock))
    # What is finer than a microsecond stays visible as one, so that it is not taken for a whole minute.
    fine = int((fraction or "0")[:6].ljust(6, "0")) or int(bool((fraction or "").strip("0")))
    return wall.replace(microsecond=fine, tzinfo=timezone(-offset if sign == "-" else offset))
