"""What every test of the pages may ask for beside the house: browsers that read English."""

from collections.abc import Callable

import pytest

from booking.domain.bookings import Booking, Content, Purpose
from booking.domain.claims import Use, demands, laid
from booking.domain.people import Visibility
from booking.storage import recording
from booking.storage.database import transaction
from booking.storage.places import next_turn
from booking.storage.tokens import new_id
from tests.cast import COORDINATOR
from tests.support.house import House, Visitor


@pytest.fixture
def browser(house: House) -> Callable[[str], Visitor]:
    """A signed-in browser that reads English."""

    def sign_in(email: str) -> Visitor:
        visitor = house.visitor(email)
        visitor.set_cookie("sprak", "en")
        return visitor

    return sign_in


@pytest.fixture
def asked(house: House) -> Callable[[Callable[[], object]], list[str]]:
    """The statements that the database is asked while something is done."""

    def listen(do: Callable[[], object]) -> list[str]:
        with house.asked() as said:
            do()
        return said

    return listen


@pytest.fixture
def block(house: House) -> Callable[..., Booking]:
    """Keep places from everybody, as the coordinator does: which, from, to, why; without `public` only they know."""

    def keep(places: tuple[str, ...], start: str, end: str, reason: str = "", public: bool = True) -> Booking:
        place, who, span = house.place, house.viewer(COORDINATOR), house.span(start, end)
        first, *others = (place.premises.by_key[each] for each in places)
        assert who.organisation is not None
        assert who.person is not None
        use = Use(first, who.organisation, equipment=tuple(others), blocked=True)
        number = new_id()
        made = Booking(
            id=number,
            resource=first.key,
            span=span,
            occurrence=span.start,
            organisation=who.organisation,
            organiser=who.person,
            organiser_name=who.name,
            visibility=Visibility.OPEN if public else Visibility.OWN,
            content=Content(reason),
            equipment=tuple(each.key for each in others),
            uid=f"{number}@samlokal",
            created=house.clock(),
            changed=house.clock(),
            terms=new_id(),
            category=who.category,
            purpose=Purpose.BLOCK,
        )
        with house.inside(), transaction(place.id):
            names = recording.add(place, [made])
            turn = next_turn(place.id)
            recording.lay(place, names, laid(demands(place.premises, use), span, made.key, turn))
        return made

    return keep
