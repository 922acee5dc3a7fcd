"""A first person in the site that `deploy/try.py` made: by a link from a letter, over TLS, to a booking of their own.

Runs inside that system, with its own Python. Standard library only.
"""

import mailbox
import re
import ssl
import subprocess
import sys
import time
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPSHandler, Request, build_opener

SITE = "https://bokning.example.org"
PERSON, PASSWORD, TITLE = "anna@example.org", "ett lösenord som ingen gissar", "Ett möte på riktigt"
LETTERS = Path("/var/mail/letters")
TRUST = ssl.create_default_context(cafile="/etc/nginx/tls/ca.pem")
COOKIES = CookieJar()
BROWSER = build_opener(HTTPSHandler(context=TRUST), HTTPCookieProcessor(COOKIES))


def command(*words: str) -> str:
    """What a command of the program prints."""
    return subprocess.run(["samlokal", *words], check=True, capture_output=True, text=True).stdout


def page(path: str, **fields: str) -> str:
    """A page by its address; with fields the form on it is sent, and the page that follows is given."""
    answer = BROWSER.open(SITE + path).read().decode()
    if not fields:
        return answer
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer)
    assert token, f"there is no form on {path}"
    sent = urlencode({"csrf_token": token[1], **fields}).encode()
    return BROWSER.open(SITE + path, sent).read().decode()


def letter_link() -> str:
    """The link in the letter that came."""
    for _ in range(100):
        for letter in mailbox.mbox(LETTERS, create=False) if LETTERS.exists() else ():
            found = re.search(rf"{SITE}(/valkommen/\S+)", str(letter.get_payload(decode=True), "utf-8"))
            if found and letter["To"] == PERSON:
                return found[1]
        time.sleep(0.2)
    raise AssertionError("no letter came")


def come_in() -> None:
    """Get a letter, choose a password, sign in; the cookie is for this site over TLS alone."""
    assert "sent to" in command("user", "add", PERSON, "--organisation", "mika")
    page(letter_link(), password=PASSWORD, again=PASSWORD)
    page("/logga-in", email=PERSON, password=PASSWORD)
    assert BROWSER.open(f"{SITE}/mina").geturl() == f"{SITE}/mina"
    assert [each.name for each in COOKIES if each.secure and each.name == "__Host-samlokal"]


def book() -> None:
    """Book a desk for tomorrow, and find it on the list and in the database."""
    tomorrow = time.strftime("%Y-%m-%d", time.localtime(time.time() + 86400))
    wish = {
        "plats": "any-desk",
        "arbetsplats": "arbetsplats-1",
        "datum": tomorrow,
        "fran": "10:00",
        "till": "11:00",
    }
    page("/boka", **wish, rubrik=TITLE, vem="internal")
    assert TITLE in page("/mina")


def is_refused(address: str, **headers: str) -> int | str:
    """How an address is refused: by its status, or before that."""
    try:
        BROWSER.open(Request(address, headers=headers))
    except HTTPError as error:
        return error.code
    except URLError as error:
        return type(error.reason).__name__
    return ""


def look_around() -> None:
    """The figures for whoever has the token; nobody is answered by another name."""
    token = re.search(r"METRICS_TOKEN='(.+)'", Path("/etc/samlokal/env").read_text())
    assert token
    bearer = {"Authorization": f"Bearer {token[1]}"}
    figures = BROWSER.open(Request(f"{SITE}/metrics", headers=bearer)).read().decode()
    assert "samlokal_ready 1.0" in figures
    assert 'samlokal_job_runs_missed{job="letters"} 0.0' in figures
    assert is_refused(f"{SITE}/metrics") == 404
    assert is_refused("https://127.0.0.1/") in ("SSLError", "SSLCertVerificationError")
    assert BROWSER.open("http://bokning.example.org/idag").geturl().startswith(SITE)


def come_back() -> None:
    """Killed, the server and the worker are started again by systemd."""
    for unit in ("samlokal-web", "samlokal-work"):
        before = pid(unit)
        subprocess.run(["systemctl", "kill", "--signal=KILL", unit], check=True)
        while pid(unit) in ("0", before):
            time.sleep(0.2)
    while is_refused(f"{SITE}/readyz"):
        time.sleep(0.2)
    assert TITLE in page("/mina")


def pid(unit: str) -> str:
    """The number of a unit's main process, 0 while it has none."""
    line = ["systemctl", "show", "--property=MainPID", "--value", unit]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()


for step in (come_in, book, look_around, come_back):
    step()
    sys.stdout.write(f"{step.__doc__}\n")
examined = command("doctor")
assert "wrong" not in examined, examined
sys.stdout.write(examined)
