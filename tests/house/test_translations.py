"""Every text of the pages is there in Swedish: a text without its translation fails here."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
METHODS = [("booking/**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {
    "_": None, "gettext": None, "_l": None, "lazily": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip


def in_the_pages() -> set[tuple[str | None, str]]:
    """Every text marked for translation, with its context."""
    found = extract_from_dir(ROOT, METHODS, keywords=KEYWORDS)  # type: ignore[arg-type]
    return {(context, text if isinstance(text, str) else text[0]) for _, _, text, _, context in found}


def untranslated(catalogue: Catalog, texts: set[tuple[str | None, str]]) -> list[str]:
    """The texts that the catalogue has no complete translation of."""
    return sorted(text for context, text in texts if not _complete(catalogue, text, context))


def _complete(catalogue: Catalog, text: str, context: str | None) -> bool:
    message = catalogue.get(text, context)
    if message is None or message.fuzzy:
        return False
    return bool(message.string) and (isinstance(message.string, str) or all(message.string))


def swedish() -> Catalog:
    """The Swedish catalogue."""
    with (ROOT / "translations/sv/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="sv")


def test_every_text_of_the_pages_is_there_in_swedish() -> None:
    texts = in_the_pages()
    assert len(texts) > 50
    assert untranslated(swedish(), texts) == []


def test_a_text_without_a_translation_would_be_found() -> None:
    assert untranslated(swedish(), {(None, "A text that nobody has translated")}) != []


def test_placeholders_are_the_same_in_both_languages() -> None:
    wrong = [message.id for message in swedish() if message.id and list(message.check())]
    assert wrong == []
