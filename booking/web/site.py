"""What is this installation's own: the address that links begin with and passkeys are bound to, and its secret key.

Imports the actions and Flask.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, has_request_context, request

from booking.actions.passkeys import Site

UNSET = "http://localhost:8000"  # the demo's own, as `make run` starts it


def site() -> str:
    """The address of this installation, without a slash at its end."""
    settings = current_app.extensions["samlokal.settings"]
    if settings.base_url:
        return str(settings.base_url).rstrip("/")
    return request.url_root.rstrip("/") if has_request_context() else UNSET


def secret_key() -> bytes:
    """What marks and ids of this installation are keyed with."""
    key: str = current_app.config["SECRET_KEY"]
    return key.encode()


def passkey_site() -> Site:
    """The host that passkeys are bound to, and the origin of the pages that use them."""
    parts = urlsplit(site())
    return Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")
