"""A table of the follow-up report: its cells, in the words of a page and as a file. Imports Flask-Babel."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from io import StringIO

from babel.numbers import format_decimal
from flask_babel import gettext as _

from booking.domain.people import Organisation
from booking.web.language import language

MINUTES = 60
BOM = "\ufeff"  # without it Excel takes UTF-8 for something else
FORMULA = tuple("=+-@\t\r")


class Unit(Enum):
    """What the cells of a column are. Hours are kept in minutes."""

    WORDS = auto()
    TIMES = auto()
    HOURS = auto()
    SHARE = auto()


@dataclass(frozen=True)
class Column:
    """A column: its heading, and what stands in it. `before`: the same of the quarter before."""

    name: str
    unit: Unit = Unit.WORDS
    before: bool = False


Cell = str | int | None  # None is withheld


@dataclass(frozen=True)
class Row:
    """A row: its name first. `bar` is how long its bar is, per cent; `part` of the row above it that sums it up."""

    cells: tuple[Cell, ...]
    bar: int | None = None
    organisation: Organisation | None = None
    part: bool = False


@dataclass(frozen=True)
class Figure:
    """A cell beside that of the quarter before; `compared` where there is such a one."""

    column: Column
    cell: Cell
    compared: bool
    before: Cell


@dataclass(frozen=True)
class Sheet:
    """A table by the key that addresses name it with. `lines` are its rows."""

    key: str
    title: str
    about: str
    columns: tuple[Column, ...]
    lines: tuple[Row, ...]

    def figures(self, row: Row) -> Iterator[Figure]:
        """The cells of a row after its name, each with that of the quarter before where there is one."""
        cells = list(zip(self.columns, row.cells, strict=True))[1:]
        for (column, cell), (beside, before) in zip(cells, [*cells[1:], (Column(""), None)], strict=True):
            if not column.before:
                yield Figure(column, cell, beside.before, before)


def written(cell: Cell, unit: Unit) -> str:
    """A cell as the page's language writes it."""
    if cell is None:
        return "–"
    if isinstance(cell, str) or unit is Unit.WORDS:
        return str(cell)
    if unit is Unit.HOURS:
        return f"{format_decimal(round(cell / MINUTES, 1), locale=language())} h"
    number = format_decimal(cell, locale=language())
    return f"{number} %" if unit is Unit.SHARE else number


def as_csv(sheet: Sheet) -> str:
    """A table with semicolons and decimal commas, as Excel in Swedish opens it; numbers without their units."""
    file = StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([_harmless(column.name) for column in sheet.columns])
    for row in sheet.lines:
        writer.writerow(
            [_bare(each, column.unit) for each, column in zip(row.cells, sheet.columns, strict=True)]
        )
    return BOM + file.getvalue()


def _bare(cell: Cell, unit: Unit) -> str:
    if cell is None:
        return _("not shown")
    if isinstance(cell, str):
        return _harmless(cell)
    return f"{cell / MINUTES:.2f}".replace(".", ",") if unit is Unit.HOURS else str(cell)


def _harmless(words: str) -> str:
    """Words that no spreadsheet takes for a formula."""
    return f"'{words}" if words.startswith(FORMULA) else words
