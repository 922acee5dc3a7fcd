"""What must hold of a database whatever has happened to it: nothing half-written, and no claim that breaks the rule.

Imports the application.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from booking.actions import operating
from booking.actions.refitting import misfits
from booking.storage import ledger, places
from booking.storage.database import rest, run
from booking.storage.places import Place
from booking.storage.tables import (
    attendees,
    bookings,
    journal,
    occurrences,
    sealed,
    terms,
)
from tests.support.house import House


def unsound(house: House) -> list[str]:
    """Everything that is wrong in the house's database, in words; empty when all is well."""
    with house.inside():
        rest()
        audits = operating.audit(house.clock())
        return [
            *(f"a pair that breaks the rule: {pair}" for audit in audits for pair in audit.broken),
            *(wrong for place in places.used_by(None) for wrong in _claims_of(place)),
            *(f"{what}: {found}" for what, condition in HALVES.items() if (found := _found(condition))),
        ]


def _claims_of(place: Place) -> Iterator[str]:
    """Each occurrence that does not hold exactly what its use lays claim to, less what gave way.

    What had ended when the premises was last changed keeps what it held, and is not asked.
    """
    asked = ledger.numbers_ahead(place, _last_changed(place))
    yield from (f"{key} does not hold what it should" for key in misfits(place, asked))
    own = occurrences.c.premises_id == place.id, ~occurrences.c.cancelled
    standing = {each.key for each in ledger.alone(place, run(select(occurrences.c.id).where(*own)).scalars())}
    holding = {claim.occurrence for claim in ledger.all_claims(place)}
    yield from (f"{key} holds what it has given up" for key in holding - standing)


def _last_changed(place: Place) -> datetime:
    about = journal.c.subject == f"premises {place.premises.key}"
    changed: datetime = run(select(func.max(journal.c.at)).where(about)).scalar_one()
    return changed


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
