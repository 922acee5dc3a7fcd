"""Response headers that hold for every answer: what may run, who may frame, what is kept. Flask only."""

from __future__ import annotations

import secrets

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

STATIC_AGE = 3600


def csp_nonce() -> str:
    """The nonce of this answer's one style block."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def install(app: Flask) -> None:
    """Set the headers after every request."""
    app.after_request(protect)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def protect(response: Response) -> Response:
    """Nothing inline, nothing framed, nothing kept but static files."""
    style = f"'self' 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else "'self'"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'self'; script-src 'self'; style-src {style}; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
    if not current_app.extensions["samlokal.settings"].demo:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint == "static":
        response.headers["Cache-Control"] = f"public, max-age={STATIC_AGE}"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response
