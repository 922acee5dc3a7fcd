"""A password that anybody would try first is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.passwords import guessable

ABOUT = ("Mika Socionom", "mika@example.org", "MIKA")


@pytest.mark.parametrize(
    "password",
    [
        "lösenord12345", "Password1234!", "qwertyuiopå1", "aaaaaaaaaaaa", "abababababab", "123456789012",
        "Sommar2026!!", "mikasocionom1", "Samlokal-2026", "SergelsTorg2026", "abcdefghijkl", "0987654321poi",
        "mika@example.org", "Välkommen2026", "novembernovember", "Sommar19840512", "111222111222",
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert guessable(password, ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        "fyra ord i en rad",
        "korrekt häst batteri",
        "ett långt lösenord",
        "hT7#kPz0vWq!",
        "sol över bron i regn",
    ],
)
def test_what_is_long_enough_of_its_own_is_taken(password: str) -> None:
    assert not guessable(password, ABOUT)


@given(st.text(max_size=60), st.lists(st.text(max_size=12), max_size=3))
def test_any_text_is_judged_and_one_character_over_and_over_never_passes(text: str, about: list[str]) -> None:
    guessable(text, about)
    assert guessable(text[:1] * 40, about)
