"""The follow-up report of a quarter. Imports the actions and Flask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from werkzeug.wrappers import Response

from booking.actions import looking, reporting
from booking.actions.reporting import FollowUp
from booking.domain.claims import WallPosition
from booking.domain.facts import Who
from booking.domain.heat import Heat
from booking.domain.premises import Category
from booking.domain.quarters import Quarter, read_quarter, running
from booking.domain.reporting import Line
from booking.domain.suppression import NONE, Told
from booking.web.api import reading, views
from booking.web.api.boards import WHICH
from booking.web.api.faults import Fault, Wrong, wrong
from booking.web.api.kinds import Kind, Schema
from booking.web.api.operations import Answer, answered, operation
from booking.web.api.problems import here
from booking.web.api.reading import Field
from booking.web.clock import now
from booking.web.report_sheets import share
from booking.web.viewer import current_viewer

COUNT: Schema = {"type": "integer", "minimum": 0}
WITHHELD = "null: withheld, for there were fewer than five or a sum would tell"
TIMES: Schema = {**views.or_null(COUNT), "description": f"how many times; {WITHHELD}"}
MINUTES: Schema = {**views.or_null(COUNT), "description": f"for how many minutes; {WITHHELD}"}
WHOLE: Schema = {**COUNT, "description": "minutes"}
SHARE: Schema = {**views.or_null(COUNT), "description": f"per cent of the open minutes; {WITHHELD}"}
ORGANISATION: Schema = {
    **views.or_null(views.TEXT),
    "description": "the key of the organisation; null: guests, counted together",
}


class AnswerGiven(StrEnum):
    """How something that had to be approved was answered."""

    APPROVE = "approve"
    DECLINE = "decline"
    LAPSE = "lapse"


@dataclass(frozen=True)
class QuarterKind(Kind):
    """A quarter of a year."""

    def read(self, value: Any) -> Quarter:
        """The quarter; Wrong if it is none."""
        if not isinstance(value, str):
            raise Wrong(Fault.WRONG_TYPE, "a string")
        found = read_quarter(value)
        if found is None:
            raise Wrong(Fault.BAD_QUARTER)
        return found

    @property
    def schema(self) -> Schema:
        """A year, and Q with a number from 1 to 4; K is as good as Q."""
        return {"type": "string", "pattern": "^2[0-9]{3}-[KQ][1-4]$"}


def _amounts(**more: Schema) -> Schema:
    return views.exactly(**more, times=TIMES, minutes=MINUTES)


LINE = {"used_open_minutes": MINUTES, "open_minutes": WHOLE, "share": SHARE}
REPORT = views.exactly(
    premises=views.PREMISES,
    quarter={**views.TEXT, "description": "as 2026-Q4"},
    ended={**views.FLAG, "description": "whether it has ended; else it is counted up to today"},
    starts={**views.TIME, "description": "from when it is counted"},
    ends={**views.TIME, "description": "until when: the end of a local day"},
    whole={**_amounts(**LINE), "description": "all places; open minutes in which any of them was booked"},
    places={
        **views.several(_amounts(resource=views.RESOURCE, blocked_minutes=WHOLE, **LINE)),
        "description": "by the place that was booked",
    },
    hours={
        **views.several(
            views.exactly(
                resource={**views.or_null(views.TEXT), "description": "its key; null: any place"},
                shares={
                    **views.or_null(
                        views.several(
                            views.exactly(
                                weekday={**COUNT, "description": "from Monday, which is 0"},
                                hour={**COUNT, "description": "the hour that begins, by the wall clock"},
                                share={**SHARE, "description": f"per cent of that hour; {WITHHELD}"},
                            )
                        )
                    ),
                    "description": WITHHELD,
                },
            )
        ),
        "description": "how much of each hour of the week was booked",
    },
    categories={
        **views.several(_amounts(category=views.one_of(Category))),
        "description": "by category of organisation",
    },
    organisations={
        **views.several(_amounts(organisation=ORGANISATION, category=views.one_of(Category))),
        "description": "within each category",
    },
    walls={
        **views.several(
            _amounts(
                partition={**views.TEXT, "description": "the key of the wall"},
                state=views.one_of(WallPosition),
            )
        ),
        "description": "how bookings of rooms needed the walls to stand",
    },
    gave_way={
        **views.several(views.exactly(organisation=ORGANISATION, to=ORGANISATION, times=TIMES)),
        "description": "who gave way to whom, for causes that everybody may know",
    },
    missed={
        **views.several(views.exactly(organisation=ORGANISATION, times=TIMES)),
        "description": "bookings that nobody came to",
    },
    approvals={
        **views.several(views.exactly(answer=views.one_of(AnswerGiven), times=TIMES)),
        "description": "how what had to be approved was answered, by the day of the answer",
    },
    refused={
        **views.several(
            views.exactly(reason={**views.TEXT, "description": "the rule, as a 422 names it"}, times=TIMES)
        ),
        "description": "ordinary bookings that a rule refused: each rule once a day for an organisation",
    },
    confidential={
        **views.or_null(views.exactly(bookings=COUNT, hours=COUNT)),
        "description": "the whole quarter's, in whole hours, once it has ended; null: not yet, or withheld",
    },
)
REPORT_QUERY = (Field("quarter", QuarterKind(), "such as 2026-Q4; left out, the running one"),)


@operation(
    "GET",
    "/premises/<premises>/report",
    summary="The follow-up report of a quarter",
    about="The same figures for every reader, of the local days of the quarter that have ended. Confidential "
    "bookings, and what they met, are in none of them but the last. Not for guests.",
    path=WHICH,
    query=REPORT_QUERY,
    answers={200: Answer("The figures.", views.named("Report"))},
    problems=(403, 404),
)
def report(premises: str) -> Response:
    """A quarter in figures."""
    viewer, moment = current_viewer(), now()
    place = here(looking.place_for(viewer, premises))
    present = running(moment, place.premises.zone)
    quarter = reading.query(REPORT_QUERY)["quarter"] or present
    if quarter > present:
        raise wrong("quarter", Fault.BAD_QUARTER)
    return answered(_report(reporting.follow_up(viewer, place, quarter, moment)))


def _report(found: FollowUp) -> views.Json:
    made, kept = found.report, found.report.confidential
    return {
        "premises": found.place.premises.key,
        "quarter": f"{made.quarter.year}-Q{made.quarter.number}",
        "ended": made.ended,
        **views.between(made.counted, found.place.premises.zone),
        "whole": _line(made.whole),
        "places": [
            {"resource": key, **_line(line), "blocked_minutes": line.blocked}
            for key, line in made.places.items()
        ],
        "hours": [_hours(None, made.whole_heat), *(_hours(*each) for each in made.heats.items())],
        "categories": [
            {"category": each.value, **_amount(made.categories.groups.get(each, NONE))} for each in Category
        ],
        "organisations": [
            {"organisation": _key(found, who), "category": category.value, **_amount(amount)}
            for (category, who), amount in made.organisations.items()
        ],
        "walls": [
            {"partition": wall, "state": position.value, **_amount(amount)}
            for (wall, position), amount in made.walls.items()
        ],
        "gave_way": [
            {"organisation": _key(found, who), "to": _key(found, to), "times": _amount(amount)["times"]}
            for (who, to), amount in made.gave_way.groups.items()
        ],
        "missed": [
            {"organisation": _key(found, who), "times": _amount(amount)["times"]}
            for who, amount in made.missed.groups.items()
        ],
        "approvals": [
            {"answer": AnswerGiven(how.partition(":")[2]).value, "times": _amount(amount)["times"]}
            for how, amount in made.answered.groups.items()
        ],
        "refused": [
            {"reason": reason, "times": _amount(amount)["times"]}
            for reason, amount in made.declined.groups.items()
        ],
        "confidential": None if kept is None else {"bookings": kept.bookings, "hours": kept.hours},
    }


def _amount(amount: Told) -> views.Json:
    if amount is None:
        return {"times": None, "minutes": None}
    return {"times": amount.times, "minutes": amount.minutes}


def _line(line: Line) -> views.Json:
    used = None if line.amount is None else line.used_open
    return {
        **_amount(line.amount),
        "used_open_minutes": used,
        "open_minutes": line.open,
        "share": share(line),
    }


def _hours(resource: str | None, heat: Heat | None) -> views.Json:
    return {"resource": resource, "shares": None if heat is None else list(_shares(heat))}


def _shares(heat: Heat) -> Iterable[views.Json]:
    for (weekday, hour), part in heat.cells.items():
        yield {"weekday": weekday, "hour": hour, "share": part}


def _key(found: FollowUp, who: Who) -> str | None:
    return None if who is None else found.organisations[who].key
