"""The floors of the house: who may import what. Reads every import under booking/, wherever it stands."""

import sys
from pathlib import PurePosixPath

import pytest

from tests.support.architecture import PICTURE, ROOT, drawing, imports

STANDARD = frozenset(sys.stdlib_module_names)

# What a floor may import beside the standard library and itself. A new line here is a decision, not a repair.
FLOORS = {
    "domain": frozenset[str](),
    "storage": frozenset(
        {"booking.domain", "sqlalchemy", "flask_sqlalchemy", "alembic", "argon2", "cryptography", "flask"}
        | {"psycopg"}
    ),
    "actions": frozenset(
        {"booking.storage", "booking.domain", "argon2", "dateutil", "holidays", "webauthn", "pyotp"}
    ),
    "web": frozenset(
        {"booking.actions", "booking.domain", "flask", "flask_login", "flask_wtf", "flask_babel", "wtforms"}
        | {"werkzeug", "jinja2", "markupsafe", "babel", "itsdangerous", "icalendar", "dateutil", "segno"}
        | {"prometheus_client"}
    ),
}


def violations(source: str, path: PurePosixPath) -> list[str]:
    """What a module at booking/... does against the floors, one sentence each."""
    found = list(imports(source, path))
    wrong = [f"{path}:{i.line} hides the import of {i.name} in a function" for i in found if i.hidden]
    floor = path.parts[1]
    if len(path.parts) == 2 or floor == "commands":  # booking/__init__.py, cli.py, … put the house together
        return wrong
    if floor not in FLOORS:
        return [f"{path} stands on no floor"]
    allowed = FLOORS[floor] | STANDARD | {f"booking.{floor}"}
    return wrong + [f"{path}:{i.line} imports {i.name}" for i in found if not _within(i.name, allowed)]


def _within(name: str, allowed: frozenset[str]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in allowed)


def _modules() -> list[PurePosixPath]:
    return sorted(PurePosixPath(p.relative_to(ROOT).as_posix()) for p in (ROOT / "booking").rglob("*.py"))


@pytest.mark.parametrize("path", _modules(), ids=str)
def test_every_module_imports_only_from_its_own_floor_and_below(path: PurePosixPath) -> None:
    assert violations((ROOT / path).read_text("utf-8"), path) == []


@pytest.mark.parametrize(
    ("floor", "line"),
    [
        ("domain", "import flask"),
        ("domain", "from booking.storage import ledger"),
        ("domain", "from booking import storage"),
        ("domain", "from ..storage import tables"),
        ("domain", "from dateutil import rrule"),
        ("storage", "from booking.actions.booking import book"),
        ("storage", "import booking.web"),
        ("actions", "from flask import g"),
        ("actions", "import flask_login"),
        ("actions", "from sqlalchemy import select"),
        ("web", "from booking.storage.tables import Booking"),
        ("web", "from .. import storage"),
        ("web", "import sqlalchemy"),
        ("cellar", "import os"),
    ],
)
def test_an_import_that_points_up_is_seen(floor: str, line: str) -> None:
    assert len(violations(line, PurePosixPath(f"booking/{floor}/planted.py"))) == 1


@pytest.mark.parametrize(
    "hiding_place",
    [
        "def late():\n    from booking.storage import ledger",
        "class Page:\n    async def late(self):\n        if self:\n            import booking.storage",
        "import importlib\nimportlib.import_module('booking.storage')",
        "ledger = __import__('booking.storage')",
    ],
)
def test_an_import_hidden_in_a_function_is_seen(hiding_place: str) -> None:
    for path in ("booking/web/planted.py", "booking/planted.py"):
        assert any("hides" in sentence for sentence in violations(hiding_place, PurePosixPath(path)))


def test_an_import_for_the_type_checker_alone_counts_too() -> None:
    planted = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from booking.storage import tables"
    assert len(violations(planted, PurePosixPath("booking/web/planted.py"))) == 1


@pytest.mark.parametrize(
    ("floor", "line"),
    [
        ("domain", "from .spans import Span"),
        ("domain", "from zoneinfo import ZoneInfo"),
        ("storage", "from sqlalchemy.orm import Mapped"),
        ("actions", "from booking.storage.database import transaction"),
        ("web", "from booking import actions"),
        ("web", "import icalendar"),
    ],
)
def test_an_import_that_points_down_is_free(floor: str, line: str) -> None:
    assert violations(line, PurePosixPath(f"booking/{floor}/planted.py")) == []


def test_the_picture_of_the_floors_is_made_from_the_code() -> None:
    assert PICTURE.read_text("utf-8") == drawing(), "make docs/architecture.svg draws it anew"
