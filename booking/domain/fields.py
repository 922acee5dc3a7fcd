"""The fields of a premises file read one by one: what is missing or of the wrong kind is named where it stands.

Standard library only, and the vocabulary of the premises. `booking.domain.definition` puts them together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from booking.domain.premises import Hours, OpenHours

Table = Mapping[str, Any]
Value = TypeVar("Value")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class DefinitionError(ValueError):
    """The definition cannot be used; the message says where and why."""


def where(table: Table) -> str:
    """The table's key, to say where a fault stands."""
    return str(table.get("key", "the file"))


def table_of(value: object, place: str) -> Table:
    """A table of the file; DefinitionError when there is something else."""
    if not isinstance(value, Mapping):
        raise DefinitionError(f"{place}: must be a table")
    return value


def each_of(content: Table, field: str, read: Callable[[Table], Value]) -> tuple[Value, ...]:
    """Every table of a list of them, read."""
    tables = content.get(field, [])
    if not isinstance(tables, list):
        raise DefinitionError(f"{field}: must be a list of tables")
    return tuple(read(table_of(table, field)) for table in tables)


def text(table: Table, field: str) -> str:
    """A text that is not blank."""
    value = table.get(field)
    if not isinstance(value, str) or not value.strip():
        raise DefinitionError(f"{where(table)}: '{field}' is missing")
    return value


def texts(table: Table, field: str) -> tuple[str, ...]:
    """A list of texts; none when the field is left out."""
    value = table.get(field, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise DefinitionError(f"{where(table)}: '{field}' must be a list of keys")
    return tuple(value)


def key(table: Table) -> str:
    """The table's own key, as it stands in addresses and claims."""
    value = text(table, "key")
    if (
        not all(each.isascii() and (each.isalnum() or each == "-") for each in value)
        or value != value.lower()
    ):
        raise DefinitionError(f"{value}: a key has small letters a-z, digits and hyphens only")
    return value


def whole(
    table: Table, field: str, otherwise: int, least: int = 0, most: int = 2**31, at: str | None = None
) -> int:
    """A whole number between two bounds, or the given one when the field is left out."""
    value = table.get(field, otherwise)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        bounds = f" between {least} and {most}" if most < 2**31 else f" of at least {least}"
        raise DefinitionError(f"{at or where(table)}: '{field}' must be a whole number{bounds}")
    return value


def numbers(value: object, count: int, at: str) -> tuple[float, ...]:
    """So many numbers, none below nothing."""
    found = value if isinstance(value, list) else []
    fine = [each for each in found if isinstance(each, int | float) and not isinstance(each, bool)]
    if len(found) != count or len(fine) != count or not all(0 <= each <= 10**6 for each in fine):
        raise DefinitionError(f"{at}: write a list of {count} numbers, none below 0")
    return tuple(float(each) for each in fine)


def yes(table: Table, field: str) -> bool:
    """Yes or no; no when the field is left out."""
    value = table.get(field, False)
    if not isinstance(value, bool):
        raise DefinitionError(f"{where(table)}: '{field}' must be true or false")
    return value


def day(table: Table, field: str) -> date | None:
    """A local day, as TOML has it or as ISO 8601 writes it; None when the field is left out."""
    value = table.get(field)
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise DefinitionError(f"{where(table)}: '{field}' must be a day like 2027-01-31") from error


def member(
    kind: Callable[[str], Value],
    table: Table,
    field: str,
    otherwise: str | None = None,
    at: str | None = None,
) -> Value:
    """One of a closed list of words."""
    try:
        return kind(table.get(field, otherwise))
    except ValueError as error:
        raise DefinitionError(f"{at or where(table)}: '{field}' is missing or unknown") from error


def unique(what: str, keys: Iterable[str]) -> None:
    """DefinitionError when a key stands twice."""
    seen: set[str] = set()
    for each in keys:
        if each in seen:
            raise DefinitionError(f"{what}: {each} stands twice")
        seen.add(each)


def time_zone(content: Table) -> ZoneInfo:
    """The premises' time zone, by its IANA name."""
    name = text(content, "time_zone")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise DefinitionError(f"time_zone: {name} is not a known time zone") from error


def hours(value: object, place: str) -> Hours:
    """Hours by weekday and on named days; a day left out is closed. A named day may give a reason beside its hours."""
    table = table_of(value, place)
    week = tuple(_open_hours(table.get(day), f"{place}.{day}") for day in WEEKDAYS)
    named, reasons = {}, {}
    for name, written in table.items():
        if name not in WEEKDAYS:
            day = _day(name, place)
            own = written if isinstance(written, Mapping) else {"hours": written}
            named[day] = _open_hours(own.get("hours"), f"{place}.{name}")
            if own.get("reason"):
                reasons[day] = text({"key": f"{place}.{name}", **own}, "reason")
    return Hours(week, MappingProxyType(named), MappingProxyType(reasons))


def _day(name: str, place: str) -> date:
    try:
        return date.fromisoformat(name)
    except ValueError as error:
        raise DefinitionError(f"{place}: {name} is neither a weekday nor a date") from error


def _open_hours(value: object, place: str) -> OpenHours | None:
    if value in (None, "closed"):
        return None
    try:
        start, end = (_clock(part) for part in str(value).replace("24:00", "00:00").split("-"))
    except ValueError as error:
        raise DefinitionError(f"{place}: write hours as '07:00-21:00' or 'closed'") from error
    if end != time() and end <= start:
        raise DefinitionError(f"{place}: it closes before it opens")
    return start, end


def _clock(written: str) -> time:
    clock = time.fromisoformat(written)
    if clock.tzinfo is not None or clock.second or clock.microsecond:
        raise ValueError(written)
    return clock
