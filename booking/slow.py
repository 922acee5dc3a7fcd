"""One line in the log for each statement that takes the database long: its text, never a value. Imports SQLAlchemy.

What is timed is until the database answers: on PostgreSQL with every row, on SQLite with the first.
"""

from __future__ import annotations

import logging
import re
import time
from typing import Any

from flask import has_request_context, request
from sqlalchemy import Engine, event

log = logging.getLogger(__name__)
LONGEST = 2000
BEGAN = "samlokal.began"
QUOTED = re.compile(r"'(?:[^']|'')*'")  # values are bound, and stand as placeholders; should one not be


def install(engine: Engine, limit_ms: int) -> None:
    """Tell of each statement on this engine that takes as long as the limit or longer."""

    @event.listens_for(engine, "before_cursor_execute")
    def begin(connection: Any, *_: Any) -> None:
        connection.info[BEGAN] = time.perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def tell(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        ms = (time.perf_counter() - connection.info[BEGAN]) * 1000
        if ms >= limit_ms:
            log.warning("slow statement", extra=_about(statement, ms))


def _about(statement: str, ms: float) -> dict[str, Any]:
    rule = request.url_rule if has_request_context() else None
    text = " ".join(QUOTED.sub("'…'", statement).split())
    return {"route": rule.rule if rule else "-", "ms": round(ms, 1), "statement": text[:LONGEST]}
