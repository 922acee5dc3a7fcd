"""Searching in the bookings one may know. Imports storage and the domain.

A word is looked for in what the asker is shown, never in what a booking holds besides: what is found is
decided by the view. What is sealed is not read, whoever asks; details are opened one booking at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.actions.looking import Names, names_in, premises_for, seen_whole
from booking.domain.disclosure import Eyes
from booking.domain.people import Viewer
from booking.domain.searching import found_in, words_of
from booking.domain.spans import Span
from booking.domain.views import Full
from booking.storage import ledger, searching
from booking.storage.places import Place

BACK = timedelta(days=90)
AHEAD = timedelta(days=400)
MOST = 50  # so many are shown of what comes, and of what was
AT_ONCE = 100  # so many are read before it is seen who may know them


@dataclass(frozen=True)
class Found:
    """What was found in one premises, by start: of a series the occurrence nearest to now. `more`: there is more."""

    place: Place
    coming: tuple[Full, ...]
    earlier: tuple[Full, ...]
    names: Names
    more: bool


def search(viewer: Viewer, asked: str, now: datetime) -> list[Found]:
    """What the viewer may know whose words they ask for, 90 days back and 400 ahead, per premises they use.

    Nothing for a question with less than two letters. Words are found in any case and any order, in title, note,
    place, organisation and organiser as the viewer is shown them.
    """
    words = words_of(asked)
    return [_search(viewer, place, words, now) for place in premises_for(viewer)] if words else []


def _search(viewer: Viewer, place: Place, words: Sequence[str], now: datetime) -> Found:
    likely = [
        each
        for each in searching.words_in(place, Span(now - BACK, now + AHEAD), viewer.circles)
        if found_in((*each.texts, *_place_names(place, each.resource)), words)
    ]
    coming, more = _first(viewer, place, words, [each.number for each in likely if each.starts >= now], now)
    before = [each.number for each in reversed(likely) if each.starts < now]
    earlier, more_earlier = _first(viewer, place, words, before, now)
    return Found(
        place, tuple(coming), tuple(earlier), names_in(viewer, [*coming, *earlier]), more or more_earlier
    )


def _first(
    viewer: Viewer, place: Place, words: Sequence[str], numbers: Sequence[int], now: datetime
) -> tuple[list[Full], bool]:
    """The first views in which the words stand, one of each booking, and whether there are more."""
    found: dict[str, Full] = {}
    for start in range(0, len(numbers), AT_ONCE):
        seen = _seen(viewer, place, numbers[start : start + AT_ONCE], now)
        names = names_in(viewer, seen)
        for view in seen:
            if view.id in found or not found_in(_texts(place, view, names), words):
                continue
            if len(found) == MOST:
                return list(found.values()), True
            found[view.id] = view
    return list(found.values()), False


def _seen(viewer: Viewer, place: Place, numbers: Sequence[int], now: datetime) -> list[Full]:
    """What the viewer sees of some occurrences, in the order asked."""
    standing = ledger.beside(place, numbers)
    eyes = Eyes(viewer, place.premises, standing.bookings, standing.claims, now)
    known = [eyes.known.get(standing.named[number]) for number in numbers]
    return [view for booking in known if booking and (view := seen_whole(eyes, booking))]


def _texts(place: Place, view: Full, names: Names) -> tuple[str, ...]:
    """The words of a booking that its viewer is shown."""
    content, organisation = view.content, names.organisations[view.organisation]
    said = (content.title, content.note) if content else ()
    return (*said, *_place_names(place, view.resource), organisation.name, view.organiser)


def _place_names(place: Place, resource: str) -> tuple[str, ...]:
    name = place.premises.named(resource)
    return name["sv"], name["en"]
