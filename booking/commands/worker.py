"""The operator's commands for what is done by itself: `flask --app wsgi work` and `flask --app wsgi post`."""

from __future__ import annotations

import os
import signal
from threading import Event

import click

from booking.actions import operating, working
from booking.commands.schema import on_this_schema
from booking.storage.post import office
from booking.web import letters
from booking.web.clock import now

PAUSE_SECONDS = 2


@click.command("work")
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
@click.option(
    "--beside", type=int, help="End when the program with this number, that started this one, has ended."
)
@on_this_schema
def work(once: bool, beside: int | None) -> None:
    """Send what waits to be sent, and do what is to be done by itself, until told to end (SIGTERM or SIGINT).

    Several may run at once, on one machine or many.
    """
    ending = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())

    def stopping() -> bool:
        return ending.is_set() or (beside is not None and os.getppid() != beside)

    jobs = working.all_jobs(office(), letters.write, now, stopping)
    working.work(jobs, now, stopping)
    while not once and not stopping():
        ending.wait(PAUSE_SECONDS)
        working.work(jobs, now, stopping)


@click.command("post")
@on_this_schema
def post() -> None:
    """How many letters wait to be sent, and how many were given up."""
    found = operating.post(now())
    click.echo(f"waiting: {found.waiting}")
    click.echo(f"given up: {found.given_up}")
