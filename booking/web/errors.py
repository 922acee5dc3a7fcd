"""The one table of errors: what an action or Flask raised, to a status, a stable type and a page that tells nothing.

Pages get a sentence, the API `application/problem+json` (RFC 9457). Never a trace, SQL or another's booking.
"""

from __future__ import annotations

import json
import logging
from math import ceil
from typing import Any

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from booking.actions.errors import Changed, DatabaseUnavailable, KeyReused, NotFound, TooMany
from booking.domain.permissions import Forbidden
from booking.web import denials
from booking.web.request_log import request_id
from booking.web.viewer import API

log = logging.getLogger(__name__)
PROBLEM = "application/problem+json"
DRAINED = 32 * 1024 * 1024
CHUNK = 64 * 1024
RETRY_AFTER_SECONDS = 5

TABLE: dict[type[Exception], int] = {
    NotFound: 404,
    Forbidden: 403,
    Changed: 412,
    KeyReused: 422,
    TooMany: 429,
}

TITLES = {
    400: ("bad-request", "The request could not be read"),
    401: ("not-signed-in", "No or bad token"),
    403: ("forbidden", "Your role may not do this"),
    404: ("not-found", "Not there, or not for you to know"),
    405: ("method-not-allowed", "This address does not do that"),
    409: ("clash", "It clashes with what is there"),
    412: ("changed", "Somebody changed it meanwhile"),
    413: ("too-large", "The request is too large"),
    415: ("unsupported-media-type", "Send JSON"),
    422: ("invalid", "A field is wrong or a rule forbids it"),
    428: ("if-match-missing", "Send If-Match with the booking's ETag"),
    429: ("too-many", "Too many attempts; try again later"),
    500: ("failed", "Something went wrong here"),
    503: ("unavailable", "The database does not answer now; send the same again in a while"),
}


def problem(status: int, slug: str | None = None, detail: str | None = None, **more: Any) -> Response:
    """A problem document (RFC 9457 section 3)."""
    known, title = TITLES[status if status in TITLES else 500]
    body = {"type": slug or known, "title": title, "status": status, "detail": detail or title, **more}
    text = json.dumps(body, ensure_ascii=False)
    sent = text.encode("utf-8", "backslashreplace")  # half a character as JSON writes it: \ud800
    return Response(sent, status, content_type=PROBLEM)


def install(app: Flask) -> None:
    """One handler for each way of going wrong."""
    app.register_error_handler(HTTPException, on_http)
    app.register_error_handler(Exception, on_anything)
    for kind in TABLE:
        app.register_error_handler(kind, on_known)
    app.register_error_handler(DatabaseUnavailable, on_unavailable)
    # What goes wrong after these handlers: Flask's own line would have the address in it.
    app.log_exception = lambda exc_info: _log(exc_info[1])  # type: ignore[method-assign]


def on_known(error: Exception) -> Response:
    """What an action raised and no page took care of. That somebody was refused is noted."""
    try:
        denials.note(error)
    except DatabaseUnavailable as unavailable:
        return on_unavailable(unavailable)
    slug = "idempotency-key-reused" if isinstance(error, KeyReused) else None
    response = answer(TABLE[type(error)], slug)
    if isinstance(error, TooMany) and error.wait is not None:
        response.headers["Retry-After"] = str(max(1, ceil(error.wait.total_seconds())))
    return response


def on_http(error: HTTPException) -> Response:
    """What Flask or Werkzeug raised; redirects go through."""
    if isinstance(error, CSRFError):
        return answer(400, "csrf")
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if status == 413:
        _drain()
    response = answer(status)
    if status == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # type: ignore[attr-defined]
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _drain() -> None:
    """Read what is too much to its end, or the sender would see a broken line instead of the answer."""
    stream, left = request.environ["wsgi.input"], DRAINED
    if not request.environ.get(
        "wsgi.input_terminated"
    ):  # the stream goes on: as long as was said, if untouched
        said = request.content_length or 0
        left = min(left, said) if said > (request.max_content_length or 0) else 0
    while left > 0 and (chunk := stream.read(min(left, CHUNK))):
        left -= len(chunk)


def on_unavailable(error: Exception) -> Response:
    """The database is gone, full or locked: a line in the log, and when to send the same again."""
    _log(error)
    response = answer(503)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def on_anything(error: Exception) -> Response:
    """A fault of ours: one line in the log with the kind of error and where it came from, no values."""
    _log(error)
    return answer(500)


def _log(error: BaseException | None) -> None:
    route = request.url_rule.rule if request.url_rule else "-"
    log.error("failed", exc_info=error, extra={"request": request_id(), "route": route})


def answer(status: int, slug: str | None = None) -> Response:
    """A problem to a program, a page to a person."""
    if request.path.startswith(API):
        return problem(status, slug)
    shown = status if status in TITLES else 500
    number = request_id() if shown >= 500 else ""
    return Response(
        render_template("errors/error.html", code=shown, number=number, viewer=None),
        status,
        content_type="text/html; charset=utf-8",
    )
