"""Programs that call the API for somebody."""

from collections.abc import Callable

import pytest

from booking.actions import membership
from tests.support.house import House
from tests.web.api.program import Program


@pytest.fixture
def token_of(house: House) -> Callable[..., str]:
    """A personal token of the person with this address."""

    def issue(email: str, confidential: bool = False) -> str:
        viewer = house.viewer(email)
        with house.inside():
            return membership.issue_token(viewer, "test", confidential, house.clock())[1]

    return issue


@pytest.fixture
def program_of(house: House, token_of: Callable[..., str]) -> Callable[..., Program]:
    """A program that speaks for a person; with `confidential` it may open what their circles may know."""

    def make(email: str | None = None, confidential: bool = True) -> Program:
        headers = {"Authorization": f"Bearer {token_of(email, confidential)}"} if email else {}
        return Program(house.visitor(), headers)

    return make


@pytest.fixture
def session_of(house: House) -> Callable[[str], Program]:
    """A browser's own scripts: the session speaks, with its CSRF header."""

    def make(email: str) -> Program:
        visitor = house.visitor(email)
        return Program(visitor, {"X-CSRFToken": visitor.csrf_token})

    return make
