"""Reading requests strictly: bodies and addresses by tables of fields, entity tags, keys for repeating.

Imports Flask, and the kinds of values. The same tables make the OpenAPI description.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, NoReturn

from flask import request
from werkzeug.exceptions import BadRequest, PreconditionRequired, RequestEntityTooLarge, UnsupportedMediaType

from booking.actions.booking import Repeatable
from booking.actions.errors import Changed
from booking.web.api.faults import Fault, Unreadable, Wrong, wrong
from booking.web.api.kinds import Kind

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


def unchanged(etag: str, required: bool) -> str | None:
    """The entity tag the caller holds, if If-Match names the present one (RFC 9110 section 13.1.1); `*` is None.

    428 when it is required and missing, Changed when it names others. Weak tags never match.
    """
    if "If-Match" not in request.headers:
        if required:
            raise PreconditionRequired
        return None
    held = request.if_match
    if held.star_tag:
        return None
    if not held.contains(etag.strip('"')):
        raise Changed
    return etag


def has_already(etag: str) -> bool:
    """Whether If-None-Match names this entity tag (RFC 9110 section 13.1.2: weak ones match too)."""
    return "If-None-Match" in request.headers and request.if_none_match.contains_weak(etag.strip('"'))
