"""Every test that the documents on confidentiality lean on exists, by its file and its name."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("docs/confidentiality.md", "docs/asvs.md")
NAMED = re.compile(r"(tests/[\w/]+\.py)(?:::(\w+))?")


def named(text: str) -> Iterator[tuple[str, str]]:
    """The test files a document names, each with the function it names there or with none."""
    for found in NAMED.finditer(text):
        yield found[1], found[2] or ""


def is_there(path: str, function: str) -> bool:
    """Whether the file is there and has that function."""
    file = ROOT / path
    if not file.is_file():
        return False
    return not function or re.search(rf"^def {function}\(", file.read_text("utf-8"), re.M) is not None


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_test_that_is_named_exists(document: str) -> None:
    found = set(named((ROOT / document).read_text("utf-8")))
    assert len(found) > 10
    assert sorted(each for each in found if not is_there(*each)) == []


@pytest.mark.parametrize(
    "name",
    [
        "tests/house/test_nothing_at_all.py",
        "tests/house/test_routes.py::test_nothing_at_all",
        "tests/house/test_routes.py::test_only_the",
    ],
)
def test_a_test_that_is_not_there_would_be_seen(name: str) -> None:
    assert [is_there(*each) for each in named(f"as `{name}` shows")] == [False]
