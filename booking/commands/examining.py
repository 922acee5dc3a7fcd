"""What can be wrong with an installation: one small function for each subject, which says what it found.

Imports the settings, the actions and storage. No finding quotes a setting, an address or what somebody wrote.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPException
from zoneinfo import ZoneInfoNotFoundError

from sqlalchemy.exc import SQLAlchemyError

from booking.actions import operating, sealing, working
from booking.commands.findings import Finding, good, warn, wrong
from booking.config import Settings
from booking.domain.people import Role
from booking.storage import condition, database, directory, journal, places
from booking.storage.post import Post

OTHERS = 0o077
APART = timedelta(seconds=5)
AHEAD = timedelta(minutes=1)
FULL = 2
DURABLE = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "local", "remote_write", "remote_apply"),
}
DISCREET = {
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


def of_settings(settings: Settings) -> Iterator[Finding]:
    """What is safe enough to start with, and not as it should be."""
    yield good("The settings are such that it starts.")
    if settings.demo:
        yield warn("This is a demo: its passwords are known.", "Leave SAMLOKAL_DEMO out where others come.")
    elif not settings.proxies:
        yield warn(
            "No proxy is said to stand in front: behind one, everybody seems to come from its address.",
            "Set SAMLOKAL_PROXIES=1 behind nginx.",
        )


def of_instance(folder: Path) -> Iterator[Finding]:
    """The instance folder can be written to, by nobody else."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder):
            yield good("The instance folder can be written to.")
    except OSError as error:
        yield wrong(
            f"The instance folder cannot be written to ({type(error).__name__}).",
            "Give it to the user that the program runs as.",
        )
    if _open_to_others(folder):
        yield warn("Others on this machine can look into the instance folder.", "chmod 700 the folder.")


def of_schema() -> Iterator[Finding]:
    """The database is there, and of this program's age."""
    try:
        database.check_schema()
        yield good("The database answers, and has this program's schema.")
    except SQLAlchemyError as error:
        yield wrong(
            f"The database does not answer ({type(error).__name__}).",
            "Look whether it runs, and at SAMLOKAL_DATABASE_URL.",
        )
    except database.NotMigrated as sentence:
        yield wrong("The database has another schema than this program.", str(sentence))


def of_database() -> Iterator[Finding]:
    """What was answered stays, and is not read on the way or in a log."""
    yield from _of_postgresql() if condition.is_postgresql() else _of_sqlite()


def _of_postgresql() -> Iterator[Finding]:
    found = condition.server_settings()
    hasty = [name for name, fit in DURABLE.items() if found[name] not in fit]
    if hasty:
        yield wrong(
            f"PostgreSQL does not wait for the disk ({', '.join(hasty)}): a power cut loses what was answered.",
            f"Set {', '.join(f'{name} = on' for name in hasty)}.",
        )
    else:
        yield good("PostgreSQL waits for the disk.")
    telling = [f"{name} = {fit}" for name, fit in DISCREET.items() if found[name] != fit]
    if telling:
        yield warn("PostgreSQL's own log may quote what people wrote.", f"Set {', '.join(telling)}.")
    if condition.is_superuser():
        yield warn(
            "The program is a superuser of PostgreSQL.",
            "Give it a role of its own that owns its database alone.",
        )
    if condition.is_elsewhere() and not condition.is_encrypted():
        yield wrong(
            "The way to PostgreSQL on another machine is not encrypted.",
            "Add ?sslmode=verify-full to SAMLOKAL_DATABASE_URL.",
        )
    elif condition.is_elsewhere() and not condition.is_certain():
        yield warn(
            "Nothing makes sure that PostgreSQL on the other machine is the right one.",
            "Add ?sslmode=verify-full to SAMLOKAL_DATABASE_URL.",
        )


def _of_sqlite() -> Iterator[Finding]:
    mode, synchronous = condition.pragmas()
    if mode != "wal" or synchronous < FULL:
        yield wrong(
            "SQLite does not wait for the disk: a power cut loses what was answered.",
            "Let nothing else set its pragmas.",
        )
    else:
        yield good("SQLite waits for the disk.")
    if any(_open_to_others(file) for file in condition.files()):
        yield warn(
            "Others on this machine can read the database's files.",
            "chmod 600 the files, and start with umask 077.",
        )


def _open_to_others(path: Path) -> bool:
    return bool(os.stat(path).st_mode & OTHERS)


def of_keys() -> Iterator[Finding]:
    """The keys fit what is stored."""
    if sealing.sample_opens():
        yield good("Those sealed records that were tried open.")
    else:
        yield wrong(
            "A sealed record does not open with any of the keys.",
            "flask --app wsgi sealing keys, and docs/keys.md",
        )


def of_clock(now: datetime) -> Iterator[Finding]:
    """The clock goes as others' do, and only forward."""
    latest = journal.latest()
    if latest is not None and latest > now + AHEAD:
        yield wrong(
            "The journal has an entry from later than now: the clock went back, or was ahead.",
            "Set the clock by NTP.",
        )
    elif condition.is_postgresql() and abs(condition.server_clock() - now) > APART:
        yield warn("The clocks here and on PostgreSQL's machine differ.", "Set both by NTP.")
    else:
        yield good("The clock agrees with the database.")


def of_premises(now: datetime) -> Iterator[Finding]:
    """There is something to book, in a time zone that is known, and somebody to run it."""
    try:
        found = places.used_by(None)
    except ZoneInfoNotFoundError:
        yield wrong(
            "The time zone of a premises is not known here.", "Install the packages in requirements.txt anew."
        )
        return
    if found:
        yield good("There is a premises, and its time zone is known.")
    else:
        yield wrong("There is no premises.", "flask --app wsgi premises load FILE")
    roles = directory.roles_held(now)
    if Role.ADMINISTRATOR in roles:
        yield good("There is an administrator.")
    else:
        yield wrong("There is no administrator.", "flask --app wsgi user add EMAIL --role administrator")
    if Role.COORDINATOR not in roles:
        yield warn(
            "There is no coordinator.",
            "flask --app wsgi user add EMAIL --role coordinator --organisation KEY",
        )


def of_worker(now: datetime) -> Iterator[Finding]:
    """The worker runs, and its jobs end well."""
    pulses = working.pulses(now)
    if all(pulse.missed is None for pulse in pulses):
        yield wrong("The worker has never run.", "Start flask --app wsgi work beside the server.")
        return
    late = [pulse.job for pulse in pulses if pulse.missed]
    if late:
        yield wrong(
            f"The worker has not come to: {', '.join(late)}.", "Look whether flask --app wsgi work runs."
        )
    else:
        yield good("The worker ran lately.")
    failed = [pulse.job for pulse in pulses if pulse.failed]
    if failed:
        yield warn(
            f"These jobs failed at their last run: {', '.join(failed)}.", 'Look for "job failed" in the log.'
        )


def of_mail(post: Post) -> Iterator[Finding]:
    """Letters can be handed over, and are. None is sent."""
    if not post.works:
        yield warn(
            "No mail is sent: one-time links are shown where the commands are run.",
            "Set SAMLOKAL_SMTP_URL and SAMLOKAL_MAIL_FROM.",
        )
        return
    try:
        post.greet()
        yield good("The mail server lets the program in.")
    except (OSError, SMTPException) as error:
        yield wrong(
            f"The mail server does not let the program in ({type(error).__name__}).",
            "Look at SAMLOKAL_SMTP_URL, the server's certificate and the firewall.",
        )


def of_letters() -> Iterator[Finding]:
    """What was written goes out."""
    if working.letters_are_stuck():
        yield warn("Letters have been waiting for over an hour.", "flask --app wsgi post")
    else:
        yield good("No letter is stuck.")


def of_claims(now: datetime) -> Iterator[Finding]:
    """No two claims stand that cannot stand together, and none is missing."""
    audits = operating.audit(now)
    if any(audit.broken for audit in audits):
        yield wrong("Claims stand together that must not.", "flask --app wsgi check")
    elif any(audit.misfits for audit in audits):
        yield wrong("Something that is booked does not hold what it should.", "flask --app wsgi check")
    else:
        yield good("All claims can stand together.")
