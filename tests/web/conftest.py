"""What every test of the pages may ask for beside the house: browsers that read English."""

from collections.abc import Callable

import pytest

from tests.support.house import House, Visitor


@pytest.fixture
def browser(house: House) -> Callable[[str], Visitor]:
    """A signed-in browser that reads English."""

    def sign_in(email: str) -> Visitor:
        visitor = house.visitor(email)
        visitor.set_cookie("sprak", "en")
        return visitor

    return sign_in
