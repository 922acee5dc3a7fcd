"""One installation under test: its application, its clock, and its people, who act or visit by browser.

Imports the application and tests.cast.
"""

import contextvars
import hmac
import re
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, current_app, has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import event
from werkzeug.test import TestResponse

from booking import create_app
from booking.actions import booking as booking_actions
from booking.actions import doors, limiting
from booking.actions.errors import Clash
from booking.actions.looking import Opened
from booking.actions.wishing import Given, Order
from booking.config import Settings
from booking.domain.people import Viewer, Visibility
from booking.domain.spans import Span, day_of, day_start, instant
from booking.storage import directory, places, sessions
from booking.storage.database import db, transaction
from booking.storage.places import Place
from booking.storage.post import Post
from booking.storage.sealed import Seals
from booking.web.door import COOKIE as DOOR_COOKIE
from booking.web.marks import MARK_LENGTH
from booking.web.memory import MEMORY, Memory
from booking.web.viewer import REQUESTS
from tests.cast import COORDINATOR, MORNING, PASSWORD, POLICE, PREMISES, ZONE

SECRET_KEY = "what the houses of the tests sign with: 0123456789 abcdefghij"
DISPLAY = "a display at "  # and the key of the place it stands at
TOKEN_IN_PAGE = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def circle_page(key: str) -> str:
    """The address of a circle's page, as a house of the tests marks it."""
    mark = hmac.new(SECRET_KEY.encode(), f"circle {key}".encode(), "sha256").hexdigest()[:MARK_LENGTH]
    return f"/kretsar/{mark}"


class Clock:
    """The time as the application knows it; it moves only when told to."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def step(self, **length: float) -> None:
        """Let time pass: `step(hours=2)`."""
        self.now += timedelta(**length)


class Visitor(FlaskClient):
    """A browser. Its requests never share anything with the test's own application context."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return contextvars.Context().run(super().open, *args, **kwargs)

    @property
    def csrf_token(self) -> str:
        """A token that this browser's next form is accepted with."""
        app = self.application
        with self.session_transaction() as session:
            raw: str = session.setdefault("csrf_token", secrets.token_hex(20))
        return URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw)

    def submit(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Post a form with its CSRF token; `fields` as the page names them."""
        return self.post(path, data={"csrf_token": self.csrf_token, **(fields or {})}, **more)

    def fill_in(self, path: str, fields: dict[str, Any], **more: Any) -> TestResponse:
        """Open a page and send the form in it, with the token that stands in the page."""
        found = TOKEN_IN_PAGE.search(self.get(path).text)
        assert found, f"there is no form on {path}"
        return self.post(path, data={"csrf_token": found[1], **fields}, **more)

    def is_let_in(self) -> bool:
        """Whether this browser is shown its own bookings, or sent to sign in."""
        answer = self.get("/mina")
        if answer.status_code == 200:
            return True
        assert (answer.status_code, answer.location) == (302, "/logga-in?next=/mina")
        return False


class House:
    """An installation with its people. Methods may be called inside or outside an application context."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.app = app
        self.clock = clock

    def inside(self) -> AbstractContextManager[Any]:
        """The application's context: the one that stands, or one for the length of the block."""
        if has_app_context() and current_app._get_current_object() is self.app:  # type: ignore[attr-defined]
            return nullcontext()
        return self.app.app_context()

    @contextmanager
    def asked(self) -> Iterator[list[str]]:
        """The statements that the database is asked in the block; nothing is remembered from before it."""
        said: list[str] = []

        def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            said.append(statement)

        self.app.extensions[MEMORY] = Memory(lambda: 0)
        with self.inside():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", listen)
        try:
            yield said
        finally:
            event.remove(engine, "before_cursor_execute", listen)

    # --- people -------------------------------------------------------------------------------

    def viewer(self, email: str, proved: bool = False) -> Viewer:
        """The eyes of a person; with `proved` those of a session that gave a second factor."""
        with self.inside():
            found = directory.person_by_email(email)
            assert found is not None, f"nobody has the address {email}"
            return directory.viewer_of(found, proved)

    def visitor(self, email: str | None = None, shared: bool = False, proved: bool = False) -> Visitor:
        """A browser, signed in if an address is given: the session is opened without the sign-in page.

        With `proved` it has given a second factor. What begins with DISPLAY is a tablet at a door.
        """
        client = self.app.test_client()
        assert isinstance(client, Visitor)
        if email is not None and email.startswith(DISPLAY):
            client.set_cookie(DOOR_COOKIE, self.display(email.removeprefix(DISPLAY)))
            return client
        if email is not None:
            person = self.viewer(email).person
            assert person is not None
            with self.inside(), transaction():
                secret = sessions.begin(person, shared, self.clock(), proved=proved)
            with client.session_transaction() as session:
                session.update({"_user_id": secret, "_fresh": True})
                session.permanent = True
        return client

    def sign_in(self, email: str = POLICE, password: str = PASSWORD, **fields: str) -> Visitor:
        """A browser that has signed in by the page."""
        visitor = self.visitor()
        answer = visitor.fill_in("/logga-in", {"email": email, "password": password, **fields})
        assert answer.status_code == 302, answer.text
        return visitor

    def display(self, place: str) -> str:
        """The secret of a new display at a place, in the cookie of its tablet."""
        with self.inside():
            code = doors.make(self.viewer(COORDINATOR), PREMISES, place, f"{DISPLAY}{place}", self.clock())
            secret = doors.pair(code, "", self.clock())
        assert secret is not None
        return secret

    # --- times --------------------------------------------------------------------------------

    @property
    def place(self) -> Place:
        """The premises at Sergels torg."""
        with self.inside():
            found = places.find(PREMISES)
            assert found is not None
            return found

    def at(self, clock: str, day: date | None = None) -> datetime:
        """The instant of a wall clock time, today where no day is given; 24:00 is the end of the day."""
        on = day or day_of(self.clock(), ZONE)
        if clock == "24:00":
            return day_start(on + timedelta(days=1), ZONE)
        found = instant(on, time.fromisoformat(clock), ZONE)
        assert found is not None, f"{clock} does not exist that night"
        return found

    def span(self, start: str, end: str, day: date | None = None) -> Span:
        """The span between two wall clock times of a day."""
        return Span(self.at(start, day), self.at(end, day))

    # --- bookings -----------------------------------------------------------------------------

    def order(self, resource: str, start: str, end: str, day: date | None = None, **fields: Any) -> Order:
        """An order; a circle makes it confidential."""
        if fields.get("circle"):
            fields.setdefault("visibility", Visibility.CONFIDENTIAL)
        if isinstance(fields.get("visibility"), str):
            fields["visibility"] = Visibility(fields["visibility"])
        return Order(premises=PREMISES, resource=resource, span=self.span(start, end, day), **fields)

    def book(
        self, email: str, resource: str, start: str, end: str, day: date | None = None, **fields: Any
    ) -> Opened:
        """Book; `agree=True` says yes to whatever would give way."""
        agree = fields.pop("agree", False)
        order = self.order(resource, start, end, day, **fields)
        with self.inside():
            try:
                return booking_actions.book(self.viewer(email), order, self.clock())
            except Clash as clash:
                if not (agree and clash.displaceable):
                    raise
                given = frozenset(Given(each.id) for each in clash.displaceable)
            agreed = self.order(resource, start, end, day, **fields, displace=given)
            return booking_actions.book(self.viewer(email), agreed, self.clock())

    def clash(self, email: str, resource: str, start: str, end: str, *more: date, **fields: Any) -> Clash:
        """The clash that an order meets; it must meet one."""
        try:
            self.book(email, resource, start, end, *more, **fields)
        except Clash as clash:
            return clash
        raise AssertionError(f"{email} was given {resource} {start}–{end}")


class Compiled(BytecodeCache):
    """Templates compiled once for all applications of this process."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._found.get(bucket.key, ("", b""))
        if checksum == bucket.checksum:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._found[bucket.key] = bucket.checksum, bucket.bytecode_to_string()


TEMPLATES = Compiled()
# To map all addresses and to prepare all statements anew takes longer than a test.
KEPT: dict[str, Flask] = {}
# What an application looks up whenever it needs it, and so may be another in each house.
RENEWED = {"base_url", "sealing_keys", "smtp_url", "mail_from"}


@contextmanager
def house_on(url: str, folder: Path, **given: Any) -> Iterator[House]:
    """The application on a database, with secrets of its own; its connections end with the block.

    The application of a database that is lent again is used again, as if it were new.
    """
    settings = _settings(url, folder, **given)
    may_be_kept = given.keys() <= RENEWED
    app = (KEPT.pop(url, None) if may_be_kept else None) or _new_app(settings)
    app.config["CLOCK"] = clock = Clock()
    kept = dict(app.extensions)
    app.extensions["samlokal.settings"] = settings
    app.extensions["samlokal.seals"] = Seals(settings.sealing_keys)
    app.extensions["samlokal.post"] = Post(settings.smtp_url, settings.mail_from)
    app.extensions[REQUESTS] = limiting.new_batches()
    app.extensions[MEMORY] = Memory(lambda: 0)  # what a test counts may not hang on chance
    try:
        yield House(app, clock)
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        app.extensions = kept
        if may_be_kept:
            KEPT[url] = app


def _settings(url: str, folder: Path, **given: Any) -> Settings:
    known: dict[str, Any] = {
        "secret_key": SECRET_KEY,
        "sealing_keys": (secrets.token_bytes(32),),
        "database_url": url,
        "instance": folder,
        "demo": True,
        "base_url": None,
        "smtp_url": None,
        "mail_from": None,
        "proxies": 0,
        "slow_query_ms": 3_600_000,  # on a busy machine no statement adds a line to a log that is compared
    }
    return Settings(**{**known, **given})


def _new_app(settings: Settings) -> Flask:
    app = create_app(settings)
    app.testing = True
    app.test_client_class = Visitor
    app.jinja_env.bytecode_cache = TEMPLATES
    return app
