"""The operator's command that tells what is wrong with an installation: `flask --app wsgi doctor`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import click
from flask import current_app
from flask.cli import with_appcontext

from booking.commands import examining
from booking.commands.findings import Finding, State, wrong
from booking.config import Settings
from booking.storage.database import rest
from booking.storage.post import office
from booking.web.clock import now

Check = Callable[[], Iterator[Finding]]


def _first(settings: Settings) -> dict[str, Check]:
    """What can be asked without a database."""
    return {
        "settings": lambda: examining.of_settings(settings),
        "instance": lambda: examining.of_instance(settings.instance),
        "mail": lambda: examining.of_mail(office()),
        "schema": examining.of_schema,
    }


def _then() -> dict[str, Check]:
    """What needs a database of this program's schema."""
    return {
        "database": examining.of_database,
        "keys": examining.of_keys,
        "clock": lambda: examining.of_clock(now()),
        "premises": lambda: examining.of_premises(now()),
        "worker": lambda: examining.of_worker(now()),
        "letters": examining.of_letters,
        "claims": lambda: examining.of_claims(now()),
    }


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Tell what is wrong with this installation, and what to do. Changes and sends nothing; status 1 if wrong."""
    found = list(_told(_first(current_app.extensions["samlokal.settings"])))
    if not any(each.state is State.WRONG for subject, each in found if subject == "schema"):
        found += _told(_then())
    sys.exit(1 if any(each.state is State.WRONG for _, each in found) else 0)


def _told(checks: dict[str, Check]) -> Iterator[tuple[str, Finding]]:
    for subject, check in checks.items():
        for finding in _found(check):
            click.echo(f"{finding.state:6}{subject:10}{finding.said}")
            if finding.do:
                click.echo(f"{'':16}-> {finding.do}")
            yield subject, finding


def _found(check: Check) -> Iterator[Finding]:
    """What a check finds; that it failed is told by its kind alone, for its text may hold a value."""
    try:
        yield from check()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others are asked too
        yield wrong(
            f"This could not be asked ({type(error).__name__}).", "Mend what is wrong above it first."
        )
    finally:
        rest()
