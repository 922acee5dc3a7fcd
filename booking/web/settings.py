"""Language and theme: two cookies that hold nothing else."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, redirect, request
from werkzeug.wrappers import Response

from booking.web.language import LANGUAGE_COOKIE, LANGUAGES, THEME_COOKIE
from booking.web.viewer import local_path, public

pages = Blueprint("settings", __name__)
YEAR_SECONDS = 365 * 24 * 3600


@pages.get("/sprak/<code>")
@public
def language(code: str) -> Response:
    """Choose the language and go back."""
    if code not in LANGUAGES:
        abort(404)
    return kept(redirect(local_path(request.args.get("next")) or "/"), LANGUAGE_COOKIE, code)


@pages.post("/utseende")
@public
def theme() -> Response:
    """Choose light or dark and go back."""
    wanted = request.form.get("theme", "")
    if wanted not in ("light", "dark"):
        abort(400)
    return kept(redirect(local_path(request.form.get("next")) or "/"), THEME_COOKIE, wanted)


def kept(response: Response, name: str, value: str) -> Response:
    """The response with a choice in a cookie of its own for a year."""
    secure = not current_app.extensions["samlokal.settings"].demo
    response.set_cookie(name, value, max_age=YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax")
    return response
