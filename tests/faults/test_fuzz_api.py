"""Whatever is sent to the API: an answer that its own description names, never a fault.

Schemathesis makes what is sent from the description: what it allows, and what it does not.
"""

import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation

from booking.actions import membership
from tests.cast import (
    ADMINISTRATOR,
    DESKS,
    HALL,
    MIKA,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    PREMISES,
    TODAY,
)
from tests.faults.soundness import unsound
from tests.support.house import House
from tests.web.api.program import Program, description, order

pytestmark = pytest.mark.faults
CASES = 18  # of each operation: as it is described, and again as it is not
REQUESTS = 1800  # on each database, at the least: one of each case by each caller
PLANTED = "Operation Blåsippa"
OUTSIDERS = (MIKA, ADMINISTRATOR, None)
CALLERS = (*OUTSIDERS, POLICE_COLLEAGUE)
OUR_OWN = ("User-Agent", "Accept-Encoding", "Connection", "Authorization")


@pytest.mark.parametrize("number", [7])
def test_whatever_is_sent_to_the_api_is_answered_as_described(
    house: House, lines: io.StringIO, number: int
) -> None:
    chance, statuses = Random(number), Counter[int]()
    known = _known(house)
    callers = {who: Program(house.visitor(), _token(house, who)) for who in CALLERS}
    for case in _cases(house, number):
        for who, program in callers.items():
            house.clock.step(seconds=1)
            path, asked = _asked(case, known, chance)
            lines.truncate(lines.seek(0))
            answer = program.call(case.method, path, **asked)
            statuses[answer.status_code] += 1
            about = (number, statuses.total(), who, case.method, path, asked)
            assert answer.status_code < 500, (about, lines.getvalue())
            assert who == POLICE_COLLEAGUE or PLANTED not in answer.text, about
            assert PLANTED not in lines.getvalue(), about
    assert statuses.total() >= REQUESTS
    assert statuses[201] > 5
    assert unsound(house) == []


def _known(house: House) -> dict[str, list[str]]:
    """What stands for the variables of addresses."""
    secret = house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE, title=PLANTED, note=PLANTED)
    ordinary = [house.book(who, desk, "12:00", "16:00", visibility="internal") for who, desk in
                ((MIKA, DESKS[0]), (POLICE_COLLEAGUE, DESKS[1]))]  # fmt: skip
    return {"premises": [PREMISES], "booking": [each.view.id for each in (secret, *ordinary)]}


def _token(house: House, who: str | None) -> dict[str, str]:
    if who is None:
        return {}
    viewer = house.viewer(who)
    with house.inside():
        return {"Authorization": f"Bearer {membership.issue_token(viewer, 'test', True, house.clock())[1]}"}


def _cases(house: House, number: int) -> Iterator[Case]:
    """Cases of every operation, the same in every run."""
    schema = schemathesis.openapi.from_dict(description(house.app))
    for found in schema.get_all_operations():
        operation = found.ok()
        yield from _drawn(operation, GenerationMode.POSITIVE, number)
        if operation.label != "GET /api/v1/openapi.json":  # there, nothing can be wrong
            yield from _drawn(operation, GenerationMode.NEGATIVE, number)


def _drawn(operation: APIOperation, mode: GenerationMode, number: int) -> list[Case]:
    drawn: list[Case] = []

    @seed(number)
    @settings(
        max_examples=CASES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode))
    def draw(case: Case) -> None:
        drawn.append(case)

    draw()
    return drawn


def _asked(case: Case, known: dict[str, list[str]], chance: Random) -> tuple[str, dict[str, Any]]:
    """Where a case is sent, and what; half of them named and filled in so that they get further than the door."""
    sent = case.as_transport_kwargs()
    path = case.operation.path.removeprefix("/api/v1")
    for name, value in case.path_parameters.items():
        choices = known.get(name, []) if chance.random() < 0.6 else []
        path = path.replace(f"{{{name}}}", chance.choice(choices) if choices else quote(str(value), safe=""))
    headers = {name: value for name, value in sent["headers"].items() if name not in OUR_OWN}
    if case.method == "PATCH" and chance.random() < 0.7:
        headers["If-Match"] = "*"
    body = {"data": sent["data"]} if "data" in sent else {}
    if "json" in sent:
        body["data"] = json.dumps(_filled_in(case, sent["json"], chance))
    only_tried = case.method == "POST" and chance.random() < 0.4  # dry_run is drawn often
    asked = sent.get("params") or {} if only_tried or case.method != "POST" else {}
    query = urlencode(asked, doseq=True, errors="backslashreplace")
    return path, {"query_string": query, "headers": headers, **body}


def _filled_in(case: Case, body: Any, chance: Random) -> Any:
    """An order that would do, with one or two of the fields that were drawn; or what was drawn."""
    if not isinstance(body, dict) or case.path != "/api/v1/bookings" or chance.random() < 0.3:
        return body
    hour, day = chance.randrange(8, 20), TODAY + timedelta(days=chance.randrange(1, 20))
    where = chance.choice(("any-desk", *DESKS, HALL))
    right = order(f"{hour:02}:00", f"{hour:02}:30", where, day=day)
    names = chance.sample(sorted(body), min(len(body), chance.randrange(3)))
    drawn = {name: body[name] for name in names}
    return {**right, **drawn, "premises": PREMISES}
