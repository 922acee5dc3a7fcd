"""The page of how one signs in: passkeys, an app, recovery codes, and where one is signed in."""

import re

import pyotp
import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from booking.actions import securing
from booking.storage import access, factors, notices, sealed
from booking.storage.database import run, transaction
from booking.storage.tables import (
    authenticators,
    circles,
    journal,
    passkeys,
    recovery_codes,
    sessions,
    tokens,
)
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    GUARD,
    PASSWORD,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    TRAFFIC,
)
from tests.support.authenticator import Key
from tests.support.dump import bytes_on_disk
from tests.support.house import House, Visitor

pytestmark = pytest.mark.usefixtures("quick_hashing")

PAGE = "/installningar/sakerhet"
ASK, ADD = f"{PAGE}/passnyckel/fraga", f"{PAGE}/passnyckel"
APP, CONFIRM_APP = f"{PAGE}/app", f"{PAGE}/app/bekrafta"
CODES, EVERYWHERE = f"{PAGE}/koder", f"{PAGE}/sessioner/avsluta-alla"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36"


@pytest.fixture
def police(house: House) -> Visitor:
    """Somebody who signed in just now."""
    return house.sign_in(POLICE)


def add_passkey(visitor: Visitor, name: str = "Min telefon", key: Key | None = None) -> TestResponse:
    key = key or Key()
    options = visitor.submit(ASK, {"namn": name}).json
    return visitor.submit(ADD, {"namn": name, "credential": key.create(options)})


def secret_of(answer: TestResponse) -> str:
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', answer.text)
    assert found
    return found[1].replace(" ", "")


def add_app(house: House, visitor: Visitor) -> pyotp.TOTP:
    app = pyotp.TOTP(secret_of(visitor.submit(APP)))
    assert visitor.submit(CONFIRM_APP, {"kod": app.at(house.clock())}).status_code == 303
    return app


def actions(house: House) -> list[str]:
    with house.inside():
        found = run(select(journal.c.action, journal.c.subject).order_by(journal.c.id)).all()
        person = house.viewer(POLICE).person
    return [action for action, subject in found if subject == f"person {person}" and "sign-in" not in action]


def removal(page: str) -> str:
    found = re.search(rf'action="({PAGE}/passnyckel/\w+/ta-bort)"', page)
    assert found
    return found[1]


# --- passkeys ---------------------------------------------------------------------------------


def test_the_settings_lead_to_it_and_it_says_what_there_is(police: Visitor) -> None:
    assert f'href="{PAGE}"' in police.get("/installningar").text
    page = police.get(PAGE).text
    assert "<title>Inloggning och säkerhet – Samlokal" in page
    assert "Du har inga passnycklar." in page
    assert "Återställningskoder" not in page


@pytest.mark.parametrize("who", [ARTIST, ADMINISTRATOR])
def test_it_is_for_everybody(house: House, who: str) -> None:
    assert house.visitor(who).get(PAGE).status_code == 200


def test_a_passkey_is_added_with_a_name_and_proves_the_session(house: House, police: Visitor) -> None:
    options = police.submit(ASK, {"namn": "Min telefon"}).json
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert (options["rp"]["id"], options["user"]["name"]) == ("localhost", POLICE)
    assert add_passkey(police).status_code == 303
    page = police.get(PAGE).text
    assert "Min telefon" in page
    assert "med ett andra steg" in page
    assert actions(house) == ["person:passkey-add"]
    with house.inside():
        assert run(select(sessions.c.proved_at)).scalars().all() == [house.clock()]
        (told,) = notices.of(house.viewer(POLICE).person or 0, 9)
        assert told.news == "sign_in_changed"
    assert "Hur du loggar in har ändrats." in police.get("/aviseringar").text


def test_it_gives_the_session_a_new_secret(house: House, police: Visitor) -> None:
    before = police.get_cookie("samlokal")
    assert before is not None
    add_passkey(police)
    thief = house.visitor()
    thief.set_cookie("samlokal", before.value)
    assert not thief.is_let_in()
    assert police.is_let_in()


def test_the_same_passkey_is_not_added_twice_nor_to_somebody_else(house: House, police: Visitor) -> None:
    key = Key()
    assert add_passkey(police, key=key).status_code == 303
    options = police.submit(ASK, {"namn": "En gång till"}).json
    assert len(options["excludeCredentials"]) == 1
    assert add_passkey(police, key=key).status_code == 422
    assert add_passkey(house.sign_in(GUARD), key=key).status_code == 422


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("", "Skriv vad den heter."), ("x" * 81, "Skriv högst 80 tecken."), ("\u202e", "tecken som inte")],
)
def test_a_passkey_needs_a_name_of_reasonable_length(
    house: House, police: Visitor, name: str, sentence: str
) -> None:
    answer = police.submit(ASK, {"namn": name})
    assert answer.status_code == 422
    assert sentence in answer.json["sentence"]
    sent = police.submit(ADD, {"namn": name, "credential": "{}"})
    assert sent.status_code == 422
    assert sentence in sent.text


@pytest.mark.parametrize("credential", ["", "{}", "null", "[" * 9000, '{"id": 1}'])
def test_what_no_device_made_is_no_passkey(house: House, police: Visitor, credential: str) -> None:
    police.submit(ASK, {"namn": "Nyckel"})
    assert police.submit(ADD, {"namn": "Nyckel", "credential": credential}).status_code == 422
    with house.inside():
        assert run(passkeys.select()).all() == []


def test_a_device_that_does_not_know_its_user_makes_none(police: Visitor) -> None:
    assert add_passkey(police, key=Key(verifies=False)).status_code == 422
    assert add_passkey(police, key=Key(origin="https://evil.example")).status_code == 422


def test_a_challenge_made_for_somebody_else_is_not_taken(house: House, police: Visitor) -> None:
    other = house.sign_in(GUARD).submit(ASK, {"namn": "Nyckel"}).json
    police.submit(ASK, {"namn": "Nyckel"})
    assert police.submit(ADD, {"namn": "Nyckel", "credential": Key().create(other)}).status_code == 422


def test_a_removed_passkey_is_gone_and_only_its_owner_removes_it(house: House, police: Visitor) -> None:
    add_passkey(police)
    path = removal(police.get(PAGE).text)
    assert house.sign_in(TRAFFIC).submit(path).status_code == 404
    assert police.submit(path).status_code == 303
    assert "Du har inga passnycklar." in police.get(PAGE).text
    for wrong in (path, f"{PAGE}/passnyckel/x/ta-bort", f"{PAGE}/passnyckel/%00/ta-bort"):
        assert police.submit(wrong).status_code == 404
    assert actions(house) == ["person:passkey-add", "person:passkey-remove"]


def test_with_the_last_factor_go_its_codes_and_the_proof(house: House, police: Visitor) -> None:
    add_passkey(police)
    police.submit(CODES)
    police.submit(removal(police.get(PAGE).text))
    with house.inside():
        assert run(recovery_codes.select()).all() == []
        assert run(select(sessions.c.proved_at)).scalars().all() == [None]


# --- the app ----------------------------------------------------------------------------------


def test_an_app_counts_once_its_first_code_was_right(house: House, police: Visitor) -> None:
    begun = police.submit(APP)
    assert begun.status_code == 201
    assert "<svg" in begun.text
    app = pyotp.TOTP(secret_of(begun))
    assert house.sign_in(POLICE).is_let_in(), "not yet asked for"
    wrong = police.submit(CONFIRM_APP, {"kod": "x"})
    assert wrong.status_code == 422
    assert secret_of(wrong) == app.secret
    assert police.submit(CONFIRM_APP, {"kod": app.at(house.clock())}).status_code == 303
    page = police.get(PAGE).text
    assert "Din app används" in page
    assert app.secret not in page.replace(" ", "")
    assert actions(house) == ["person:authenticator-add"]


def test_the_secret_of_an_app_is_nowhere_in_clear(house: House, police: Visitor, database: str) -> None:
    app = add_app(house, police)
    disk = bytes_on_disk(database)
    assert app.secret.encode() not in disk
    assert b"Polis Ett" in disk, "what is not secret is found, so the search works"


def test_a_box_of_somebody_else_does_not_open(house: House, police: Visitor) -> None:
    add_app(house, police)
    add_app(house, house.sign_in(GUARD))
    with house.inside():
        mine, other = house.viewer(POLICE).person, house.viewer(GUARD).person
        assert mine is not None
        box = run(select(authenticators.c.box).where(authenticators.c.person_id == other)).scalar()
        with transaction():
            run(authenticators.update().where(authenticators.c.person_id == mine).values(box=box))
        with pytest.raises(sealed.SealBroken):
            factors.authenticator(mine)


def test_one_app_at_a_time_and_a_removed_one_opens_nothing(house: House, police: Visitor) -> None:
    add_app(house, police)
    assert police.submit(APP).status_code == 422
    assert police.submit(f"{PAGE}/app/ta-bort").status_code == 303
    assert police.submit(f"{PAGE}/app/ta-bort").status_code == 404
    assert police.submit(CONFIRM_APP, {"kod": "000000"}).status_code == 422
    assert house.sign_in(POLICE).is_let_in()


# --- recovery codes ---------------------------------------------------------------------------


def test_recovery_codes_are_shown_once_and_made_anew_replace_all(house: House, police: Visitor) -> None:
    assert police.submit(CODES).status_code == 422, "nothing to recover yet"
    add_passkey(police)
    assert "Du har inga återställningskoder." in police.get(PAGE).text
    shown = [re.findall(r"<li>([0-9a-z-]{29})</li>", police.submit(CODES).text) for _ in range(2)]
    assert [len(each) for each in shown] == [10, 10]
    assert not set(shown[0]) & set(shown[1])
    page = police.get(PAGE).text
    assert "Du har 10 oanvända koder." in page
    assert shown[1][0] not in page
    assert actions(house)[1:] == ["person:recovery-codes"] * 2


# --- saying again who one is ------------------------------------------------------------------


CHANGES = (ASK, ADD, APP, CONFIRM_APP, f"{PAGE}/app/ta-bort", f"{PAGE}/passnyckel/x/ta-bort", CODES)


def test_ten_minutes_after_signing_in_one_says_again_who_one_is(house: House, police: Visitor) -> None:
    house.clock.step(minutes=10)
    assert police.submit(ASK, {"namn": "Nyckel"}).status_code == 200
    house.clock.step(seconds=1)
    for path in CHANGES:
        assert police.submit(path, {"namn": "Nyckel"}).status_code == 422, path
    page = police.get(PAGE).text
    assert "Bekräfta att det är du" in page
    assert "Lägg till en passnyckel" not in page
    assert police.submit(f"{PAGE}/bekrafta", {"losenord": "fel"}).status_code == 422
    assert police.submit(ASK, {"namn": "Nyckel"}).status_code == 422
    assert police.submit(f"{PAGE}/bekrafta", {"losenord": PASSWORD}).status_code == 303
    assert police.submit(ASK, {"namn": "Nyckel"}).status_code == 200


def test_who_tries_passwords_there_waits_as_at_signing_in(house: House, police: Visitor) -> None:
    tried = [police.submit(f"{PAGE}/bekrafta", {"losenord": "fel"}).status_code for _ in range(11)]
    assert tried == [422] * 10 + [429]
    answer = house.visitor().fill_in("/logga-in", {"email": POLICE, "password": PASSWORD})
    assert answer.status_code == 429


def test_whoever_has_a_second_factor_must_have_given_it_to_change_anything(
    house: House, police: Visitor
) -> None:
    elsewhere = house.sign_in(POLICE)
    app = add_app(house, police)
    page = elsewhere.get(PAGE).text
    assert "Ta det andra steget först" in page
    for path in CHANGES:
        assert elsewhere.submit(path, {"namn": "Nyckel"}).status_code == 422, path
    assert elsewhere.submit(f"{PAGE}/bekrafta", {"losenord": PASSWORD}).status_code == 303
    assert elsewhere.submit(f"{PAGE}/app/ta-bort").status_code == 422, "the password is not enough"
    house.clock.step(seconds=30)
    step = f"/logga-in/andra-steget?next={PAGE}"
    assert elsewhere.fill_in(step, {"kod": app.at(house.clock())}).location == PAGE
    assert elsewhere.submit(f"{PAGE}/app/ta-bort").status_code == 303


# --- sessions ---------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(house: House) -> Visitor:
    visitor = house.visitor()
    visitor.environ_base["HTTP_USER_AGENT"] = CHROME
    visitor.fill_in("/logga-in", {"email": POLICE, "password": PASSWORD, "shared": "y"})
    return visitor


def ending(page: str) -> list[str]:
    return re.findall(rf'action="({PAGE}/sessioner/\w+/avsluta)"', page)


def test_one_sees_where_one_is_signed_in_and_which_is_this(
    house: House, police: Visitor, elsewhere: Visitor
) -> None:
    page = police.get(PAGE).text
    assert "Chrome, Linux" in page
    assert "delad dator" in page
    assert page.count("Här, nu") == 1
    assert len(ending(page)) == 1
    house.sign_in(POLICE_COLLEAGUE)
    assert len(ending(police.get(PAGE).text)) == 1, "nobody else's"
    house.clock.step(minutes=11)
    assert ending(police.get(PAGE).text) == [], "what lets nobody in is not listed"


def test_one_ends_a_session_elsewhere(house: House, police: Visitor, elsewhere: Visitor) -> None:
    (path,) = ending(police.get(PAGE).text)
    assert house.sign_in(TRAFFIC).submit(path).status_code == 404
    assert elsewhere.is_let_in()
    assert police.submit(path).status_code == 303
    assert not elsewhere.is_let_in()
    assert police.is_let_in()
    assert police.submit(path).status_code == 404
    assert actions(house) == ["person:session-end"]


def test_one_signs_out_everywhere(house: House, police: Visitor, elsewhere: Visitor) -> None:
    colleague = house.sign_in(POLICE_COLLEAGUE)
    assert police.submit(EVERYWHERE).location == "/logga-in"
    assert not police.is_let_in()
    assert not elsewhere.is_let_in()
    assert colleague.is_let_in()
    assert actions(house) == ["person:sessions-end"]


def test_on_a_shared_computer_no_session_lasts_longer_than_twelve_hours(
    house: House, elsewhere: Visitor
) -> None:
    for _ in range(72):
        house.clock.step(minutes=10)
        assert elsewhere.is_let_in()
    house.clock.step(seconds=1)
    assert not elsewhere.is_let_in()


# --- losing them ------------------------------------------------------------------------------


def test_whoever_has_lost_them_all_begins_without_and_is_told(house: House, police: Visitor) -> None:
    add_app(house, police)
    add_passkey(police)
    police.submit(CODES)
    person = house.viewer(POLICE).person
    assert person is not None
    with house.inside(), transaction():
        securing.forget_factors(person, house.clock(), actor=house.viewer(POLICE_COLLEAGUE).person)
    assert not police.is_let_in()
    with house.inside():
        for table in (passkeys, authenticators, recovery_codes, sessions):
            assert run(table.select()).all() == []
    assert actions(house)[-1] == "person:factors-forget"
    again = house.sign_in(POLICE)
    assert "Ditt andra steg har tagits bort" in again.get("/aviseringar").text


def test_with_the_account_go_its_factors(house: House, police: Visitor) -> None:
    add_app(house, police)
    person = house.viewer(POLICE).person
    assert person is not None
    with house.inside():
        with transaction():
            access.revoke_all(person)
        for table in (authenticators, sessions, tokens):
            assert run(table.select()).all() == []


# --- what it would open -----------------------------------------------------------------------


def test_one_is_told_that_a_second_factor_opens_more(house: House) -> None:
    sentence = "Din organisation är med i en krets som kräver ett andra steg"
    assert sentence not in house.visitor(POLICE).get("/installningar").text
    with house.inside(), transaction():
        run(circles.update().where(circles.c.key == POLICE_CIRCLE).values(second_factor=True))
    for path in ("/installningar", PAGE):
        assert sentence in house.visitor(POLICE).get(path).text
        assert sentence not in house.visitor(POLICE, proved=True).get(path).text
        assert sentence not in house.visitor(TRAFFIC).get(path).text
        assert sentence not in house.visitor(ARTIST).get(path).text


def test_who_is_not_signed_in_is_asked_to(house: House) -> None:
    visitor = house.visitor()
    for answer in (visitor.get(PAGE), *(visitor.submit(path) for path in (*CHANGES, EVERYWHERE))):
        assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/logga-in")


def test_a_confidential_token_asks_for_the_second_factor(house: House, police: Visitor) -> None:
    elsewhere = house.sign_in(POLICE)
    add_passkey(police)
    refused = elsewhere.submit("/mina/nycklar", {"namn": "Skript", "sekretess": "y"})
    assert refused.status_code == 422
    assert "Ta det andra steget först." in refused.text
    assert elsewhere.submit("/mina/nycklar", {"namn": "Skript"}).status_code == 201
    assert police.submit("/mina/nycklar", {"namn": "Skript", "sekretess": "y"}).status_code == 201
