"""Letting others see a confidential booking that lies within earshot of another one."""

from booking.actions import changing, looking
from booking.actions.changes import Changes
from booking.domain.people import Visibility
from booking.domain.views import Busy
from tests.cast import ARTIST, COORDINATOR, GUARD, POLICE, POLICE_CIRCLE
from tests.support.house import House


def test_opening_a_desk_within_earshot_of_another_secret_tells_nobody_outside_that_a_member_sits_there(
    house: House,
) -> None:
    """It could be booked by members only: named, it would name one."""
    desk = house.book(GUARD, "arbetsplats-1", "17:00", "17:45", title="Skriva", circle=POLICE_CIRCLE)
    house.book(POLICE, "arbetsplats-2", "17:00", "17:45", circle=POLICE_CIRCLE)
    with house.inside():
        opened = changing.change(
            house.viewer(GUARD),
            desk.view.id,
            Changes(visibility=Visibility.OPEN, disclose=True),
            None,
            house.clock(),
        )
        assert opened.view.sealed
        for who in (ARTIST, COORDINATOR):
            look = looking.board(house.viewer(who), house.place, house.span("00:00", "24:00"), house.clock())
            assert all(isinstance(entry, Busy) for entry in look.board.entries)
