"""Tests of the actions run inside the application's context, as a request does."""

from collections.abc import Iterator

import pytest

from tests.support.house import House


@pytest.fixture(autouse=True)
def inside(house: House) -> Iterator[None]:
    """The application's context, for the length of the test."""
    with house.inside():
        yield
