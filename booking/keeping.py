"""The operator's commands for what is kept: `flask --app wsgi sealing …` and `flask --app wsgi retention …`."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from booking.actions import sealing as keys
from booking.storage.sealed import new_key
from booking.web.clock import now


@click.group()
def sealing() -> None:
    """The keys that what is said in confidential bookings is sealed with."""


@sealing.command("new")
def new() -> None:
    """Print a fresh key, to be put first in SAMLOKAL_SEALING_KEYS. It is stored nowhere."""
    click.echo(new_key())


@sealing.command("keys")
@with_appcontext
def count() -> None:
    """Open every sealed record: how many each key opens, and how many none does (then the status is 1)."""
    sys.exit(1 if _say_keys() else 0)


@sealing.command("rotate")
@with_appcontext
def rotate() -> None:
    """Seal everything anew under the first key. May be run while people book, and again when it was cut off."""
    click.echo(f"{keys.rotate(now())} sealed anew under the first key.")
    sys.exit(1 if _say_keys() else 0)


def _say_keys() -> int:
    """Say which keys open what; how many boxes no key opens."""
    found = keys.keys()
    for place, (mark, many) in enumerate(found.opened.items()):
        old = "opens nothing, may go" if not many else "an older key, still in use"
        click.echo(f"key {mark}: {many} ({old if place else 'the first, seals what is new'})")
    unopened = sum(found.unopened.values())
    click.echo(f"unopened: {unopened}")
    for mark, many in found.unopened.items():
        click.echo(f"  {many} under the key {mark}, which is not among the keys or does not open them")
    return unopened
