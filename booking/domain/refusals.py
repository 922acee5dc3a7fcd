"""Why a booking is refused by rule: a closed list of reasons, one small function each; all are collected.

Standard library only. A refusal names its field and the limit that was passed; sentences are the web's.
What clashes is judged in `booking.domain.attempts`, after these: a rule that refuses hides every clash.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from booking.domain.claims import Use
from booking.domain.people import CircleId, Role, Viewer, Visibility
from booking.domain.premises import LONGEST_OCCURRENCE, Premises, Rule
from booking.domain.spans import MINUTE, Span, day_of, day_start, without

TITLE_LENGTH = 120
NOTE_LENGTH = 4000
BLOCK_DAYS_AHEAD = 731
LINE_BREAKS = dict.fromkeys(map(ord, "\r\n\t"))
TURNS = frozenset(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)  # embeddings, overrides, isolates


class Reason(StrEnum):
    """Every reason a rule can give; the value is its name in the API."""

    ENDS_BEFORE_START = "ends-before-start"
    NOT_WHOLE_MINUTES = "not-whole-minutes"
    IN_THE_PAST = "in-the-past"
    TOO_LONG = "too-long"
    TOO_FAR_AHEAD = "too-far-ahead"
    OUTSIDE_HOURS = "outside-hours"
    TOO_MANY_AHEAD = "too-many-ahead"
    MAY_NOT_BOOK = "may-not-book"
    UNKNOWN_RESOURCE = "unknown-resource"
    NO_SUCH_TIME = "no-such-time"
    NOT_FOR_YOU = "resource-not-for-you"
    NO_CONFIDENTIAL = "confidential-not-for-you"
    TOKEN_NOT_CONFIDENTIAL = "token-not-confidential"
    CIRCLE_NOT_YOURS = "circle-not-yours"
    CIRCLE_WITHOUT_SECRECY = "circle-without-confidential"
    TITLE_TOO_LONG = "title-too-long"
    TITLE_LINE_BREAK = "title-line-break"
    NOTE_TOO_LONG = "note-too-long"
    UNPRINTABLE = "unprintable"
    UNKNOWN_PERSON = "unknown-attendee"
    ATTENDEE_OUTSIDE_CIRCLE = "attendee-outside-circle"
    CONTENT_LOCKED = "content-locked"
    CANNOT_BECOME_CONFIDENTIAL = "cannot-become-confidential"
    CONFIRM_DISCLOSURE = "confirm-disclosure"
    ONLY_THE_ORGANISER = "only-the-organiser"
    ENDED = "already-ended"
    UNDO_PASSED = "undo-passed"
    BEGUN = "already-begun"
    NOT_BEGUN = "not-begun"
    TOO_EARLY = "too-early"
    NOT_ATTENDED = "no-check-in"
    DESKS_ARE_NOT_CLEARED_FOR = "clear-desks-needs-a-room"
    UNKNOWN_EQUIPMENT = "unknown-equipment"
    PASSWORD_TOO_SHORT = "password-too-short"
    PASSWORD_GUESSABLE = "password-guessable"
    CONFIRM_FIRST = "confirm-first"
    PROVE_FIRST = "second-factor-first"
    FACTOR_FIRST = "no-second-factor"
    WRONG_CODE = "wrong-code"
    APP_IN_USE = "app-in-use"
    PASSKEY_NOT_TAKEN = "passkey-not-taken"
    STAYS_CONFIDENTIAL = "stays-confidential"
    UNKNOWN_COLLEAGUE = "unknown-colleague"
    NO_MAIL = "no-mail"
    NO_SUCH_ACCOUNT = "no-such-account"
    NOT_AN_ADDRESS = "not-an-address"
    ALREADY_A_COLLEAGUE = "already-a-colleague"
    ALREADY_A_GUEST = "already-a-guest"
    ADDRESS_IN_USE = "address-in-use"
    END_OUT_OF_REACH = "end-out-of-reach"
    NOT_A_CODE = "not-a-code"
    CODE_TAKEN = "code-taken"
    NOT_A_CHOICE = "not-a-choice"
    ALREADY_ADMINISTERED = "already-administered"
    STILL_PEOPLED = "still-peopled"
    NOT_A_NUMBER = "not-a-number"
    UNKNOWN_ORGANISATION = "unknown-organisation"
    CONFIRM_NO_SECRECY = "confirm-no-secrecy"
    STILL_BOOKED_IN_CIRCLE = "still-booked-in-circle"
    NOT_WAITING = "not-waiting"
    REASON_MISSING = "reason-missing"
    RETIRED = "resource-retired"
    NAME_MISSING = "name-missing"
    HOURS_UNREADABLE = "hours-unreadable"
    NOTHING_SAID = "nothing-said"
    LAST_ADMINISTRATOR = "last-administrator"
    REPEAT_UNREADABLE = "repeat-unreadable"
    REPEAT_UNSUPPORTED = "repeat-unsupported"
    REPEAT_WITHOUT_END = "repeat-without-end"
    REPEAT_TOO_MANY = "repeat-too-many"
    REPEAT_TOO_LONG = "repeat-too-long"
    REPEAT_NEVER = "repeat-never"
    REPEAT_CANNOT_MOVE = "repeat-cannot-move"
    REPEAT_OVERLAPS = "repeat-overlaps-itself"


# Of a series, what one of its times may be refused for while the others stand.
TIMELY = frozenset(
    {
        Reason.IN_THE_PAST,
        Reason.TOO_FAR_AHEAD,
        Reason.OUTSIDE_HOURS,
        Reason.NO_SUCH_TIME,
        Reason.TOO_LONG,
        Reason.RETIRED,
    }
)

# What the follow-up report counts: rules of which the asker is told all, whatever anybody has booked. How many bookings
# somebody has ahead is not among them: of whoever may book confidentially it would tell that they did.
COUNTED = frozenset({Reason.TOO_LONG, Reason.TOO_FAR_AHEAD, Reason.OUTSIDE_HOURS, Reason.NOT_FOR_YOU})


@dataclass(frozen=True)
class Refusal:
    """One reason, the field it belongs to, and the limit that was passed, if there is one."""

    reason: Reason
    field: str
    limit: int | timedelta | datetime | tuple[time, time] | str | None = None


@dataclass(frozen=True)
class Wish:
    """What somebody asks for, before any rule has been tried; UTC."""

    viewer: Viewer
    premises: Premises
    use: Use
    span: Span
    visibility: Visibility
    title: str
    note: str
    now: datetime
    coming: int = 0
    times: int = 1
    attendee_circles: tuple[frozenset[CircleId], ...] = ()
    started: bool = False

    @property
    def rule(self) -> Rule | None:
        """The rule of the asker's category; none binds a block."""
        return None if self.use.blocked else self.premises.rule_for(self.viewer.category)

    @property
    def waits(self) -> bool:
        """Whether the coordinator must approve it; never of what is confidential, which they may not know."""
        return (
            self.rule is not None and self.use.circle is None and self.use.resource.kind in self.rule.approval
        )


def ends_before_start(wish: Wish) -> Iterator[Refusal]:
    """The end comes after the start."""
    if wish.span.end <= wish.span.start:
        yield Refusal(Reason.ENDS_BEFORE_START, "ends")


def not_whole_minutes(wish: Wish) -> Iterator[Refusal]:
    """Any whole minute, nothing finer."""
    for name, moment in (("starts", wish.span.start), ("ends", wish.span.end)):
        if moment.second or moment.microsecond:
            yield Refusal(Reason.NOT_WHOLE_MINUTES, name)


def in_the_past(wish: Wish) -> Iterator[Refusal]:
    """Nothing is booked back in time; a booking that has begun may keep its start."""
    if not wish.started and wish.span.start < wish.now - MINUTE:
        yield Refusal(Reason.IN_THE_PAST, "starts")
    elif wish.span.end <= wish.now:
        yield Refusal(Reason.IN_THE_PAST, "ends")


def too_long(wish: Wish) -> Iterator[Refusal]:
    """At most what the category may, and 31 days for anybody."""
    longest = min(wish.rule.longest if wish.rule else LONGEST_OCCURRENCE, LONGEST_OCCURRENCE)
    if wish.span.length > longest:
        yield Refusal(Reason.TOO_LONG, "ends", longest)


def too_far_ahead(wish: Wish) -> Iterator[Refusal]:
    """Until the end of the last local day of the category's horizon; of a block, within two years."""
    horizon = wish.premises.horizon(wish.viewer.category, wish.now)
    if wish.use.blocked:
        today = day_of(wish.now, wish.premises.zone)
        horizon = day_start(today + timedelta(days=BLOCK_DAYS_AHEAD + 1), wish.premises.zone)
    if wish.span.end > horizon:
        yield Refusal(Reason.TOO_FAR_AHEAD, "starts", horizon - MINUTE)


def outside_hours(wish: Wish) -> Iterator[Refusal]:
    """Within the category's hours, on each local day."""
    hours = wish.rule.hours if wish.rule else None
    if hours is None or wish.span.end <= wish.span.start or wish.span.length > LONGEST_OCCURRENCE:
        return
    if without([wish.span], hours.open_spans(wish.span, wish.premises.zone)):
        day = day_of(wish.span.start, wish.premises.zone)
        yield Refusal(Reason.OUTSIDE_HOURS, "starts", hours.on(day) or hours.reasons.get(day))


def too_many_ahead(wish: Wish) -> Iterator[Refusal]:
    """So many coming bookings at once, if the category has such a limit."""
    most = wish.rule.most_ahead if wish.rule else None
    if most is not None and wish.coming + wish.times > most:
        yield Refusal(Reason.TOO_MANY_AHEAD, "starts", most)


def may_not_book(wish: Wish) -> Iterator[Refusal]:
    """Only people of an organisation, or guests, book."""
    if wish.rule is None and not wish.use.blocked:
        yield Refusal(Reason.MAY_NOT_BOOK, "resource")


def not_for_you(wish: Wish) -> Iterator[Refusal]:
    """Some kinds of resources, and some resources, are not for every category."""
    if wish.rule and not all(wish.rule.admits(each) for each in (wish.use.resource, *wish.use.equipment)):
        yield Refusal(Reason.NOT_FOR_YOU, "resource")


def retired(wish: Wish) -> Iterator[Refusal]:
    """What is taken away is not to be had from that day on."""
    for each in () if wish.use.blocked else (wish.use.resource, *wish.use.equipment):
        gone_at = wish.premises.retired_at(each)
        if gone_at is not None and wish.span.end > gone_at:
            yield Refusal(Reason.RETIRED, "resource", gone_at - MINUTE)


def confidentiality(wish: Wish) -> Iterator[Refusal]:
    """A confidential booking is to a circle of one's own, by those who may, through eyes that may."""
    if wish.visibility is not Visibility.CONFIDENTIAL:
        if wish.use.circle is not None:
            yield Refusal(Reason.CIRCLE_WITHOUT_SECRECY, "circle")
    elif wish.viewer.role is Role.GUEST or (wish.rule and not wish.rule.confidential):
        yield Refusal(Reason.NO_CONFIDENTIAL, "visibility")
    elif not wish.viewer.trusted:
        yield Refusal(Reason.TOKEN_NOT_CONFIDENTIAL, "visibility")
    elif wish.use.circle is None or wish.use.circle not in wish.viewer.circles:
        yield Refusal(Reason.CIRCLE_NOT_YOURS, "circle")
    else:
        yield from invited_outside(wish, frozenset({wish.use.circle}))


def invited_outside(wish: Wish, must_share: frozenset[CircleId]) -> Iterator[Refusal]:
    """Those invited must be in every circle that a viewer of the booking must share."""
    if any(not must_share <= circles for circles in wish.attendee_circles):
        yield Refusal(Reason.ATTENDEE_OUTSIDE_CIRCLE, "attendees")


def words(wish: Wish) -> Iterator[Refusal]:
    """A title is one line; title and note are bounded and hold no control characters."""
    if len(wish.title) > TITLE_LENGTH:
        yield Refusal(Reason.TITLE_TOO_LONG, "title", TITLE_LENGTH)
    elif len(wish.title.splitlines()) > 1 or "\n" in wish.title or "\r" in wish.title:
        yield Refusal(Reason.TITLE_LINE_BREAK, "title")
    elif unprintable(wish.title):
        yield Refusal(Reason.UNPRINTABLE, "title")
    if len(wish.note) > NOTE_LENGTH:
        yield Refusal(Reason.NOTE_TOO_LONG, "note", NOTE_LENGTH)
    elif unprintable(wish.note.translate(LINE_BREAKS)):
        yield Refusal(Reason.UNPRINTABLE, "note")


def unprintable(text: str) -> bool:
    """Whether a text holds what no page can show: control characters, lone surrogates, turns of direction.

    Not `str.isprintable`, which refuses the hard spaces of pasted text and the joiners inside an emoji.
    """
    return any(unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") or each in TURNS for each in text)


def clearing(wish: Wish) -> Iterator[Refusal]:
    """Only what takes the floor can ask for its desks to be cleared."""
    if wish.use.clear_desks and not wish.use.takes_floor:
        yield Refusal(Reason.DESKS_ARE_NOT_CLEARED_FOR, "clear_desks")


RULES: tuple[Callable[[Wish], Iterator[Refusal]], ...] = (
    may_not_book,
    ends_before_start,
    not_whole_minutes,
    in_the_past,
    too_long,
    too_far_ahead,
    outside_hours,
    too_many_ahead,
    not_for_you,
    retired,
    confidentiality,
    words,
    clearing,
)


def refusals(wish: Wish) -> tuple[Refusal, ...]:
    """Every reason a rule gives against the wish, in the order of the list."""
    return tuple(refusal for rule in RULES for refusal in rule(wish))
