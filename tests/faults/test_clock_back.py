"""The computer's clock is set back by two hours: nobody is signed out or shut out, nothing stops, nothing is lost."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from booking.actions import limiting, membership, working
from booking.domain.people import Visibility
from booking.storage import jobs
from booking.storage.database import run
from booking.storage.post import office
from booking.storage.tables import claims
from booking.web import letters
from tests.cast import ARTIST, DESKS, HALL, POLICE, POLICE_CIRCLE, POLICE_COLLEAGUE, TRAFFIC
from tests.faults.soundness import unsound
from tests.support.house import House, Visitor
from tests.web.api.program import Program, order

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("quick_hashing")]
BACK_HOURS = 2
A_MINUTES_REQUESTS = 500  # fewer than anybody is stopped for


def test_a_clock_that_is_set_back_breaks_nothing(house: House, client_of: Callable[..., Visitor]) -> None:
    house.clock.step(hours=4)
    visitor, artist = client_of(POLICE), client_of(ARTIST)
    with house.inside():
        _, secret = membership.issue_token(house.viewer(POLICE), "program", True, house.clock())
    program = Program(house.visitor(), {"Authorization": f"Bearer {secret}"})
    keyed = {"Idempotency-Key": "the same order"}
    first = program.post("/bookings", order(resource=DESKS[0]), headers=keyed)
    kept = house.book(ARTIST, DESKS[1], "15:00", "18:00").view
    work(house)
    busy_program(house, secret)
    mistaken(house)
    house.clock.step(hours=-BACK_HOURS)

    assert visitor.is_let_in()
    assert artist.is_let_in()
    assert house.sign_in(TRAFFIC).is_let_in(), (
        "those who mistook themselves before are not shut out for longer"
    )
    assert program.post("/bookings", order(resource=DESKS[0]), headers=keyed).json["id"] == first.json["id"]
    busy_program(house, secret)
    assert program.get("/me").status_code == 200
    assert work(house) == house.clock(), "what is done by itself is not left undone until it is as late again"

    house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE, agree=True)
    house.book(POLICE_COLLEAGUE, DESKS[2], "10:00", "11:00", visibility=Visibility.INTERNAL)
    with house.inside():
        ages = [row.since for row in run(select(claims).order_by(claims.c.id))]
    assert ages == sorted(ages), "what is booked later is newer, whatever the clock says"
    page = artist.get("/aviseringar")
    assert page.status_code == 200
    assert "Arbetsplats 2" in page.text, "whoever was there before gives way, and is told"
    assert artist.get(f"/bokning/{kept.id}").status_code == 200
    assert program.get(f"/bookings/{first.json['id']}").json["status"] == "confirmed"
    house.clock.step(hours=BACK_HOURS + 1)
    assert visitor.is_let_in()
    work(house)
    assert unsound(house) == []


def work(house: House) -> object:
    """Let the worker do what is due; when it last began the job that is asked for most often."""
    with house.inside():
        working.work(working.all_jobs(office(), letters.write, house.clock, lambda: False), house.clock)
        return jobs.runs()["missed"].began


def busy_program(house: House, secret: str) -> None:
    """A program asks many times within each of the last three minutes; it is never stopped."""
    batches = limiting.new_batches()
    with house.inside():
        for _ in range(3):
            house.clock.step(minutes=1.1)
            for _ in range(A_MINUTES_REQUESTS):
                limiting.request_by(secret, batches, house.clock())


def mistaken(house: House) -> None:
    """Somebody gives a wrong password until they have to wait."""
    visitor = house.visitor()
    for _ in range(limiting.PER_ACCOUNT):
        visitor.fill_in("/logga-in", {"email": TRAFFIC, "password": "fel"})
    answer = visitor.fill_in("/logga-in", {"email": TRAFFIC, "password": "fel"})
    assert answer.status_code == 429
