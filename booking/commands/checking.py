"""The operator's audit: `flask --app wsgi check`."""

from __future__ import annotations

import sys

import click

from booking.actions import operating
from booking.commands.schema import on_this_schema
from booking.web.clock import now


@click.command("check")
@on_this_schema
def check() -> None:
    """Audit every stored claim: name each pair that breaks the rule, and what holds not what it should."""
    sys.exit(1 if say_audit() else 0)


def say_audit() -> int:
    """Say what stands in each premises; how many pairs break the rule and bookings hold not what they should."""
    wrong = 0
    for audit in operating.audit(now()):
        wrong += len(audit.broken) + len(audit.misfits)
        click.echo(f"{audit.premises}: {audit.claims} claims, {len(audit.broken)} pairs that break the rule")
        for one, other in audit.broken:
            click.echo(
                f"  {one.space}: booking {one.occurrence} {one.span.start} and booking {other.occurrence}"
            )
        for each in audit.misfits:
            click.echo(f"  booking {each} does not hold what it should: have it moved, or booked anew")
    return wrong
