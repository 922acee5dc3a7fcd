"""The commands: `flask --app wsgi init | premises load FILE | demo | user add … | user token EMAIL | check`.

The others are in `booking.commands`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from smtplib import SMTPException

import click
from flask import current_app
from flask.cli import with_appcontext

from booking import demo as demonstration
from booking.actions import membership, operating
from booking.actions.errors import NotFound, Refused
from booking.commands.backups import backup, restore
from booking.commands.checking import check
from booking.commands.doctor import doctor
from booking.commands.exporting import export
from booking.commands.importing import import_
from booking.commands.keeping import retention, sealing
from booking.commands.schema import on_this_schema
from booking.commands.worker import post, work
from booking.config import Settings
from booking.domain.definition import DefinitionError
from booking.domain.people import ADDRESS_LENGTH, PERSON_NAME_LENGTH, Role, is_address, is_persons_name
from booking.storage import directory
from booking.storage.database import NotMigrated, migrate
from booking.storage.post import office
from booking.web.clock import now
from booking.web.site import site


def _settings() -> Settings:
    settings: Settings = current_app.extensions["samlokal.settings"]
    return settings


GIVEN = [role.value for role in Role if role not in (Role.ANONYMOUS, Role.DOOR)]


@click.command("init")
@with_appcontext
def init() -> None:
    """Make the database, or bring it to this program's schema."""
    try:
        migrate(_settings().database_url)
    except NotMigrated as error:
        raise click.ClickException(str(error)) from None
    click.echo("The database is ready.")


@click.group()
def premises() -> None:
    """The premises of this installation."""


@premises.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@on_this_schema
def load(file: Path) -> None:
    """Load a premises from its definition, or its new definition."""
    try:
        key = operating.load_premises(tomllib.loads(file.read_text(encoding="utf-8")), now())
    except (DefinitionError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file}: {error}") from None
    click.echo(f"Loaded {key}.")


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Leave a database with premises in it as it is.")
@with_appcontext
def demo(if_empty: bool) -> None:
    """Make the demo: the premises at Sergels torg, its people and a lively week around today."""
    if not _settings().demo:
        raise click.ClickException(
            "The demo has a known password: it is made only where SAMLOKAL_DEMO=1 is set."
        )
    migrate(_settings().database_url)
    demonstration.fill(now(), only_if_empty=if_empty)
    click.echo(demonstration.sign_ins())


@click.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("email")
@click.option("--name", help="What the person is called; the address before its @ when left out.")
@click.option("--role", type=click.Choice(GIVEN), default="member")
@click.option("--organisation", help="The key of the organisation; none for an administrator.")
@click.option(
    "--organisation-admin",
    is_flag=True,
    help="The first administrator of an organisation that has none: they admit its other people.",
)
@on_this_schema
def add(email: str, name: str | None, role: str, organisation: str | None, organisation_admin: bool) -> None:
    """Add an account. The person chooses the password by a one-time link that is sent to them.

    For an account that is there already, without a password, a new link is sent in place of the earlier one.
    """
    name = name or email.partition("@")[0]
    _refuse_what_is_no_person(email, name)
    if directory.person_by_email(email) is not None:
        secret = _renewed(email)
    else:
        secret = _added(email, name, Role(role), organisation, organisation_admin)
    with _told_if_not_taken("Run the command again to send a new link."):
        _send_link(email, f"/valkommen/{secret}", "Välkommen till Samlokal. Välj ditt lösenord här:")
        _tell_organisation(email)


def _refuse_what_is_no_person(email: str, name: str) -> None:
    if not is_address(email):
        raise click.ClickException(f"Write one mail address, of {ADDRESS_LENGTH} characters at most.")
    if not is_persons_name(name):
        raise click.ClickException(f"Write the name on one line, of {PERSON_NAME_LENGTH} characters at most.")


def _renewed(email: str) -> str:
    try:
        secret = membership.renew_link(email, now())
    except NotFound:
        raise click.ClickException("The account with that address has ended.") from None
    if secret is None:
        raise click.ClickException("There is already an account with that address.")
    click.echo("The account is there already and stays as it is. An earlier link no longer works.")
    return secret


def _added(email: str, name: str, role: Role, organisation: str | None, first: bool) -> str:
    if (organisation is None) != (role is Role.ADMINISTRATOR):
        raise click.ClickException(
            "A member, guest or coordinator has an organisation, an administrator has none."
        )
    try:
        return membership.add_person(email, name, role, organisation, now(), first)
    except Refused:
        raise click.ClickException(
            "Only a member or coordinator of an organisation that has no administrator becomes its first."
        ) from None
    except NotFound:
        raise click.ClickException(f"There is no organisation {organisation}.") from None
    except ValueError:
        raise click.ClickException(
            "A guest belongs to an organisation of guests, and only guests do."
        ) from None


@user.command("token")
@click.argument("email")
@click.option(
    "--confidential", is_flag=True, help="The token may open what its owner's circles may know (demo only)."
)
@on_this_schema
def token(email: str, confidential: bool) -> None:
    """In the demo, print a token for the API. Elsewhere, send the person a link to make their own."""
    found = directory.person_by_email(email)
    if found is None:
        raise click.ClickException("There is no account with that address.")
    if _settings().demo:
        try:
            _, secret = membership.issue_token(directory.viewer_of(found), "demo", confidential, now())
        except Refused:
            raise click.ClickException(
                "They have a second factor: they make such a token themselves, under Mina nycklar."
            ) from None
        click.echo(secret)
        return
    with _told_if_not_taken("Run the command again to send it."):
        _send_link(
            found.email, "/mina/nycklar", "Du kan göra en nyckel för Samlokals API här, när du har loggat in:"
        )


@contextmanager
def _told_if_not_taken(mended: str) -> Iterator[None]:
    try:
        yield
    except (OSError, SMTPException):
        raise click.ClickException(f"The mail server did not take the mail. {mended}") from None


def _send_link(email: str, path: str, words: str) -> None:
    """Send the link to the person; without post it is shown, to be handed over. It opens once and shows nothing."""
    address = site() + path
    if office().works:
        office().send(email, "Samlokal", f"{words}\n\n{address}\n")
        click.echo(f"A link has been sent to {email}.")
    else:
        click.echo(f"Link for {email}: {address}")


def _tell_organisation(email: str) -> None:
    """Nobody is put into an organisation behind its back: its own administrators are told, or else all of it."""
    added = directory.person_by_email(email)
    if added is None or added.organisation is None or not office().works:
        return
    words = "har fått ett konto i er organisation"
    if added.organisation_admin:
        words += " och kan släppa in och avsluta andra"
    for each in membership.told_of(added, now()):
        office().send(each.email, "Samlokal", f"{added.email} {words}.\n")


COMMANDS = (
    premises,
    demo,
    user,
    check,
    doctor,
    backup,
    restore,
    export,
    import_,
    sealing,
    retention,
    post,
    work,
)
