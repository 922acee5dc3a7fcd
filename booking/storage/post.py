"""Letters out of the house, by SMTP. Imports the standard library and Flask's current application."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from flask import current_app

TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Post:
    """Where mail is handed over: ``smtp://[user:password@]host[:port]``, or ``smtps://`` for TLS from the start."""

    url: str | None
    sender: str | None

    @property
    def works(self) -> bool:
        """Whether mail can be sent at all."""
        return self.url is not None and self.sender is not None

    def send(self, to: str, subject: str, body: str) -> None:
        """Send one letter to one person. OSError or smtplib.SMTPException when it is not taken."""
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self.sender, to, subject
        letter.set_content(body)
        parts = urlsplit(self.url or "")
        kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        with kind(parts.hostname or "localhost", parts.port or 0, timeout=TIMEOUT_SECONDS) as server:
            server.ehlo_or_helo_if_needed()  # until it is greeted, a server is known to offer nothing
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(letter)


def office() -> Post:
    """The installation's own post."""
    found: Post = current_app.extensions["samlokal.post"]
    return found
