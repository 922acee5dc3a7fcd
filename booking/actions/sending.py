"""Sending what waits in the outbox, one letter at a time. Imports storage and the domain.

A letter is claimed in one transaction, handed over outside any, and noted as sent in another. A worker that is
killed between the last two has sent a letter that is due again: it goes out once more when the lease has ended,
with the same Message-ID. Nothing else is ever sent twice, and nothing is lost.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage

from booking.actions.inviting import LINK_KEPT as INVITATION_KEPT
from booking.actions.membership import FIRST_PASSWORD, LINK_KEPT, NEW_LINK_KEPT, NEW_PASSWORD
from booking.actions.noticing import Told, seen, views_of
from booking.domain.bookings import Status, uid_of
from booking.domain.people import NOBODY, Viewer
from booking.domain.views import Full
from booking.storage import access, directory, invitations, ledger, naming, notices, outbox, places
from booking.storage.database import Touches, rest, transaction
from booking.storage.directory import Person
from booking.storage.invitations import Invitation
from booking.storage.outbox import Due
from booking.storage.outbox import Kind as Kind
from booking.storage.places import Place
from booking.storage.post import NotTaken, Post

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)  # longer than the slowest server is waited for
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
HOURLY = timedelta(hours=1)
KEPT_TRYING = timedelta(days=2)
HOUR_OF_ATTEMPTS = 1 + len(BACK_OFF)  # so many are made in no less than an hour
MOST_ATTEMPTS = 1 + len(BACK_OFF) + (KEPT_TRYING - sum(BACK_OFF, timedelta())) // HOURLY


@dataclass(frozen=True)
class Letter:
    """A letter to be written: whom it is for, and what they may know now of what it tells.

    A notice has `told`. An entry for a calendar has `place` and `view`, where its reader still may know it, and
    `uid` and `sequence` for taking it out. A link for a password has its `secret`, and so has one of an
    `invitation`, to `place`. `private`: of what it is about nothing may be mailed at all.
    """

    id: str
    kind: Kind
    made: datetime
    reader: Viewer
    email: str
    language: str
    told: Told | None = None
    place: Place | None = None
    view: Full | None = None
    uid: str = ""
    sequence: int = 0
    changed: datetime | None = None
    organises: bool = False
    private: bool = False
    secret: str = ""
    invitation: Invitation | None = None


LINKS = {Kind.WELCOME: (FIRST_PASSWORD, LINK_KEPT), Kind.RESET: (NEW_PASSWORD, NEW_LINK_KEPT)}
Write = Callable[[Letter, datetime], EmailMessage]
Clock = Callable[[], datetime]


def send_all(post: Post, write: Write, clock: Clock, stopping: Callable[[], bool]) -> int:
    """Send what is due until nothing is, or until told to stop; how many letters were taken."""
    done = 0
    while post.works and not stopping() and (due := _claimed(clock())) is not None:
        done += _send(due, post, write, clock)
    return done


def waits(post: Post, now: datetime) -> bool:
    """Whether there is anything to send and somewhere to hand it over."""
    return post.works and outbox.waits(now)


def next_try(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts: 1, 5, 15, 60 minutes, then hours; None after two days."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else HOURLY


def _claimed(now: datetime) -> Due | None:
    with transaction(touches=Touches.NOTHING):
        return outbox.claim(now, LEASE)


def _send(due: Due, post: Post, write: Write, clock: Clock) -> int:
    """Whether the server took it. Whatever is wrong with one letter, the others are sent."""
    try:
        letter = letter_of(due, clock())
        if letter is None:
            with transaction(touches=Touches.NOTHING):
                outbox.drop(due)
            return 0
        written = write(letter, clock())
        rest()
        post.deliver(written, letter.email)
    except NotTaken:
        with transaction(touches=Touches.NOTHING):
            outbox.give_up(due)
        return 0
    except Exception as error:  # noqa: BLE001 - its kind is logged, and it is tried again
        log.warning("not sent: %s", type(error).__name__)
        _try_again(due, clock())
        return 0
    with transaction(touches=Touches.NOTHING):
        outbox.sent(due, clock())
    return 1


def _try_again(due: Due, now: datetime) -> None:
    pause = next_try(due.attempts)
    with transaction(touches=Touches.NOTHING):
        if pause is None:
            outbox.give_up(due)
        else:
            outbox.later(due, now + pause)


# --- what a letter is about -------------------------------------------------------------------


def letter_of(due: Due, now: datetime) -> Letter | None:
    """The letter as its reader may know it now; None when there is nothing to say, or nobody to say it to."""
    if due.invitation is not None:
        return _invitation(due, due.invitation, now)
    person = directory.person(due.person) if due.person is not None else None
    if person is None or person.ended(now):
        return None
    wishes = directory.wishes_of(person.id)
    if due.kind is Kind.NOTICE:
        return _notice(due, person, wishes.language, now)
    if due.kind in LINKS:
        return _link(due, person, wishes.language, now)
    return _entry(due, person, wishes.language, now)


def _notice(due: Due, person: Person, language: str, now: datetime) -> Letter | None:
    notice = notices.numbered(due.notice) if due.notice is not None else None
    if notice is None:
        return None
    reader = directory.viewer_of(person)
    (told,) = seen(reader, [notice], now)
    sealed = told.view is not None and told.view.sealed
    private = (
        told.hidden or sealed or (notice.booking is not None and ledger.confidential_terms(notice.booking))
    )
    return Letter(due.id, due.kind, due.made, reader, person.email, language, told=told, private=private)


def _link(due: Due, person: Person, language: str, now: datetime) -> Letter | None:
    """A link for a password, made now: one that was sent before is dead with it."""
    if (due.kind is Kind.WELCOME) is not (person.password_hash is None):
        return None
    purpose, kept = LINKS[due.kind]
    with transaction(touches=Touches.NOTHING):
        secret = access.issue_link(person.id, purpose, now + kept)
    reader = directory.viewer_of(person)
    return Letter(due.id, due.kind, due.made, reader, person.email, language, secret=secret)


def _invitation(due: Due, number: int, now: datetime) -> Letter | None:
    """An invitation to an address, with its link made now; to whomever the address belongs."""
    with transaction(touches=Touches.NOTHING):
        invitation = invitations.numbered(number)
        if invitation is None:
            return None
        secret = invitations.issue_link(number, now + INVITATION_KEPT)
    place = places.get(invitation.premises)
    letter = Letter(due.id, due.kind, due.made, NOBODY, invitation.email, "sv", place=place, secret=secret)
    return replace(letter, invitation=invitation)


def _entry(due: Due, person: Person, language: str, now: datetime) -> Letter | None:
    """An entry of the reader's calendar, or its end, as a feed of theirs would show it: whole, or not at all."""
    said = (due.booking or "", due.occurrence)
    numbers = naming.spoken_of([said], now).get(said)
    if numbers is None:
        return None
    place = places.get(numbers[0])
    (booking,) = ledger.alone(place, [numbers[1]])
    invited = booking.content.attendees if booking.content else ()
    concerned = person.id in (booking.organiser, *(each.person for each in invited))
    stands = booking.status is not Status.CANCELLED and concerned
    if booking.confidential or stands is not (due.kind is Kind.REQUEST) or booking.span.end <= now:
        return None
    reader = directory.viewer_of(person).as_outsider()
    _, view = views_of(reader, [said], now).get(said, (place, None))
    view = None if view is None or view.clipped else view
    if view is None and due.kind is Kind.REQUEST:
        return None
    return Letter(
        id=due.id,
        kind=due.kind,
        made=due.made,
        reader=reader,
        email=person.email,
        language=language,
        place=place,
        view=view,
        uid=uid_of(booking, place.premises.zone),
        sequence=booking.sequence,
        changed=booking.changed or due.made,
        organises=booking.organiser == person.id,
    )
