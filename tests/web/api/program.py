"""A program that calls the API. Whatever it is answered is held against the API's own description."""

import json
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import Flask
from jsonschema import Draft202012Validator
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from booking.web.api.openapi import document
from tests.cast import DESKS, PREMISES, TODAY
from tests.support.house import Visitor

Json = dict[str, Any]


class Program:
    """A program with a token, or a browser's session. Each answer must be one that the description names."""

    def __init__(self, client: Visitor, headers: dict[str, str]) -> None:
        self.client = client
        self.headers = headers

    def call(
        self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any
    ) -> TestResponse:
        """Call an address below /api/v1."""
        answer = self.client.open(
            f"/api/v1{path}", method=method, headers={**self.headers, **(headers or {})}, **more
        )
        if method != "HEAD":
            conforms(self.client.application, method, path.partition("?")[0], answer)
        return answer

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self.call("POST", path, json=body, **more)

    def patch(self, path: str, body: Any = None, etag: str | None = "*", **more: Any) -> TestResponse:
        return self.call("PATCH", path, json=body, headers={"If-Match": etag} if etag else {}, **more)

    def delete(self, path: str, **more: Any) -> TestResponse:
        return self.call("DELETE", path, **more)


def conforms(app: Flask, method: str, path: str, answer: TestResponse) -> None:
    """Hold an answer against the description of its operation, or against a problem's where there is none."""
    described = description(app)
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        try:
            rule, _ = adapter.match(f"/api/v1{path}", method=method, return_rule=True)
        except HTTPException:
            assert answer.status_code in (401, 404, 405)
            return
    said = described["paths"][rule.rule.replace("<", "{").replace(">", "}")][method.lower()]
    expected = said["responses"][str(answer.status_code)]
    if "content" not in expected:
        assert answer.data == b""
        return
    assert answer.mimetype in expected["content"]
    schema = {**expected["content"][answer.mimetype]["schema"], "components": described["components"]}
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(answer.json)


@lru_cache(maxsize=1)
def description(app: Flask) -> Json:
    """The description as a program reads it."""
    with app.test_request_context():
        return json.loads(json.dumps(document()))


def at(clock: str, day: date = TODAY, offset: str = "+01:00") -> str:
    """A time of a day as the API writes it in winter."""
    return f"{day}T{clock}:00{offset}"


def order(start: str = "13:00", end: str = "15:00", resource: str = DESKS[1], **more: Any) -> Json:
    """The body of a booking today."""
    day = more.pop("day", TODAY)
    return {
        "premises": PREMISES,
        "resource": resource,
        "starts": at(start, day),
        "ends": at(end, day),
        "title": "Planering",
        **more,
    }


def board(start: str = "00:00", days: int = 1, day: date = TODAY) -> str:
    """The address of a board, its times escaped as they must be."""
    until = datetime.combine(day, datetime.min.time()) + timedelta(days=days)
    times = f"from={at(start, day)}&to={until.isoformat()}+01:00"
    return f"/premises/{PREMISES}/board?{times.replace('+', '%2B')}"
