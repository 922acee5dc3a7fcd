"""The steward's review of the access log of a circle: what is shown of it, the sign-off, and telling when it is due.

Imports storage and the domain. What is not for the reviewer's circles to know is neither shown nor counted here,
and does not make a review overdue.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from booking.actions import looking
from booking.actions.errors import Changed, NotFound, Refused
from booking.domain import reviewing
from booking.domain.notices import News
from booking.domain.people import CircleId, OrganisationId, Viewer
from booking.domain.permissions import Deed, may, require
from booking.domain.refusals import Reason, Refusal, unprintable
from booking.domain.reviewing import Knowledge, Opening, Watch, Why
from booking.domain.spans import Span
from booking.storage import denials, directory, journal, notices, openings, places, reviews
from booking.storage.circles import circles_of
from booking.storage.database import transaction
from booking.storage.denials import Denial
from booking.storage.journal import Action
from booking.storage.openings import Reader as Reader
from booking.storage.places import Place
from booking.storage.reviews import Review as Review

MOST_READERS = 200
MOST_DENIALS = 200
MOST_REVIEWS = 10
MOST_WORDS = 500


# --- for the organiser ------------------------------------------------------------------------


def readers(opened: looking.Opened) -> tuple[Reader, ...]:
    """Who has opened a booking, the latest first: told to its organiser, and not even asked for anybody else."""
    return tuple(openings.of_booking(opened.view.id, MOST_READERS)) if opened.view.mine else ()


# --- for whoever reviews ----------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """A circle that the viewer reviews: since when its log waits for it, None while it is empty, and until when."""

    watch: Watch
    since: datetime | None
    due: datetime | None
    overdue: bool


@dataclass(frozen=True)
class Shown:
    """A row of the log that the reviewer is shown, with the rules that chose it; none where it was drawn."""

    row: Opening
    place: Place
    why: frozenset[Why]


@dataclass(frozen=True)
class ToReview:
    """What is to be reviewed of a circle's log: the totals of a period, some of its rows, and who was turned away.

    `mark` says that this period is what its reviewer was shown; `all_shown`: there is no row beside those shown.
    """

    waiting: Waiting
    period: Span | None
    mark: str
    rows: tuple[Shown, ...]
    all_shown: bool
    openings: int
    people: int
    bookings: int
    denials: tuple[Denial, ...]
    earlier: tuple[Review, ...]


def to_review(viewer: Viewer, now: datetime) -> tuple[Waiting, ...]:
    """The circles whose log the viewer reviews, and how each stands."""
    require(viewer, Deed.REVIEW_SIGN)
    return tuple(_waiting(each, now) for each in reviewing.watched(viewer, reviews.ages(viewer.circles)))


def is_overdue(viewer: Viewer, now: datetime) -> bool:
    """Whether a review of theirs has been waited for too long."""
    return may(viewer, Deed.REVIEW_SIGN) and any(each.overdue for each in to_review(viewer, now))


def review_of(viewer: Viewer, key: str, now: datetime, secret: bytes) -> ToReview:
    """The review of one circle; NotFound unless it is the viewer's to review.

    The same rows are drawn however often it is looked at: the draw is made with the secret.
    """
    watch = _watch(viewer, key)
    waiting = _waiting(watch, now)
    until = now.replace(microsecond=0)  # as it is stored, and as the form carries it
    period = Span(waiting.since, until) if waiting.since and waiting.since < until else None
    earlier = tuple(reviews.signed(watch.origin, MOST_REVIEWS))
    if period is None:
        return ToReview(waiting, None, "", (), True, 0, 0, 0, (), earlier)
    rows = openings.within(watch.ages, viewer.circles, period)
    shown = _shown(viewer, watch, rows, period, secret)
    assert viewer.person is not None
    return ToReview(
        waiting=waiting,
        period=period,
        mark=reviewing.mark(secret, viewer.person, watch.origin, period),
        rows=shown,
        all_shown=len(shown) == len(rows),
        openings=len(rows),
        people=len({row.person for row in rows}),
        bookings=len({row.booking for row in rows}),
        denials=tuple(denials.within(watch.ages, viewer.circles, period, MOST_DENIALS)),
        earlier=earlier,
    )


def sign(
    viewer: Viewer, key: str, period: Span, mark: str, remark: str, now: datetime, secret: bytes
) -> None:
    """Sign the review of a period that the viewer was shown. NotFound unless it is theirs to review.

    Changed when it is not what they were shown, or was signed meanwhile; Refused by what is wrong with the remark.
    """
    watch = _watch(viewer, key)
    said = " ".join(remark.split())
    if unprintable(said) or len(said) > MOST_WORDS:
        raise Refused((Refusal(Reason.UNPRINTABLE, "remark"),))
    assert viewer.person is not None
    if mark != reviewing.mark(secret, viewer.person, watch.origin, period) or period.end > now:
        raise Changed
    with transaction():
        reviews.lock(watch.origin)
        watch = _watch(_present(viewer), key)
        if watch.since != period.start:
            raise Changed
        reviews.sign(watch.origin, viewer.person, period, said, now)
        journal.record(Action.REVIEW_SIGN, f"circle {watch.origin}", now, viewer.person)


def _watch(viewer: Viewer, key: str) -> Watch:
    ages = reviews.ages(viewer.circles)
    origins = {age.origin for age in ages if age.key == key}
    found = next((each for each in reviewing.watched(viewer, ages) if each.origin in origins), None)
    if found is None:
        raise NotFound
    return found


def _present(viewer: Viewer) -> Viewer:
    """The viewer as they are under the lock, with no more circles than they came with."""
    found = directory.person(viewer.person) if viewer.person is not None else None
    if found is None:
        raise NotFound
    there = directory.viewer_of(found, proved=viewer.proved)
    return replace(there, circles=there.circles & viewer.circles)


def _waiting(watch: Watch, now: datetime) -> Waiting:
    due = reviewing.due(watch.since) if watch.since else None
    return Waiting(watch, watch.since, due, reviewing.overdue(watch.since, now))


def _shown(
    viewer: Viewer, watch: Watch, rows: list[Opening], period: Span, secret: bytes
) -> tuple[Shown, ...]:
    assert viewer.organisation is not None
    stands = {place.id: place for place in places.used_by(None)}
    known = Knowledge(
        premises={number: place.premises for number, place in stands.items()},
        members=reviews.members(watch.ages),
        reviewers=frozenset(each.id for each in directory.administrators_of(viewer.organisation)),
    )
    why = reviewing.remarkable(rows, known)
    drawn = reviewing.drawn(rows, secret, watch.origin, period.start)
    return tuple(
        Shown(row, stands[row.premises], why.get(row.id, frozenset()))
        for row in rows
        if row.id in why or row.id in drawn
    )


# --- telling that it is overdue ---------------------------------------------------------------


def tell_overdue(now: datetime) -> int:
    """Tell the administrators of each steward whose review is overdue, once for each period; how many reviews.

    A job of the worker: to run it again, or twice at once, does no harm.
    """
    return sum(
        _tell(steward, each.watch.origin, now)
        for steward in reviews.stewards()
        for each in _overdue(steward, now)
    )


def _overdue(steward: OrganisationId, now: datetime) -> list[Waiting]:
    eyes = Viewer(organisation=steward, circles=circles_of(steward).opened(proved=True))
    watches = reviewing.kept_by(eyes, reviews.ages(eyes.circles))
    return [waiting for each in watches if (waiting := _waiting(each, now)).overdue]


def _tell(steward: OrganisationId, origin: CircleId, now: datetime) -> int:
    with transaction():
        reviews.lock(origin)
        late = next((each for each in _overdue(steward, now) if each.watch.origin == origin), None)
        if late is None or late.due is None:
            return 0
        if journal.was_recorded(Action.REVIEW_MISS, f"circle {origin}", late.due):
            return 0
        for person in directory.administrators_of(steward):
            if not person.ended(now):
                notices.tell(person.id, News.REVIEW, now)
        journal.record(Action.REVIEW_MISS, f"circle {origin}", now)
        return 1
