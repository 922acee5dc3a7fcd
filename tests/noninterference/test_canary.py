"""T3: a word planted in everything that is said comes out nowhere but to those who may know.

It is looked for in every answer to everybody else, in every cookie, letter and line of the log, on the disk and in
a dump; and it does come out to its circle, or looking for it would show nothing.
"""

import base64
import zlib
from collections.abc import Callable, Iterator

import pytest

from booking.storage.database import db
from tests.cast import GUARD, MEETING_ROOM, POLICE, POLICE_COLLEAGUE, SOCIAL, SOCIAL_CIRCLE
from tests.noninterference.fillings import both, hide
from tests.noninterference.replay import Got, post, replay
from tests.noninterference.script import Ask, glances, script
from tests.noninterference.worlds import IN_TURN, World, a_day_as_all_may_see_it, pair
from tests.support.dump import bytes_on_disk, rows_by_table
from tests.support.house import House

WORD = "Trådstarr"  # said in no other test: all that runs on one server has one disk
SPELLINGS = tuple(
    {WORD.encode(), WORD.encode("utf-16-le"), WORD.encode("latin-1"), b"Tr\\u00e5dstarr", b"dstarr"}
)


def planted(world: World) -> None:
    """A word in everything that can be said in what is confidential, and what happens to it in a day."""
    words = {"title": f"Operation {WORD}", "note": f"Om {WORD}", "attendees": (GUARD, POLICE_COLLEAGUE)}
    hide(world, **words)
    hide(world, SOCIAL, MEETING_ROOM, ("10:30", "11:00"), circle=SOCIAL_CIRCLE, title=WORD, note=WORD)


STORY = (a_day_as_all_may_see_it, both(planted))


def told(got: Got) -> Iterator[bytes]:
    """Everything of an answer, what its cookies hold written out."""
    yield got.body
    for name, value in got.headers:
        yield f"{name}: {value}".encode()
        if name == "Set-Cookie":
            yield opened(value.partition("=")[2].partition(";")[0])
    yield from (line.encode() for line in got.logged)


def opened(cookie: str) -> bytes:
    """What a signed cookie holds, for anybody to read (itsdangerous: a leading dot for what is packed)."""
    packed, payload = cookie.startswith("."), cookie.strip(".").partition(".")[0]
    try:
        found = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        return zlib.decompress(found) if packed else found
    except (ValueError, zlib.error):
        return b""


def holds(said: bytes) -> bool:
    return any(each in said for each in SPELLINGS)


@pytest.mark.parametrize("who", IN_TURN)
def test_what_is_said_reaches_nobody_outside(build_house: Callable[..., House], who: str) -> None:
    """Those inside have looked first: nothing that was made for them is left for anybody else."""
    with pair(build_house, STORY) as (world,):
        list(replay(world, GUARD, [ask for ask in glances(world, GUARD) if ask.path.startswith("/idag")]))
        for ask, got in replay(world, who):
            for said in told(got):
                assert not holds(said), f"{who or 'nobody'} {ask}"


def test_what_is_said_stands_in_no_letter_log_or_cookie_of_those_inside(
    build_house: Callable[..., House],
) -> None:
    """The circle reads it in the page it opens, and there alone: no title, address, cookie or line has it."""
    with pair(build_house, STORY) as (world,):
        opening, found = Ask("POST", f"/bokning/{world.hidden[0]}/oppna", form={}), 0
        for ask, got in replay(world, GUARD, [*script(world, GUARD)[:-4], opening]):
            found += holds(got.body)
            title = got.body.partition(b"<title>")[2].partition(b"</title>")[0]
            assert not holds(title), ask
            assert not any(holds(each) for each in [*told(got)][1:]), ask
        assert found
        post(world)
        letters = [each.raw for each in world.mail.received]
        assert letters
        assert not any(holds(each) for each in letters)


def test_what_is_said_is_not_on_the_disk_nor_in_a_dump(build_house: Callable[..., House]) -> None:
    with pair(build_house, STORY) as (world,):
        with world.house.inside():
            url = db.engine.url.render_as_string(hide_password=False)
        post(world)
        assert not holds(repr(rows_by_table(url)).encode())
        assert not holds(bytes_on_disk(url))
        assert b"Skiss" in bytes_on_disk(url), "what is open is there to be found"


def test_the_canary_is_found_where_it_may_be(build_house: Callable[..., House]) -> None:
    with pair(build_house, STORY) as (world,):
        opening = [Ask("POST", f"/bokning/{world.hidden[0]}/oppna", form={})]
        for who, there in ((POLICE, True), (SOCIAL, False)):
            [(_, got)] = replay(world, who, opening)
            assert holds(got.body) is there
