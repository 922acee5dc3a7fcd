"""The follow-up report: a quarter of a premises in figures, as a page and as files. Imports the actions.

It is the same for everybody who may read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from booking.actions import looking, reporting
from booking.actions.errors import NotFound
from booking.actions.reporting import FollowUp
from booking.domain.heat import step
from booking.domain.permissions import Deed
from booking.domain.quarters import Quarter, read_quarter, running
from booking.domain.reporting import Report
from booking.domain.spans import day_of
from booking.web import report_sheets
from booking.web.clock import now
from booking.web.coordination import named, where
from booking.web.language import language
from booking.web.report_table import Cell, Unit, as_csv, written
from booking.web.viewer import current_viewer
from booking.web.wording import plain_day

pages = Blueprint("report", __name__)
OFFERED = 8


@dataclass(frozen=True)
class Choice:
    """Something to choose: its word in addresses, what it is called, and whether it is shown now."""

    key: str
    name: str
    chosen: bool


@dataclass(frozen=True)
class Headline:
    """One of the figures at the top: now, and the quarter before."""

    name: str
    value: str
    before: str


@pages.get("/uppfoljning")
def page() -> str:
    """The figures of a quarter; the running one where none is named."""
    found, moment = _asked(), now()
    zone, quarter = found.place.premises.zone, found.report.quarter
    place = request.args.get("plats", "")
    place = place if place in found.place.premises.by_key else ""
    return render_template(
        "report/report.html",
        place=found.place,
        report=found.report,
        quarter=quarter,
        written=quarter_key(quarter),
        months=_months(quarter),
        until=_until(found.report, zone),
        premises_to_choose=_premises(found),
        quarters=_quarters(quarter, moment, zone),
        headlines=_headlines(found.report, found.before),
        tables=report_sheets.sheets(found),
        week=report_sheets.week(found, place),
        places=_places(found, place),
        shown=place,
        cell=written,
        step=step,
        units=Unit,
        today=format_date(day_of(moment, zone), "d MMMM y", locale=language()),
    )


@pages.get("/uppfoljning.csv")
def file() -> Response:
    """One table of a quarter as a file that Excel opens in Swedish; NotFound where there is no such table."""
    found = _asked()
    key, place = request.args.get("tabell", "platser"), request.args.get("plats", "")
    if place and place not in found.place.premises.by_key:
        raise NotFound
    tables = {each.key: each for each in report_sheets.sheets(found)}
    sheet = report_sheets.week(found, place) if key == "veckan" else tables.get(key)
    if sheet is None:
        raise NotFound
    name = f"{found.place.premises.key}-{quarter_key(found.report.quarter)}-{key}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_csv(sheet), content_type="text/csv; charset=utf-8", headers=headers)


def _asked() -> FollowUp:
    viewer, place = where(Deed.REPORT_READ, named())
    present = running(now(), place.premises.zone)
    asked = read_quarter(request.args.get("kvartal", "")) or present
    return reporting.follow_up(viewer, place, min(asked, present), now())


# --- in words ---------------------------------------------------------------------------------


def quarter_key(quarter: Quarter) -> str:
    """A quarter as addresses and files have it."""
    return f"{quarter.year}-K{quarter.number}"


def _months(quarter: Quarter) -> str:
    """Oktober–december 2026."""
    last = quarter.after.first - timedelta(days=1)
    first, third = (format_date(day, "MMMM", locale=language()) for day in (quarter.first, last))
    return f"{first[:1].upper()}{first[1:]}–{third} {quarter.year}"


def _until(report: Report, zone: ZoneInfo) -> str:
    """The last day counted of a quarter that is on; nothing of one that has ended."""
    if report.ended:
        return ""
    if report.counted.start == report.counted.end:
        return _("so far: no day of it has ended")
    last = plain_day(day_of(report.counted.end - timedelta(minutes=1), zone))
    return _("so far: up to and including %(day)s", day=last)


def _quarters(shown: Quarter, moment: datetime, zone: ZoneInfo) -> list[Choice]:
    """The running quarter and those before it, and the one shown wherever it is."""
    found = [running(moment, zone)]
    while len(found) < OFFERED:
        found.append(found[-1].before)
    return [
        Choice(
            quarter_key(each),
            f"{_months(each)} ({_('so far')})" if each == found[0] else _months(each),
            each == shown,
        )
        for each in sorted({*found, shown}, reverse=True)
    ]


def _premises(found: FollowUp) -> list[Choice]:
    """The premises the reader may use, where there are several."""
    shown = found.place.premises.key
    some = [each.premises for each in looking.premises_for(current_viewer())]
    return [Choice(each.key, each.name, each.key == shown) for each in some] if len(some) > 1 else []


def _places(found: FollowUp, shown: str) -> list[Choice]:
    names = {key: found.place.premises.named(key)[language()] for key in found.report.heats}
    return [Choice(key, name, key == shown) for key, name in {"": _("All places"), **names}.items()]


def _headlines(report: Report, before: Report) -> list[Headline]:
    share, minutes, times = report_sheets.share, report_sheets.minutes, report_sheets.times
    here, there = report.whole, before.whole
    rows: tuple[tuple[str, Unit, tuple[Cell, Cell]], ...] = (
        (_("Booked hours"), Unit.HOURS, (minutes(here.amount), minutes(there.amount))),
        (_("Of the open hours something was booked"), Unit.SHARE, (share(here), share(there))),
        (_("Booked times"), Unit.TIMES, (times(here.amount), times(there.amount))),
    )
    return [Headline(name, written(this, unit), written(last, unit)) for name, unit, (this, last) in rows]
