"""From a request to its Viewer. Every route needs one signed in, unless it is marked `@public`.

Imports the actions and Flask-Login. Sessions live in the database: the cookie holds only the session's
secret, so that signing out ends it everywhere at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from booking.actions import limiting, membership, sessions
from booking.actions.signing_in import Entered
from booking.domain.people import NOBODY, Viewer
from booking.web.clock import now

View = TypeVar("View", bound=Callable[..., Any])
API = "/api/"
PENDING = "pending"  # where the cookie holds the secret of a session that lets nobody in yet
REQUESTS = "samlokal.requests"
logins = LoginManager()
csrf = CSRFProtect()


class Account(UserMixin):
    """Whom Flask-Login knows: a viewer, and how they came."""

    def __init__(self, viewer: Viewer, secret: str, by_token: bool = False) -> None:
        self.viewer = viewer
        self.secret = secret
        self.by_token = by_token

    def get_id(self) -> str:
        """What the cookie holds: the secret of the session."""
        return self.secret


def public(view: View) -> View:
    """Mark a route as open to people who are not signed in: the written exception."""
    view.public = True  # type: ignore[attr-defined]
    return view


def live(view: View) -> View:
    """Mark a route as asked by an open page of itself: that keeps no session from idling out."""
    view.live = True  # type: ignore[attr-defined]
    return view


def account() -> Account | None:
    """Who speaks in this request, if anybody."""
    found = cast(Any, current_user)
    return found if found.is_authenticated else None


def current_viewer() -> Viewer:
    """The eyes this request is answered for."""
    found = account()
    return found.viewer if found else NOBODY


def channel() -> str:
    """By which way a booking is opened, as the access log names it."""
    return "api" if request.path.startswith(API) else "page"


def install(app: Flask) -> None:
    """Flask-Login, the guard on every route, and CSRF for all that a cookie carries."""
    logins.init_app(
        app, add_context_processor=False
    )  # an error page looks nobody up: the database may be gone
    logins.session_protection = None  # type: ignore[assignment]  # the session itself is checked, in the database
    csrf.init_app(app)
    app.extensions[REQUESTS] = limiting.new_batches()
    app.before_request(guard)


@logins.user_loader  # type: ignore[untyped-decorator]
def from_session(secret: str) -> Account | None:
    """The account behind the cookie's session."""
    view = current_app.view_functions.get(request.endpoint or "")
    viewer = sessions.viewer_of_session(secret, now(), at_work=not getattr(view, "live", False))
    return Account(viewer, secret) if viewer else None


@logins.request_loader  # type: ignore[untyped-decorator]
def from_token(_request: Any) -> Account | None:
    """The account behind a bearer token (RFC 6750 section 2.1), on the API only.

    TooMany after 600 requests in a minute, and after too many tokens that open nothing.
    """
    if not request.path.startswith(API) or request.authorization is None:
        return None
    secret = request.authorization.token
    if request.authorization.type != "bearer" or not secret:
        return None
    viewer = membership.viewer_of_token(secret, now())
    if viewer is None:
        limiting.missed(limiting.of_address("tokens", request.remote_addr or ""), now())
        return None
    limiting.request_by(secret, current_app.extensions[REQUESTS], now())
    return Account(viewer, "", by_token=True)


def guard() -> Response | None:
    """Let only the signed-in pass, and check CSRF wherever a cookie could speak for somebody."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static":
        return None
    if request.path.startswith(API) and request.authorization is not None:
        g._login_user = AnonymousUserMixin()  # a token speaks for itself alone
        g._login_user = from_token(request) or g._login_user
    if not getattr(view, "public", False) and account() is None:
        if request.path.startswith(API):
            raise Unauthorized
        return redirect(
            url_for(
                "sign_in.sign_in", next=request.full_path.rstrip("?") if request.method == "GET" else None
            )
        )
    if request.method not in ("GET", "HEAD", "OPTIONS") and not _by_token():
        csrf.protect()
    return None


def _by_token() -> bool:
    found = account()
    return found is not None and found.by_token


def enter(entered: Entered, shared: bool) -> None:
    """Put a new session into the cookie, in place of whatever was there; one that is pending lets nobody in."""
    end()
    if entered.pending:
        session[PENDING] = entered.secret
    else:
        renew(entered.secret, shared)


def renew(secret: str, shared: bool) -> None:
    """Put the new secret of a session into the cookie. On a shared computer it goes when the browser is closed."""
    session.clear()
    viewer = sessions.viewer_of_session(secret, now())
    assert viewer is not None
    login_user(Account(viewer, secret))
    session.permanent = not shared


def present_secret() -> str:
    """The secret of this browser's session, of one that waits for its second step too; empty when there is none."""
    found = account()
    waiting: str = session.get(PENDING, "")
    return waiting or (found.secret if found is not None else "")


def end() -> None:
    """End this browser's session in the database, one that waits for its second step too, and empty the cookie."""
    found = account()
    for secret in (session.get(PENDING), found.secret if found is not None else None):
        if secret:
            sessions.sign_out(secret)
    logout_user()
    session.clear()


def emptied(response: Response) -> Response:
    """An answer after which the browser keeps nothing but its cookies of language and looks."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def local_path(address: str | None) -> str | None:
    """An address to go on to, if it is a path of this site; else None."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc or any(ord(c) < 32 for c in address) else address
