"""Radicale for gunicorn, on the folder in BENCHMARK_COLLECTIONS: open to whoever asks, on this machine alone."""

import os
from collections.abc import Iterable
from typing import Any

from radicale import config
from radicale.app import Application

SETTINGS = {
    "auth": {"type": "none"},
    "rights": {"type": "authenticated"},
    "storage": {"filesystem_folder": os.environ["BENCHMARK_COLLECTIONS"]},
    "logging": {"level": "critical"},
}


def _application() -> Application:
    known = config.load()
    known.update(SETTINGS, "benchmarks", privileged=True)
    return Application(known)


served = _application()


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """What Radicale answers, but for the one address by which a server is asked whether it is ready."""
    if environ["PATH_INFO"] == "/readyz":
        start_response("200 OK", [("Content-Length", "0")])
        return []
    return served(environ, start_response)  # type: ignore[no-any-return]
