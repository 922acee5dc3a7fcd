"""Signing in and out: who is let in, for how long, and what a cookie or a form from elsewhere can do."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from booking.actions import limiting
from booking.storage.database import run, transaction
from booking.storage.tables import journal, people, sessions
from tests.cast import ADMINISTRATOR, ARTIST, GUARD, MIKA, PASSWORD, POLICE, TRAFFIC
from tests.support.house import House, Visitor

pytestmark = pytest.mark.usefixtures("quick_hashing")

SIGN_IN, SIGN_OUT, MINE = "/logga-in", "/logga-ut", "/mina"
HTTPS = "https://localhost"


def cookie_of(visitor: Visitor) -> str:
    found = visitor.get_cookie("samlokal")
    assert found is not None
    return found.value


# --- in and out -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "email", [POLICE, GUARD, MIKA, TRAFFIC, ARTIST, ADMINISTRATOR, " POLIS@Example.org "]
)
def test_everybody_signs_in_with_their_own_address(house: House, email: str) -> None:
    assert house.sign_in(email).is_let_in()


def test_nobody_is_let_in_without_signing_in(house: House) -> None:
    assert not house.visitor().is_let_in()


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (POLICE, "fel"),
        (POLICE, ""),
        ("ingen@example.org", PASSWORD),
        ("", PASSWORD),
        (POLICE, PASSWORD + " "),
    ],
)
def test_the_wrong_password_and_the_unknown_account_get_the_same_answer(
    house: House, email: str, password: str
) -> None:
    visitor = house.visitor()
    answer = visitor.fill_in(SIGN_IN, {"email": email, "password": password})
    assert answer.status_code == 422
    assert not visitor.is_let_in()
    if email and password:
        assert "do not belong together" in answer.text or "hör inte ihop" in answer.text


def test_sessions_that_are_too_old_leave_nothing_behind(house: House) -> None:
    house.sign_in(POLICE)
    house.clock.step(days=8)
    house.sign_in(GUARD)
    with house.inside():
        assert len(run(sessions.select()).all()) == 1


def test_a_copied_cookie_is_dead_once_its_owner_signs_out(house: House) -> None:
    owner, thief = house.sign_in(), house.visitor()
    thief.set_cookie("samlokal", cookie_of(owner))
    assert thief.is_let_in()
    answer = owner.submit(SIGN_OUT)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not thief.is_let_in()
    assert not owner.is_let_in()
    with house.inside():
        assert run(sessions.select()).all() == []


def test_signing_in_again_ends_the_session_before(house: House) -> None:
    owner, thief = house.sign_in(), house.visitor()
    thief.set_cookie("samlokal", cookie_of(owner))
    owner.get(SIGN_OUT)
    answer = owner.post(SIGN_IN, data={"csrf_token": owner.csrf_token, "email": POLICE, "password": PASSWORD})
    assert answer.status_code == 302
    assert owner.is_let_in()
    assert not thief.is_let_in()


def test_signing_out_on_one_computer_leaves_the_other_signed_in(house: House) -> None:
    office, station = house.sign_in(), house.sign_in()
    office.submit(SIGN_OUT)
    assert station.is_let_in()


def test_a_cookie_that_somebody_made_up_opens_nothing(house: House) -> None:
    visitor = house.visitor()
    visitor.set_cookie("samlokal", "eyJfdXNlcl9pZCI6IjEifQ.Zx.made-up")
    assert not visitor.is_let_in()
    with visitor.session_transaction() as session:
        session["_user_id"] = "1"  # signed with the right key, but no session of the database
    assert not visitor.is_let_in()


def test_an_account_that_has_ended_is_let_in_no_more(house: House) -> None:
    visitor = house.sign_in(ARTIST)
    with house.inside(), transaction():
        run(people.update().where(people.c.email == ARTIST).values(ends_at=house.at("12:00")))
    assert visitor.is_let_in()
    house.clock.now = house.at("12:00")
    assert not visitor.is_let_in()
    assert house.visitor().fill_in(SIGN_IN, {"email": ARTIST, "password": PASSWORD}).status_code == 422


# --- how long ---------------------------------------------------------------------------------


def test_a_session_ends_after_eight_hours_without_use(house: House) -> None:
    visitor = house.sign_in()
    house.clock.step(hours=7, minutes=59)
    assert visitor.is_let_in()
    house.clock.step(hours=8)
    assert visitor.is_let_in()
    house.clock.step(hours=8, minutes=1)
    assert not visitor.is_let_in()


@pytest.mark.parametrize("asked", ["/idag/delar", "/inloggad"])
def test_a_board_left_open_keeps_nobody_signed_in(house: House, asked: str) -> None:
    """It asks every half minute; nobody is there because of that."""
    visitor = house.sign_in(shared="y")
    for _ in range(20):
        assert visitor.get(asked).status_code < 300
        house.clock.step(seconds=30)
    house.clock.step(seconds=1)
    assert visitor.get(asked).status_code == 302
    assert not visitor.is_let_in()


def test_whoever_writes_for_long_stays_signed_in(house: House) -> None:
    visitor = house.sign_in(shared="y")
    for _ in range(4):
        house.clock.step(minutes=4)
        assert visitor.get("/inloggad/arbetar").status_code == 204
    assert visitor.is_let_in()


def test_on_a_shared_computer_it_ends_after_ten_minutes(house: House) -> None:
    visitor = house.sign_in(shared="y")
    house.clock.step(minutes=10)
    assert visitor.is_let_in()
    house.clock.step(minutes=10, seconds=1)
    assert not visitor.is_let_in()


def test_no_session_lasts_longer_than_a_week(house: House) -> None:
    visitor = house.sign_in()
    for _ in range(24):
        house.clock.step(hours=7)
        assert visitor.is_let_in()
    house.clock.step(minutes=1)
    assert not visitor.is_let_in()


# --- trying passwords -------------------------------------------------------------------------


def attempt(house: House, email: str, password: str = "fel lösenord", address: str = "192.0.2.7") -> int:
    visitor = house.visitor()
    fields = {"csrf_token": visitor.csrf_token, "email": email, "password": password}
    return visitor.post(SIGN_IN, data=fields, environ_base={"REMOTE_ADDR": address}).status_code


ELSEWHERE = "198.51.100.1"


@pytest.mark.parametrize("email", [POLICE, "ingen@example.org"])
def test_after_ten_wrong_passwords_one_waits_a_quarter_of_an_hour(house: House, email: str) -> None:
    right = 302 if email == POLICE else 422
    assert [attempt(house, email) for _ in range(10)] == [422] * 10
    assert attempt(house, email, PASSWORD) == 429
    assert attempt(house, f" {email.upper()}", PASSWORD) == 429
    assert attempt(house, GUARD, PASSWORD) == 302
    house.clock.step(minutes=15)
    assert attempt(house, email, PASSWORD) == right


def test_nobody_elsewhere_can_shut_a_person_out(house: House) -> None:
    assert {attempt(house, POLICE, address=ELSEWHERE) for _ in range(12)} == {422, 429}
    assert attempt(house, POLICE, PASSWORD) == 302


def test_one_address_that_tries_many_accounts_waits_too(house: House) -> None:
    tried = {attempt(house, f"nummer{n}@example.org") for n in range(limiting.PER_ADDRESS)}
    assert tried == {422}
    assert attempt(house, POLICE, PASSWORD) == 429
    assert attempt(house, POLICE, PASSWORD, address=ELSEWHERE) == 302


def test_signing_in_rightly_counts_as_no_attempt(house: House) -> None:
    for _ in range(11):
        assert attempt(house, POLICE, PASSWORD) == 302


def test_what_was_tried_is_not_stored_in_clear(house: House) -> None:
    attempt(house, "hemlig.person@example.org")
    with house.inside():
        rows = run(people.metadata.tables["sign_in_attempts"].select()).all()
    assert len(rows) == 2
    assert "hemlig" not in str(rows)


# --- forms from elsewhere ---------------------------------------------------------------------


def test_a_form_without_its_token_is_refused_and_does_nothing(house: House) -> None:
    visitor = house.sign_in()
    for data in ({}, {"csrf_token": "x"}, {"csrf_token": house.visitor().csrf_token}):
        assert visitor.post(SIGN_OUT, data=data).status_code == 400
    assert visitor.is_let_in()
    assert house.visitor().post(SIGN_IN, data={"email": POLICE, "password": PASSWORD}).status_code == 400


def test_after_signing_in_one_goes_on_to_a_page_of_this_house_only(house: House) -> None:
    for wanted, reached in (("/mina", "/mina"), ("//evil.example/", None), ("https://evil.example", None)):
        visitor = house.visitor()
        answer = visitor.fill_in(f"{SIGN_IN}?next={wanted}", {"email": POLICE, "password": PASSWORD})
        assert answer.status_code == 302
        assert "evil" not in answer.location
        assert reached is None or answer.location == reached


# --- the cookie -------------------------------------------------------------------------------


def session_cookie(answer_headers: list[str]) -> dict[str, str]:
    (found,) = (each for each in answer_headers if "samlokal=" in each)
    name, *rest = (part.strip() for part in found.split(";"))
    flags = {part.partition("=")[0].lower(): part.partition("=")[2] for part in rest}
    return {"name": name.partition("=")[0], **flags}


def test_scripts_and_other_sites_cannot_use_the_cookie(house: House) -> None:
    answer = house.visitor().fill_in(SIGN_IN, {"email": POLICE, "password": PASSWORD})
    cookie = session_cookie(answer.headers.getlist("Set-Cookie"))
    assert cookie["name"] == "samlokal"
    assert "httponly" in cookie
    assert cookie["samesite"] == "Lax"
    assert "domain" not in cookie


def test_outside_the_demo_the_cookie_travels_over_tls_to_this_host_alone(
    build_house: Callable[..., House],
) -> None:
    house = build_house(demo=False, base_url="https://lokalen.example.org")
    visitor = house.visitor()
    page = visitor.get(SIGN_IN, base_url=HTTPS)
    cookie = session_cookie(page.headers.getlist("Set-Cookie"))
    assert cookie["name"] == "__Host-samlokal"
    assert {"secure", "httponly"} <= set(cookie)
    assert (cookie["path"], "domain" in cookie) == ("/", False)
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_the_cookie_holds_nothing_about_anybody(house: House) -> None:
    visitor = house.sign_in()
    with visitor.session_transaction() as session:
        assert set(session) <= {"_fresh", "_id", "_permanent", "_user_id", "csrf_token", "_remember"}
        assert POLICE not in str(dict(session))


def test_signing_in_and_failing_to_are_in_the_journal(house: House) -> None:
    """Each with who, when and how; of an address that nobody has, only that it failed."""
    house.sign_in()
    for email in (POLICE, "nobody@example.org"):
        visitor = house.visitor()
        answer = visitor.fill_in(SIGN_IN, {"email": email, "password": "wrong"})
        assert answer.status_code == 422
    with house.inside():
        person = house.viewer(POLICE).person
        noted = run(select(journal).where(journal.c.action.like("person:sign-in%")).order_by(journal.c.id))
        assert [(row.action, row.subject, row.actor_id, row.fields) for row in noted] == [
            ("person:sign-in", f"person {person}", person, "password"),
            ("person:sign-in-fail", f"person {person}", None, ""),
            ("person:sign-in-fail", "person ?", None, ""),
        ]
