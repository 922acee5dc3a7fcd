"""docs/operation.md tells of every setting, every command and every address for machines, and of none that is not."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from booking.cli import COMMANDS, init
from booking.config import SETTINGS
from booking.domain.refusals import Reason
from booking.web import sentences
from booking.web.api import faults
from booking.web.api.faults import Fault
from tests.support.house import House
from tests.support.pages import NO_PAGES

ROOT = Path(__file__).parents[2]
READ = ("booking/config.py", "gunicorn.conf.py")


def section(name: str) -> str:
    document = (ROOT / "docs" / "operation.md").read_text("utf-8")
    found = re.search(rf"^## {name}$(.*?)(?=^## |\Z)", document, re.M | re.S)
    assert found, name
    return found[1]


def rows(name: str) -> list[str]:
    """The rows of a section's table, its head left out."""
    return [line for line in section(name).splitlines() if line.startswith("| `")]


def commands(command: click.Command, path: str) -> Iterator[str]:
    """Each command as the document tells it: how it is typed, and the first sentence of its help."""
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from commands(each, f"{path} {name}")
        return
    arguments = [each.human_readable_name for each in command.params if isinstance(each, click.Argument)]
    yield f"| `{' '.join([path, *arguments])}` | {(command.help or '').splitlines()[0]} |"


def test_every_setting_stands_once_with_its_default_and_its_sentence() -> None:
    assert rows("Settings") == [f"| `{name}` | {left} | {said} |" for name, (left, said) in SETTINGS.items()]


def test_every_setting_that_is_read_is_one_of_them() -> None:
    read = {name for file in READ for name in re.findall(r"SAMLOKAL_\w+", (ROOT / file).read_text("utf-8"))}
    assert read == set(SETTINGS)


def test_every_command_stands_once_with_what_it_does() -> None:
    there = [line for each in (init, *COMMANDS) for line in commands(each, each.name or "")]
    assert sorted(rows("Commands")) == sorted(there)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_every_address_for_machines_is_told(house: House) -> None:
    told = section("Watching it")
    for rule in house.app.url_map.iter_rules():
        if NO_PAGES.get(rule.endpoint) == "for machines":
            assert f"`{rule.rule}`" in told


def test_every_refusal_has_a_sentence() -> None:
    assert set(sentences.SENTENCES) == set(Reason)
    assert set(faults.SENTENCES) == set(Fault)


def test_every_file_that_is_named_is_there() -> None:
    document = (ROOT / "docs" / "operation.md").read_text("utf-8")
    named = re.findall(r"(?:/opt/samlokal/|`)((?:deploy|booking|docs)/[\w./-]+\w)", document)
    assert len(named) > 5
    assert [each for each in named if not (ROOT / each).exists()] == []
