"""The operator's commands for a copy of everything: `flask --app wsgi backup FILE` and `restore FILE`."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from booking.commands.checking import say_audit
from booking.storage import backups, database
from booking.storage.backups import BackupFailed, NotEmpty

FILE = click.Path(path_type=Path)


def _url() -> str:
    url: str = current_app.config["SQLALCHEMY_DATABASE_URI"]
    return url


@click.command("backup")
@click.argument("file", type=FILE)
@with_appcontext
def backup(file: Path) -> None:
    """Copy the whole database into a new file, while people book. The sealing keys are not in it."""
    schema = database.revision()
    if schema is None:
        raise click.ClickException("There is nothing in the database.")
    database.rest()
    try:
        backups.back_up(_url(), file)
    except BackupFailed as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{file}: {file.stat().st_size} bytes, whole, of the schema {schema}.")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--replace", is_flag=True, help="Lose all that is in the database, and have the backup instead."
)
@click.option("--yes", is_flag=True, help="Do not ask again.")
@with_appcontext
def restore(file: Path, replace: bool, yes: bool) -> None:
    """Put a backup into an empty database. Stop the server and the worker first."""
    if replace and not yes:
        click.confirm("All that is in the database now will be lost. Go on?", abort=True)
    try:
        backups.restore(_url(), file, replace)
    except NotEmpty as error:
        raise click.ClickException(
            f"{error} Restore into an empty one, or lose what is in it and have the backup instead: --replace."
        ) from None
    except BackupFailed as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Restored, of the schema {database.revision()}.")
    try:
        database.check_schema()
    except database.NotMigrated as error:
        raise click.ClickException(str(error)) from None
    sys.exit(1 if say_audit() else 0)
