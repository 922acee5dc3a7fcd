"""Looking people up by what somebody typed."""

from booking.storage import directory
from tests.cast import POLICE
from tests.support.house import House


def test_an_address_is_found_whatever_its_case_and_one_that_cannot_be_belongs_to_nobody(house: House) -> None:
    with house.inside():
        found = directory.person_by_email(f" {POLICE.upper()}")
        assert found is not None
        assert found.email == POLICE
        assert directory.person_by_email(f"{POLICE}\0") is None
        assert set(directory.people_by_email([POLICE, "\0@example.org"])) == {POLICE}


def test_a_sign_in_with_an_address_that_cannot_be_is_refused_as_any_other(house: House) -> None:
    visitor = house.visitor()
    answer = visitor.fill_in("/logga-in", {"email": "a\0b@example.org", "password": "sergels-torg"})
    assert answer.status_code == 422
