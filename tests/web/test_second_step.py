"""Signing in with a second factor, or by a passkey alone; and what is refused on the way."""

import json
import re
from collections.abc import Callable
from datetime import datetime

import pyotp
import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from booking.actions import codes, limiting
from booking.storage import factors
from booking.storage.database import run, transaction
from booking.storage.tables import challenges, journal, passkeys, people, recovery_codes, sessions
from tests.cast import ARTIST, GUARD, PASSWORD, POLICE
from tests.support.authenticator import Key
from tests.support.house import House, Visitor

pytestmark = pytest.mark.usefixtures("quick_hashing")

SIGN_IN, STEP = "/logga-in", "/logga-in/andra-steget"
ASK, BY_PASSKEY = "/logga-in/passnyckel/fraga", "/logga-in/passnyckel"
SECURITY = "/installningar/sakerhet"


def give_passkey(house: House, email: str = POLICE, key: Key | None = None) -> Key:
    """A passkey added by the page, in a session of its own that then ends."""
    key, visitor = key or Key(), house.visitor(email, proved=True)
    options = visitor.submit(f"{SECURITY}/passnyckel/fraga", {"namn": "Nyckel"}).json
    answer = visitor.submit(f"{SECURITY}/passnyckel", {"namn": "Nyckel", "credential": key.create(options)})
    assert answer.status_code == 303, answer.text
    visitor.submit("/logga-ut")
    return key


def give_app(house: House, email: str = POLICE) -> pyotp.TOTP:
    person = house.viewer(email).person
    secret = codes.new_secret()
    with house.inside(), transaction():
        factors.put_authenticator(person, secret, house.clock())
        assert factors.use_code(person, 1, house.clock())
    return pyotp.TOTP(secret)


def give_recovery_codes(house: House, email: str = POLICE) -> tuple[str, ...]:
    made = codes.new_recovery_codes()
    with house.inside(), transaction():
        factors.put_recovery_codes(house.viewer(email).person, map(codes.as_kept, made), house.clock())
    return made


def begin(house: House, email: str = POLICE, **fields: str) -> Visitor:
    """A browser whose password was right, before the second step."""
    visitor = house.visitor()
    answer = visitor.fill_in(SIGN_IN, {"email": email, "password": PASSWORD, **fields})
    assert (answer.status_code, answer.location.partition("?")[0]) == (302, STEP)
    return visitor


def code_at(app: pyotp.TOTP, moment: datetime, steps: int = 0) -> str:
    return app.at(moment, counter_offset=steps)


def cookie(visitor: Visitor) -> str:
    found = visitor.get_cookie("samlokal")
    assert found is not None
    return found.value


# --- by a code --------------------------------------------------------------------------------


def test_without_a_second_factor_one_is_signed_in_as_before(house: House) -> None:
    assert house.sign_in(POLICE).is_let_in()


def test_with_one_the_password_alone_lets_nobody_in(house: House) -> None:
    give_app(house)
    visitor = begin(house)
    assert not visitor.is_let_in()
    assert visitor.get("/api/v1/me").status_code == 401
    assert visitor.get(STEP).status_code == 200
    with house.inside():
        assert run(select(sessions.c.pending)).scalars().all() == [True]


def test_the_code_of_the_app_lets_in_and_one_goes_on_to_where_one_was_going(house: House) -> None:
    app = give_app(house)
    visitor = house.visitor()
    answer = visitor.fill_in(f"{SIGN_IN}?next=/mina", {"email": POLICE, "password": PASSWORD})
    answer = visitor.fill_in(answer.location, {"kod": code_at(app, house.clock())})
    assert (answer.status_code, answer.location) == (302, "/mina")
    assert visitor.is_let_in()


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 302), (0, 302), (1, 302), (2, 422)])
def test_the_clock_of_the_telephone_may_be_off_by_one_step(house: House, steps: int, status: int) -> None:
    app = give_app(house)
    answer = begin(house).fill_in(STEP, {"kod": code_at(app, house.clock(), steps)})
    assert answer.status_code == status


def test_no_code_is_taken_twice_nor_one_before_it(house: House) -> None:
    app, now = give_app(house), house.clock()
    assert begin(house).fill_in(STEP, {"kod": code_at(app, now)}).status_code == 302
    for steps in (0, -1):
        assert begin(house).fill_in(STEP, {"kod": code_at(app, now, steps)}).status_code == 422
    assert (
        begin(house)
        .fill_in(STEP, {"kod": f" {code_at(app, now, 1)[:3]} {code_at(app, now, 1)[3:]}"})
        .status_code
        == 302
    )


def test_a_recovery_code_opens_once_however_it_is_written(house: House) -> None:
    give_app(house)
    first, second, *_ = give_recovery_codes(house)
    sloppy = first.upper().replace("-", " ").replace("0", "O").replace("1", "l")
    assert begin(house).fill_in(STEP, {"kod": sloppy}).status_code == 302
    assert begin(house).fill_in(STEP, {"kod": first}).status_code == 422
    assert begin(house).fill_in(STEP, {"kod": second}).status_code == 302
    with house.inside():
        used = run(select(journal.c.subject).where(journal.c.action == "person:recovery-use")).scalars().all()
        assert used == [f"person {house.viewer(POLICE).person}"] * 2
        assert len(run(recovery_codes.select()).all()) == 8


def test_the_codes_of_somebody_else_open_nothing(house: House) -> None:
    app, other = give_app(house), give_app(house, GUARD)
    others = give_recovery_codes(house, GUARD)
    for wrong in (code_at(other, house.clock()), others[0], "", "000000", "å" * 24, "x" * 61, "\0"):
        if wrong != code_at(app, house.clock()):
            assert begin(house).fill_in(STEP, {"kod": wrong}).status_code == 422, wrong


def test_recovery_codes_are_long_enough_for_a_plain_hash(house: House) -> None:
    made = give_recovery_codes(house)
    assert len(set(made)) == 10
    assert all(re.fullmatch(r"([0-9a-z]{4}-){5}[0-9a-z]{4}", each) for each in made)
    with house.inside():
        assert not any(codes.as_kept(each) in str(run(recovery_codes.select()).all()) for each in made)


def test_who_waits_longer_than_ten_minutes_begins_anew(house: House) -> None:
    app, visitor = give_app(house), begin(house)
    house.clock.step(minutes=10, seconds=1)
    for answer in (visitor.get(STEP), visitor.submit(STEP, {"kod": code_at(app, house.clock())})):
        assert (answer.status_code, answer.location) == (302, SIGN_IN)


def test_nobody_takes_the_second_step_who_has_not_taken_the_first(house: House) -> None:
    app, visitor = give_app(house), house.visitor()
    for answer in (
        visitor.get(STEP),
        visitor.submit(STEP, {"kod": code_at(app, house.clock())}),
        visitor.submit(f"{STEP}/passnyckel", {"credential": "{}"}),
    ):
        assert (answer.status_code, answer.location) == (302, SIGN_IN)
    assert visitor.submit(f"{STEP}/fraga").status_code == 422


def test_an_account_with_a_second_factor_looks_like_any_other_until_the_password_is_right(
    house: House,
) -> None:
    give_app(house)
    pages = set()
    for email in (POLICE, GUARD, "ingen@example.org"):
        visitor = house.visitor()
        answer = visitor.fill_in(SIGN_IN, {"email": email, "password": "fel lösenord"})
        text = re.sub(r'value="[^"]*"', "", answer.text)
        pages.add((answer.status_code, text))
    assert len(pages) == 1


# --- attempts ---------------------------------------------------------------------------------


def wrong_code(house: House, visitor: Visitor, code: str = "x") -> TestResponse:
    return visitor.submit(STEP, {"kod": code})


def test_wrong_codes_count_as_wrong_passwords_do(house: House) -> None:
    app = give_app(house)
    visitor = begin(house)
    house.visitor().fill_in(SIGN_IN, {"email": POLICE, "password": "fel lösenord"})
    assert [wrong_code(house, visitor).status_code for _ in range(9)] == [422] * 9
    assert wrong_code(house, visitor, code_at(app, house.clock())).status_code == 429
    assert house.visitor().fill_in(SIGN_IN, {"email": POLICE, "password": PASSWORD}).status_code == 429
    house.clock.step(minutes=15)
    visitor = begin(house)
    assert wrong_code(house, visitor, code_at(app, house.clock())).status_code == 302


def test_guessing_from_many_addresses_is_guessing_too_and_a_passkey_still_opens(house: House) -> None:
    key, app = give_passkey(house), give_app(house)
    with house.inside(), transaction():
        for _ in range(limiting.CODES):
            limiting.count((limiting.of_codes(house.viewer(POLICE).person or 0),), house.clock())
    visitor = begin(house)
    assert wrong_code(house, visitor, code_at(app, house.clock())).status_code == 429
    options = visitor.submit(f"{STEP}/fraga").json
    assert visitor.submit(f"{STEP}/passnyckel", {"credential": key.get(options)}).status_code == 302


# --- the secret of the session ----------------------------------------------------------------


def test_each_step_gives_the_session_a_new_secret(house: House) -> None:
    app, visitor = give_app(house), begin(house)
    before = cookie(visitor)
    visitor.fill_in(STEP, {"kod": code_at(app, house.clock())})
    thief = house.visitor()
    thief.set_cookie("samlokal", before)
    assert not thief.is_let_in()
    assert thief.get(STEP).location == SIGN_IN
    assert visitor.is_let_in()


def test_signing_in_anew_ends_what_waited(house: House) -> None:
    give_app(house)
    visitor = begin(house)
    visitor.fill_in(SIGN_IN, {"email": GUARD, "password": PASSWORD})
    with house.inside():
        assert [row.person_id for row in run(sessions.select())] == [house.viewer(GUARD).person]


# --- a passkey as the second step -------------------------------------------------------------


def test_a_passkey_is_a_second_step(house: House) -> None:
    key, visitor = give_passkey(house), begin(house)
    options = visitor.submit(f"{STEP}/fraga").json
    assert (options["rpId"], options["userVerification"]) == ("localhost", "required")
    assert len(options["allowCredentials"]) == 1
    answer = visitor.submit(f"{STEP}/passnyckel?next=/mina", {"credential": key.get(options)})
    assert (answer.status_code, answer.location) == (302, "/mina")
    assert visitor.is_let_in()


def test_the_passkey_of_somebody_else_is_none(house: House) -> None:
    give_passkey(house)
    other = give_passkey(house, GUARD)
    visitor = begin(house)
    options = visitor.submit(f"{STEP}/fraga").json
    assert visitor.submit(f"{STEP}/passnyckel", {"credential": other.get(options)}).status_code == 422


# --- by a passkey alone -----------------------------------------------------------------------


def by_passkey(house: House, key: Key, **instead: str) -> tuple[Visitor, TestResponse]:
    visitor = house.visitor()
    options = visitor.submit(ASK).json
    assert "allowCredentials" not in options or options["allowCredentials"] == []
    return visitor, visitor.submit(BY_PASSKEY, {"credential": key.get(options, **instead)})


def test_a_passkey_signs_in_alone_and_counts_as_the_second_factor(house: House) -> None:
    key = give_passkey(house)
    visitor, answer = by_passkey(house, key)
    assert (answer.status_code, answer.location) == (302, "/idag")
    assert visitor.is_let_in()
    with house.inside():
        (row,) = run(sessions.select()).all()
    assert (row.proved_at, row.shared) == (house.clock(), False)


def test_on_a_shared_computer_it_is_said_so_too(house: House) -> None:
    key, visitor = give_passkey(house), house.visitor()
    options = visitor.submit(ASK).json
    answer = visitor.submit(BY_PASSKEY, {"credential": key.get(options), "shared": "y"})
    assert "Expires" not in str(answer.headers.getlist("Set-Cookie"))
    house.clock.step(minutes=10, seconds=1)
    assert not visitor.is_let_in()


def test_what_was_signed_is_taken_once(house: House) -> None:
    key, visitor = give_passkey(house), house.visitor()
    signed = key.get(visitor.submit(ASK).json)
    assert visitor.submit(BY_PASSKEY, {"credential": signed}).status_code == 302
    again = house.visitor()
    assert again.submit(BY_PASSKEY, {"credential": signed}).status_code == 422
    with house.inside():
        assert run(challenges.select()).all() == []


def test_what_did_not_hold_is_used_up_too(house: House) -> None:
    key, visitor = give_passkey(house), house.visitor()
    options = visitor.submit(ASK).json
    bad = key.get(options, signature="AAAA")
    assert visitor.submit(BY_PASSKEY, {"credential": bad}).status_code == 422
    assert visitor.submit(BY_PASSKEY, {"credential": key.get(options)}).status_code == 422


def test_what_is_to_be_signed_is_old_after_five_minutes(house: House) -> None:
    key, visitor = give_passkey(house), house.visitor()
    options = visitor.submit(ASK).json
    house.clock.step(minutes=5)
    assert visitor.submit(BY_PASSKEY, {"credential": key.get(options)}).status_code == 422


def test_a_counter_that_goes_backwards_is_refused(house: House) -> None:
    key = give_passkey(house)
    assert by_passkey(house, key)[1].status_code == 302
    key.count -= 1
    assert by_passkey(house, key)[1].status_code == 422
    assert by_passkey(house, key)[1].status_code == 302
    with house.inside():
        assert run(select(passkeys.c.sign_count)).scalar() == key.count


def test_a_device_that_does_not_know_its_user_is_refused(house: House) -> None:
    key = give_passkey(house)
    key.verifies = False
    assert by_passkey(house, key)[1].status_code == 422


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:1", "https://localhost", ""])
def test_what_was_signed_on_another_site_is_refused(house: House, origin: str) -> None:
    key = give_passkey(house)
    key.origin = origin
    assert by_passkey(house, key)[1].status_code == 422


def test_a_passkey_names_its_account_itself(house: House) -> None:
    key, other = give_passkey(house), give_passkey(house, GUARD)
    key.handle = other.handle
    assert by_passkey(house, key)[1].status_code == 422
    key.handle = b""
    assert by_passkey(house, key)[1].status_code == 422


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "{}",
        "[]",
        "null",
        "x",
        "\ud800",
        "[" * 5000,
        json.dumps({"id": "a", "rawId": "å", "type": "public-key"}),
    ],
)
def test_what_no_passkey_signed_is_refused(house: House, sent: str) -> None:
    give_passkey(house)
    visitor = house.visitor()
    visitor.submit(ASK)
    assert (
        visitor.submit(BY_PASSKEY, {"credential": sent.encode("utf-8", "surrogatepass")}).status_code == 422
    )


def test_a_passkey_of_somebody_who_has_left_opens_nothing(house: House) -> None:
    key = give_passkey(house, ARTIST)
    with house.inside(), transaction():
        run(people.update().where(people.c.email == ARTIST).values(ends_at=house.clock()))
    assert by_passkey(house, key)[1].status_code == 422


def test_a_challenge_is_for_what_it_was_made_for(house: House) -> None:
    key, visitor = give_passkey(house), begin(house)
    alone = visitor.submit(ASK).json
    assert visitor.submit(f"{STEP}/passnyckel", {"credential": key.get(alone)}).status_code == 422
    second = visitor.submit(f"{STEP}/fraga").json
    assert visitor.submit(BY_PASSKEY, {"credential": key.get(second)}).status_code == 422


def test_one_address_that_asks_too_often_waits(house: House) -> None:
    visitor = house.visitor()
    with house.inside(), transaction():
        for _ in range(limiting.PER_ADDRESS):
            limiting.count((limiting.of_address("challenges", "127.0.0.1"),), house.clock())
    answer = visitor.submit(ASK)
    assert answer.status_code == 429
    assert "kvart" in answer.json["sentence"]


def test_outside_the_demo_passkeys_belong_to_the_configured_address(
    build_house: Callable[..., House],
) -> None:
    house = build_house(demo=False, base_url="https://lokalen.example.org")
    visitor = house.visitor()
    page = visitor.get(SIGN_IN, base_url="https://localhost")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]  # type: ignore[index]
    options = visitor.post(ASK, data={"csrf_token": token}, base_url="https://localhost").json
    assert options["rpId"] == "lokalen.example.org"
