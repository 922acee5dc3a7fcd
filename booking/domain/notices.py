"""What people are told: the kinds of news, and a notice as it is kept. Standard library only.

A notice holds ids and times. Its words are made when it is read or sent, through the eyes of whom it is for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from booking.domain.people import PersonId
from booking.domain.spans import Span


class News(StrEnum):
    """What somebody can be told."""

    DISPLACED = "displaced"  # had to give way, whatever the cause
    MOVED = "moved"  # to an equal desk
    GIVEN_BACK = "given_back"
    CANCELLED = "cancelled"  # by somebody else
    RESTORED = "restored"  # the cancelling was undone, by somebody else
    CHANGED = "changed"  # by somebody else
    APPROVED = "approved"
    DECLINED = "declined"
    LAPSED = "lapsed"
    MISSED = "missed"
    REMINDER = "reminder"
    SWAP = "swap"
    HANDED_OVER = "handed_over"
    ASKED = "asked"  # something waits for the coordinator's answer
    CIRCLE_MADE = "circle_made"  # with the reader's organisation as its steward
    CIRCLE_JOINED = "circle_joined"
    CIRCLE_LEFT = "circle_left"
    CIRCLE_SMALLER = "circle_smaller"  # a member left of its own accord; its steward is told
    RIGHTS = "rights"  # the reader administers their organisation from now on, or no longer
    RESET = "reset"  # a colleague, whom it is about, is sent a link for a new password
    PASSWORD = "password"  # the reader's password is another
    FACTORS = "factors"  # the second factors of a colleague, whom it is about, were taken away
    ENDING = "ending"  # the reader's account, a guest's, ends within a week
    PROLONGED = "prolonged"  # the reader's account, a guest's, ends on another day than was said
    REVIEW = "review"  # of the access log, overdue
    RETIRED = "retired"
    RENAMED = "renamed"
    HOURS = "hours"
    SIGN_IN_CHANGED = "sign_in_changed"
    FACTORS_GONE = "factors_gone"
    INVITED = "invited"


@dataclass(frozen=True)
class Notice:
    """One thing one person was told. `booking` and `occurrence` say about what, `span` is in UTC.

    `sender` is who wrote `words`; `space` is the number of the place it is about.
    """

    id: str
    person: PersonId
    news: News
    made: datetime
    booking: str | None = None
    occurrence: datetime | None = None
    span: Span | None = None
    space: int | None = None
    sender: PersonId | None = None
    words: str | None = None
    read: datetime | None = None
