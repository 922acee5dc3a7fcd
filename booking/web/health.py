"""Whether the program is alive, and whether it is ready to serve."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from booking.actions import operating
from booking.web.viewer import public

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@public
def alive() -> Response:
    """Alive: the process answers."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@pages.get("/readyz")
@public
def ready() -> Response:
    """Ready: the database is reachable and its schema is this program's."""
    if operating.is_ready():
        return Response("ready\n", content_type="text/plain; charset=utf-8")
    return Response("not ready\n", 503, content_type="text/plain; charset=utf-8")
