"""What a person was told, read through their own eyes as they are now; and how they want to be told.

Imports storage and the domain. What a reader may no longer know is not in what they are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from booking.actions.errors import Refused
from booking.actions.looking import seen_whole
from booking.domain.disclosure import Eyes
from booking.domain.notices import Notice
from booking.domain.people import PersonId, Viewer
from booking.domain.permissions import Deed, require
from booking.domain.refusals import Reason, Refusal
from booking.domain.views import Full
from booking.storage import directory, journal, ledger, naming, notices, places
from booking.storage.database import Touches, transaction
from booking.storage.directory import Wishes as Wishes
from booking.storage.journal import Action
from booking.storage.places import Place

SHOWN = 100
LANGUAGES = ("sv", "en")
REMINDED = (None, 15, 30, 60, 24 * 60)  # minutes before the start

Said = tuple[str, datetime | None]  # a booking, and which occurrence of it


@dataclass(frozen=True)
class Told:
    """A notice with what its reader may know now of what it is about.

    `view` is None when that is nothing, or when it is about no booking; `place` is the premises of the booking or
    of the place it is about, and `resource` the key of that place. `sender` is what the one who did it is called.
    """

    notice: Notice
    place: Place | None = None
    view: Full | None = None
    resource: str | None = None
    sender: str = ""

    @property
    def hidden(self) -> bool:
        """Whether it is about a booking that its reader may not know."""
        return self.notice.booking is not None and self.view is None


def told(viewer: Viewer, now: datetime) -> list[Told]:
    """What the viewer was told, the newest first."""
    return seen(viewer, notices.of(_reader(viewer), SHOWN), now)


def unread(viewer: Viewer) -> int:
    """How many notices the viewer has not read.

    None to a program with an outsider's eyes: a notice more would tell it of what is confidential.
    """
    return notices.unread(_reader(viewer)) if viewer.trusted else 0


def read_all(viewer: Viewer, until: datetime, now: datetime) -> None:
    """Note that the viewer has read what they were told until then. Not journalled: it is told to nobody."""
    person = _reader(viewer)
    with transaction(touches=Touches.NOTHING):
        notices.mark_read(person, until, now)


def _reader(viewer: Viewer) -> PersonId:
    require(viewer, Deed.NOTICE_READ)
    assert viewer.person is not None
    return viewer.person


def seen(viewer: Viewer, found: Sequence[Notice], now: datetime) -> list[Told]:
    """Some notices through the eyes of their reader. However many they are, as many questions are asked."""
    known = views_of(viewer, [(each.booking, each.occurrence) for each in found if each.booking], now)
    spaces = {
        number: (place, key)
        for place in places.used_by(viewer.organisation)
        for number, key in place.space_keys.items()
    }
    names = notices.names_of(each.sender for each in found if each.sender is not None)
    return [_seen(each, known, spaces, names) for each in found]


def _seen(
    notice: Notice,
    known: dict[Said, tuple[Place, Full]],
    spaces: dict[int, tuple[Place, str]],
    names: dict[PersonId, str],
) -> Told:
    about = known.get((notice.booking, notice.occurrence)) if notice.booking else None
    if notice.booking and about is None:
        return Told(notice)
    place, resource = spaces.get(notice.space or 0, (None, None))
    sender = names.get(notice.sender, "") if notice.sender is not None else ""
    if about is None:
        return Told(notice, place, None, resource, sender)
    return Told(notice, about[0], about[1], resource or about[1].resource, sender)


def views_of(viewer: Viewer, said: Sequence[Said], now: datetime) -> dict[Said, tuple[Place, Full]]:
    """What the viewer may know of some occurrences, content of confidential ones closed."""
    used = {place.id: place for place in places.used_by(viewer.organisation)} if said else {}
    numbers = {
        each: (used[premises], number)
        for each, (premises, number) in naming.spoken_of(said, now).items()
        if premises in used
    }
    found: dict[Said, tuple[Place, Full]] = {}
    for place in used.values():
        mine = {each: number for each, (where, number) in numbers.items() if where is place}
        standing = ledger.beside(place, mine.values())
        eyes = Eyes(viewer, place.premises, standing.bookings, standing.claims, now)
        for each, number in mine.items():
            booking = eyes.known.get(standing.named[number])
            view = seen_whole(eyes, booking) if booking else None
            if view is not None:
                found[each] = place, view
    return found


# --- how one wants to be told -----------------------------------------------------------------


def wishes(viewer: Viewer) -> Wishes:
    """How the viewer wants to be told."""
    require(viewer, Deed.PERSON_WISH)
    assert viewer.person is not None
    return directory.wishes_of(viewer.person)


def wish(viewer: Viewer, wanted: Wishes, now: datetime) -> None:
    """Store how the viewer wants to be told. Refused for a language or a time that is not offered."""
    require(viewer, Deed.PERSON_WISH)
    assert viewer.person is not None
    if wanted.language not in LANGUAGES or wanted.remind not in REMINDED:
        raise Refused((Refusal(Reason.UNPRINTABLE, "language"),))
    with transaction():
        before = directory.wishes_of(viewer.person)
        changed = [name for name, value in vars(wanted).items() if value != getattr(before, name)]
        if changed:
            directory.set_wishes(viewer.person, wanted)
            journal.record(Action.PERSON_WISHES, f"person {viewer.person}", now, viewer.person, changed)
