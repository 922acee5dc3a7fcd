"""Guests: invited until a day, their own account by a link that opens once, and an end that comes by itself."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.actions import accepting, inviting, working
from booking.actions.errors import NotFound, Refused
from booking.actions.inviting import Inviting
from booking.domain.people import Role
from booking.domain.permissions import Forbidden
from booking.storage import directory, journal
from booking.storage.database import run
from booking.storage.journal import Action
from booking.storage.organisations import get
from booking.storage.post import office
from booking.storage.tables import invitations, organisations, outbox, people
from booking.storage.tables import journal as rows
from booking.web import letters
from tests.cast import ADMINISTRATOR, ARTIST, COORDINATOR, DESKS, GUARD, POLICE, PREMISES, TODAY, TRAFFIC
from tests.support.dump import done_by_table
from tests.support.house import House, Visitor
from tests.support.mailbox import SENDER, Mailbox, mailbox

Browser = Callable[[str], Visitor]
PAGE, NEW, NAME = "/samordning/gaster", "ny@example.org", "Cirkus Exempel"
SITE = "https://lokalen.example.org"
LINK = re.compile(r"/inbjudan/([\w-]+)")
UNTIL = TODAY + timedelta(days=20)
WORDS = {"namn": "Ada Exempel", "losenord": "fyra ord i en rad", "igen": "fyra ord i en rad", "villkor": "y"}
INVITED = {"epost": NEW, "namn": NAME, "till": UNTIL.isoformat()}

pytestmark = pytest.mark.usefixtures("quick_hashing")


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """A mail server that takes everything."""
    with mailbox() as server:
        yield server


@pytest.fixture
def posted(build_house: Callable[..., House], box: Mailbox) -> House:
    """An installation whose mail goes to that server."""
    return build_house(smtp_url=box.url, mail_from=SENDER, base_url=SITE)


def english(house: House, email: str | None = None) -> Visitor:
    visitor = house.visitor(email)
    visitor.set_cookie("sprak", "en")
    return visitor


def work(house: House) -> None:
    """Do once all that the worker has to do."""
    with house.inside():
        working.work(working.all_jobs(office(), letters.write, house.clock, lambda: False), house.clock)


def link_of(house: House, **fields: str) -> str:
    """The address of an invitation that was made without mail."""
    answer = english(house, COORDINATOR).fill_in(PAGE, {**INVITED, **fields})
    assert answer.status_code == 201, answer.text
    found = LINK.search(answer.text)
    assert found
    return found[0]


def arrived(house: House, **fields: str) -> Visitor:
    """A guest who has made their account and signed in."""
    email = fields.get("epost", NEW)
    assert english(house).fill_in(link_of(house, **fields), WORDS).status_code == 303
    return house.sign_in(email, WORDS["losenord"])


def deeds(house: House) -> list[str]:
    with house.inside():
        return list(run(select(rows.c.action).order_by(rows.c.id)).scalars())


# --- inviting ---------------------------------------------------------------------------------


def test_a_guest_is_invited_by_mail_and_makes_the_account(posted: House, box: Mailbox) -> None:
    coordinator = english(posted, COORDINATOR)
    answer = coordinator.fill_in(PAGE, INVITED)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}?lokal={PREMISES}")
    page = coordinator.get(PAGE).text
    assert NAME in page
    assert "Has not answered yet" in page
    work(posted)
    (letter,) = box.to(NEW)
    assert "inbjuden att boka i Sergels torg" in letter.text
    assert "You are invited to book at Sergels torg" in letter.text
    found = LINK.search(letter.text)
    assert found
    guest = english(posted)
    offered = guest.get(found[0]).text
    assert NEW in offered
    assert f'value="{NAME}"' in offered
    answer = guest.fill_in(found[0], WORDS)
    assert (answer.status_code, answer.location) == (303, "/logga-in")
    assert "Your account is made" in guest.get("/logga-in").text
    assert guest.get(found[0]).status_code == 404
    assert posted.sign_in(NEW, WORDS["losenord"]).is_let_in()
    page = coordinator.get(PAGE).text
    assert "Ada Exempel" in page
    assert "Has not answered yet" not in page
    assert deeds(posted)[-4:-1] == ["guest:invite", "person:add", "guest:arrive"]


def test_a_guest_is_an_organisation_of_one_with_a_code_and_a_colour_of_its_own(house: House) -> None:
    arrived(house)
    with house.inside():
        viewer = house.viewer(NEW)
        assert viewer.organisation is not None
        made = get(viewer.organisation)
        everybody = run(select(organisations.c.code)).scalars().all()
        person = directory.person_by_email(NEW)
    assert (viewer.role, viewer.circles, made.name) == (Role.GUEST, frozenset(), NAME)
    assert made.code == "CE"
    assert len(set(everybody)) == len(everybody)
    assert person is not None
    assert person.ends_at == house.at("24:00", UNTIL)


def test_without_mail_the_link_is_shown_once(house: House) -> None:
    link = link_of(house)
    assert link not in english(house, COORDINATOR).get(PAGE).text
    assert english(house).get(link).status_code == 200
    with house.inside():
        assert run(select(outbox)).all() == []


def test_that_an_address_has_an_account_elsewhere_is_not_told_to_the_coordinator(
    posted: House, box: Mailbox
) -> None:
    coordinator = english(posted, COORDINATOR)
    answers = [coordinator.submit(PAGE, {**INVITED, "epost": email}) for email in (NEW, TRAFFIC, POLICE)]
    assert len({(each.status_code, each.location, each.text) for each in answers}) == 1
    page = coordinator.get(PAGE).text
    assert [page.count(each) > 0 for each in (NEW, TRAFFIC, POLICE)] == [True] * 3
    work(posted)
    (letter,) = box.to(TRAFFIC)
    found = LINK.search(letter.text)
    assert found
    refused = english(posted).fill_in(found[0], WORDS)
    assert refused.status_code == 422
    assert "There is an account with your address already" in refused.text
    assert posted.viewer(TRAFFIC).role is Role.MEMBER


def test_a_link_is_sent_anew_taken_back_and_becomes_too_old(house: House) -> None:
    first = link_of(house)
    coordinator = english(house, COORDINATOR)
    anew = coordinator.submit(f"{PAGE}/skicka", {"vem": NEW})
    found = LINK.search(anew.text)
    assert found
    second = found[0]
    assert english(house).get(first).status_code == 404
    house.clock.step(days=14, seconds=-1)
    assert english(house).get(second).status_code == 200
    house.clock.step(seconds=1)
    assert english(house).get(second).status_code == 404
    coordinator = english(house, COORDINATOR)
    assert "The link has become too old" in coordinator.get(PAGE).text
    third = LINK.search(coordinator.submit(f"{PAGE}/skicka", {"vem": NEW}).text)
    assert third
    assert coordinator.submit(f"{PAGE}/ta-tillbaka", {"vem": NEW}).status_code == 303
    assert english(house).get(third[0]).status_code == 404
    assert NEW not in coordinator.get(PAGE).text
    assert deeds(house)[-1] == "guest:withdraw"


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_changed(house: House) -> None:
    coordinator = english(house, COORDINATOR)
    coordinator.get(PAGE)
    with house.inside():
        before = done_by_table(house.app.config["SQLALCHEMY_DATABASE_URI"])
    wrong = coordinator.fill_in(PAGE, {"epost": "ingen adress", "namn": "", "till": "2026-11-23"})
    assert wrong.status_code == 422
    assert "<title>Error:" in wrong.text
    for words in ("Write one mail address.", "Write what it is called.", "Choose a day from today until"):
        assert wrong.text.count(words) == 2, words
    assert 'value="ingen adress"' in wrong.text
    for till in ("", "igår", (TODAY + timedelta(days=366)).isoformat()):
        assert coordinator.fill_in(PAGE, {**INVITED, "till": till}).status_code == 422
    assert coordinator.fill_in(PAGE, {**INVITED, "epost": ARTIST}).status_code == 422
    with house.inside():
        assert done_by_table(house.app.config["SQLALCHEMY_DATABASE_URI"]) == before


def test_the_guest_is_told_what_is_wrong_and_the_link_still_opens(house: House) -> None:
    link = link_of(house)
    guest = english(house)
    for fields, words in (
        ({"losenord": "kort", "igen": "kort"}, "A password has at least 12 characters."),
        ({"igen": "fyra andra ord"}, "The two passwords are not the same."),
        ({"villkor": ""}, "Read the terms, and accept them"),
        ({"namn": ""}, "Write what it is called."),
        ({"losenord": "ada exempel 1", "igen": "ada exempel 1"}, "among the first that anybody would try"),
    ):
        sent = {name: value for name, value in {**WORDS, **fields}.items() if value}
        answer = guest.fill_in(link, sent)
        assert answer.status_code == 422, fields
        assert words in answer.text, fields
    with house.inside():
        assert directory.person_by_email(NEW) is None
    assert guest.fill_in(link, WORDS).status_code == 303


@pytest.mark.parametrize("who", [ARTIST, POLICE, TRAFFIC, ADMINISTRATOR])
def test_only_the_coordinator_keeps_guests(house: House, who: str) -> None:
    visitor = house.visitor(who)
    assert visitor.get(PAGE).status_code == 403
    for path in ("", "/skicka", "/ta-tillbaka", "/forlang", "/avsluta"):
        assert visitor.submit(f"{PAGE}{path}", {**INVITED, "vem": ARTIST}).status_code == 403
    with house.inside(), pytest.raises(Forbidden):
        inviting.invite(house.viewer(who), PREMISES, Inviting(NEW, NAME, UNTIL), house.clock())


def test_signed_out_one_is_sent_to_sign_in(house: House) -> None:
    assert house.visitor().get(PAGE).status_code == 302


def test_who_is_no_guest_here_is_not_found(house: House) -> None:
    coordinator = house.visitor(COORDINATOR)
    for path, who in (("skicka", NEW), ("ta-tillbaka", NEW), ("avsluta", POLICE), ("avsluta", NEW)):
        assert coordinator.submit(f"{PAGE}/{path}", {"vem": who}).status_code == 404
    till = UNTIL.isoformat()
    assert coordinator.submit(f"{PAGE}/forlang", {"vem": GUARD, "till": till}).status_code == 404
    assert coordinator.get("/samordning/gaster?lokal=annan").status_code == 404
    assert house.visitor().get("/inbjudan/never-issued").status_code == 404
    assert house.visitor().get(f"/inbjudan/{'x' * 200}").status_code == 404


def test_no_secret_of_an_invitation_is_stored(house: House) -> None:
    secret = link_of(house).rpartition("/")[2]
    with house.inside():
        stored = str([tuple(row) for row in run(select(invitations))])
    assert secret not in stored


def test_the_page_of_an_invitation_is_read_in_the_other_language_without_losing_what_was_typed(
    house: House,
) -> None:
    link, guest = link_of(house), house.visitor()
    assert "Välkommen till Sergels torg" in guest.get(link).text
    answer = guest.fill_in(link, {"namn": "Ada Exempel", "sprak": "en"})
    assert answer.status_code == 200
    assert "Welcome to Sergels torg" in answer.text
    assert 'value="Ada Exempel"' in answer.text
    assert guest.fill_in(link, WORDS).status_code == 303
    with house.inside():
        assert run(select(people.c.language).where(people.c.email == NEW)).scalar() == "en"


# --- the end ----------------------------------------------------------------------------------


def test_on_the_last_day_the_guest_is_there_and_after_it_out_of_everything(house: House) -> None:
    guest = arrived(house, till=TODAY.isoformat())
    house.clock.step(hours=7)
    assert guest.is_let_in()
    house.clock.step(hours=9, minutes=59)
    tonight = house.sign_in(NEW, WORDS["losenord"])
    assert tonight.is_let_in()
    house.clock.step(minutes=1)
    assert not tonight.is_let_in()
    page = english(house, COORDINATOR).get(PAGE).text
    assert "The account ended" in page


def test_what_is_booked_after_the_end_is_cancelled_and_the_place_is_free(house: House) -> None:
    arrived(house, till=TODAY.isoformat())
    tomorrow = TODAY + timedelta(days=1)
    made = house.book(NEW, DESKS[0], "10:00", "11:00", tomorrow, visibility="open").view
    today = house.book(NEW, DESKS[0], "10:00", "11:00", visibility="open").view
    house.clock.step(hours=16, minutes=59)
    work(house)
    assert house.visitor(POLICE).get(f"/bokning/{made.id}").status_code == 200
    house.clock.step(minutes=6)
    work(house)
    page = english(house, POLICE).get(f"/bokning/{made.id}").text
    assert "The booking is cancelled." in page
    assert "The booking is cancelled." not in english(house, POLICE).get(f"/bokning/{today.id}").text
    house.book(POLICE, DESKS[0], "10:00", "11:00", tomorrow)
    with house.inside():
        assert journal.was_recorded(Action.BOOKING_CANCEL, made.id, house.clock())


def test_a_week_before_the_guest_is_told_once(house: House) -> None:
    arrived(house)
    house.clock.step(days=12)
    work(house)
    assert "ends within a week" not in english(house, NEW).get("/aviseringar").text
    house.clock.step(days=2)
    for _ in range(3):
        work(house)
        house.clock.step(hours=2)
    assert english(house, NEW).get("/aviseringar").text.count("Your account ends within a week") == 1
    overview = english(house, COORDINATOR).get("/samordning").text
    assert "One guest’s account ends within a week." in overview
    assert "days left" in english(house, COORDINATOR).get(PAGE).text


def test_more_time_is_given_and_told_and_who_has_left_is_let_in_again(house: House) -> None:
    arrived(house)
    coordinator = english(house, COORDINATOR)
    later = (TODAY + timedelta(days=60)).isoformat()
    assert coordinator.submit(f"{PAGE}/forlang", {"vem": NEW, "till": later}).status_code == 303
    assert "Your account ends on another day" in english(house, NEW).get("/aviseringar").text
    assert "until Saturday 23 January" in english(house, NEW).get("/installningar").text
    wrong = coordinator.submit(f"{PAGE}/forlang", {"vem": NEW, "till": "2029-01-01"})
    assert wrong.status_code == 422
    assert "Choose a day from today until" in wrong.text
    assert coordinator.submit(f"{PAGE}/avsluta", {"vem": NEW}).status_code == 303
    assert "Have left" in coordinator.get(PAGE).text
    assert coordinator.submit(f"{PAGE}/forlang", {"vem": NEW, "till": later}).status_code == 303
    assert house.sign_in(NEW, WORDS["losenord"]).is_let_in()
    assert [each for each in deeds(house) if each.startswith("guest:")][-3:] == [
        "guest:extend", "guest:end", "guest:extend",
    ]  # fmt: skip


def test_ended_now_everything_stops_at_once(house: House) -> None:
    guest = arrived(house)
    made = house.book(NEW, DESKS[0], "10:00", "11:00", visibility="open").view
    house.visitor(COORDINATOR).submit(f"{PAGE}/avsluta", {"vem": NEW})
    assert not guest.is_let_in()
    assert "The booking is cancelled." in english(house, POLICE).get(f"/bokning/{made.id}").text
    with house.inside():
        names = run(select(people.c.name).where(people.c.email == NEW)).scalars().all()
    assert names == ["Ada Exempel"]


def test_the_coordinator_reads_in_the_journal_which_guest_it_was(house: House) -> None:
    arrived(house)
    page = english(house, COORDINATOR).get("/samordning/handelser").text
    for words in ("A guest was invited", "A guest made their account", NAME):
        assert words in page
    assert NEW not in page


def test_a_long_list_asks_no_more_of_the_database(
    house: House, asked: Callable[[Callable[[], object]], list[str]]
) -> None:
    with house.inside():
        for number in range(2):
            inviting.invite(
                house.viewer(COORDINATOR),
                PREMISES,
                Inviting(f"a{number}@example.org", "A", UNTIL),
                house.clock(),
            )
    coordinator = english(house, COORDINATOR)
    coordinator.get(PAGE)
    few = len(asked(lambda: coordinator.get(PAGE)))
    with house.inside():
        for number in range(12):
            secret = inviting.invite(
                house.viewer(COORDINATOR),
                PREMISES,
                Inviting(f"b{number}@example.org", "B", UNTIL),
                house.clock(),
            )
            assert secret
            if number % 2:
                accepting.accept(secret, "Bo Exempel", "fyra ord i en rad", "en", house.clock())
    assert len(asked(lambda: coordinator.get(PAGE))) == few


def test_two_accept_the_same_link_and_one_gets_the_account(house: House) -> None:
    secret = link_of(house).rpartition("/")[2]
    with house.inside():
        accepting.accept(secret, "Ada Exempel", "fyra ord i en rad", "en", house.clock())
        with pytest.raises(NotFound):
            accepting.accept(secret, "Bo Exempel", "fyra ord i en rad", "en", house.clock())
        with pytest.raises(Refused):
            inviting.invite(house.viewer(COORDINATOR), PREMISES, Inviting(NEW, NAME, UNTIL), house.clock())
