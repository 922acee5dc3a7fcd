"""A browser in a few words, as it stands in the list of where one is signed in."""

import pytest

from booking.web.programs import program

MOZILLA = "Mozilla/5.0"
KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            f"{MOZILLA} (Windows NT 10.0; Win64; x64) {KIT} Chrome/150.0 Safari/537.36 Edg/150.0",
            "Edge, Windows",
        ),
        (
            f"{MOZILLA} (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox, Windows",
        ),
        (
            f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) {KIT} Version/19.0 Safari/605.1.15",
            "Safari, macOS",
        ),
        (
            f"{MOZILLA} (iPhone; CPU iPhone OS 19_0 like Mac OS X) {KIT} CriOS/150.0 Safari/604.1",
            "Chrome, iPhone",
        ),
        (
            f"{MOZILLA} (Linux; Android 16; K) {KIT} SamsungBrowser/29.0 Chrome/150.0",
            "Samsung Internet, Android",
        ),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_it_says_which_browser_on_what(said: str, words: str) -> None:
    assert program(said) == words
