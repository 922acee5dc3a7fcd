"""Logs: one JSON object a line on the error stream. Standard library only.

What is logged is the words of the program and the named fields below, never a value that came with an error: an
error is told by its type and the lines of this program it passed, for its text may hold what somebody wrote.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OURS = "booking"
SERVERS = "gunicorn"
FIELDS = ("request", "method", "route", "status", "ms", "kib", "statement")

log = logging.getLogger(OURS)


class Lines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _words(record),
        }
        told |= {name: record.__dict__[name] for name in FIELDS if name in record.__dict__}
        if record.exc_info and record.exc_info[0] is not None:
            told |= {"error": record.exc_info[0].__name__, "passed": passed(record.exc_info[2])}
        return json.dumps(told, ensure_ascii=False)


def _words(record: logging.LogRecord) -> str:
    """Our own words are whole. Of another program's only the pattern, but for what a server says of itself."""
    ours = record.name.split(".")[0] == OURS
    of_itself = record.name.split(".")[0] == SERVERS and record.levelno < logging.WARNING
    return record.getMessage() if ours or of_itself else str(record.msg)


def passed(trace: TracebackType | None) -> list[str]:
    """The lines of this program that an error passed, the innermost last: file, line and function."""
    return [
        f"{Path(frame.filename).relative_to(ROOT)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(trace)
        if Path(frame.filename).is_relative_to(ROOT / OURS)
    ]


def install() -> None:
    """Send everything that is logged to the error stream as lines, uncaught errors of commands too."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    log.setLevel(logging.INFO)
    sys.excepthook = _uncaught


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    log.critical("ended by an error", exc_info=(kind, error, trace))
