"""The organisations of a premises: newcomers, codes and colours, first administrators, rest, and their rules."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from booking import demo
from booking.actions import circles, leaving, operating, working
from booking.domain.badges import free_code, quiet_colour
from booking.domain.people import Role
from booking.domain.premises import Category, Kind
from booking.storage import organisations, places
from booking.storage.circles import circle_id
from booking.storage.database import run
from booking.storage.post import office
from booking.storage.tables import journal, people
from booking.web import letters
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    COORDINATOR,
    DESKS,
    MEETING_ROOM,
    POLICE,
    POLICE_COLLEAGUE,
    PREMISES,
    TRAFFIC,
)
from tests.support.dump import done_by_table
from tests.support.house import House, Visitor
from tests.support.mailbox import SENDER, Mailbox, mailbox

Browser = Callable[[str], Visitor]
PAGE, RULES, PLACES = "/samordning/organisationer", "/samordning/regler", "/samordning/lokalen"
NEW = "ny@example.org"
LINK = re.compile(r"/valkommen/([\w-]+)")
WORDS = {"password": "fyra ord i en rad", "again": "fyra ord i en rad"}
NEWCOMER = {
    "namn": "Nattvandrarna",
    "kod": "nv",
    "farg": "3",
    "kategori": "preventive",
    "bunden": "agreement",
    "vem": "internal",
    "person": "Ada Exempel",
    "epost": NEW,
}
GUARDS = "ordningsvakterna"

pytestmark = pytest.mark.usefixtures("quick_hashing")


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """A mail server that takes everything."""
    with mailbox() as server:
        yield server


@pytest.fixture
def posted(build_house: Callable[..., House], box: Mailbox) -> House:
    """An installation whose mail goes to that server."""
    return build_house(smtp_url=box.url, mail_from=SENDER, base_url="https://lokalen.example.org")


def coordinator(house: House) -> Visitor:
    visitor = house.visitor(COORDINATOR)
    visitor.set_cookie("sprak", "en")
    return visitor


def work(house: House) -> None:
    """Do once all that the worker has to do."""
    with house.inside():
        working.work(working.all_jobs(office(), letters.write, house.clock, lambda: False), house.clock)


def taken_in(house: House, **fields: str) -> str:
    """The address of the link to a newcomer's first administrator."""
    answer = coordinator(house).fill_in(PAGE, {**NEWCOMER, **fields})
    assert answer.status_code == 201, answer.text
    found = LINK.search(answer.text)
    assert found
    return found[0]


def key_of(house: House, name: str = "Nattvandrarna") -> str:
    with house.inside():
        place = house.place
        found = organisations.by_id(range(1, 60)).values()
        assert place
        return next(each.key for each in found if each.name == name)


def change(house: House, key: str, **fields: str) -> Any:
    return coordinator(house).submit(f"{PAGE}/andra", {"organisation": key, **fields})


# --- newcomers --------------------------------------------------------------------------------


def test_a_newcomer_is_taken_in_without_a_command_line(posted: House, box: Mailbox) -> None:
    answer = coordinator(posted).fill_in(PAGE, NEWCOMER)
    assert answer.status_code == 303
    work(posted)
    (letter,) = box.to(NEW)
    link = LINK.search(letter.text)
    assert link
    assert posted.visitor().fill_in(link[0], WORDS).status_code == 302
    first = posted.sign_in(NEW, WORDS["password"])
    first.set_cookie("sprak", "en")
    assert "Nattvandrarna" in first.get("/organisationen").text
    viewer = posted.viewer(NEW)
    assert (viewer.role, viewer.category, viewer.organisation_admin) == (
        Role.MEMBER, Category.PREVENTIVE, True,
    )  # fmt: skip
    with posted.inside():
        own = circle_id(f"endast-{key_of(posted)}")
        assert viewer.circles == {own}
        done = run(select(journal.c.action, journal.c.subject).order_by(journal.c.id)).all()
    assert ("organisation:take-in", f"premises {PREMISES}") in [tuple(each) for each in done]
    made = posted.book(NEW, DESKS[0], "10:00", "11:00")
    assert made.view.id
    page = coordinator(posted).get("/samordning/handelser").text
    assert "An organisation was taken in to the premises" in page
    assert "Nattvandrarna" in page


def test_an_address_with_an_account_gets_nothing_and_nobody_is_told(house: House) -> None:
    answers = [
        coordinator(house).fill_in(PAGE, {**NEWCOMER, "epost": email, "kod": code, "namn": name})
        for email, code, name in ((COORDINATOR, "XA", "Ett"), (TRAFFIC, "XB", "Två"), (NEW, "XC", "Tre"))
    ]
    assert [each.status_code for each in answers] == [201] * 3
    links = [LINK.search(each.text) for each in answers]
    opened = [house.visitor().get(each[0]).status_code for each in links if each]
    assert opened == [404, 404, 200]
    assert house.viewer(COORDINATOR).organisation_admin is False
    with house.inside():
        assert len(run(select(people).where(people.c.email == COORDINATOR)).all()) == 1


def test_a_link_goes_to_another_address_until_there_is_an_administrator(house: House) -> None:
    first = taken_in(house)
    asked = {"organisation": key_of(house), "epost": "annan@example.org", "person": "Bo Exempel"}
    anew = coordinator(house).submit(f"{PAGE}/lank", asked)
    found = LINK.search(anew.text)
    assert found
    assert house.visitor().get(first).status_code == 404
    assert house.visitor().fill_in(found[0], WORDS).status_code == 302
    refused = coordinator(house).submit(f"{PAGE}/lank", {**asked, "epost": "tredje@example.org"})
    assert refused.status_code == 422
    assert "It has an administrator" in refused.text


def test_what_is_wrong_with_a_newcomer_is_said_at_its_field(house: House) -> None:
    visitor = coordinator(house)
    visitor.get(PAGE)
    before = done_by_table(house.app.config["SQLALCHEMY_DATABASE_URI"])
    empty = visitor.fill_in(PAGE, {})
    assert empty.status_code == 422
    for words in (
        "Write what it is called.",
        "Write two letters.",
        "Choose one in the list.",
        "mail address",
    ):
        assert words in empty.text, words
    for fields, words in (
        ({"kod": "PO"}, "Another organisation here has that code."),
        ({"kod": "N1"}, "Write two letters."),
        ({"farg": "9"}, "Choose one in the list."),
        ({"kategori": "guest"}, "Choose one in the list."),
        ({"vem": "own"}, "Choose one in the list."),
        ({"namn": "x" * 121}, "Write 120 characters at most."),
        ({"epost": "ingen"}, "Write one mail address."),
    ):
        answer = visitor.fill_in(PAGE, {**NEWCOMER, **fields})
        assert answer.status_code == 422, fields
        assert words in answer.text, fields
        assert "Ada Exempel" in answer.text, "what was typed is lost"
    assert done_by_table(house.app.config["SQLALCHEMY_DATABASE_URI"]) == before


# --- what stands for them ---------------------------------------------------------------------


def test_name_code_and_colour_are_changed_and_alike_colours_are_warned_of(house: House) -> None:
    answer = change(house, GUARDS, namn="Ordningsvakterna", kod="ov", farg="1")
    assert answer.status_code == 303
    visitor = coordinator(house)
    visitor.submit(f"{PAGE}/andra", {"organisation": GUARDS, "namn": "Vakterna", "kod": "VA", "farg": "2"})
    visitor.submit(f"{PAGE}/andra", {"organisation": GUARDS, "namn": "Vakterna", "kod": "VA", "farg": "1"})
    page = visitor.get(PAGE).text
    assert "Lokalpolisområde Norrmalm has the same colour in the same category." in page
    assert "same colour as PO" in page
    with house.inside():
        found = organisations.by_key(GUARDS)
        assert found is not None
        own = [each.circle.name for each in circles.mine(house.viewer("ordningsvakt@example.org"))]
    assert (found.name, found.code, found.colour) == ("Vakterna", "VA", 1)
    assert own[0] == "Endast Vakterna"


def test_a_code_that_is_taken_is_refused_with_what_was_typed(house: House) -> None:
    refused = change(house, GUARDS, namn="Vakterna", kod="PO", farg="2")
    assert refused.status_code == 422
    assert "Another organisation here has that code." in refused.text
    assert 'value="Vakterna"' in refused.text
    assert change(house, GUARDS, namn="", kod="OV", farg="2").status_code == 422
    assert change(house, "finns-inte", namn="x", kod="XX", farg="2").status_code == 404
    assert change(house, "konstnaren", namn="x", kod="XX", farg="2").status_code == 404


def test_loading_the_file_again_undoes_nothing_that_the_coordinator_changed(house: House) -> None:
    change(house, GUARDS, namn="Vakterna", kod="VA", farg="1")
    with house.inside():
        operating.load_premises(demo.definition(), house.clock())
        found = organisations.by_key(GUARDS)
        assert found is not None
        assert (found.name, found.code) == ("Vakterna", "VA")
        changed = demo.definition()
        each = next(each for each in changed["organisations"] if each["key"] == GUARDS)
        each["colour"] = 6
        operating.load_premises(changed, house.clock())
        found = organisations.by_key(GUARDS)
    assert found is not None
    assert found.colour == 6


def test_codes_and_colours_come_by_themselves() -> None:
    assert free_code("Cirkus Exempel", set()) == "CE"
    assert free_code("Cirkus Exempel", {"CE"}) == "CI"
    assert free_code("1234", set()) == "GA"
    assert len(free_code("Å", {"ÅA"})) == 2
    assert quiet_colour([]) == 1


# --- rest -------------------------------------------------------------------------------------


def test_only_what_nobody_is_in_is_put_to_rest_and_comes_back(house: House) -> None:
    visitor = coordinator(house)
    refused = visitor.submit(f"{PAGE}/vila", {"organisation": GUARDS})
    assert refused.status_code == 422
    assert "There are people in it still." in refused.text
    assert visitor.submit(f"{PAGE}/vila", {"organisation": "axfast"}).status_code == 303
    assert "At rest" in visitor.get(PAGE).text
    assert "Axfast" not in visitor.get("/samordning/kretsar").text
    assert visitor.submit(f"{PAGE}/vack", {"organisation": "axfast"}).status_code == 303
    assert "Axfast" in visitor.get("/samordning/kretsar").text


def test_who_have_all_left_leave_an_organisation_that_can_rest(house: House) -> None:
    taken_in(house)
    key = key_of(house)
    visitor = coordinator(house)
    assert visitor.submit(f"{PAGE}/vila", {"organisation": key}).status_code == 303
    with house.inside():
        leaving.deactivate(house.viewer(POLICE), POLICE_COLLEAGUE, house.clock())
    refused = visitor.submit(f"{PAGE}/vila", {"organisation": "lokalpolisomrade-norrmalm"})
    assert refused.status_code == 422


# --- for whom ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [ARTIST, POLICE, TRAFFIC, ADMINISTRATOR])
def test_only_the_coordinator_keeps_organisations_and_rules(house: House, who: str) -> None:
    visitor = house.visitor(who)
    assert visitor.get(PAGE).status_code == 403
    assert visitor.get(RULES).status_code == 403
    for path in ("", "/andra", "/lank", "/vila", "/vack"):
        assert visitor.submit(f"{PAGE}{path}", {**NEWCOMER, "organisation": GUARDS}).status_code == 403
    assert visitor.submit(RULES, {"kategori": "guest"}).status_code == 403
    for path in ("dagar", "dagar/bort", "ny"):
        assert visitor.submit(f"{PLACES}/{path}", {"datum": "2026-12-24"}).status_code == 403


def test_signed_out_one_is_sent_to_sign_in(house: House) -> None:
    for path in (PAGE, RULES):
        assert house.visitor().get(path).status_code == 302


def test_a_long_list_asks_no_more_of_the_database(
    house: House, asked: Callable[[Callable[[], object]], list[str]]
) -> None:
    visitor = coordinator(house)
    visitor.get(PAGE)
    few = len(asked(lambda: visitor.get(PAGE)))
    for number in range(5):
        taken_in(house, kod=f"Q{'ABCDE'[number]}", namn=f"Ny {number}", epost=f"n{number}@example.org")
    assert len(asked(lambda: visitor.get(PAGE))) == few


# --- rules ------------------------------------------------------------------------------------

GUESTS = {"kategori": "guest", "rang": "3", "dagar": "14", "timmar": "2", "antal": "1", "tider": "opening"}


def test_the_rules_of_a_category_are_changed_and_hold_at_once(house: House) -> None:
    visitor = coordinator(house)
    answer = visitor.submit(RULES, {**GUESTS, "godkannande": ["room", "table"]})
    assert answer.status_code == 303
    rule = house.place.premises.rules[Category.GUEST]
    assert (rule.days_ahead, rule.longest.total_seconds(), rule.most_ahead) == (14, 7200, 1)
    assert rule.approval == {Kind.ROOM, Kind.TABLE}
    assert rule.confidential is False
    page = visitor.get(RULES).text
    assert "14 days ahead" in page
    assert "The rules are changed" in page
    with house.inside():
        last = run(select(journal.c.action, journal.c.fields).order_by(journal.c.id.desc())).first()
    assert tuple(last) == ("premises:furnish", "rules")


def test_a_number_out_of_bounds_is_said_at_its_field_and_nothing_is_changed(house: House) -> None:
    before = house.place.premises.rules
    refused = coordinator(house).submit(RULES, {**GUESTS, "dagar": "732", "timmar": "fyra", "antal": "0"})
    assert refused.status_code == 422
    for words in ("1–731.", "1–744.", "1–500."):
        assert f"Write a whole number, {words}" in refused.text
    assert 'value="fyra"' in refused.text
    assert coordinator(house).submit(RULES, {**GUESTS, "kategori": "vem"}).status_code == 422
    assert house.place.premises.rules == before


def test_who_booked_outside_new_hours_of_the_category_is_told(house: House) -> None:
    house.book(POLICE, MEETING_ROOM, "22:00", "23:00")
    fields = {"kategori": "reactive", "rang": "1", "dagar": "731", "timmar": "744", "sekretess": "ja"}
    assert coordinator(house).submit(RULES, {**fields, "tider": "opening"}).status_code == 303
    police = house.visitor(POLICE)
    police.set_cookie("sprak", "en")
    assert "The hours of the premises have changed." in police.get("/aviseringar").text


def test_one_day_has_other_hours_or_none(house: House) -> None:
    visitor = coordinator(house)
    assert (
        visitor.submit(f"{PLACES}/dagar", {"datum": "2026-12-24", "tider": "10.00 – 14.00"}).status_code
        == 303
    )
    assert visitor.submit(f"{PLACES}/dagar", {"datum": "2026-12-25"}).status_code == 303
    page = visitor.get(PLACES).text
    assert "10:00–14:00" in page
    assert "Friday 25 December" in page
    for fields in ({"datum": "2026-11-23"}, {"datum": "jul"}, {"datum": "2026-12-26", "tider": "sent"}):
        refused = visitor.submit(f"{PLACES}/dagar", fields)
        assert refused.status_code == 422, fields
    assert (
        visitor.submit(f"{PLACES}/dagar", {"datum": "2026-12-23", "skal": "Dagen före julafton"}).status_code
        == 303
    )
    assert "closed: Dagen före julafton" in visitor.get(PLACES).text
    guest = house.visitor(ARTIST)
    for page in (
        "idag?datum=2026-12-23",
        "idag?datum=2026-12-23&vy=lista",
        "vecka?datum=2026-12-23&vy=lista",
    ):
        assert re.search("[Ss]tängt[^<]*: Dagen före julafton", guest.get(f"/{page}").text), page
    wish = {
        "plats": "konferensbordet",
        "datum": "2026-12-23",
        "fran": "10:00",
        "till": "11:00",
        "vem": "open",
    }
    said = guest.submit("/boka/svar", wish).text
    assert "Lokalen är stängd den dagen: Dagen före julafton." in said
    assert visitor.submit(f"{PLACES}/dagar", {"datum": "2026-12-26", "skal": "x" * 300}).status_code == 422
    assert visitor.submit(f"{PLACES}/dagar/bort", {"datum": "2026-12-25"}).status_code == 303
    assert "Friday 25 December" not in visitor.get(PLACES).text
    assert visitor.submit(f"{PLACES}/dagar/bort", {"datum": "monday"}).status_code == 422
    with house.inside():
        assert set(places.definition(house.place.id)["hours"]) >= {"monday", "2026-12-24"}


def test_a_desk_and_equipment_are_added_and_can_be_booked(house: House) -> None:
    visitor = coordinator(house)
    assert (
        visitor.submit(f"{PLACES}/ny", {"slag": "desk:kontoret", "namn": "Arbetsplats 5"}).status_code == 303
    )
    assert visitor.submit(f"{PLACES}/ny", {"slag": "equipment", "namn": "Projektor"}).status_code == 303
    desk = next(each for each in house.place.premises.resources if each.name.sv == "Arbetsplats 5")
    assert house.book(POLICE, desk.key, "10:00", "11:00").view.resource == desk.key
    assert house.visitor(POLICE).get("/plan").text.count("Arbetsplats 5") >= 1
    for fields in (
        {"slag": "desk:kontoret"},
        {"slag": "room", "namn": "Rum"},
        {"slag": "desk:inget", "namn": "A"},
    ):
        assert visitor.submit(f"{PLACES}/ny", fields).status_code == 422, fields
