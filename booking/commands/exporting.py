"""The operator's command for carrying everything elsewhere: `flask --app wsgi export FOLDER`."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

import click

from booking.actions import looking
from booking.commands.schema import on_this_schema
from booking.storage import exporting
from booking.storage.exporting import Row
from booking.web import calendars
from booking.web.clock import now

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@on_this_schema
def export(folder: Path) -> None:
    """Write everything into a new folder: a file of JSON lines for each table, a calendar for each premises.

    What is sealed stays sealed. In the calendars what is confidential is taken time.
    """
    if folder.exists():
        raise click.ClickException(f"{folder} is there already: nothing is written over.")
    unfinished = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.part")
    try:
        unfinished.mkdir(mode=PRIVATE_FOLDER)
        for name, rows in exporting.rows_by_table():
            click.echo(f"{_write_lines(unfinished / f'{name}.jsonl', rows):>8}  {name}.jsonl")
        for look in looking.whole_houses(now()):
            name = f"{look.place.premises.key}.ics"
            _write(unfinished / name, [calendars.of_a_house(look)])
            click.echo(f"{len(look.board.entries):>8}  {name}")
        unfinished.rename(folder)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}.") from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _write_lines(path: Path, rows: Iterable[Row]) -> int:
    return _write(path, (json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows))


def _write(path: Path, parts: Iterable[bytes]) -> int:
    """Write a private file; of how many parts."""
    many = 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "wb") as file:
        for many, part in enumerate(parts, start=1):  # noqa: B007  (the last number is how many)
            file.write(part)
    return many
