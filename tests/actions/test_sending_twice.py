"""An order that is sent twice, as a program does when it heard no answer, books once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from booking.actions import booking, cancelling
from booking.actions.booking import Repeatable
from booking.actions.errors import Clash, KeyReused
from booking.storage.database import run
from booking.storage.tables import bookings
from tests.cast import DESKS, POLICE, POLICE_COLLEAGUE, TRAFFIC
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def send(house: House, inside: None) -> Callable[..., str]:
    """Book a desk with an Idempotency-Key."""

    def sending(who: str, key: str, fingerprint: str, desk: str = DESKS[0]) -> str:
        order = house.order(desk, "18:00", "19:00", house.clock().date() + timedelta(days=2))
        return booking.book(house.viewer(who), order, house.clock(), Repeatable(key, fingerprint)).view.id

    return sending


def how_many() -> int:
    return int(run(select(func.count()).select_from(bookings)).scalar_one())


def test_an_order_that_is_sent_twice_books_once(send: Callable[..., str]) -> None:
    assert send(POLICE, "k", "desk 1") == send(POLICE, "k", "desk 1")
    assert how_many() == 1


def test_a_key_is_not_used_for_another_order(send: Callable[..., str]) -> None:
    send(POLICE, "k", "desk 1")
    with pytest.raises(KeyReused):
        send(POLICE, "k", "desk 2", DESKS[1])
    assert how_many() == 1


def test_a_key_is_ones_own_and_is_forgotten_after_a_day(house: House, send: Callable[..., str]) -> None:
    first = send(POLICE, "k", "desk 1")
    assert send(POLICE_COLLEAGUE, "k", "desk 2", DESKS[1]) != first
    house.clock.step(hours=24, minutes=1)
    assert send(POLICE, "k", "desk 3", DESKS[2]) != first


def test_an_order_that_was_refused_can_be_sent_again(house: House, send: Callable[..., str]) -> None:
    taken = send(TRAFFIC, "t", "desk 1")
    with pytest.raises(Clash):
        send(POLICE, "k", "desk 1")
    cancelling.cancel(house.viewer(TRAFFIC), taken, house.clock())
    assert send(POLICE, "k", "desk 1")
