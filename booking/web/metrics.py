"""What a Prometheus server reads at /metrics: requests and their time, the jobs, the processes. Imports the actions.

It tells no more of bookings than is told to everybody. What changes something is counted under one name, whatever
it was and whether or not it was refused, and 304 with 200: how often people book, are refused, open what is
confidential or find a board changed would tell of what is hidden. Letters are not counted at all.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from hmac import compare_digest
from math import inf
from pathlib import Path

from flask import Blueprint, Flask, current_app, request
from prometheus_client import CollectorRegistry, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from booking.actions import operating, working
from booking.web.clock import now
from booking.web.request_log import taken
from booking.web.viewer import public

pages = Blueprint("metrics", __name__)
FIGURES = "samlokal.figures"
SHARED = "PROMETHEUS_MULTIPROC_DIR"  # set by gunicorn.conf.py, where several processes count together
CHANGES, ANSWERED = "(changes)", "answered"
READING = ("GET", "HEAD", "OPTIONS")
BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

disable_created_metrics()  # type: ignore[no-untyped-call]  # they tell when something was first done


class Figures:
    """What is counted in this process, and with others' in the shared folder."""

    def __init__(self) -> None:
        self.own = CollectorRegistry()
        self.requests = Histogram(
            "samlokal_request_seconds",
            "Requests by route as a pattern and by status; everything that changes something is one.",
            ("route", "status"),
            buckets=BUCKETS,
            registry=self.own,
        )
        self.processes = self._gauge("processes", "Processes that have answered and live.")
        self.memory = self._gauge("resident_bytes", "Memory of these processes after their latest request.")
        self.connections = self._gauge(
            "database_connections_in_use", "Connections lent out at the end of the latest request of each."
        )

    def _gauge(self, name: str, said: str) -> Gauge:
        return Gauge(f"samlokal_{name}", said, multiprocess_mode="livesum", registry=self.own)

    @property
    def all(self) -> CollectorRegistry:
        """Of every process, where they count together; else of this one."""
        if SHARED not in os.environ:
            return self.own
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return together


class House(Collector):
    """What is asked of the database when it is read: whether it is ready, and how the jobs do."""

    def collect(self) -> Iterator[Metric]:
        """Whether it is ready, and if so every job."""
        ready = operating.is_ready()
        yield GaugeMetricFamily(
            "samlokal_ready", "Whether the database is reachable and its schema is right.", ready
        )
        if not ready:
            return
        missed = GaugeMetricFamily(
            "samlokal_job_runs_missed", "Whole periods a job should have run in and did not.", labels=["job"]
        )
        failed = GaugeMetricFamily("samlokal_job_failed", "Whether its last run failed.", labels=["job"])
        for pulse in working.pulses(now()):
            missed.add_metric([pulse.job], inf if pulse.missed is None else pulse.missed)
            failed.add_metric([pulse.job], pulse.failed)
        yield missed
        yield failed


def install(app: Flask) -> None:
    """Count every request, where the settings say that somebody reads it."""
    if app.extensions["samlokal.settings"].metrics_token:
        app.extensions[FIGURES] = Figures()
        app.after_request(_count)


def _count(response: Response) -> Response:
    figures: Figures = current_app.extensions[FIGURES]
    figures.requests.labels(*_kind(response.status_code)).observe(taken())
    figures.processes.set(1)
    figures.memory.set(_resident_bytes())
    figures.connections.set(operating.connections_in_use())
    return response


def _kind(status: int) -> tuple[str, str]:
    """What is counted together: the route, and the status of those that failed or asked for what is not there."""
    route = request.url_rule.rule if request.url_rule else "-"
    told_apart = 400 if request.method in READING else 500
    return (
        route if request.method in READING else CHANGES,
        f"{status // 100}xx" if status >= told_apart else ANSWERED,
    )


def _resident_bytes() -> int:
    """The memory this process takes, as Linux tells it (proc(5)); 0 elsewhere."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES
    except OSError:
        return 0


@pages.get("/metrics")
@public
def show() -> Response:
    """The figures, for whoever sends the token; for anybody else there is no such page."""
    if not _is_known():
        raise NotFound
    asked = CollectorRegistry()
    asked.register(House())
    figures: Figures = current_app.extensions[FIGURES]
    return Response(
        generate_latest(figures.all) + generate_latest(asked), content_type=CONTENT_TYPE_PLAIN_0_0_4
    )


def _is_known() -> bool:
    """Whether the token of the settings was sent along (RFC 6750 section 2.1)."""
    wanted = current_app.extensions["samlokal.settings"].metrics_token
    given = request.authorization
    if not wanted or given is None or given.type != "bearer" or not given.token:
        return False
    return compare_digest(given.token.encode(), wanted.encode())
