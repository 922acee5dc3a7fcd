"""The pages that are open to everybody: complete in both languages, true, and linked from every page."""

import re
from pathlib import Path

import pytest

from booking import demo
from booking.actions import operating, retaining
from booking.domain.retention import Periods
from tests.cast import ARTIST, COORDINATOR, POLICE
from tests.support.house import House

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "standing"
PAGES = {
    "/hjalp": ("help", "Hjälp", "Help"),
    "/villkor": ("terms", "Villkor", "Terms"),
    "/personuppgifter": ("privacy", "Så används uppgifterna", "How personal data is used"),
    "/tillganglighet": (
        "accessibility",
        "Tillgänglighetsredogörelse för Samlokal",
        "Accessibility statement for Samlokal",
    ),
}
CONTACT = "lokalen@example.org"
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')
SHAPE = re.compile(r'<(section id="[\w-]+"|h1|h2|li|th|tr|time datetime="[\d-]+"|a href="[^"]*")')


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", [None, POLICE, ARTIST])
def test_everybody_reads_them_in_both_languages(house: House, path: str, who: str | None) -> None:
    _name, swedish, english = PAGES[path]
    visitor = house.visitor(who)
    page = visitor.get(path)
    assert page.status_code == 200
    assert f"<h1>{swedish}</h1>" in page.text
    assert '<html lang="sv"' in page.text
    visitor.set_cookie("sprak", "en")
    page = visitor.get(path)
    assert f"<h1>{english}</h1>" in page.text
    assert '<html lang="en"' in page.text
    assert f"next={path}" in page.text, "the other language is to be read of the same page"


@pytest.mark.parametrize("path", PAGES)
def test_both_languages_have_the_same_parts(path: str) -> None:
    shapes = [
        SHAPE.findall((TEMPLATES / f"{PAGES[path][0]}.{language}.html").read_text("utf-8"))
        for language in ("sv", "en")
    ]
    assert shapes[0] == shapes[1]
    assert sum(each.startswith("section") for each in shapes[0]) >= 5


def test_every_link_within_help_leads_somewhere(house: House) -> None:
    page = house.visitor().get("/hjalp").text
    anchors = re.findall(r'href="#([\w-]+)"', page)
    assert len(anchors) >= 10
    for each in anchors:
        assert f'id="{each}"' in page, each


@pytest.mark.parametrize("path", ["/logga-in", "/inbjudan", *PAGES])
def test_signed_out_one_finds_them_all(house: House, path: str) -> None:
    page = house.visitor().get(path).text
    for each in PAGES:
        assert f'href="{each}"' in page, each


@pytest.mark.parametrize("path", ["/idag", "/mina", "/boka", "/samordning", "/aviseringar"])
def test_signed_in_help_stands_in_the_foot_of_every_page(house: House, path: str) -> None:
    page = house.visitor(COORDINATOR).get(path).text
    foot = page.partition("<footer")[2]
    assert [each for each in PAGES if f'href="{each}"' in foot] == list(PAGES)


def test_they_say_whom_to_write_to_as_the_premises_says(house: House) -> None:
    for path in (*PAGES, "/inbjudan", "/logga-in"):
        assert f'href="mailto:{CONTACT}"' in house.visitor().get(path).text, path
    changed = demo.definition()
    changed |= {"contact": "https://lokalen.example.org/kontakt", "responsible": "Exempelstad"}
    with house.inside():
        operating.load_premises(changed, house.clock())
    page = house.visitor().get("/tillganglighet").text
    assert 'href="https://lokalen.example.org/kontakt"' in page
    assert "Exempelstad" in page
    del changed["contact"]
    with house.inside():
        operating.load_premises(changed, house.clock())
    assert "står inte här än" in house.visitor().get("/inbjudan").text


def test_how_long_things_are_kept_follows_the_decision(house: House) -> None:
    assert "inget beslut om gallring" in house.visitor().get("/personuppgifter").text
    with house.inside():
        retaining.decide("Dnr 12/2026", Periods(31, 366, 731), house.clock())
    page = house.visitor().get("/personuppgifter").text
    for words in ("Dnr 12/2026", "31 dagar", "366 dagar", "731 dagar"):
        assert words in page


def test_the_statement_says_what_the_law_asks_for(house: House) -> None:
    page = house.visitor().get("/tillganglighet").text
    for words in ("delvis förenligt", "2018:1937", "www.digg.se/tdosanmalan", "Självskattning", "datetime="):
        assert words in page


def test_they_hold_nothing_of_anybody(house: House) -> None:
    def said() -> list[str]:
        return [TOKEN.sub("", house.visitor().get(path).text) for path in PAGES]

    before = said()
    house.book(POLICE, "motesrummet", "10:00", "11:00", title="Finns inte här", visibility="open")
    assert said() == before


def test_an_artist_finds_from_the_sign_in_page_how_to_ask(house: House) -> None:
    page = house.visitor().get("/logga-in").text
    assert "Är du artist" in page
    assert 'href="/inbjudan"' in page
    assert "Det här är en delad dator" in page
    assert "Att du öppnar uppgifter med sekretess antecknas." in page


def test_what_is_not_there_is_not_there(house: House) -> None:
    for path in PAGES:
        assert house.visitor().get(f"{path}/mer").status_code == 404
        assert house.visitor().post(path).status_code in (400, 405)
