"""Whatever is sent to book: an answer, never a fault, and nothing written unless it was booked."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from booking.storage import tables
from booking.storage.database import run
from tests.cast import DESKS, GUARD, HALL, POLICE, POLICE_CIRCLE, POLICE_COLLEAGUE
from tests.support.house import House
from tests.web.api.program import Program, at, order

Of = Callable[..., Program]
WRITTEN = (
    tables.bookings,
    tables.occurrences,
    tables.claims,
    tables.sealed,
    tables.refused_dates,
    tables.displacements,
    tables.idempotency_keys,
)

anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
clocks = [at("13:00"), at("13:01"), at("15:00"), at("23:59"), "2027-03-28T02:30:00+01:00"]
times = st.sampled_from(clocks) | st.datetimes().map(lambda moment: moment.isoformat() + "+01:00")
rules = st.builds(
    "FREQ={};{}{}={}".format,
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.sampled_from(["", "INTERVAL=2;", "BYDAY=MO,WE;", "BYDAY=-1FR;", "BYMONTHDAY=31;", "WKST=SU;", ";"]),
    st.sampled_from(["COUNT", "UNTIL"]),
    st.integers(0, 8)
    | st.sampled_from(["20261224", "20270131T225959Z", "99991231T235959Z", "20270101T000000"]),
)
dates = st.sampled_from(["2026-12-01", "2026-11-24", "2027-02-30"]) | st.dates().map(str)
repeats = st.fixed_dictionaries(
    {"rrule": rules | st.text()}, optional={"except": st.lists(dates | anything, max_size=3)}
)
plausible = {
    "premises": st.just("sergels-torg"),
    "resource": st.sampled_from([*DESKS, HALL, "motesrummet", "konferensbordet", "any-desk", "glasvaggen"]),
    "starts": times,
    "ends": times,
    "equipment": st.lists(st.sampled_from(DESKS), max_size=1),
    "title": st.text(),
    "note": st.text(),
    "visibility": st.sampled_from(["open", "internal", "confidential"]),
    "circle": st.none() | st.sampled_from([POLICE_CIRCLE, "vision-klara", "socialtjansten"]) | st.text(),
    "attendees": st.lists(st.sampled_from([GUARD, POLICE]) | st.text(), max_size=2),
    "clear_desks": st.booleans(),
    "urgent": st.booleans(),
    "repeat": st.none() | repeats | anything,
    "organiser": st.none() | st.sampled_from([POLICE, POLICE_COLLEAGUE, GUARD]) | st.text(),
    "displace_begun": st.booleans(),
    "on_clash": st.sampled_from(["refuse", "skip", "displace"]),
    "displace": st.lists(anything, max_size=2),
}
bodies = st.fixed_dictionaries(
    {},
    optional={
        name: strategy | anything if name != "premises" else strategy for name, strategy in plausible.items()
    },
)
bookable = bodies.map(lambda body: {**order(), **body})
series = st.builds(
    lambda repeat, fields: order(repeat=repeat, **fields),
    repeats,
    st.fixed_dictionaries(
        {}, optional={name: plausible[name] for name in ("on_clash", "urgent", "organiser")}
    ),
)


def written(house: House) -> list[int]:
    """How many rows a booking has left, table by table."""
    with house.inside():
        return [run(select(func.count()).select_from(table)).scalar_one() for table in WRITTEN]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=series | bookable | bodies | anything,
    key=st.none() | st.text(st.characters(codec="latin-1")),
    dry=st.booleans(),
)
def test_whatever_is_sent_is_answered_and_only_a_booking_is_written(
    program_of: Of, house: House, body: Any, key: str | None, dry: bool
) -> None:
    before = written(house)
    headers = {"Idempotency-Key": key} if key is not None and key.isprintable() else {}
    answer = program_of(POLICE).call(
        "POST",
        f"/bookings?dry_run={str(dry).lower()}",
        data=json.dumps(body),
        headers={"Content-Type": "application/json", **headers},
    )
    assert answer.status_code in (200, 201, 400, 409, 422)
    assert (written(house) == before) == (answer.status_code != 201)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_whatever_bytes_are_sent_are_answered(program_of: Of, house: House, sent: bytes) -> None:
    before = written(house)
    answer = program_of(POLICE).call(
        "POST", "/bookings", data=sent, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in (400, 422)
    assert written(house) == before


changes = st.fixed_dictionaries(
    {}, optional={name: strategy | anything for name, strategy in plausible.items() if name != "premises"}
)
occurrences = st.sampled_from([at("13:00"), at("13:30"), "2026-12-01T13:00:00+01:00"]) | st.text()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=changes | anything,
    scope=st.sampled_from(["this", "following", "all"]) | st.text(),
    occurrence=st.none() | occurrences,
)
def test_whatever_change_of_a_series_is_sent_is_answered(
    program_of: Of, house: House, body: Any, scope: str, occurrence: str | None
) -> None:
    program = program_of(POLICE)
    weekly = order(resource="any-desk", repeat={"rrule": "FREQ=WEEKLY;COUNT=3"}, on_clash="skip")
    number = program.post("/bookings", weekly).json["id"]
    asked = urlencode({"scope": scope, **({} if occurrence is None else {"occurrence": occurrence})})
    answer = program.call(
        "PATCH",
        f"/bookings/{number}?{asked}",
        data=json.dumps(body),
        headers={"Content-Type": "application/json", "If-Match": "*"},
    )
    assert answer.status_code in (200, 400, 404, 409, 422)
    assert program.delete(f"/bookings/{number}?scope=all").status_code == 204
