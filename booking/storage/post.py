"""Letters out of the house, by SMTP. Imports the standard library and Flask's current application."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from flask import current_app

TIMEOUT_SECONDS = 20
HERE = ("localhost", "127.0.0.1", "::1")


class NotTaken(Exception):
    """The server refuses this letter or whom it is for, for good (RFC 5321 section 4.2.1, 5yz)."""


@dataclass(frozen=True)
class Post:
    """Where mail is handed over: ``smtp://[user:password@]host[:port]``, or ``smtps://`` for TLS from the start.

    To another machine letters go over TLS with a certificate that holds, or not at all.
    """

    url: str | None
    sender: str | None

    @property
    def works(self) -> bool:
        """Whether mail can be sent at all."""
        return self.url is not None and self.sender is not None

    @property
    def address(self) -> str:
        """The sender's address alone."""
        return parseaddr(self.sender or "")[1]

    def send(self, to: str, subject: str, body: str) -> None:
        """Send one letter to one person. OSError or smtplib.SMTPException when it is not taken."""
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self.sender, to, subject
        letter.set_content(body)
        self._hand_over(letter, to)

    def deliver(self, letter: EmailMessage, to: str) -> None:
        """Hand a letter over for one person. NotTaken for good; OSError or SMTPException to be tried again."""
        try:
            self._hand_over(letter, to)
        except smtplib.SMTPRecipientsRefused as refused:
            if any(_for_good(code) for code, _ in refused.recipients.values()):
                raise NotTaken from None
            raise
        except smtplib.SMTPDataError as refused:
            if _for_good(refused.smtp_code):
                raise NotTaken from None
            raise

    def greet(self) -> None:
        """Come as far as to be let in, and send nothing. OSError or smtplib.SMTPException when that fails."""
        with self._let_in():
            pass

    def _hand_over(self, letter: EmailMessage, to: str) -> None:
        with self._let_in() as server:
            server.send_message(letter, self.address, [to])

    @contextmanager
    def _let_in(self) -> Iterator[smtplib.SMTP]:
        parts = urlsplit(self.url or "")
        host = parts.hostname or HERE[0]
        with _connection(parts.scheme, host, parts.port or 0) as server:
            server.ehlo_or_helo_if_needed()  # until it is greeted, a server is known to offer nothing
            if parts.scheme == "smtp" and (server.has_extn("starttls") or host not in HERE):
                server.starttls(context=_trust(host))  # refuses where it is not offered
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            yield server


def _connection(scheme: str, host: str, port: int) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=_trust(host))
    return smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)


def _trust(host: str) -> ssl.SSLContext:
    """Certificates are checked, but for a relay on this very machine, which often has none but its own."""
    context = ssl.create_default_context()
    if host in HERE:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _for_good(code: int) -> bool:
    return 500 <= code < 600


def office() -> Post:
    """The installation's own post."""
    found: Post = current_app.extensions["samlokal.post"]
    return found
