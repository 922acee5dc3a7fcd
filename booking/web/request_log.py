"""One line in the log for each request: its route as a pattern, never the address, its query or who asked."""

from __future__ import annotations

import logging
import re
import secrets
import time

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

log = logging.getLogger(__name__)
GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def install(app: Flask) -> None:
    """Number each request before all else, and tell of it when it is answered."""
    app.before_request(_begin)
    app.after_request(_tell)


def request_id() -> str:
    """The number of this request in the log; by a proxy of ours, when it gave one."""
    if "request_id" not in g:
        given = request.headers.get("X-Request-Id", "")
        trusted = current_app.extensions["samlokal.settings"].proxies and GIVEN.fullmatch(given)
        g.request_id = given if trusted else secrets.token_hex(8)
    number: str = g.request_id
    return number


def _begin() -> None:
    g.began = time.perf_counter()


def taken() -> float:
    """How long this request has taken so far, in seconds."""
    began: float = g.get("began", time.perf_counter())
    return time.perf_counter() - began


def _tell(response: Response) -> Response:
    about = {
        "request": request_id(),
        "method": request.method if request.method in METHODS else "-",
        "route": request.url_rule.rule if request.url_rule else "-",
        "status": response.status_code,
        "ms": round(taken() * 1000, 1),
        "kib": -(
            -(response.calculate_content_length() or 0) // 1024
        ),  # in steps: a length may tell what was read
    }
    log.info("answered", extra=about)
    return response
