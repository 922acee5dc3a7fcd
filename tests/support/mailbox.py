"""A real SMTP server on this machine: what it received, and what it is told to answer.

Imports aiosmtpd and tests.support.server.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.server import free_port

SENDER = "lokalen@example.org"
TAKEN = "250 OK"
Answer = Callable[[], str]


@dataclass
class Received:
    """One letter as it came: from and to whom on the envelope, and the letter itself."""

    sender: str
    to: list[str]
    letter: EmailMessage
    raw: bytes

    @property
    def text(self) -> str:
        """What a reader without a calendar reads."""
        body = self.letter.get_body(("plain",))
        assert isinstance(body, EmailMessage)
        return str(body.get_content())

    @property
    def calendar(self) -> bytes | None:
        """What a calendar reads."""
        for part in self.letter.walk():
            if part.get_content_type() == "text/calendar":
                return cast(bytes, part.get_payload(decode=True))
        return None


@dataclass
class Mailbox:
    """What came. `at_recipient` and `at_letter` answer at those points, before anything is kept; `port` is its."""

    received: list[Received] = field(default_factory=list)
    at_recipient: Answer = lambda: TAKEN
    at_letter: Answer = lambda: TAKEN
    after_letter: Callable[[], None] = lambda: None
    port: int = 0

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[Received]:
        """What came for an address."""
        return [each for each in self.received if each.to == [address]]

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.at_recipient()
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.at_letter()
        if answer.startswith("250"):
            raw = envelope.content or b""
            assert isinstance(raw, bytes)
            letter = message_from_bytes(raw, policy=default)
            self.received.append(
                Received(envelope.mail_from or "", list(envelope.rcpt_tos), cast(EmailMessage, letter), raw)
            )
            self.after_letter()
        return answer


@contextmanager
def mailbox(port: int | None = None, **how: Any) -> Iterator[Mailbox]:
    """A mail server for the length of the block, on a free port where none is given."""
    box = Mailbox(port=port or free_port(), **how)
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
