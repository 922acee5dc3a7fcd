"""Reading requests strictly: bodies and addresses by tables of fields, entity tags, keys for repeating.

Imports Flask, and the kinds of values. The same tables make the OpenAPI description.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from flask import request
from werkzeug.exceptions import BadRequest, PreconditionRequired, RequestEntityTooLarge, UnsupportedMediaType

from booking.actions.booking import Repeatable
from booking.actions.errors import Changed
from booking.web.api.faults import Fault, Unreadable, Wrong, wrong
from booking.web.api.kinds import Kind, Schema

KEY = "Idempotency-Key"
KEY_LENGTH = 200


@dataclass(frozen=True)
class Field:
    """One field of a body or of an address. `left_out` stands for it where it is not given."""

    name: str
    kind: Kind
    about: str
    required: bool = False
    left_out: Any = None


Fields = tuple[Field, ...]


@dataclass(frozen=True)
class Group(Kind):
    """An object within a body, with fields of its own: what is wrong in one is told as `group.field`."""

    fields: Fields

    def read(self, value: Any) -> dict[str, Any]:
        """Its fields, with what stands for those left out."""
        if not isinstance(value, dict):
            raise Wrong(Fault.WRONG_TYPE, "an object")
        return _read(self.fields, value)

    @property
    def schema(self) -> Schema:
        """An object with these fields and no others."""
        return schema_of(self.fields)


def schema_of(fields: Fields) -> Schema:
    """The schema of an object, from the very table that reads it."""
    return {
        "type": "object",
        "properties": {field.name: _property(field) for field in fields},
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }


def _property(field: Field) -> Schema:
    schema = {**field.kind.schema, "description": field.about}
    if field.left_out is not None:
        schema["default"] = list(field.left_out) if isinstance(field.left_out, tuple) else field.left_out
    return schema


# --- bodies -----------------------------------------------------------------------------------


def body(fields: Fields) -> dict[str, Any]:
    """The fields of a JSON body, with what stands for those left out.

    400 when it is not JSON, 413 and 415 before that; Unreadable with everything that is wrong in it.
    """
    given = _document()
    if not isinstance(given, dict):
        raise wrong("body", Fault.WRONG_TYPE, "an object")
    return _read(fields, given)


def _document() -> Any:
    if request.mimetype != "application/json" or "Content-Encoding" in request.headers:
        raise UnsupportedMediaType
    try:
        return json.loads(
            _sent().decode("utf-8"), parse_constant=_no_number, object_pairs_hook=_without_twins
        )
    except (ValueError, RecursionError):  # not UTF-8, not JSON, a number of thousands of digits, too deep
        raise BadRequest from None


def _sent() -> bytes:
    sent = request.get_data()
    if request.content_length is None and len(sent) >= (request.max_content_length or 0):
        raise RequestEntityTooLarge  # sent in chunks, which are read up to the limit and not further
    return sent


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; two members of one name could be read two ways (RFC 8259 section 4), half a character no way."""
    found = dict(pairs)
    "".join(found).encode("utf-8")  # UnicodeEncodeError is a ValueError
    if len(found) < len(pairs):
        raise ValueError("a name twice")
    return found


# --- addresses --------------------------------------------------------------------------------


def query(fields: Fields) -> dict[str, Any]:
    """The parameters of the address, each given once; Unreadable with everything that is wrong."""
    given = request.args.to_dict(flat=False)
    twice = [(name, Wrong(Fault.REPEATED)) for name, values in given.items() if len(values) > 1]
    if twice:
        raise Unreadable(tuple(twice))
    return _read(fields, {name: values[0] for name, values in given.items()})


def _read(fields: Fields, given: dict[str, Any]) -> dict[str, Any]:
    known = {field.name for field in fields}
    found = [(name, Wrong(Fault.UNKNOWN_FIELD)) for name in given if name not in known]
    values: dict[str, Any] = {}
    for field in fields:
        if field.name not in given:
            values[field.name] = field.left_out
            if field.required:
                found.append((field.name, Wrong(Fault.MISSING)))
            continue
        try:
            values[field.name] = field.kind.read(given[field.name])
        except Wrong as error:
            found.append((field.name, error))
        except Unreadable as error:
            found += [(f"{field.name}.{inner}", each) for inner, each in error.wrong]
    if found:
        raise Unreadable(tuple(found))
    return values


# --- headers ----------------------------------------------------------------------------------


def repeatable(asked: dict[str, Any]) -> Repeatable | None:
    """The Idempotency-Key with the fingerprint of what was asked; None when there is none."""
    key = request.headers.get(KEY)
    if key is None:
        return None
    if not 1 <= len(key) <= KEY_LENGTH or not key.isprintable():
        raise wrong(KEY, Fault.BAD_KEY)
    text = repr(sorted(asked.items(), key=lambda pair: pair[0]))
    return Repeatable(key, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())


def unchanged(present: Iterable[str], required: bool) -> str | None:
    """Which of the present entity tags If-Match names (RFC 9110 section 13.1.1); None when it says `*`.

    428 when it is required and missing, Changed when it names others. Weak tags never match.
    """
    if "If-Match" not in request.headers:
        if required:
            raise PreconditionRequired
        return None
    held = request.if_match
    if held.star_tag:
        return None
    found = next((etag for etag in present if held.contains(etag.strip('"'))), None)
    if found is None:
        raise Changed
    return found


def has_already(etag: str) -> bool:
    """Whether If-None-Match names this entity tag (RFC 9110 section 13.1.2: weak ones match too)."""
    return "If-None-Match" in request.headers and request.if_none_match.contains_weak(etag.strip('"'))
