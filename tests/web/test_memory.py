"""Answers that are remembered: never an old one, never somebody else's, and no telling silence."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.people import Viewer
from booking.web.memory import FORGOTTEN_ONE_SECOND_IN, MEMORY, Memory, forgotten_last
from tests.cast import ARTIST, COORDINATOR, GUARD, POLICE
from tests.support.house import House

BOARD = "/api/v1/premises/sergels-torg/board?from=2026-11-24T00:00:00Z&to=2026-12-01T00:00:00Z"
SECOND = 1_000_000_000


def test_a_board_that_nobody_wrote_to_is_answered_again_without_reading_it(house: House) -> None:
    visitor = house.visitor(POLICE)
    for path in ("/idag/delar", BOARD):
        with house.asked() as said:
            visitor.get(path)
            cold = len(said)
            visitor.get(path)
        assert not [each for each in said[cold:] if "FROM claims" in each], path
        assert len(said) < 2 * cold


def test_whatever_is_written_shows_at_once_to_everybody_else(house: House) -> None:
    guard, artist = house.visitor(GUARD), house.visitor(ARTIST)
    pages = ("/idag/delar", BOARD)
    before = [guard.get(path).data for path in pages], [artist.get(path).data for path in pages]
    made = house.book(POLICE, "motesrummet", "10:00", "11:00", title="Genomgång", visibility="open")
    after = [guard.get(path).data for path in pages], [artist.get(path).data for path in pages]
    assert not set(before[0] + before[1]) & set(after[0] + after[1])
    assert "Genomgång".encode() in after[0][0]
    police = house.visitor(POLICE)
    police.submit(f"/bokning/{made.view.id}/avboka")
    assert [guard.get(path).data for path in pages] == before[0]


def test_a_new_name_of_an_organisation_shows_at_once(house: House) -> None:
    house.book(GUARD, "motesrummet", "10:00", "11:00", title="Genomgång", visibility="open")
    artist = house.visitor(ARTIST)
    assert "Nattvakterna" not in artist.get(BOARD).text
    fields = {"organisation": "ordningsvakterna", "namn": "Nattvakterna", "kod": "NV", "farg": "2"}
    house.visitor(COORDINATOR).submit("/samordning/organisationer/andra", fields)
    assert "Nattvakterna" in artist.get(BOARD).text


def test_a_minute_later_the_day_is_drawn_anew(house: House) -> None:
    visitor = house.visitor(GUARD)
    house.clock.step(hours=3)
    first = visitor.get("/idag/delar").data
    house.clock.step(minutes=30)
    assert visitor.get("/idag/delar").data != first


PAGES = ("/idag", "/vecka", "/plan")
RANDOM = re.compile(r'nonce="([^"]+)"|name="csrf_token" value="([^"]+)"')


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_nobody_wrote_to_is_not_made_anew(house: House, path: str) -> None:
    visitor = house.visitor(POLICE)
    with house.asked() as said:
        first = visitor.get(path).text
        cold = len(said)
        again = visitor.get(path).text
    assert not [each for each in said[cold:] if "FROM claims" in each]
    assert RANDOM.sub("", again) == RANDOM.sub("", first)


@pytest.mark.parametrize("path", PAGES)
def test_a_remembered_page_has_its_own_nonce_and_a_token_that_works(house: House, path: str) -> None:
    made_for, again = house.visitor(POLICE), house.visitor(POLICE)
    with house.asked():
        before, answer = made_for.get(path), again.get(path)
    here, there = ({each[0] for each in RANDOM.findall(one.text)} - {""} for one in (answer, before))
    assert len(here) == 1
    assert not here & there
    assert f"'nonce-{here.pop()}'" in answer.headers["Content-Security-Policy"]
    tokens = {each[1] for each in RANDOM.findall(answer.text)} - {""}
    assert len(tokens) == 1
    assert not tokens & {each[1] for each in RANDOM.findall(before.text)}
    fields = {"csrf_token": tokens.pop(), "theme": "dark", "next": path}
    assert again.post("/utseende", data=fields).location == path


def test_what_the_frame_of_a_page_shows_is_as_it_is_now(house: House) -> None:
    visitor = house.visitor(GUARD)
    assert 'class="count"' not in visitor.get("/idag").text
    house.book(
        POLICE, "motesrummet", "10:00", "11:00", title="Genomgång", visibility="open", attendees=(GUARD,)
    )
    visitor.get("/idag")
    told = visitor.get("/idag").text
    assert 'class="count">1<' in told
    assert 'data-theme="dark"' not in told
    visitor.submit("/utseende", {"theme": "dark"})
    assert 'data-theme="dark"' in visitor.get("/idag").text
    visitor.set_cookie("sprak", "en")
    assert '<html lang="en"' in visitor.get("/idag").text


def test_what_the_step_before_had_to_say_is_said_once(house: House) -> None:
    visitor = house.visitor(POLICE)
    visitor.get("/idag")
    with visitor.session_transaction() as kept:
        kept["_flashes"] = [("message", "Bokningen är avbokad.")]
    assert "Bokningen är avbokad." in visitor.get("/idag").text
    assert "Bokningen är avbokad." not in visitor.get("/idag").text


def test_what_takes_too_much_room_is_forgotten_first(tmp_path: Path) -> None:
    memory, made = Memory(lambda: 0, largest=10), []

    def ask(about: str) -> str:
        return memory.remembered(about, lambda: made.append(about) or about, lambda _: 4)

    assert [ask("a"), ask("b"), ask("a"), ask("c"), ask("a"), ask("b")] == ["a", "b", "a", "c", "a", "b"]
    assert made == ["a", "b", "c", "b"]


def test_what_several_ask_for_at_once_is_made_once() -> None:
    memory, begun, go, made = Memory(lambda: 0), Event(), Event(), []

    def make() -> str:
        begun.set()
        go.wait()
        made.append("board")
        return "board"

    with ThreadPoolExecutor(2) as people:
        first = people.submit(memory.remembered, "board", make, len)
        begun.wait()
        second = people.submit(memory.remembered, "board", make, len)
        go.set()
        assert [first.result(), second.result()] == ["board", "board"]
    assert made == ["board"]


def test_what_could_not_be_made_is_made_by_whoever_asks_next() -> None:
    memory = Memory(lambda: 0)

    def fail() -> str:
        raise ValueError("not now")

    with pytest.raises(ValueError, match="not now"):
        memory.remembered("board", fail, len)
    assert memory.remembered("board", lambda: "board", len) == "board"


def test_everything_is_forgotten_when_the_hidden_moment_comes(house: House) -> None:
    moments = iter((1, 1, 2))
    house.app.extensions[MEMORY] = memory = Memory(lambda: next(moments))
    made: list[Viewer] = []
    for _ in range(3):
        memory.remembered("board", lambda: made.append(Viewer()), lambda _: 1)
    assert len(made) == 2


@given(st.binary(min_size=32, max_size=32), st.integers(10**6, 10**10), st.lists(st.integers(0, 60 * SECOND)))
def test_all_processes_forget_at_the_same_moments_in_whatever_order_they_ask(
    secret: bytes, start: int, steps: list[int]
) -> None:
    times = [start * SECOND + step for step in steps]
    for earlier, later in zip(sorted(times), sorted(times)[1:], strict=False):
        last = forgotten_last(secret, later)
        assert last <= later
        assert (last > earlier) == (forgotten_last(secret, earlier) != last)


def test_the_moments_are_as_many_as_they_are_said_to_be_and_another_secret_has_others() -> None:
    def moments(secret: bytes) -> set[int]:
        return {forgotten_last(secret, second * SECOND) for second in range(1000, 3000)}

    some, others = moments(b"one" * 10), moments(b"two" * 10)
    assert abs(len(some) - 2000 / FORGOTTEN_ONE_SECOND_IN) < 60
    assert len(some & others) < 3
