"""The commands: what an operator types, what is answered, and what is sent to whom."""

import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Mailbox
from click.testing import Result
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import delete, func, select, update

from booking.actions import membership
from booking.demo import FILE, GUEST
from booking.domain.notices import News
from booking.storage.database import run, transaction
from booking.storage.notices import tell
from booking.storage.stakes import Stored
from booking.storage.tables import bookings, claims, journal, outbox, people, premises
from tests.cast import DESKS, HALL, MEETING_ROOM, POLICE, POLICE_CIRCLE, SOCIAL, TRAFFIC
from tests.support.house import House, house_on

LINK = re.compile(r"https?://\S+/valkommen/(\S+)")
GUESTS = GUEST.key
PLANTED = "Operation Blåsippa"
ELSEWHERE = {"demo": False, "base_url": "https://lokalen.example.org"}


def type_in(house: House, *words: str) -> Result:
    return house.app.test_cli_runner().invoke(args=list(words))


def sentence(result: Result) -> str:
    """What a command that failed says: one sentence, and no trace."""
    assert result.exit_code != 0
    assert isinstance(result.exception, SystemExit), result.exception
    return result.stderr


# --- making the house -------------------------------------------------------------------------


def test_a_new_installation_is_made_by_two_commands(empty_database: str, tmp_path: Path) -> None:
    with house_on(empty_database, tmp_path) as house:
        assert type_in(house, "init").exit_code == 0
        loaded = type_in(house, "premises", "load", str(FILE))
        assert (loaded.exit_code, loaded.output) == (0, "Loaded sergels-torg.\n")
        assert house.place.premises.name == "Sergels torg"
        assert house.visitor().get("/readyz").status_code == 200


def test_a_premises_is_loaded_again_with_its_bookings_kept(house: House) -> None:
    made = house.book(POLICE, MEETING_ROOM, "10:00", "11:00").view
    before = house.place.public_ids
    assert type_in(house, "premises", "load", str(FILE)).exit_code == 0
    assert house.place.public_ids == before
    with house.inside():
        assert run(select(bookings.c.id)).scalars().all() == [made.id]
        assert run(select(premises.c.revision)).scalar() == 2


BAD_FILES = {
    "not TOML": "key = [",
    "nothing in it": "",
    "a zone that is not there": FILE.read_text("utf-8").replace('zone = "kontoret"', 'zone = "kallaren"', 1),
    "a key that is there twice": FILE.read_text("utf-8").replace("arbetsplats-2", "arbetsplats-1"),
    "an unknown time zone": FILE.read_text("utf-8").replace("Europe/Stockholm", "Europa/Stockholm"),
    "a steward that is not there": FILE.read_text("utf-8").replace(
        'steward = "ungdomsjouren"', 'steward = "x"'
    ),
}


@pytest.mark.parametrize("wrong", BAD_FILES)
def test_a_bad_file_is_refused_with_a_sentence_that_names_it(
    house: House, tmp_path: Path, wrong: str
) -> None:
    file = tmp_path / "lokal.toml"
    file.write_text(BAD_FILES[wrong], encoding="utf-8")
    said = sentence(type_in(house, "premises", "load", str(file)))
    assert said.startswith(f"Error: {file}: ")
    assert len(said.splitlines()) == 1
    assert "Traceback" not in said


def test_a_file_in_another_coding_is_refused_with_a_sentence(house: House, tmp_path: Path) -> None:
    file = tmp_path / "lokal.toml"
    file.write_bytes(FILE.read_text("utf-8").encode("latin-1"))
    assert sentence(type_in(house, "premises", "load", str(file))).startswith(f"Error: {file}: ")


# --- the demo ---------------------------------------------------------------------------------


@pytest.mark.parametrize("again", [("demo", "--if-empty"), ("demo",)])
def test_the_demo_made_twice_keeps_what_was_booked(
    empty_database: str, tmp_path: Path, again: tuple[str, ...]
) -> None:
    with house_on(empty_database, tmp_path) as house:
        first = type_in(house, "demo", "--if-empty")
        assert first.exit_code == 0, first.output
        assert "polis@example.org" in first.output
        house.clock.now = datetime.now(UTC)
        in_two_weeks = house.clock().date() + timedelta(weeks=2)
        mine = house.book(TRAFFIC, DESKS[3], "10:00", "11:00", in_two_weeks).view
        with house.inside():
            before = set(run(select(bookings.c.id)).scalars())
        assert type_in(house, *again).exit_code == 0
        with house.inside():
            assert set(run(select(bookings.c.id)).scalars()) >= before | {mine.id}
            assert run(select(func.count()).select_from(people)).scalar() == 9
        assert type_in(house, "check").exit_code == 0


def test_there_is_no_demo_but_where_it_is_asked_for(build_house: Callable[..., House]) -> None:
    said = sentence(type_in(build_house(**ELSEWHERE), "demo"))
    assert "SAMLOKAL_DEMO=1" in said


# --- accounts ---------------------------------------------------------------------------------


class Letters(Mailbox):
    """A letter box that keeps what comes."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[Message] = []

    def handle_message(self, message: Message) -> None:
        self.kept.append(message)


@pytest.fixture
def post() -> Iterator[tuple[Letters, str]]:
    """A real mail server on this machine, and its address."""
    letters = Letters()
    with mail_server(letters) as address:
        yield letters, address


@contextmanager
def mail_server(letters: Letters, port: int = 0, host: str = "127.0.0.1", **more: Any) -> Iterator[str]:
    """A real mail server on this machine, at a free port where none is given, and its address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        port = probe.getsockname()[1]
    controller = Controller(letters, hostname=host, port=port, **more)
    controller.start()
    yield f"smtp://{host}:{port}"
    controller.stop()


def test_a_new_person_gets_a_letter_and_the_terminal_shows_nothing_that_opens(
    build_house: Callable[..., House], post: tuple[Letters, str]
) -> None:
    letters, address = post
    house = build_house(**ELSEWHERE, smtp_url=address, mail_from="lokalen@example.org")
    line = (
        "user",
        "add",
        "ny@example.org",
        "--name",
        "Ny Polis",
        "--organisation",
        "lokalpolisomrade-norrmalm",
    )
    added = type_in(house, *line)
    assert (added.exit_code, added.output) == (0, "A link has been sent to ny@example.org.\n")
    theirs, organisations = letters.kept
    assert (theirs["To"], theirs["From"]) == ("ny@example.org", "lokalen@example.org")
    link = LINK.search(text_of(theirs))
    assert link
    assert link[0].startswith("https://lokalen.example.org/valkommen/")
    assert link[1] not in added.output
    assert organisations["To"] == POLICE
    assert "ny@example.org" in text_of(organisations)
    assert link[1] not in text_of(organisations)
    assert house.visitor().get(f"/valkommen/{link[1]}", base_url="https://localhost").status_code == 200


def test_a_token_is_made_by_its_owner_and_the_letter_says_where(
    build_house: Callable[..., House], post: tuple[Letters, str]
) -> None:
    letters, address = post
    house = build_house(**ELSEWHERE, smtp_url=address, mail_from="lokalen@example.org")
    sent = type_in(house, "user", "token", POLICE)
    assert (sent.exit_code, sent.output) == (0, f"A link has been sent to {POLICE}.\n")
    assert "https://lokalen.example.org/mina/nycklar" in text_of(letters.kept[0])


def text_of(message: Message) -> str:
    content = message.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def test_without_post_the_link_is_shown_to_be_handed_over(build_house: Callable[..., House]) -> None:
    house = build_house(**ELSEWHERE)
    added = type_in(house, "user", "add", "ny@example.org", "--organisation", "mika")
    link = LINK.search(added.output)
    assert link
    assert house.visitor().get(f"/valkommen/{link[1]}", base_url="https://localhost").status_code == 200
    with house.inside():
        assert run(select(people.c.password_hash).where(people.c.email == "ny@example.org")).scalar() is None


def test_in_the_demo_a_token_is_printed_and_opens_the_api(house: House) -> None:
    secret = type_in(house, "user", "token", POLICE).output.strip()
    answer = house.visitor().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json["email"] == POLICE


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("user", "add", POLICE, "--organisation", "mika"), "already an account"),
        (("user", "add", POLICE.upper(), "--organisation", "mika"), "already an account"),
        (("user", "add", "ny@example.org", "--organisation", "finns-inte"), "no organisation finns-inte"),
        (("user", "add", "ny@example.org"), "has an organisation"),
        (("user", "add", "ny@example.org", "--role", "administrator", "--organisation", "mika"), "has none"),
        (("user", "add", "ny@example.org", "--organisation", "mika", "--role", "guest"), "only guests do"),
        (("user", "add", "ny@example.org", "--organisation", GUESTS), "only guests do"),
        (
            ("user", "add", "ny@example.org", "--organisation", GUESTS, "--role", "coordinator"),
            "only guests do",
        ),
        (("user", "add", "a b", "--organisation", "mika"), "one mail address"),
        (("user", "add", "ny", "--organisation", "mika"), "one mail address"),
        (("user", "add", "", "--organisation", "mika"), "one mail address"),
        (("user", "add", "a@example.org,b@example.org", "--organisation", "mika"), "one mail address"),
        (("user", "add", "ny@example.org\n", "--organisation", "mika"), "one mail address"),
        (("user", "add", f"ny@{'x' * 250}.org", "--organisation", "mika"), "254 characters"),
        (("user", "add", f"{'x' * 130}@example.org", "--organisation", "mika"), "120 characters"),
        (("user", "add", "ny@example.org", "--name", "N\ny", "--organisation", "mika"), "on one line"),
        (("user", "token", "ingen@example.org"), "no account"),
    ],
)
def test_a_command_that_cannot_be_done_says_why(house: House, words: tuple[str, ...], said: str) -> None:
    assert said in sentence(type_in(house, *words))
    with house.inside():
        assert run(select(func.count()).select_from(people)).scalar() == 9


def test_a_guest_is_added_to_an_organisation_of_guests(house: House) -> None:
    line = ("user", "add", "gast@example.org", "--role", "guest", "--organisation", GUESTS)
    assert type_in(house, *line).exit_code == 0
    assert house.viewer("gast@example.org").circles == frozenset()


# --- a link that did not arrive ---------------------------------------------------------------

ADD = ("user", "add", "ny@example.org", "--organisation", "mika")


def opens(house: House, secret: str) -> bool:
    return house.visitor().get(f"/valkommen/{secret}", base_url="https://localhost").status_code == 200


def links_in_the_journal(house: House) -> int:
    with house.inside():
        query = select(func.count()).where(journal.c.action == "person:link")
        number: int = run(query).scalar_one()
        return number


def test_a_link_that_was_lost_is_sent_anew_and_the_earlier_one_is_dead(
    build_house: Callable[..., House], post: tuple[Letters, str]
) -> None:
    letters, address = post
    house = build_house(**ELSEWHERE, smtp_url=address, mail_from="lokalen@example.org")
    assert type_in(house, *ADD).exit_code == 0
    again = type_in(house, "user", "add", "Ny@example.org")
    assert again.exit_code == 0
    assert "stays as it is" in again.output
    first, second = (
        found[1]
        for each in letters.kept
        if (found := LINK.search(text_of(each))) and "ny@" in each["To"].lower()
    )
    assert second not in again.output
    assert (opens(house, first), opens(house, second)) == (False, True)
    assert links_in_the_journal(house) == 1


def test_without_post_a_new_link_is_shown_until_the_password_is_chosen(
    build_house: Callable[..., House],
) -> None:
    house = build_house(**ELSEWHERE)
    type_in(house, *ADD)
    again = LINK.search(type_in(house, *ADD).output)
    assert again
    with house.inside():
        membership.choose_password(again[1], "ett långt lösenord", datetime.now(UTC))
    assert "already an account" in sentence(type_in(house, *ADD))
    assert links_in_the_journal(house) == 1


@pytest.fixture
def secret_lines(tmp_path: Path) -> ssl.SSLContext:
    """What a mail server needs to encrypt, with a certificate of its own making."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1)
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = tmp_path / "post.pem"
    file.write_bytes(private + made.sign(key, SHA256()).public_bytes(Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context


def test_a_link_goes_encrypted_to_a_mail_server_that_can(
    build_house: Callable[..., House], secret_lines: ssl.SSLContext
) -> None:
    letters = Letters()
    with mail_server(letters, tls_context=secret_lines, require_starttls=True) as address:
        house = build_house(**ELSEWHERE, smtp_url=address, mail_from="lokalen@example.org")
        assert type_in(house, *ADD).exit_code == 0
    assert LINK.search(text_of(letters.kept[0]))


@pytest.mark.parametrize(
    "how", [{}, {"require_starttls": True}], ids=["in clear", "a certificate of its own"]
)
def test_to_another_machine_nothing_goes_in_clear_or_to_whom_no_certificate_names(
    build_house: Callable[..., House], secret_lines: ssl.SSLContext, how: dict[str, Any]
) -> None:
    letters = Letters()
    if how:
        how = {**how, "tls_context": secret_lines}
    with mail_server(letters, host="127.0.0.2", **how) as address:
        house = build_house(**ELSEWHERE, smtp_url=address, mail_from="lokalen@example.org")
        assert "did not take the mail" in sentence(type_in(house, *ADD))
    assert letters.kept == []


class Refusing(Letters):
    """A mail server that takes nothing."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's)
        return "451 Not now"


@pytest.mark.parametrize("why", ["it takes nothing", "it is not there"])
def test_mail_that_is_not_taken_is_said_and_the_same_command_sends_a_new_link(
    build_house: Callable[..., House], why: str
) -> None:
    with mail_server(Refusing()) as address:
        house = build_house(**ELSEWHERE, smtp_url=address, mail_from="lokalen@example.org")
        if why == "it takes nothing":
            said = sentence(type_in(house, *ADD))
    if why == "it is not there":
        said = sentence(type_in(house, *ADD))
    assert said == "Error: The mail server did not take the mail. Run the command again to send a new link.\n"
    assert "did not take the mail" in sentence(type_in(house, "user", "token", POLICE))
    letters = Letters()
    with mail_server(letters, int(address.rpartition(":")[2])):
        assert type_in(house, *ADD).exit_code == 0
    link = LINK.search(text_of(letters.kept[0]))
    assert link
    assert opens(house, link[1])


# --- the audit --------------------------------------------------------------------------------


def test_the_audit_of_sound_claims_is_clean(house: House) -> None:
    house.book(SOCIAL, DESKS[0], "13:00", "15:00", visibility="internal")
    house.book(POLICE, HALL, "14:00", "14:30", circle=POLICE_CIRCLE, agree=True)
    checked = type_in(house, "check")
    assert checked.exit_code == 0
    assert re.fullmatch(r"sergels-torg: \d+ claims, 0 pairs that break the rule\n", checked.output)


def test_the_audit_names_every_pair_that_breaks_the_rule(house: House) -> None:
    briefing = house.book(POLICE, HALL, "14:00", "14:30", circle=POLICE_CIRCLE).view
    desk = house.book(TRAFFIC, DESKS[0], "16:00", "17:00").view
    with house.inside(), transaction():
        moved = {"starts": house.at("14:15"), "ends": house.at("15:15")}
        run(update(claims).where(claims.c.starts == house.at("16:00")).values(**moved))
    checked = type_in(house, "check")
    assert checked.exit_code == 1
    assert "1 pairs that break the rule" in checked.output
    named, moved_away = [line for line in checked.output.splitlines() if line.startswith("  ")]
    assert named.strip().startswith("kontoret: ")
    assert briefing.id in named
    assert desk.id in named
    assert moved_away.strip().startswith(f"booking {desk.id}/")


def test_the_audit_names_what_holds_less_than_it_should(house: House) -> None:
    briefing = house.book(POLICE, HALL, "14:00", "14:30", circle=POLICE_CIRCLE, title=PLANTED).view
    with house.inside(), transaction():
        run(delete(claims).where(claims.c.kind == Stored.SECRECY.value))
    checked = type_in(house, "check")
    assert checked.exit_code == 1
    assert f"booking {briefing.id}/20261124T1300Z does not hold what it should" in checked.output
    assert PLANTED not in checked.output


def test_a_file_in_which_what_is_booked_could_not_stand_is_refused_in_a_sentence(
    house: House, tmp_path: Path
) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00", title=PLANTED)
    house.book(POLICE, HALL, "11:10", "12:00", title=PLANTED)
    slower = FILE.read_text("utf-8").replace("changeover_minutes = 5", "changeover_minutes = 15")
    (tmp_path / "slower.toml").write_text(slower, "utf-8")
    refused = type_in(house, "premises", "load", str(tmp_path / "slower.toml"))
    assert refused.exit_code == 1
    assert "what is booked ahead could not stand there: glasvaggen 2026-11-24 10:55" in refused.output
    assert PLANTED not in refused.output
    assert house.place.premises.changeover == timedelta(minutes=5)


# --- the first administrator ------------------------------------------------------------------


def test_the_first_administrator_of_an_organisation_is_made_by_the_command_and_no_other(house: House) -> None:
    first = type_in(house, *ADD, "--organisation-admin")
    assert first.exit_code == 0
    assert house.viewer("ny@example.org").organisation_admin
    second = ("user", "add", "ny2@example.org", "--organisation", "mika", "--organisation-admin")
    assert "no administrator" in sentence(type_in(house, *second))
    guest = ("user", "add", "g@example.org", "--role", "guest", "--organisation", GUESTS)
    assert "no administrator" in sentence(type_in(house, *guest, "--organisation-admin"))
    system = ("user", "add", "a@example.org", "--role", "administrator", "--organisation-admin")
    assert "no administrator" in sentence(type_in(house, *system))


def test_all_of_an_organisation_are_told_who_its_first_administrator_is(
    build_house: Callable[..., House], post: tuple[Letters, str]
) -> None:
    letters, address = post
    house = build_house(**ELSEWHERE, smtp_url=address, mail_from="lokalen@example.org")
    assert type_in(house, *ADD, "--organisation-admin").exit_code == 0
    (told,) = (each for each in letters.kept if each["To"] == "mika@example.org")
    assert "kan släppa in och avsluta andra" in text_of(told)


# --- the post -----------------------------------------------------------------------------------


def test_the_operator_is_told_how_many_letters_wait_and_how_many_were_given_up(house: House) -> None:
    assert type_in(house, "post").output == "waiting: 0\ngiven up: 0\n"
    with house.inside():
        told = [house.viewer(each).person for each in (POLICE, SOCIAL, TRAFFIC)]
        with transaction():
            for person in told:
                assert person is not None
                tell(person, News.HOURS, house.clock())
            given_up = select(outbox.c.id).order_by(outbox.c.id).limit(1).scalar_subquery()
            run(update(outbox).where(outbox.c.id == given_up).values(due_at=None))
    result = type_in(house, "post")
    assert (result.exit_code, result.output) == (0, "waiting: 2\ngiven up: 1\n")
