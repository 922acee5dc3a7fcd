"""What is wrong with a request before any rule of the house is asked: a closed list, and a sentence for each.

Imports Flask-Babel only; what a rule refuses is `booking.web.sentences`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _


class Fault(StrEnum):
    """Every way a field can be wrong in itself; the value is its name in the API."""

    ALREADY_CANCELLED = "already-cancelled"
    BAD_DATE = "bad-date"
    BAD_KEY = "bad-idempotency-key"
    BAD_QUARTER = "bad-quarter"
    BAD_TIME = "bad-time"
    EITHER_OR = "either-or"
    KEY_REUSED = "idempotency-key-reused"
    MISSING = "missing"
    NOT_A_CHOICE = "not-a-choice"
    NOT_AGREED = "displace-needs-on-clash"
    OUT_OF_RANGE = "out-of-range"
    REPEAT_FIXED = "repeat-cannot-change"
    REPEATED = "given-twice"
    TOO_MANY = "too-many-entries"
    UNKNOWN_FIELD = "unknown-field"
    UNKNOWN_PREMISES = "unknown-premises"
    UNPRINTABLE = "unprintable"
    URGENT_FIXED = "urgent-cannot-change"
    WINDOW_BACKWARDS = "window-backwards"
    WINDOW_TOO_LONG = "window-too-long"
    WRONG_TYPE = "wrong-type"


SENTENCES: dict[Fault, Callable[[str], str]] = {
    Fault.ALREADY_CANCELLED: lambda limit: _("The booking is cancelled already."),
    Fault.BAD_DATE: lambda limit: _("Write a date such as 2026-12-23."),
    Fault.BAD_KEY: lambda limit: _("Send one line of 1 to 200 visible characters."),
    Fault.BAD_QUARTER: lambda limit: _("Write a quarter such as 2026-Q4, no later than the running one."),
    Fault.BAD_TIME: lambda limit: _("Write a time with its offset, such as 2026-12-01T09:00:00+01:00."),
    Fault.EITHER_OR: lambda limit: _("Give either resource or kind."),
    Fault.KEY_REUSED: lambda limit: _("This was sent before with another body."),
    Fault.MISSING: lambda limit: _("This must be given."),
    Fault.NOT_A_CHOICE: lambda limit: _("Choose one of %(choices)s.", choices=limit),
    Fault.NOT_AGREED: lambda limit: _("Bookings are named here only when on_clash is displace."),
    Fault.OUT_OF_RANGE: lambda limit: _("Write a whole number, %(range)s.", range=limit),
    Fault.REPEAT_FIXED: lambda limit: _("How a booking repeats cannot be changed; book anew instead."),
    Fault.REPEATED: lambda limit: _("This may be given once."),
    Fault.TOO_MANY: lambda limit: _("Give at most %(most)s.", most=limit),
    Fault.UNKNOWN_FIELD: lambda limit: _("There is no such field here."),
    Fault.UNKNOWN_PREMISES: lambda limit: _("Choose a premises that you may use."),
    Fault.UNPRINTABLE: lambda limit: _("This is too long, or has characters that cannot be shown."),
    Fault.URGENT_FIXED: lambda limit: _("Whether a booking is urgent cannot be changed; book anew instead."),
    Fault.WINDOW_BACKWARDS: lambda limit: _("The end must be later than the start."),
    Fault.WINDOW_TOO_LONG: lambda limit: _("Ask for at most %(days)s days at a time.", days=limit),
    Fault.WRONG_TYPE: lambda limit: _("This must be %(type)s.", type=limit),
}


@dataclass
class Wrong(Exception):
    """One value that is wrong in itself, and the limit or the type that was meant."""

    fault: Fault
    limit: str = ""

    def sentence(self) -> str:
        """What is said at the field."""
        return SENTENCES[self.fault](self.limit)


@dataclass
class Unreadable(Exception):
    """Fields that are wrong in themselves; all of them are here."""

    wrong: tuple[tuple[str, Wrong], ...]


def wrong(field: str, fault: Fault, limit: str = "") -> Unreadable:
    """One field that is wrong in itself, to raise."""
    return Unreadable(((field, Wrong(fault, limit)),))
