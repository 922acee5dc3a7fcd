"""What a search finds: words in what its asker is shown of a booking. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 200  # characters of a question
FEWEST = 2  # letters in a question


def words_of(asked: str) -> tuple[str, ...]:
    """The words of a question, whatever their case; none where it asks for too little."""
    words = tuple(dict.fromkeys(asked[:LONGEST].casefold().split()))
    return words if sum(map(len, words)) >= FEWEST else ()


def found_in(texts: Iterable[str | None], words: Iterable[str]) -> bool:
    """Whether each of the words stands somewhere in the texts, as a part of a word too."""
    shown = "\n".join(text for text in texts if text).casefold()
    return all(word in shown for word in words)
