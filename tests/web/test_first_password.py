"""The first password: chosen by a link that opens once, and soon no more."""

import pytest
from werkzeug.http import dump_cookie

from booking.actions import membership
from booking.domain.people import Role
from tests.cast import PASSWORD
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("quick_hashing")


@pytest.fixture
def link(house: House) -> str:
    with house.inside():
        secret = membership.add_person("ny@example.org", "Ny", Role.MEMBER, "mika", house.clock())
    return f"/valkommen/{secret}"


WORDS = {"password": "fyra ord i en rad", "again": "fyra ord i en rad"}


def test_a_first_password_is_chosen_once(house: House, link: str) -> None:
    assert house.visitor().fill_in(link, WORDS).status_code == 302
    assert house.sign_in("ny@example.org", WORDS["password"]).is_let_in()
    assert house.visitor().get(link).status_code == 404
    assert (
        house.visitor()
        .submit(link, {"password": "någon annans ord", "again": "någon annans ord"})
        .status_code
        == 404
    )
    assert house.sign_in("ny@example.org", WORDS["password"]).is_let_in()


def test_nobody_signs_in_before_a_password_is_chosen(house: House, link: str) -> None:
    for password in ("", PASSWORD, "None"):
        assert (
            house.visitor()
            .fill_in("/logga-in", {"email": "ny@example.org", "password": password})
            .status_code
            == 422
        )


def test_a_link_is_of_no_use_after_a_week(house: House, link: str) -> None:
    house.clock.step(days=7, seconds=-1)
    assert house.visitor().get(link).status_code == 200
    house.clock.step(seconds=1)
    assert house.visitor().get(link).status_code == 404
    assert house.visitor().submit(link, WORDS).status_code == 404


@pytest.mark.parametrize(("password", "again"), [("kort", "kort"), ("fyra ord i en rad", "fem"), ("", "")])
def test_a_password_that_will_not_do_uses_nothing_up(
    house: House, link: str, password: str, again: str
) -> None:
    assert house.visitor().fill_in(link, {"password": password, "again": again}).status_code == 422
    assert house.visitor().fill_in(link, WORDS).status_code == 302


def test_a_made_up_link_is_not_there(house: House) -> None:
    for secret in ("x", "x" * 43, "x" * 101, dump_cookie("a", "b")):
        assert house.visitor().get(f"/valkommen/{secret}").status_code == 404


@pytest.mark.parametrize("password", ["lösenord12345", "ny@example.org", "Samlokal2026!"])
def test_what_anybody_would_try_first_is_refused_at_its_field_and_the_link_stays(
    house: House, link: str, password: str
) -> None:
    answer = house.visitor().fill_in(link, {"password": password, "again": password})
    assert answer.status_code == 422
    assert "något av det första" in answer.text
    assert house.visitor().fill_in(link, WORDS).status_code == 302
