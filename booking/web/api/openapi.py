"""The description of the API, made from the operations themselves: as OpenAPI 3.1, and as a page to read.

Imports Flask, and every table that reads or writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask import current_app, render_template
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from booking.web.api import boards, feeds, problems, reading, reports, views
from booking.web.api.kinds import Schema
from booking.web.api.operations import VERSION, Answer, Operation, answered, api, operation
from booking.web.api.reading import Field
from booking.web.errors import PROBLEM, TITLES
from booking.web.viewer import public

ABOUT = (
    "Times are RFC 3339 with an offset, in answers the premises' own. What may not be known is not found. "
    "Send a personal token as bearer; a browser's session serves too, with its CSRF token in X-CSRFToken. "
    "Unknown fields and parameters are refused. Errors are problem documents (RFC 9457): type is a stable word, "
    "errors holds sentences by field, reasons a word for each. A token may be used 600 times a minute, and opens "
    "nothing of circles that demand a second factor."
)
RETRY_AFTER = "how many seconds to wait, where that is known"
SCHEMAS: dict[str, Schema] = {
    "Full": views.FULL,
    "Busy": views.BUSY,
    "Wall": views.WALL,
    "Free": views.FREE,
    "Series": views.SERIES,
    "Resource": boards.RESOURCE,
    "Premises": boards.PREMISES,
    "Feed": feeds.FEED,
    "Report": reports.REPORT,
    "Problem": problems.PROBLEM,
    "Clash": problems.CLASH,
    "Refused": problems.REFUSED,
}
ALWAYS = frozenset({422, 429, 503})  # unknown parameters; too many; the database does not answer
OF_THE_SIGNED_IN = frozenset({401})
OF_WRITES = frozenset({400})  # by a browser without its CSRF token


@operation(
    "GET",
    "/openapi.json",
    summary="This description",
    public=True,
    answers={200: Answer("OpenAPI 3.1.", {"type": "object"})},
)
def description() -> Response:
    """The OpenAPI document."""
    reading.query(())
    return answered(document())


@api.get("/", provide_automatic_options=False)
@public
def page() -> str:
    """The same description, to read."""
    return render_template("api/page.html", operations=list(described()), schemas=SCHEMAS, titles=TITLES)


def described() -> Iterator[tuple[str, Operation]]:
    """Every operation with its address, by address."""
    rules = [rule for rule in current_app.url_map.iter_rules() if rule.endpoint.startswith(f"{api.name}.")]
    for rule in sorted(rules, key=lambda rule: rule.rule):
        found = getattr(current_app.view_functions[rule.endpoint], "operation", None)
        if found is not None:
            yield _address(rule), found


def _address(rule: Rule) -> str:
    return re.sub(r"<(\w+)>", r"{\1}", rule.rule)


def document() -> dict[str, Any]:
    """The whole OpenAPI document."""
    paths: dict[str, dict[str, Any]] = {}
    for address, said in described():
        paths.setdefault(address, {})[said.method.lower()] = _operation(address, said)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Samlokal", "version": VERSION.removeprefix("/v"), "description": ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": [], "csrf": []}],
        "paths": paths,
        "components": {"schemas": SCHEMAS, "securitySchemes": _ways_in()},
    }


def _ways_in() -> dict[str, Any]:
    cookie = current_app.config["SESSION_COOKIE_NAME"]
    return {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": cookie},
        "csrf": {
            "type": "apiKey",
            "in": "header",
            "name": "X-CSRFToken",
            "description": "of all that writes",
        },
    }


def _operation(address: str, said: Operation) -> dict[str, Any]:
    words = re.findall(r"\w+", address.removeprefix(f"/api{VERSION}"))
    made: dict[str, Any] = {
        "operationId": "_".join([said.method.lower(), *words]),
        "summary": said.summary,
        "parameters": [
            *({"in": "path", "required": True, **_parameter(*each)} for each in said.path.items()),
            *({"in": "query", **_asked(field)} for field in said.query),
            *({"in": "header", **_parameter(*each)} for each in said.headers.items()),
        ],
        "responses": {
            **{str(status): _answer(each) for status, each in said.answers.items()},
            **{str(status): _problem(status) for status in _problems(said)},
        },
    }
    if said.public:
        made["security"] = []
    if said.about:
        made["description"] = said.about
    if said.body:
        made["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": reading.schema_of(said.body)}},
        }
    return made


def _problems(said: Operation) -> list[int]:
    found = ALWAYS.union(said.problems)
    found |= frozenset() if said.public else OF_THE_SIGNED_IN
    return sorted(found | (frozenset() if said.method == "GET" else OF_WRITES))


def _parameter(name: str, about: str) -> dict[str, Any]:
    return {"name": name, "description": about, "schema": {"type": "string"}}


def _asked(field: Field) -> dict[str, Any]:
    schema = dict(field.kind.schema)
    if field.left_out is not None:
        schema["default"] = field.left_out
    return {"name": field.name, "description": field.about, "required": field.required, "schema": schema}


def _answer(said: Answer) -> dict[str, Any]:
    made: dict[str, Any] = {"description": said.about}
    if said.schema is not None:
        made["content"] = {"application/json": {"schema": said.schema}}
    if said.headers:
        made["headers"] = {
            name: {"description": about, "schema": {"type": "string"}} for name, about in said.headers.items()
        }
    return made


def _problem(status: int) -> dict[str, Any]:
    schema = views.named("Clash" if status == 409 else "Problem")
    made: dict[str, Any] = {"description": TITLES[status][1], "content": {PROBLEM: {"schema": schema}}}
    if status in (429, 503):
        made["headers"] = {"Retry-After": {"description": RETRY_AFTER, "schema": {"type": "integer"}}}
    return made
