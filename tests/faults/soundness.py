"""What must hold of a database whatever has happened to it: nothing half-written, and no claim that breaks the rule.

Imports the application.
"""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, exists, or_, select

from booking.actions import operating
from booking.domain.bookings import Booking
from booking.domain.claims import Stake, demands
from booking.domain.disclosure import use_of
from booking.domain.spans import Span, merged
from booking.storage import ledger, places
from booking.storage.database import rest, run
from booking.storage.places import Place
from booking.storage.tables import (
    attendees,
    bookings,
    journal,
    occurrences,
    premises,
    sealed,
    terms,
)
from tests.support.house import House

Held = dict[tuple[str, Stake], tuple[Span, ...]]


def unsound(house: House) -> list[str]:
    """Everything that is wrong in the house's database, in words; empty when all is well."""
    with house.inside():
        rest()
        return [
            *(
                f"a pair that breaks the rule: {pair}"
                for audit in operating.audit(house.clock())
                for pair in audit.broken
            ),
            *(wrong for place in places.used_by(None) for wrong in _claims_of(place)),
            *(f"{what}: {found}" for what, condition in HALVES.items() if (found := _found(condition))),
        ]


def _claims_of(place: Place) -> Iterator[str]:
    """Each occurrence that does not hold exactly what its use lays claim to."""
    held: dict[str, dict[tuple[str, Stake], list[Span]]] = defaultdict(lambda: defaultdict(list))
    for claim in ledger.all_claims(place):
        held[claim.occurrence][claim.space, claim.stake].append(claim.span)
    changed = run(select(premises.c.revision).where(premises.c.id == place.id)).scalar_one() > 1
    numbers = run(select(occurrences.c.id).where(occurrences.c.premises_id == place.id)).scalars()
    standing = run(select(occurrences.c.id).where(~occurrences.c.cancelled)).scalars()
    for booking in ledger.alone(place, set(numbers) & set(standing)):
        found = {about: merged(spans) for about, spans in held.pop(booking.key, {}).items()}
        if not _alike(found, _wanted(place, booking), changed):
            yield f"{booking.key} holds {found}, and wants {_wanted(place, booking)}"
    yield from (f"{key} holds what it has given up" for key in held)


def _alike(found: Held, wanted: Held, changed: bool) -> bool:
    """Whether a use holds what it wants; where the premises was changed since, only that it holds of that at all."""
    return found == wanted or (changed and bool(found.keys() & wanted.keys()))


def _wanted(place: Place, booking: Booking) -> Held:
    wanted = demands(place.premises, use_of(place.premises, booking))
    return {(each.space, each.stake): (each.over(booking.span),) for each in wanted}


def _found(condition: ColumnElement[bool]) -> list[str]:
    return [str(each) for each in run(select(bookings.c.id).where(condition)).scalars()]


_OF_IT = occurrences.c.booking_id == bookings.c.id
_TERMS = terms.c.booking_id == bookings.c.id
_SEALED = exists().where(sealed.c.terms_id == terms.c.id)
_IN_CLEAR = or_(terms.c.title != "", terms.c.note != "", exists().where(attendees.c.terms_id == terms.c.id))
HALVES: dict[str, ColumnElement[bool]] = {
    "without a time": ~exists().where(_OF_IT),
    "stands, and every time of it is cancelled": and_(
        bookings.c.status != "cancelled", ~exists().where(_OF_IT, ~occurrences.c.cancelled)
    ),
    "is cancelled, and a time of it stands": and_(
        bookings.c.status == "cancelled", exists().where(_OF_IT, ~occurrences.c.cancelled)
    ),
    "confidential without its seal": exists().where(_TERMS, terms.c.visibility == "confidential", ~_SEALED),
    "sealed, and in clear beside": exists().where(_TERMS, _SEALED, _IN_CLEAR),
    "not in the journal": ~exists().where(journal.c.subject == bookings.c.id),
}
