"""How the server itself logs, lines of JSON without anybody's words; and where its workers count together."""

import os
import shutil
import tempfile

SHARED = "PROMETHEUS_MULTIPROC_DIR"
OWN = f"-{os.getpid()}"

if os.environ.get("SAMLOKAL_METRICS_TOKEN") and not os.environ.get(SHARED, "").endswith(OWN):
    # Told to read this file again, a server keeps its folder; one that takes over from another has its own.
    os.environ[SHARED] = tempfile.mkdtemp(prefix="samlokal-metrics-", suffix=OWN)

from prometheus_client import multiprocess  # noqa: E402  it looks for the folder when it is imported


def child_exit(_server, worker):
    """What a worker that ended had in use, it has no more; what it counted stays counted."""
    if SHARED in os.environ:
        multiprocess.mark_process_dead(worker.pid)


def on_exit(_server):
    """The folder goes with the server."""
    if os.environ.get(SHARED, "").endswith(OWN):
        shutil.rmtree(os.environ[SHARED], ignore_errors=True)


logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "booking.logs.Lines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}
