"""What may stand in the tree: expected names, nothing of others, no word of the machine it was made on."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="only a clone knows which files are ours"
)

TOP = {
    ".ci", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "benchmarks", "booking",
    "deploy", "docs", "gunicorn.conf.py", "pyproject.toml", "requirements.txt", "static", "templates", "tests",
    "translations", "wsgi.py",
}  # fmt: skip
# Minified, vendored or built for Node; web fonts: the pages use the machine's own.
NOT_OURS = re.compile(
    r"\.min\.|(^|/)(vendor|vendored|third_party|node_modules)/|(^|/)package(-lock)?\.json$"
    r"|\.(woff2?|ttf|otf|eot|whl|jar|so|dll)$"
)
# Folders in which somebody works.
OF_A_MACHINE = re.compile(r"(?<![\w.:}-])/(?:home|Users|root|work|workspace)/\w")
MAIL = re.compile(r"[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}\b", re.I)
FREE_FOR_EXAMPLES = re.compile(r"@(?:[\w-]+\.)*(?:example(?:\.(?:com|net|org))?|invalid|test)$", re.I)
PICTURE = re.compile(r"\.(png|jpe?g|ico|webp|gif)$")
ELSEWHERE = re.compile(r"""(?:src|href|action|url|import|fetch)\s*[=(]?\s*["'(]?\s*(?:https?:)?//[\w{]""")


def tracked() -> list[str]:
    """The paths git holds, from the root; those deleted but not yet committed left out."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in listed.stdout.split("\0") if path and (ROOT / path).is_file()]


def texts(*suffixes: str) -> Iterator[tuple[str, str]]:
    """Path and text of every tracked file that is no picture, or only of those with these suffixes."""
    for path in tracked():
        if not PICTURE.search(path) and path.endswith(suffixes or ""):
            yield path, (ROOT / path).read_text("utf-8")


def found(pattern: re.Pattern[str], text: str) -> list[str]:
    """The lines of a text in which a pattern stands."""
    return [line.strip() for line in text.splitlines() if pattern.search(line)]


def test_the_top_level_holds_the_expected_names_only() -> None:
    assert {path.split("/")[0] for path in tracked()} - TOP == set()


def test_nothing_made_by_others_is_committed() -> None:
    assert [path for path in tracked() if NOT_OURS.search(path)] == []


@pytest.mark.parametrize(
    "path", ["static/js/picker.min.js", "static/vendor/grid.css", "package.json", "static/a.woff2"]
)
def test_a_file_made_by_others_would_be_seen(path: str) -> None:
    assert NOT_OURS.search(path)


def test_no_file_speaks_of_the_machine_it_was_made_on() -> None:
    here = re.compile(re.escape(f"{ROOT}/"))
    for path, text in texts():
        assert found(OF_A_MACHINE, text) + found(here, text) == [], path


@pytest.mark.parametrize("folder", ["home/anna", "root/house", "work/house", "Users/anna"])
def test_a_word_about_a_machine_would_be_seen(folder: str) -> None:
    assert found(OF_A_MACHINE, f"see /{folder}/notes")


def test_every_address_for_mail_is_one_that_nobody_has() -> None:
    for path, text in texts():
        assert [mail for mail in MAIL.findall(text) if not FREE_FOR_EXAMPLES.search(mail)] == [], path


def test_a_real_address_for_mail_would_be_seen() -> None:
    mails = MAIL.findall("anna@" + "stockholm.se polis@example.org")
    assert [mail for mail in mails if not FREE_FOR_EXAMPLES.search(mail)] == ["anna@" + "stockholm.se"]


def test_pages_load_nothing_from_another_host() -> None:
    for path, text in texts(".html", ".css", ".js"):
        if path.startswith(("templates/", "static/")):
            assert found(ELSEWHERE, text) == [], path


@pytest.mark.parametrize(
    "line",
    ['<script src="https://a.example/x.js">', "@import '//a.example/x.css'", "url(http://a.example/p.png)"],
)
def test_something_from_another_host_would_be_seen(line: str) -> None:
    assert found(ELSEWHERE, line)


def test_the_dark_colours_are_the_same_by_the_system_and_by_choice() -> None:
    tokens = ROOT / "static/css/tokens.css"
    if tokens.exists():
        by_system, by_choice = dark_blocks(tokens.read_text("utf-8"))
        assert by_system
        assert by_system == by_choice


def test_a_dark_colour_that_differs_would_be_seen() -> None:
    by_system, by_choice = dark_blocks(
        "@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { --ink: #fff; --bg: #000 } }\n"
        ':root[data-theme="dark"] {\n  --ink: #fff; /* text */\n  --bg: #111;\n}'
    )
    assert by_system == ["--ink: #fff", "--bg: #000"]
    assert by_choice == ["--ink: #fff", "--bg: #111"]


def dark_blocks(css: str) -> tuple[list[str], list[str]]:
    """The declarations of the dark block inside the media query, and of the one by data-theme."""
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    system = re.search(r"prefers-color-scheme:\s*dark\s*\)\s*\{\s*:root[^{]*\{([^}]*)\}", plain)
    choice = re.search(r":root\[data-theme=[\"']?dark[\"']?\]\s*\{([^}]*)\}", plain)
    return _declarations(system), _declarations(choice)


def _declarations(block: re.Match[str] | None) -> list[str]:
    lines = block.group(1).split(";") if block else []
    return [" ".join(line.split()) for line in lines if line.strip()]
