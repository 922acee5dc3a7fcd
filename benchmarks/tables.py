"""The tables that are printed, as Markdown. Imports the neighbours."""

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, zip_longest
from pathlib import Path
from statistics import median

from benchmarks.figures import Races
from benchmarks.rounds import HELLO, RADICALE, Figure

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
GROWTH = 1.2
LONGEST_SECONDS = 1.0
MEMORY_MIB = 200.0
GIB = 1024**3
MIB = 1024**2


@dataclass(frozen=True)
class Counted:
    """What one installation takes: bytes on disk, memory of its workers in MiB, SQL statements by page."""

    size: int
    memory: float
    statements: Mapping[str, int]


@dataclass(frozen=True)
class Results:
    """All that was measured on one kind of database; sizes from the smallest."""

    database: str
    sizes: Sequence[int]
    figures: Sequence[Figure]
    races: Races
    commits: Sequence[float]
    counted: Mapping[int, Counted]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first column is words and whose others are figures."""
    rule = ["---", *("--:" for _ in heads[1:])]
    return "\n".join("| " + " | ".join(each) + " |" for each in (heads, rule, *rows))


def padded(text: str) -> str:
    """The same text, its tables in even columns for a terminal."""
    found: list[str] = []
    for is_table, group in groupby(text.split("\n"), lambda line: line.startswith("|")):
        lines = list(group)
        found += _even([line[2:-2].split(" | ") for line in lines]) if is_table else lines
    return "\n".join(found)


def _even(rows: Sequence[Sequence[str]]) -> list[str]:
    plain = [row for row in rows if set(row[0]) != {"-"}]
    widths = [max(map(len, column)) for column in zip_longest(*plain, fillvalue="")]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) for row in plain]


def report(results: Results) -> str:
    """The tables of one kind of database."""
    parts = [f"### On {NAMES[results.database]}", _speeds(results), _limits(results), _contents(results)]
    return "\n\n".join(parts)


def machine() -> str:
    """What it was measured on, in one sentence."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    load = os.getloadavg()[0]
    return (
        f"{date.today().isoformat()}: {os.cpu_count()} cores ({model}), {pages / GIB:.0f} GiB of memory, "  # noqa: DTZ011
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}; "
        f"load {load:.1f} before it began."
    )


# --- speeds -----------------------------------------------------------------------------------


def _speeds(results: Results) -> str:
    heads = ["", "hello", *(f"{size:,}" for size in results.sizes), "to hello", "aim"]
    rows = [_speed(each, results.sizes) for each in results.figures]
    if len(results.sizes) == 1:
        return table(heads, rows)
    grown = [_growth(each, results.sizes) for each in results.figures]
    return table([*heads, "growth"], [[*row, growth] for row, growth in zip(rows, grown, strict=True)])


def _speed(figure: Figure, sizes: Sequence[int]) -> list[str]:
    last = str(sizes[-1])
    ratio = figure.ratio(last, HELLO)
    return [
        figure.name,
        _cell(figure, HELLO),
        *(_cell(figure, str(size)) for size in sizes),
        "" if ratio is None else f"{ratio:.{2 if ratio >= 0.1 else 3}f}",
        _aim(figure, last, ratio),
    ]


def _growth(figure: Figure, sizes: Sequence[int]) -> str:
    found = figure.ratio(str(sizes[0]), str(sizes[-1]))
    assert found is not None
    return f"{found:.2f}" if found <= GROWTH else f"{found:.2f} (!)"


def _cell(figure: Figure, lane: str) -> str:
    found = figure.of(lane)
    if not found:
        return ""
    unit = "/s" if figure.rate else " ms"
    least, most = (_number(each) for each in (min(found), max(found)))
    return f"{_number(median(found))}{unit} ({least}–{most})"


def _aim(figure: Figure, last: str, ratio: float | None) -> str:
    if figure.to_hello is not None and ratio is not None:
        return f"{figure.to_hello:.2f}, {_met(ratio >= figure.to_hello)}"
    if figure.at_most is not None:
        return f"{figure.at_most:,.0f} ms, {_met(median(figure.of(last)) <= figure.at_most)}"
    return ""


def _met(is_met: bool) -> str:
    return "met" if is_met else "missed"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


# --- limits and contents ----------------------------------------------------------------------


def _limits(results: Results) -> str:
    races, last = results.races, str(results.sizes[-1])
    rows = [
        [
            "one row inserted and committed, one client",
            f"{_number(median(results.commits))}/s ({_number(min(results.commits))}–{_number(max(results.commits))})",
            "",
        ],
        [
            f"{races.run} races of eight for one desk: with exactly one winner",
            f"{races.fair}",
            f"{races.run}, {_met(races.fair == races.run)}",
        ],
        [
            "the longest answer in them (the median)",
            f"{races.longest * 1000:.0f} ms ({races.middle * 1000:.0f} ms)",
            f"{LONGEST_SECONDS * 1000:,.0f} ms, {_met(races.longest <= LONGEST_SECONDS)}",
        ],
    ]
    for each in results.figures:
        found = each.ratio(last, RADICALE)
        if found is not None:
            aim = f"{each.to_radicale:.0f}, {_met(found >= each.to_radicale)}" if each.to_radicale else ""
            rows.append(
                [
                    f"Radicale, {each.name.rpartition(',')[0]}",
                    f"{_cell(each, RADICALE)}; we: {_number(found)} times as many",
                    aim,
                ]
            )
    return table(["beside it", "", "aim"], rows)


def _contents(results: Results) -> str:
    heads = ["with so many bookings", *(f"{size:,}" for size in results.sizes), "aim"]
    found = [results.counted[size] for size in results.sizes]
    memory = max(each.memory for each in found)
    rows = [
        ["the database on disk, MiB", *(f"{each.size / MIB:,.0f}" for each in found), ""],
        [
            "two workers, MiB (PSS)",
            *(f"{each.memory:.0f}" for each in found),
            f"{MEMORY_MIB:.0f}, {_met(memory <= MEMORY_MIB)}",
        ],
    ]
    for name in found[0].statements:
        rows.append([f"SQL statements: {name}", *(str(each.statements[name]) for each in found), ""])
    return table(heads, rows)
