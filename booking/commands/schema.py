"""A command that reads or writes the tables runs on exactly this program's schema, or says what to do instead."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from flask.cli import with_appcontext

from booking.storage.database import NotMigrated, check_schema, rest

Given = ParamSpec("Given")
Result = TypeVar("Result")


def on_this_schema(command: Callable[Given, Result]) -> Callable[Given, Result]:
    """Run the command in the application's context, once the schema has been found to be this program's."""

    @wraps(command)
    def checked(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        try:
            check_schema()
        except NotMigrated as error:
            raise click.ClickException(str(error)) from None
        rest()
        return command(*args, **kwargs)

    return with_appcontext(checked)
