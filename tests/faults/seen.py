"""An installation as it is seen from outside: by a program that calls its API, and in its database afterwards.

Imports the application through tests.support.
"""

import http.client
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from booking.storage.database import run
from booking.storage.tables import bookings
from tests.faults.soundness import unsound
from tests.support.house import house_on

UNANSWERED = (ConnectionError, TimeoutError, http.client.HTTPException)


def call(
    port: int, token: str, method: str, path: str, body: Any = None, key: str | None = None
) -> tuple[int, Any]:
    """One call of the API; the error of a connection that ends before the whole answer has come."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "If-Match": "*"}
        headers |= {"Idempotency-Key": key} if key else {}
        text = None if body is None else json.dumps(body)
        connection.request(method, f"/api/v1{path}", text, headers)
        answer = connection.getresponse()
        said = answer.read()
        return answer.status, json.loads(said) if said else None
    finally:
        connection.close()


def count_of(url: str, folder: Path) -> int:
    """How many bookings there are; all of them whole."""
    with house_on(url, folder, proxies=0) as house, house.inside():
        house.clock.now = datetime.now(UTC)
        assert unsound(house) == []
        count: int = run(select(func.count()).select_from(bookings)).scalar_one()
        return count
