"""Every setting once: its environment variable, its default, and what is refused at the start.

Imports nothing of ours but the reader of sealing keys and the names of this machine.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from booking.storage.post import HERE
from booking.storage.sealed import new_key, read_keys

LEAST_SECRET = 32
SLOW_QUERY_MS = 500
ROOT = Path(__file__).resolve().parent.parent


# Each variable with what holds where it is left out, and what it is; the table in docs/operation.md says the same.
SETTINGS: Mapping[str, tuple[str, str]] = {
    "SAMLOKAL_SECRET_KEY": ("none, must be set", "At least 32 random characters; signs cookies."),
    "SAMLOKAL_SEALING_KEYS": (
        "none, must be set",
        "One or more keys of 32 random bytes in base64url, the newest first, a comma between. Without them nothing "
        "confidential opens: [keys.md](keys.md).",
    ),
    "SAMLOKAL_BASE_URL": (
        "none, must be set",
        "The address people use, `https://…`. Passkeys are bound to its host: another host needs new ones.",
    ),
    "SAMLOKAL_DATABASE_URL": (
        "SQLite in the instance folder",
        "`postgresql://user:password@host/name`, or `postgresql:///name` over the socket of this machine.",
    ),
    "SAMLOKAL_INSTANCE": (
        "`instance/` beside the program",
        "The instance folder: the SQLite database is in it.",
    ),
    "SAMLOKAL_SMTP_URL": (
        "no mail",
        "Where letters are handed over, `smtps://user:password@host` or `smtp://…` with STARTTLS. Without it a "
        "one-time link is shown to whoever runs the command.",
    ),
    "SAMLOKAL_MAIL_FROM": ("none, must be set with the one above", "Whom letters are from."),
    "SAMLOKAL_PROXIES": ("`0`", "How many proxies of yours stand in front."),
    "SAMLOKAL_METRICS_TOKEN": (
        "no metrics",
        "At least 32 random characters; whoever sends them as a bearer token is answered at `/metrics`.",
    ),
    "SAMLOKAL_SLOW_QUERY_MS": (
        "`500`",
        "A statement that takes the database so many milliseconds is one line in the log, without any value.",
    ),
    "SAMLOKAL_DEMO": (
        "no demo",
        "`1` makes a demo, whose passwords are known: it starts for an address of this machine only.",
    ),
}


class UnsafeSettings(RuntimeError):
    """A setting is missing or weak; the message says which one, and what to set."""


@dataclass(frozen=True)
class Settings:
    """What the installation says of itself. Outside the demo nothing secret has a default."""

    secret_key: str
    sealing_keys: tuple[bytes, ...]
    database_url: str
    instance: Path
    demo: bool
    base_url: str | None
    smtp_url: str | None
    mail_from: str | None
    proxies: int
    metrics_token: str | None = None
    slow_query_ms: int = SLOW_QUERY_MS


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings from SAMLOKAL_ variables; UnsafeSettings when the start must be refused."""
    given = os.environ if environment is None else environment
    demo = given.get("SAMLOKAL_DEMO", "") in ("1", "true", "yes")
    instance = Path(given.get("SAMLOKAL_INSTANCE") or ROOT / "instance").absolute()
    known = {**_demo_keys(instance), **given} if demo else dict(given)
    return Settings(
        secret_key=_secret(known.get("SAMLOKAL_SECRET_KEY", "")),
        sealing_keys=_sealing_keys(known.get("SAMLOKAL_SEALING_KEYS", "")),
        database_url=_driver(
            known.get("SAMLOKAL_DATABASE_URL") or f"sqlite:///{instance / 'samlokal.sqlite3'}"
        ),
        instance=instance,
        demo=demo,
        base_url=_base_url(known.get("SAMLOKAL_BASE_URL"), demo),
        smtp_url=_smtp_url(known.get("SAMLOKAL_SMTP_URL"), known.get("SAMLOKAL_MAIL_FROM")),
        mail_from=known.get("SAMLOKAL_MAIL_FROM") or None,
        proxies=_number(
            "SAMLOKAL_PROXIES",
            known.get("SAMLOKAL_PROXIES") or "0",
            "how many proxies of yours stand in front, such as 1",
        ),
        metrics_token=_metrics_token(known.get("SAMLOKAL_METRICS_TOKEN")),
        slow_query_ms=_number(
            "SAMLOKAL_SLOW_QUERY_MS",
            known.get("SAMLOKAL_SLOW_QUERY_MS") or str(SLOW_QUERY_MS),
            "a number of milliseconds, such as 500",
        ),
    )


def _demo_keys(instance: Path) -> Mapping[str, str]:
    """Keys of the demo's own, made at its first start and kept beside its database."""
    path = instance / "demo-keys.json"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        keys = {"SAMLOKAL_SECRET_KEY": secrets.token_urlsafe(48), "SAMLOKAL_SEALING_KEYS": new_key()}
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(keys, file)
    found: dict[str, str] = json.loads(path.read_text())
    return found


def _secret(value: str) -> str:
    if _is_weak(value):
        raise UnsafeSettings(
            f"Set SAMLOKAL_SECRET_KEY to at least {LEAST_SECRET} random characters: "
            'python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return value


def _metrics_token(value: str | None) -> str | None:
    if value and _is_weak(value):
        raise UnsafeSettings(
            f"Set SAMLOKAL_METRICS_TOKEN to at least {LEAST_SECRET} random characters, or leave it out."
        )
    return value or None


def _is_weak(secret: str) -> bool:
    return len(secret) < LEAST_SECRET or len(set(secret)) < 8


def _sealing_keys(value: str) -> tuple[bytes, ...]:
    try:
        keys = tuple(read_keys(value))
    except ValueError:
        keys = ()
    if not keys or any(len(set(key)) < 8 for key in keys):
        raise UnsafeSettings(
            "Set SAMLOKAL_SEALING_KEYS to one or more keys of 32 random bytes in base64url, the newest first: "
            'python -c "import base64, secrets; print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())"'
        )
    return keys


def _driver(url: str) -> str:
    """PostgreSQL is spoken to by psycopg 3, however the address is written."""
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise UnsafeSettings(
            "Set SAMLOKAL_DATABASE_URL to postgresql://user:password@host/name, or leave it out for SQLite."
        )
    return url


def _base_url(value: str | None, demo: bool) -> str | None:
    if demo:
        return _of_this_machine(value)
    if not value or not value.startswith("https://"):
        raise UnsafeSettings(
            "Set SAMLOKAL_BASE_URL to the address people use, beginning with https://: links in mails and "
            "calendars are made from it, and session cookies travel over TLS only."
        )
    return value.rstrip("/")


def _of_this_machine(value: str | None) -> str | None:
    """The demo's passwords are known to everybody: it never stands at an address that others reach."""
    if value and urlsplit(value).hostname not in HERE:
        raise UnsafeSettings(
            "Set SAMLOKAL_DEMO for an address of this machine only, such as http://localhost:8000: the passwords of "
            "the demo are known. For a real site leave it out."
        )
    return value


def _smtp_url(value: str | None, sender: str | None) -> str | None:
    """Post is set whole or not at all: half of it would show links instead of sending them."""
    if value and not value.startswith(("smtp://", "smtps://")):
        raise UnsafeSettings("Set SAMLOKAL_SMTP_URL to smtps://user:password@host, or smtp:// with STARTTLS.")
    if value and not sender:
        raise UnsafeSettings("Set SAMLOKAL_MAIL_FROM to the address that mail is sent from.")
    return value or None


def _number(name: str, value: str, wanted: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise UnsafeSettings(f"Set {name} to {wanted}.")
    return int(value)
