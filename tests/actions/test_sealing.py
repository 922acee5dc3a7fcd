"""The sealing keys: changed while people book, kept in escrow, and what is lost without them."""

import base64
import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import select

from booking.actions import cancelling, changing, looking, sealing
from booking.actions.changes import Changes
from booking.actions.errors import Refused
from booking.domain.bookings import Gone
from booking.domain.refusals import Reason
from booking.storage import boxes, sealed
from booking.storage.database import run, transaction
from booking.storage.sealed import Seals, read_keys
from booking.storage.tables import authenticators, journal
from booking.storage.tables import sealed as records
from tests.cast import DESKS, GUARD, MEETING_ROOM, POLICE, POLICE_CIRCLE, POLICE_COLLEAGUE
from tests.support.databases import Databases
from tests.support.house import House, house_on
from tests.support.restoring import restore

Build = Callable[..., House]
WORD = "Utsättning inför kvällen"


def key() -> bytes:
    return secrets.token_bytes(32)


def type_in(house: House, *words: str) -> Result:
    return house.app.test_cli_runner().invoke(args=["sealing", *words])


def give_keys(house: House, *keys: bytes) -> None:
    """The server is started again with these keys."""
    house.app.extensions["samlokal.seals"] = Seals(keys)


def briefings(house: House, many: int = 1) -> list[looking.Opened]:
    """Briefings of a quarter of an hour, one after another."""
    times = [f"{8 + n // 4:02}:{n % 4 * 15:02}" for n in range(many + 1)]
    return [
        house.book(POLICE, MEETING_ROOM, start, end, title=WORD, note=WORD, circle=POLICE_CIRCLE)
        for start, end in pairwise(times)
    ]


def opened(house: House, made: looking.Opened, who: str = POLICE) -> looking.Opened:
    with house.inside():
        return looking.open_details(house.viewer(who), made.view.id, house.clock(), "page")


def title(house: House, made: looking.Opened) -> str:
    content = opened(house, made).view.content
    assert content is not None
    return content.title


# --- changing the key -------------------------------------------------------------------------


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes, "AT_ONCE", 3)


@pytest.mark.usefixtures("small_batches")
def test_everything_is_sealed_anew_and_then_the_older_key_may_go(build_house: Build) -> None:
    old, new = key(), key()
    house = build_house(sealing_keys=(old,))
    made = briefings(house, 8)
    give_keys(house, new, old)
    said = type_in(house, "keys")
    assert said.exit_code == 0
    assert "an older key, still in use" in said.output
    said = type_in(house, "rotate")
    assert (said.exit_code, said.output.splitlines()[0]) == (0, "8 sealed anew under the first key.")
    assert "opens nothing, may go" in said.output
    give_keys(house, new)
    assert {title(house, each) for each in made} == {WORD}
    assert type_in(house, "keys").exit_code == 0
    assert type_in(house, "rotate").output.startswith("0 sealed anew")


@pytest.mark.usefixtures("small_batches")
def test_a_rotation_that_was_cut_off_goes_on_where_it_was(
    build_house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = key(), key()
    house = build_house(sealing_keys=(old,))
    made = briefings(house, 8)
    give_keys(house, new, old)
    replace, calls = boxes.replace, iter(range(100))

    def killed(*words: object) -> bool:
        if next(calls) == 4:
            raise KeyboardInterrupt
        return replace(*words)  # type: ignore[arg-type]

    with house.inside():
        with monkeypatch.context() as patch:
            patch.setattr(boxes, "replace", killed)
            with pytest.raises(KeyboardInterrupt):
                sealing.rotate(house.clock())
        assert list(sealing.keys().opened.values()) == [3, 5]
        assert sealing.rotate(house.clock()) == 5
        assert list(sealing.keys().opened.values()) == [8, 0]
    assert {title(house, each) for each in made} == {WORD}


def test_what_somebody_writes_meanwhile_is_not_written_over(
    build_house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = key(), key()
    house = build_house(sealing_keys=(old,))
    (made,) = briefings(house)
    give_keys(house, new, old)
    replace = boxes.replace

    def late(kind: boxes.Kind, box: boxes.Box, anew: bytes) -> bool:
        sealed.put(made.terms, {"title": "Skrivet under tiden", "note": "", "attendees": []})
        return replace(kind, box, anew)

    monkeypatch.setattr(boxes, "replace", late)
    with house.inside():
        assert sealing.rotate(house.clock()) == 0
    assert title(house, made) == "Skrivet under tiden"


def test_secrets_of_authenticators_are_sealed_anew_too(build_house: Build) -> None:
    old, new = key(), key()
    house = build_house(sealing_keys=(old,))
    person = house.viewer(POLICE).person
    (kind,) = (each for each in boxes.KINDS if each.table is authenticators)
    with house.inside():
        with transaction():
            box = Seals([old]).seal(kind.bound(person), {"secret": "JBSWY3DPEHPK3PXP"})
            run(authenticators.insert().values(person_id=person, box=box, created_at=house.clock()))
        give_keys(house, new, old)
        assert sealing.rotate(house.clock()) == 1
        box = run(select(authenticators.c.box)).scalar_one()
        assert Seals([new]).open(kind.bound(person), box) == {"secret": "JBSWY3DPEHPK3PXP"}


def test_a_rotation_is_journalled_without_a_word_of_what_was_sealed(build_house: Build) -> None:
    old, new = key(), key()
    house = build_house(sealing_keys=(old,))
    briefings(house)
    give_keys(house, new, old)
    type_in(house, "rotate")
    with house.inside():
        (row,) = run(select(journal).where(journal.c.action == "sealing:rotate")).all()
    assert (row.subject, row.fields, row.actor_id) == (f"key {Seals([new]).marks[0]}", "", None)


def test_a_fresh_key_is_one_that_the_setting_takes(house: House) -> None:
    said = type_in(house, "new")
    assert said.exit_code == 0
    (fresh,) = read_keys(said.output.strip())
    assert base64.urlsafe_b64encode(fresh).decode() not in type_in(house, "new").output


# --- a key that is not there ------------------------------------------------------------------


@pytest.fixture
def locked(build_house: Build) -> tuple[House, looking.Opened]:
    """A house whose key was lost after a briefing was booked."""
    house = build_house()
    (made,) = briefings(house)
    give_keys(house, key())
    return house, made


def test_without_the_key_the_page_says_so_in_place_of_the_words(
    locked: tuple[House, looking.Opened], caplog: pytest.LogCaptureFixture
) -> None:
    house, made = locked
    for who in (POLICE, GUARD):
        visitor = house.visitor(who)
        assert visitor.get(f"/bokning/{made.view.id}").status_code == 200
        with caplog.at_level(logging.ERROR):
            answer = visitor.submit(f"/bokning/{made.view.id}/oppna")
        assert answer.status_code == 200
        assert "går inte att öppna" in answer.text
        assert WORD not in answer.text
    assert caplog.messages == ["a sealed record does not open: its key is not here, or it is damaged"] * 2
    assert made.view.id not in caplog.text


def test_without_the_key_programs_are_told_that_the_words_are_closed(
    locked: tuple[House, looking.Opened],
) -> None:
    house, made = locked
    answer = house.visitor(POLICE).get(f"/api/v1/bookings/{made.view.id}")
    assert answer.status_code == 200
    assert (answer.json["title"], answer.json["sealed"]) == (None, True)


def test_without_the_key_nothing_is_written_over_and_it_can_be_cancelled(
    locked: tuple[House, looking.Opened],
) -> None:
    house, made = locked
    with house.inside():
        before = run(select(records.c.box)).scalar_one()
        for changes in (Changes(title="Nytt"), Changes(start=house.at("08:05"))):
            with pytest.raises(Refused) as refused:
                changing.change(house.viewer(POLICE), made.view.id, changes, None, house.clock())
            assert refused.value.refusals[0].reason is Reason.CONTENT_LOCKED
        assert run(select(records.c.box)).scalar_one() == before
        cancelling.cancel(house.viewer(POLICE), made.view.id, house.clock())


def test_without_the_key_the_form_says_why_it_cannot_be_saved(locked: tuple[House, looking.Opened]) -> None:
    house, made = locked
    path = f"/bokning/{made.view.id}/andra"
    visitor = house.visitor(POLICE)
    assert visitor.get(path).status_code == 200
    assert visitor.get(f"/boka?kopia={made.view.id}").status_code == 200


# --- the drill --------------------------------------------------------------------------------


@contextmanager
def restored(database: str, databases: Databases, folder: Path, *keys: bytes) -> Iterator[House]:
    """Another machine: the dump is restored there, and it is started with these keys alone."""
    url = databases.empty()
    try:
        restore(database, url)
        with house_on(url, folder, sealing_keys=keys) as house:
            yield house
    finally:
        databases.remove(url)


def test_the_escrow_drill(house: House, database: str, databases: Databases, tmp_path: Path) -> None:
    """As docs/keys.md tells it: the dump with the key from the envelope opens; with any other it does not."""
    old, new = key(), key()
    give_keys(house, old)
    made = briefings(house, 2)
    desk = house.book(GUARD, DESKS[0], "14:00", "15:00", title="Öppet sagt")

    with restored(database, databases, tmp_path, old) as drilled:
        said = type_in(drilled, "keys")
        assert said.exit_code == 0
        assert said.output.splitlines()[-1] == "unopened: 0"
        assert {title(drilled, each) for each in made} == {WORD}

    with restored(database, databases, tmp_path, key()) as drilled:
        said = type_in(drilled, "keys")
        assert said.exit_code == 1
        assert "unopened: 2" in said.output.splitlines()
        content = opened(drilled, made[0]).view.content
        assert content is not None
        assert (content.gone, content.title) == (Gone.LOCKED, "")
        # What is not lost: the times, the claims, the circles, and all that is not confidential.
        view = opened(drilled, made[0]).view
        assert (view.span, view.circles) == (made[0].view.span, made[0].view.circles)
        assert title(drilled, desk) == "Öppet sagt"
        assert drilled.app.test_cli_runner().invoke(args=["check"]).exit_code == 0
        assert drilled.clash(GUARD, MEETING_ROOM, "08:00", "08:15", circle=POLICE_CIRCLE).clashes

    give_keys(house, new, old)
    assert type_in(house, "rotate").exit_code == 0
    with restored(database, databases, tmp_path, old) as drilled:
        assert type_in(drilled, "keys").exit_code == 1, "the older key opens nothing that was sealed anew"
    with restored(database, databases, tmp_path, new) as drilled:
        assert type_in(drilled, "keys").exit_code == 0
        assert {title(drilled, each) for each in made} == {WORD}


def test_colleagues_find_what_was_restored_too(
    house: House, database: str, databases: Databases, tmp_path: Path
) -> None:
    escrowed = key()
    give_keys(house, escrowed)
    (made,) = briefings(house)
    with restored(database, databases, tmp_path, escrowed) as drilled:
        page = drilled.visitor(POLICE_COLLEAGUE).get(f"/bokning/{made.view.id}")
        assert page.status_code == 200
        assert WORD not in page.text
