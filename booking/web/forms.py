"""The base of every form: Flask-WTF's, with types."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm


class Form(FlaskForm):
    """A form with its CSRF token."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]

    def sent_and_valid(self) -> bool:
        """Whether the form was sent and every field of it holds."""
        return bool(self.validate_on_submit())  # type: ignore[no-untyped-call]
