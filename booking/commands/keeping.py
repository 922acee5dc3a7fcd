"""The operator's commands for what is kept: `flask --app wsgi sealing …` and `flask --app wsgi retention …`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import click

from booking.actions import retaining
from booking.actions import sealing as keys
from booking.commands.schema import on_this_schema
from booking.domain.retention import Kind, Periods, UnfitDecision
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
@on_this_schema
def count() -> None:
    """Open every sealed record: how many each key opens, and how many none does (then the status is 1)."""
    sys.exit(1 if _say_keys() else 0)


@sealing.command("rotate")
@on_this_schema
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


# --- retention --------------------------------------------------------------------------------

DESTROYED: Mapping[Kind, str] = {
    Kind.SEALED: "sealed records of bookings that ended",
    Kind.DETAILS: "titles, notes and invitations of bookings that ended",
    Kind.MESSAGES: "notices, with their letters, that were written",
    Kind.ACCESS_LOG: "rows and reviews of the access log that were written",
    Kind.JOURNAL: "rows of the journal that were written",
    Kind.ACCOUNTS: "names and addresses of accounts that ended",
}


def _periods(required: bool) -> Callable[[Any], Any]:
    """The three options that say how long."""
    options = (
        click.option(
            "--sealed-days", type=int, required=required, help="Sealed records, after the last time."
        ),
        click.option("--details-days", type=int, required=required, help="Open words, after the last time."),
        click.option("--log-days", type=int, required=required, help="The access log and the journal."),
    )

    def add(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return add


@click.group()
def retention() -> None:
    """How long what is kept is kept. Nothing is destroyed before a decision is recorded."""


@retention.command("decide")
@click.option("--reference", required=True, help="Where the decision is found, such as its diary number.")
@_periods(required=True)
@on_this_schema
def decide(reference: str, sealed_days: int, details_days: int, log_days: int) -> None:
    """Record a decision. From then on the worker destroys by it, once a day; a newer one takes its place."""
    try:
        retaining.decide(reference, Periods(sealed_days, details_days, log_days), now())
    except UnfitDecision as unfit:
        raise click.ClickException(str(unfit)) from None
    click.echo("Recorded.")
    _say(retaining.report(now()))


@retention.command("report")
@_periods(required=False)
@on_this_schema
def report(sealed_days: int | None, details_days: int | None, log_days: int | None) -> None:
    """Say what would be destroyed now; with periods, what those would. Nothing is destroyed."""
    given = {"sealed_days": sealed_days, "details_days": details_days, "log_days": log_days}
    tried = {name: days for name, days in given.items() if days is not None}
    try:
        _say(retaining.report(now(), replace(retaining.periods(), **tried) if tried else None))
    except UnfitDecision as unfit:
        raise click.ClickException(str(unfit)) from None


def _say(found: retaining.Report) -> None:
    plan = found.plan
    if plan.decision is None:
        click.echo("No decision is recorded: nothing is destroyed.")
    else:
        click.echo(f"Decision {plan.decision.reference}, recorded {plan.decision.decided:%Y-%m-%d}.")
    days = plan.periods
    click.echo(f"By {days.sealed_days}, {days.details_days} and {days.log_days} days, this would go now:")
    for kind, many in found.counts.items():
        click.echo(f"{many:>8}  {DESTROYED[kind]} before {plan.limits[kind]:%Y-%m-%d %H:%M} UTC")
