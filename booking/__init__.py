"""Samlokal: shared premises, booked together, confidential where it must be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from booking import cli, slow
from booking.config import ROOT, Settings, read_settings
from booking.storage import database, post
from booking.storage.sealed import Seals
from booking.web import install

LONGEST_REQUEST = 256 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """The application, configured and with its database attached. UnsafeSettings stops the start."""
    settings = settings or read_settings()
    app = Flask("booking", static_folder=str(ROOT / "static"), template_folder=str(ROOT / "templates"))
    app.config.update(_flask_settings(settings))
    app.extensions["samlokal.settings"] = settings
    app.extensions["samlokal.seals"] = Seals(settings.sealing_keys)
    app.extensions["samlokal.post"] = post.Post(settings.smtp_url, settings.mail_from)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    settings.instance.mkdir(parents=True, exist_ok=True)
    database.db.init_app(app)
    with app.app_context():
        database.prepare(database.db.engine)
        slow.install(database.db.engine, settings.slow_query_ms)
    install(app)
    app.cli.add_command(cli.init)
    for command in cli.COMMANDS:
        app.cli.add_command(command)
    return app


def _flask_settings(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": database.engine_options(settings.database_url),
        "MAX_CONTENT_LENGTH": LONGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": LONGEST_REQUEST,
        "SESSION_COOKIE_NAME": "samlokal" if settings.demo else "__Host-samlokal",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SECURE": not settings.demo,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=7),
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_SSL_STRICT": False,  # no Referer is ever sent; SameSite and the token guard
        "BABEL_DEFAULT_LOCALE": "sv",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "TEMPLATES_AUTO_RELOAD": False,
    }
