"""The blueprint of the API, and the one way to put an operation into it: a route with its description.

Imports Flask. The OpenAPI document and the readable page are made from what is said here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from booking.web.api.kinds import Schema
from booking.web.api.reading import Fields
from booking.web.viewer import public

View = TypeVar("View", bound=Callable[..., Any])
VERSION = "/v1"
api = Blueprint("api", __name__, url_prefix="/api")
NAME = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)


@dataclass(frozen=True)
class Answer:
    """What an operation answers with: a sentence, the schema of its body, the headers beside it by name."""

    about: str
    schema: Schema | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """One method at one address, as it is described."""

    method: str
    summary: str
    answers: Mapping[int, Answer]
    about: str = ""
    public: bool = False
    path: Mapping[str, str] = field(default_factory=dict)
    query: Fields = ()
    body: Fields = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[int, ...] = ()


def operation(method: str, address: str, **words: Any) -> Callable[[View], View]:
    """Register a view at an address below the version; the words are its Operation's."""

    def register(view: View) -> View:
        said = Operation(method, **words)
        view.operation = said  # type: ignore[attr-defined]
        if said.public:
            public(view)
        api.add_url_rule(VERSION + address, view_func=view, methods=[method], provide_automatic_options=False)
        return view

    return register


@api.url_value_preprocessor
def refuse_what_names_nothing(_endpoint: str | None, address: dict[str, Any] | None) -> None:
    """404 for what no id or key can be."""
    for name in (address or {}).values():
        if not NAME.fullmatch(name):
            abort(404)


def answered(body: Any, status: int = 200, **headers: str) -> Response:
    """A JSON answer; the names of headers are written with underscores."""
    response = Response(written(body), status, content_type="application/json")
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def written(body: Any) -> str:
    """JSON text, the same bytes for the same content."""
    return json.dumps(body, ensure_ascii=False)


def done() -> Response:
    """204: it is done, and there is nothing to say."""
    response = Response(status=204)
    del response.headers["Content-Type"]
    return response


def not_modified(etag: str) -> Response:
    """304: the caller has this already (RFC 9110 section 15.4.5)."""
    return Response(status=304, headers={"ETag": etag})
