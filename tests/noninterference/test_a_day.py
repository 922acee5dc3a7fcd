"""A day of use of the demo on the real server: what was said in confidence is in no dump, log or mailbox of it."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener
from zoneinfo import ZoneInfo

import pytest

from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    COORDINATOR,
    GUARD,
    PASSWORD,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    SOCIAL,
    TRAFFIC,
)
from tests.support.dump import bytes_on_disk, rows_by_table
from tests.support.mailbox import SENDER, mailbox
from tests.support.server import Server

PLANTED = "Blåsippan"
SPELLINGS = (PLANTED, "sippan", "Bl\\u00e5", PLANTED.encode("unicode_escape").decode())
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
BOOKING = re.compile(r"/bokning/[0-9a-z]{22}")
PAGES = ("/idag", "/idag?vy=lista", "/mina", "/aviseringar", "/installningar", "/mina/kalender")


class Person:
    """Somebody with a browser."""

    def __init__(self, server: Server, email: str) -> None:
        self._site = server.url
        self._browser: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        self.send("/logga-in", "/logga-in", email=email, password=PASSWORD)

    def get(self, path: str) -> str:
        with self._browser.open(self._site + path) as answer:
            return str(answer.read().decode())

    def send(self, path: str, page: str, **fields: str) -> str:
        """Send a form with the token that stands in a page."""
        found = TOKEN.search(self.get(page))
        assert found, page
        body = urlencode({"csrf_token": found[1], **fields}).encode()
        try:
            with self._browser.open(self._site + path, body) as answer:
                return str(answer.read().decode())
        except HTTPError as refused:
            return refused.read().decode()


@contextmanager
def demo(folder: Path, url: str) -> Iterator[tuple[Server, object]]:
    with mailbox() as mail:
        server = Server(folder, url, SAMLOKAL_SMTP_URL=mail.url, SAMLOKAL_MAIL_FROM=SENDER)
        server.command("demo")
        with server:
            yield server, mail


def test_a_day_of_use_leaves_no_word_of_it(
    empty_database: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    day = (datetime.now(ZoneInfo("Europe/Stockholm")) + timedelta(days=1)).date().isoformat()
    with demo(tmp_path, empty_database) as (server, mail):
        police, guard, artist = (Person(server, who) for who in (POLICE, GUARD, ARTIST))
        artist.send(
            "/boka", "/boka", plats="any-desk", arbetsplats="arbetsplats-4", datum=day, fran="12:15", till="13:15",
            vem="open", rubrik="Synlig skiss",
        )  # fmt: skip
        secret = {"vem": "confidential", "krets": POLICE_CIRCLE, "rubrik": PLANTED, "anteckning": PLANTED * 9}
        asked = {
            "plats": "hela-lokalen", "datum": day, "fran": "12:30", "till": "13:00", "kallade": POLICE_COLLEAGUE,
            **secret,
        }  # fmt: skip
        agreed = police.send("/boka", "/boka", **asked)
        fields = dict(re.findall(r'name="(vika|besked|nyckel)" value="([^"]*)"', agreed))
        if "vika" in fields:
            police.send("/boka", "/boka", **asked, **{k: v.replace("&#34;", '"') for k, v in fields.items()})
        theirs = BOOKING.findall(police.get("/mina"))
        both = [each for each in BOOKING.findall(guard.get(f"/idag?datum={day}&vy=lista")) if each in theirs]
        [path] = {each for each in both if PLANTED in guard.send(f"{each}/oppna", each)}
        for who in (GUARD, SOCIAL, TRAFFIC, COORDINATOR, ADMINISTRATOR, ARTIST):
            person = Person(server, who)
            for page in (*PAGES, f"/idag?datum={day}"):
                assert PLANTED not in person.get(page), f"{who} {page}"
        server.command("work", "--once")
        police.send(f"{path}/avboka", path, omfattning="this")
        server.command("work", "--once")
        letters = [each.raw.decode() for each in mail.received]  # type: ignore[attr-defined]
        rows = repr(rows_by_table(empty_database))
        kept = bytes_on_disk(empty_database)
        logged = server.log.read_text(encoding="utf-8")
    out = "".join(capfd.readouterr())
    assert "Synlig skiss" in rows, "what may be seen is there to be found"
    assert letters
    assert all(json.loads(line)["logger"] for line in logged.splitlines())
    assert logged.count("/bokning/<number>/oppna") >= 1
    for word in SPELLINGS:
        for said in (rows, logged, out, *letters):
            assert word not in said, word
        assert word.encode() not in kept
