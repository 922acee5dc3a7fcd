"""Addresses, forms, pages, JSON and calendar text; imports the actions and Flask, never storage."""

from __future__ import annotations

from flask import Flask

from booking.web import errors, headers, language, memory, metrics, request_log, viewer
from booking.web.blueprints import BLUEPRINTS


def install(app: Flask) -> None:
    """Put the whole web floor into the application."""
    request_log.install(app)
    metrics.install(app)
    headers.install(app)
    memory.install(app)
    language.install(app)
    viewer.install(app)
    errors.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
