"""The operator's command for what people used before: `flask --app wsgi import FILE --premises KEY …`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from flask_babel import force_locale

from booking.actions import importing
from booking.actions.errors import NotFound
from booking.actions.importing import Brought, Outcome, Passed, Unreadable
from booking.commands.schema import on_this_schema
from booking.domain.people import Viewer
from booking.domain.permissions import Forbidden
from booking.domain.premises import Premises
from booking.domain.spans import Span
from booking.storage import places
from booking.web import reading
from booking.web.clock import now
from booking.web.sentences import sentence

PASSED: Mapping[Passed, str] = {
    Passed.FREE: "shown as free: it takes no place",
    Passed.CANCELLED: "cancelled",
    Passed.OVER: "over",
    Passed.UNREADABLE: "its times cannot be read: write 2026-12-31 and 13:00, or 2026-12-31T13:00",
    Passed.UNKNOWN_ZONE: "its time zone is not known",
    Passed.NO_SUCH_TIME: "that time does not exist: the clock is put forward that night",
    Passed.OTHER_CLOCK: "repeats by the clock of another time zone",
    Passed.EXTRA_DAYS: "repeats on days beside its rule",
    Passed.FOLLOWING: "changes all that follow in a series",
    Passed.NO_PLACE: "names no place of the premises: say which with --resource",
}


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--premises", "key", required=True, help="The key of the premises.")
@click.option("--resource", help="The key of the place, for all; else each entry names its own.")
@click.option("--organisation", required=True, help="The key of the organisation whose bookings they become.")
@click.option("--as", "email", help="In whose name; the organisation's only administrator when left out.")
@click.option("--notes", is_flag=True, help="Bring the notes over too, for all who may know the bookings.")
@click.option("--commit", is_flag=True, help="Book what fits. Without it nothing is booked.")
@on_this_schema
def import_(
    file: Path,
    key: str,
    resource: str | None,
    organisation: str,
    email: str | None,
    notes: bool,
    commit: bool,
) -> None:
    """Bring bookings over from another calendar, an iCalendar file or a table (CSV); the same again changes nothing.

    Every rule holds as if the person booked each by hand. Nobody gives way, and what is private loses its words.
    """
    place = places.find(key)
    if place is None:
        raise click.ClickException(f"There is no premises {key}.")
    try:
        found = reading.entries(file.read_bytes(), place.premises.zone)
    except Unreadable as error:
        raise click.ClickException(f"{file}: {error}") from None
    if not notes:
        found = [replace(each, note="") for each in found]
    viewer = _booker(organisation, email)
    try:
        with force_locale("en"):
            _say_all(importing.bring(viewer, key, found, now(), resource, commit), place.premises)
    except (NotFound, Forbidden):
        raise click.ClickException(f"{organisation} cannot book {resource or 'anything'} in {key}.") from None
    if not commit:
        click.echo("Nothing is booked yet: run it again with --commit to book what fits.")


def _booker(organisation: str, email: str | None) -> Viewer:
    try:
        return importing.booker(organisation, email, now())
    except NotFound:
        raise click.ClickException(
            f"Say with --as which person of {organisation} books: "
            "it is left out only where the organisation has one administrator."
        ) from None


def _say_all(found: Iterable[Brought], premises: Premises) -> None:
    """A line for each entry as it is done, and at the end how many came to what."""
    counted: Counter[Outcome] = Counter()
    for each in found:
        counted[each.outcome] += 1
        click.echo(f"{each.outcome:8} {each.entry.where}: {_said(each, premises)}")
    click.echo(", ".join(f"{each}: {counted[each]}" for each in Outcome if counted[each]) or "It is empty.")


def _said(each: Brought, premises: Premises) -> str:
    entry = each.entry
    when = _when(each.span or entry.span, premises.zone)
    title = "(private)" if entry.private else entry.title
    return "  ".join(part for part in (when, each.resource, title, _why(each, premises)) if part)


def _when(span: Span | None, zone: ZoneInfo) -> str:
    if span is None:
        return ""
    start, end = (each.astimezone(zone) for each in (span.start, span.end))
    return f"{start:%Y-%m-%d %H:%M}–" + (
        f"{end:%H:%M}" if start.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
    )


def _why(each: Brought, premises: Premises) -> str:
    if each.passed:
        return PASSED[each.passed]
    if each.outcome is Outcome.CLASHES:
        return "the place is taken"
    if each.refusals:
        return " ".join(sentence(one, premises.zone) for one in each.refusals)
    if each.entry.rule is None or not each.times:
        return ""
    return f"{each.times} times" + (f", {each.left_out} left out" if each.left_out else "")
