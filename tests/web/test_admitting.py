"""Letting people into one's own organisation, its administrators, and accounts whose password is made anew."""

import re
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from booking.actions import admitting, feeding, joining, leaving, looking, membership, resetting, working
from booking.actions.errors import NotFound, Refused
from booking.actions.feeding import FeedKind, FeedWish
from booking.domain.permissions import Forbidden
from booking.domain.refusals import Reason
from booking.storage.database import run
from booking.storage.post import office
from booking.storage.tables import journal, notices, one_time_links, outbox, people
from booking.web import letters
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    COORDINATOR,
    GUARD,
    MEETING_ROOM,
    PASSWORD,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    PREMISES,
    SOCIAL,
    TRAFFIC,
)
from tests.support.dump import done_by_table
from tests.support.house import House, Visitor
from tests.support.mailbox import SENDER, Mailbox, mailbox

Browser = Callable[[str], Visitor]
PAGE, NEW = "/organisationen", "ny@example.org"
SITE = "https://lokalen.example.org"
LINK = re.compile(r"/valkommen/([\w-]+)")
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')
WORDS = {"password": "fyra ord i en rad", "again": "fyra ord i en rad"}

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


def english(house: House, email: str) -> Visitor:
    visitor = house.visitor(email)
    visitor.set_cookie("sprak", "en")
    return visitor


def work(house: House) -> None:
    """Do once all that the worker has to do."""
    with house.inside():
        working.work(working.all_jobs(office(), letters.write, house.clock, lambda: False), house.clock)


def kept_rows(url: str) -> dict[str, object]:
    return {name: rows for name, rows in done_by_table(url).items() if name != "sessions"}


def body(text: str) -> str:
    return TOKEN.sub("", text.partition("<main")[2])


# --- letting in -------------------------------------------------------------------------------


def test_somebody_is_let_in_by_a_link_that_only_they_get(posted: House, box: Mailbox) -> None:
    visitor = english(posted, POLICE)
    answer = visitor.submit(f"{PAGE}/slapp-in", {"namn": "Ny Polis", "epost": NEW}, follow_redirects=True)
    assert "If the address can be admitted, a link has been sent to it." in answer.text
    assert NEW not in answer.text
    with posted.inside():
        assert run(select(one_time_links)).all() == []
    work(posted)
    (letter,) = box.to(NEW)
    link = LINK.search(letter.text)
    assert link
    assert letter.text.count("https://") == 1
    page = posted.visitor().get(f"/valkommen/{link[1]}", base_url="https://localhost")
    assert page.status_code == 200
    assert posted.visitor().fill_in(f"/valkommen/{link[1]}", WORDS).status_code == 302
    assert posted.sign_in(NEW, WORDS["password"]).is_let_in()
    assert NEW in visitor.get(PAGE).text
    assert posted.viewer(NEW).organisation == posted.viewer(POLICE).organisation


def test_an_address_with_an_account_elsewhere_is_answered_alike(posted: House, box: Mailbox) -> None:
    answers = []
    for email in (NEW, GUARD, ARTIST, ADMINISTRATOR):
        visitor = english(posted, POLICE)
        sent = visitor.submit(f"{PAGE}/slapp-in", {"namn": "Ny", "epost": email})
        after = visitor.get(PAGE)
        answers.append((sent.status_code, sent.location, body(sent.text), body(after.text)))
        others = [
            visitor.submit(f"{PAGE}/{path}", {"vem": email, **fields}).status_code
            for path, fields in (
                ("avsluta", {}),
                ("avsluta", {"till": "avboka"}),
                ("lamna-over", {"till": POLICE_COLLEAGUE}),
                ("administrator", {"ska": "ja"}),
            )
        ]
        assert others == [404] * 4
        assert NEW not in visitor.get("/boka").text
    assert len(set(answers)) == 1
    work(posted)
    assert [each.to for each in box.received] == [[NEW]]


def test_a_link_is_sent_anew_and_taken_back(posted: House, box: Mailbox) -> None:
    visitor, fields = english(posted, POLICE), {"namn": "Ny", "epost": NEW}
    for _ in range(2):
        visitor.submit(f"{PAGE}/slapp-in", fields)
        work(posted)
    first, second = (LINK.search(each.text)[1] for each in box.to(NEW))  # type: ignore[index]
    stranger = posted.visitor()
    assert [stranger.get(f"/valkommen/{each}").status_code for each in (first, second)] == [404, 200]
    taken = visitor.submit(f"{PAGE}/slapp-in", {**fields, "ta-tillbaka": "1"})
    assert taken.status_code == 303
    assert stranger.get(f"/valkommen/{second}").status_code == 404
    visitor.submit(f"{PAGE}/slapp-in", fields)
    visitor.submit(f"{PAGE}/slapp-in", {**fields, "ta-tillbaka": "1"})
    work(posted)
    assert len(box.to(NEW)) == 2


def test_taking_back_says_and_does_the_same_for_who_is_elsewhere(posted: House) -> None:
    visitor = english(posted, POLICE)
    before = kept_rows(posted.app.config["SQLALCHEMY_DATABASE_URI"])
    for email in (GUARD, "ingen@example.org", POLICE_COLLEAGUE):
        answer = visitor.submit(f"{PAGE}/slapp-in", {"epost": email, "ta-tillbaka": "1"})
        assert answer.status_code == 303
    assert kept_rows(posted.app.config["SQLALCHEMY_DATABASE_URI"]) == before


def test_without_mail_the_link_is_shown_once(house: House) -> None:
    visitor = english(house, POLICE)
    shown = []
    for email in (NEW, GUARD):
        answer = visitor.submit(f"{PAGE}/slapp-in", {"namn": "Ny", "epost": email})
        assert answer.status_code == 201
        found = LINK.search(answer.text)
        assert found
        shown.append((found[1], body(answer.text).replace(found[1], "")))
        assert not LINK.search(visitor.get(PAGE).text)
    assert shown[0][1] == shown[1][1]
    assert house.visitor().get(f"/valkommen/{shown[0][0]}").status_code == 200
    assert house.visitor().get(f"/valkommen/{shown[1][0]}").status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"namn": "Ny", "epost": "ny"},
        {"namn": "Ny", "epost": "a@example.org,b@example.org"},
        {"namn": "", "epost": NEW},
        {"namn": "x" * 121, "epost": NEW},
        {"namn": "N\u202ey", "epost": NEW},
        {"namn": "Ny", "epost": POLICE_COLLEAGUE},
    ],
)
def test_what_is_wrong_is_said(house: House, database: str, fields: dict[str, str]) -> None:
    visitor = english(house, POLICE)
    before = kept_rows(database)
    answer = visitor.submit(f"{PAGE}/slapp-in", fields)
    assert answer.status_code == 422
    assert 'class="errs"' in answer.text
    assert kept_rows(database) == before


@pytest.mark.parametrize("who", [POLICE_COLLEAGUE, COORDINATOR, ADMINISTRATOR, ARTIST, TRAFFIC])
def test_nobody_else_lets_people_in_or_gives_rights(house: House, database: str, who: str) -> None:
    visitor = english(house, who)
    before = kept_rows(database)
    for path in ("slapp-in", "administrator"):
        fields = {"namn": "Ny", "epost": NEW, "vem": POLICE_COLLEAGUE, "ska": "ja"}
        assert visitor.submit(f"{PAGE}/{path}", fields).status_code == 403
    assert visitor.submit(f"{PAGE}/slapp-in", {"epost": NEW, "ta-tillbaka": "1"}).status_code == 403
    assert kept_rows(database) == before
    assert house.visitor().submit(f"{PAGE}/slapp-in").status_code in (302, 400)


# --- administrators ---------------------------------------------------------------------------


def test_a_colleague_is_made_administrator_and_told(house: House) -> None:
    visitor = english(house, POLICE)
    fields = {"vem": POLICE_COLLEAGUE, "ska": "ja"}
    assert visitor.submit(f"{PAGE}/administrator", fields).status_code == 303
    colleague = english(house, POLICE_COLLEAGUE)
    assert colleague.get(PAGE).status_code == 200
    assert "Your rights as administrator" in colleague.get("/aviseringar").text
    answer = colleague.submit(f"{PAGE}/administrator", {"vem": POLICE, "ska": "nej"})
    assert answer.status_code == 303
    assert visitor.get(PAGE).status_code == 403


def test_one_always_stays(house: House) -> None:
    visitor = english(house, POLICE)
    answer = visitor.submit(f"{PAGE}/administrator", {"vem": POLICE, "ska": "nej"})
    assert answer.status_code == 422
    assert "without an administrator" in answer.text
    visitor.submit(f"{PAGE}/administrator", {"vem": POLICE_COLLEAGUE, "ska": "ja"})
    answer = visitor.submit(f"{PAGE}/administrator", {"vem": POLICE, "ska": "nej"})
    assert (answer.status_code, answer.location) == (303, "/mina")


def test_who_has_left_is_not_counted_and_not_made_one(house: House) -> None:
    with house.inside():
        admitting.set_administrator(house.viewer(POLICE), POLICE_COLLEAGUE, True, house.clock())
        leaving.deactivate(house.viewer(POLICE), POLICE_COLLEAGUE, house.clock())
        with pytest.raises(Refused):
            admitting.set_administrator(house.viewer(POLICE), POLICE, False, house.clock())
        for who in (POLICE_COLLEAGUE, GUARD, "ingen@example.org"):
            with pytest.raises(NotFound):
                admitting.set_administrator(house.viewer(POLICE), who, True, house.clock())


def test_an_administrator_takes_lost_factors_away_and_both_sides_are_told(house: House) -> None:
    with house.inside():
        admitting.set_administrator(house.viewer(POLICE), POLICE_COLLEAGUE, True, house.clock())
    visitor, colleague = english(house, POLICE), house.visitor(POLICE_COLLEAGUE, proved=True)
    assert colleague.is_let_in()
    answer = visitor.submit(f"{PAGE}/andra-faktor", {"vem": POLICE_COLLEAGUE})
    assert answer.status_code == 303
    assert not colleague.is_let_in()
    assert "Your second factor has been removed" in english(house, POLICE_COLLEAGUE).get("/aviseringar").text
    for who, status in ((POLICE, 422), (GUARD, 404), ("ingen@example.org", 404)):
        assert visitor.submit(f"{PAGE}/andra-faktor", {"vem": who}).status_code == status
    assert english(house, GUARD).submit(f"{PAGE}/andra-faktor", {"vem": POLICE}).status_code == 403


# --- the system's administrator ---------------------------------------------------------------


def test_an_account_is_found_by_its_whole_address_alone(house: House) -> None:
    visitor = english(house, ADMINISTRATOR)
    assert 'href="/konton"' in visitor.get("/mina").text
    page = visitor.submit("/konton", {"epost": POLICE.upper()})
    assert page.status_code == 200
    for word in ("Polis Ett", "Lokalpolisområde Norrmalm", "administrator of the organisation"):
        assert word in page.text
    for email in ("polis", "", "ingen@example.org", "polis@example.org\0"):
        answer = visitor.submit("/konton", {"epost": email})
        assert answer.status_code == 404
        assert "Polis Ett" not in answer.text


@pytest.mark.parametrize("who", [POLICE, COORDINATOR, ARTIST, TRAFFIC])
def test_accounts_are_for_the_systems_administrator(house: House, database: str, who: str) -> None:
    visitor = english(house, who)
    before = kept_rows(database)
    assert 'href="/konton"' not in visitor.get("/mina").text
    assert visitor.get("/konton").status_code == 403
    for path in ("/konton", "/konton/nytt-losenord"):
        assert visitor.submit(path, {"epost": POLICE}).status_code == 403
    assert kept_rows(database) == before
    assert house.visitor().get("/konton").status_code == 302


def test_without_mail_nothing_is_started(house: House, database: str) -> None:
    visitor = english(house, ADMINISTRATOR)
    before = kept_rows(database)
    assert "no link can be sent" in visitor.get("/konton").text
    answer = visitor.submit("/konton/nytt-losenord", {"epost": POLICE})
    assert answer.status_code == 422
    assert "No mail is sent from here." in answer.text
    assert not LINK.search(answer.text)
    assert kept_rows(database) == before


def test_a_new_password_is_chosen_by_the_person_alone(posted: House, box: Mailbox) -> None:
    colleague = posted.visitor(POLICE_COLLEAGUE)
    with posted.inside():
        viewer = posted.viewer(POLICE_COLLEAGUE)
        _, token = membership.issue_token(viewer, "program", False, posted.clock())
        _, feed = feeding.issue(viewer, FeedWish(PREMISES, FeedKind.MINE), posted.clock())
    admin = english(posted, ADMINISTRATOR)
    answer = admin.submit("/konton/nytt-losenord", {"epost": POLICE_COLLEAGUE}, follow_redirects=True)
    assert "their organisation is told" in answer.text
    assert "new password sent to Polis Två" in english(posted, POLICE).get("/aviseringar").text
    work(posted)
    (letter,) = box.to(POLICE_COLLEAGUE)
    assert [each.to[0] for each in box.received if LINK.search(each.text)] == [POLICE_COLLEAGUE]
    assert box.to(POLICE)
    link = LINK.search(letter.text)
    assert link
    assert colleague.is_let_in()  # until it is used nothing has changed
    assert posted.visitor().fill_in(f"/valkommen/{link[1]}", WORDS).status_code == 302
    assert not colleague.is_let_in()
    bearer = {"Authorization": f"Bearer {token}"}
    assert posted.visitor().get("/api/v1/me", headers=bearer).status_code == 401
    with posted.inside():
        assert feeding.fetch(feeding.reader(feed, "test", posted.clock()), posted.clock()) is not None
    assert posted.visitor().get(f"/valkommen/{link[1]}").status_code == 404
    anew = posted.sign_in(POLICE_COLLEAGUE, WORDS["password"])
    assert anew.is_let_in()
    anew.set_cookie("sprak", "en")
    assert "Your password is a new one." in anew.get("/aviseringar").text
    with posted.inside():
        actions = run(select(journal.c.action).order_by(journal.c.id)).scalars().all()
    assert actions[-3:] == ["person:reset", "person:password", "person:sign-in"]


def test_the_old_password_is_good_until_the_link_is_used_and_the_link_for_a_day(
    posted: House, box: Mailbox
) -> None:
    with posted.inside():
        resetting.start(posted.viewer(ADMINISTRATOR), SOCIAL, posted.clock())
    work(posted)
    link = LINK.search(box.to(SOCIAL)[0].text)
    assert link
    posted.clock.step(days=1, seconds=-1)
    assert posted.visitor().get(f"/valkommen/{link[1]}").status_code == 200
    posted.clock.step(seconds=1)
    assert posted.visitor().get(f"/valkommen/{link[1]}").status_code == 404
    assert posted.sign_in(SOCIAL, PASSWORD).is_let_in()


def test_only_accounts_in_use_are_reset(posted: House) -> None:
    with posted.inside():
        admin = posted.viewer(ADMINISTRATOR)
        admitting.admit(posted.viewer(POLICE), NEW, "Ny", posted.clock())
        leaving.deactivate(posted.viewer(POLICE), POLICE_COLLEAGUE, posted.clock())
        for email in (NEW, POLICE_COLLEAGUE, "ingen@example.org"):
            with pytest.raises(Refused) as refused:
                resetting.start(admin, email, posted.clock())
            assert refused.value.refusals[0].reason is Reason.NO_SUCH_ACCOUNT
        with pytest.raises(Forbidden):
            resetting.start(posted.viewer(POLICE), GUARD, posted.clock())
        assert run(select(outbox).where(outbox.c.kind == "reset")).all() == []


def test_a_reset_is_told_to_nobody_elsewhere(posted: House) -> None:
    with posted.inside():
        resetting.start(posted.viewer(ADMINISTRATOR), POLICE_COLLEAGUE, posted.clock())
        told = run(select(people.c.email).join(notices, notices.c.person_id == people.c.id)).scalars().all()
    assert told == [POLICE]


# --- at the very next request -----------------------------------------------------------------


def test_who_is_released_is_out_of_everything_at_once(house: House) -> None:
    made = house.book(POLICE, MEETING_ROOM, "14:00", "15:00", circle=POLICE_CIRCLE).view
    visitor = house.visitor(POLICE_COLLEAGUE)
    page = visitor.get("/idag/delar")
    tag = {"If-None-Match": page.headers["ETag"]}
    assert visitor.get("/idag/delar", headers=tag).status_code == 304
    with house.inside():
        viewer = house.viewer(POLICE_COLLEAGUE)
        _, token = membership.issue_token(viewer, "program", True, house.clock())
        _, feed = feeding.issue(viewer, FeedWish(PREMISES, FeedKind.MINE), house.clock())
        leaving.deactivate(house.viewer(POLICE), POLICE_COLLEAGUE, house.clock())
    assert visitor.get("/idag/delar", headers=tag).status_code in (302, 401)
    assert visitor.get(f"/bokning/{made.id}").status_code == 302
    bearer = {"Authorization": f"Bearer {token}"}
    assert house.visitor().get(f"/api/v1/bookings/{made.id}", headers=bearer).status_code == 401
    assert house.visitor().get(f"/kalender/{feed}.ics").status_code == 404


def test_a_token_and_a_feed_see_no_more_of_a_circle_that_was_left(house: House) -> None:
    made = house.book(POLICE, MEETING_ROOM, "14:00", "15:00", circle=POLICE_CIRCLE).view
    with house.inside():
        _, token = membership.issue_token(house.viewer(GUARD), "program", True, house.clock())
        wish = FeedWish(PREMISES, FeedKind.RESOURCE, MEETING_ROOM)
        _, feed = feeding.issue(house.viewer(GUARD), wish, house.clock())
    bearer = {"Authorization": f"Bearer {token}"}
    address = f"/api/v1/bookings/{made.id}"
    assert house.visitor().get(address, headers=bearer).status_code == 200
    with house.inside():
        before = feeding.fetch(feeding.reader(feed, "test", house.clock()), house.clock())
        joining.remove(house.viewer(POLICE), POLICE_CIRCLE, "ordningsvakterna", house.clock())
        after = feeding.fetch(feeding.reader(feed, "test", house.clock()), house.clock())
        with pytest.raises(NotFound):
            looking.look_at(house.viewer(GUARD), made.id, house.clock())
    assert house.visitor().get(address, headers=bearer).status_code == 404
    assert before.busy == after.busy  # feeds never knew
