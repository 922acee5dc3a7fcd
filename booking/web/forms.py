"""The base of every form: Flask-WTF's, with types, and the sentence that stands at a field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field


class Form(FlaskForm):
    """A form with its CSRF token."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]

    def sent_and_valid(self) -> bool:
        """Whether the form was sent and every field of it holds."""
        return bool(self.validate_on_submit())  # type: ignore[no-untyped-call]

    def text(self, field: str) -> str:
        """What was written in a field, line breaks as one character, and none that no database takes."""
        written: str | None = self[field].data
        return (written or "").replace("\r\n", "\n").replace("\0", "\ufffd")

    def several(self, field: str) -> tuple[str, ...]:
        """What was chosen or written in a field that takes several, empty ones left out."""
        return tuple(each for each in self[field].data or () if each)


@dataclass(frozen=True)
class Fault:
    """A field of the form and the sentence that stands at it."""

    field: str
    sentence: str


def mark(form: Form, found: Iterable[Fault]) -> None:
    """Put each sentence at its field; a field shows the first it got."""
    for fault in found:
        field: Field = form[fault.field]
        field.errors = (*field.errors, fault.sentence)
