"""Every method at every address of the map, its variables filled in. Imports Flask."""

from collections.abc import Iterator
from typing import NamedTuple

from flask import Flask


class Route(NamedTuple):
    """One method at one address, its variables filled in with what names nothing."""

    endpoint: str
    method: str
    path: str

    @property
    def api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def writes(self) -> bool:
        return self.method not in ("GET", "HEAD", "OPTIONS")


def routes(app: Flask) -> Iterator[Route]:
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        path = adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, "x" * 22))
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            yield Route(rule.endpoint, method, path)
