"""A picture of the floors, drawn from the imports: `python -m tests.support.architecture` writes it for the documents.

The test of the floors reads imports by the same functions, and another says so when the picture has grown old.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path, PurePosixPath
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "architecture.svg"
FLOORS = {
    "web": "addresses, forms, pages, JSON, calendar text",
    "actions": "one function for each thing a person can do",
    "storage": "tables, queries, the transaction, sealed records",
    "domain": "the rules of the house, standard library only",
}
LOADERS = {"__import__", "import_module"}
COLUMNS, COLUMN, LINE, HEAD, GAP, MARGIN = 7, 138, 17, 44, 46, 16
WIDTH = MARGIN * 2 + COLUMNS * COLUMN


class Import(NamedTuple):
    """One imported module by its full dotted name, and where: the line, and whether inside a function."""

    name: str
    line: int
    hidden: bool


def imports(source: str, path: PurePosixPath) -> Iterator[Import]:
    """Every import in a module at `path` (from the root of the tree), relative ones made absolute."""
    yield from _imports(ast.parse(source), path.parts[:-1], hidden=False)


def _imports(node: ast.AST, package: tuple[str, ...], hidden: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        inside = hidden or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, child.lineno, inside) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            base = _base(child, package)
            yield from (Import(f"{base}.{alias.name}", child.lineno, inside) for alias in child.names)
        elif isinstance(child, ast.Call) and _called(child.func) in LOADERS:
            yield Import(ast.unparse(child), child.lineno, hidden=True)
        yield from _imports(child, package, inside)


def _base(node: ast.ImportFrom, package: tuple[str, ...]) -> str:
    if not node.level:
        return node.module or ""
    above = package[: len(package) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def _called(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


# --- the picture ------------------------------------------------------------------------------


def modules(floor: str) -> list[str]:
    """The modules of a floor by name, those in folders of their own by the folder's."""
    found = (ROOT / "booking" / floor).iterdir()
    return sorted(
        each.stem for each in found if each.stem[0] != "_" and (each.suffix == ".py" or each.is_dir())
    )


def between() -> Counter[tuple[str, str]]:
    """How many modules of one floor import something of another."""
    found: Counter[tuple[str, str]] = Counter()
    for floor in FLOORS:
        for path in (ROOT / "booking" / floor).rglob("*.py"):
            relative = PurePosixPath(path.relative_to(ROOT))
            used = {each.name for each in imports(path.read_text(encoding="utf-8"), relative)}
            found.update(
                (floor, other)
                for other in FLOORS
                if other != floor and any(name.startswith(f"booking.{other}") for name in used)
            )
    return found


def drawing() -> str:
    """The floors as SVG, one above the other, with how many modules lean on each one below."""
    counts, y, parts = between(), MARGIN, []
    for floor, about in FLOORS.items():
        names = modules(floor)
        rows = -(-len(names) // COLUMNS)
        height = HEAD + rows * LINE + 10
        parts.append(_band(floor, about, names, rows, y, height))
        leaning = [f"{counts[floor, other]} on {other}" for other in FLOORS if counts[floor, other]]
        y += height
        if leaning:
            parts.append(_arrow(y, f"modules that lean on a floor below: {', '.join(leaning)}"))
            y += GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + MARGIN}" role="img" '
        f'aria-label="Four floors: {", ".join(FLOORS)}; imports point down only">\n'
        "<style>text{font:12px system-ui,sans-serif;fill:#14191d}.h{font-size:16px;font-weight:700}"
        ".s{fill:#414a51}rect{fill:#f1f2ee;stroke:#00655d;rx:8}path{fill:none;stroke:#00655d;stroke-width:2}"
        "@media(prefers-color-scheme:dark){text{fill:#eef1ee}.s{fill:#c3cace}rect{fill:#171c20;stroke:#63d2c4}"
        "path{stroke:#63d2c4}}</style>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def _band(floor: str, about: str, names: list[str], rows: int, y: int, height: int) -> str:
    words = [
        f'<rect x="{MARGIN}" y="{y}" width="{WIDTH - 2 * MARGIN}" height="{height}"/>',
        f'<text class="h" x="{MARGIN + 12}" y="{y + 24}">{floor}</text>',
        f'<text class="s" x="{MARGIN + 92}" y="{y + 24}">{escape(about)}</text>',
    ]
    for number, name in enumerate(names):
        column, row = divmod(number, rows)
        words.append(
            f'<text x="{MARGIN + 12 + column * COLUMN}" y="{y + HEAD + row * LINE + 6}">{escape(name)}</text>'
        )
    return "\n".join(words)


def _arrow(y: int, said: str) -> str:
    x = MARGIN + 24
    return (
        f'<path d="M{x} {y + 6}V{y + GAP - 8}m-6 -7l6 7l6 -7"/>\n'
        f'<text class="s" x="{x + 18}" y="{y + GAP // 2 + 4}">{escape(said)}</text>'
    )


if __name__ == "__main__":
    PICTURE.write_text(drawing(), encoding="utf-8")
