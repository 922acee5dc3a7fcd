"""What is said in confidential bookings is sealed: a box opens only as what it is, and the disk tells nothing."""

import base64
import secrets
from collections.abc import Callable

import pytest

from booking.actions import cancelling, changing, feeding, membership
from booking.actions.changes import Changes
from booking.actions.feeding import FeedWish
from booking.actions.signing_in import Browser, sign_in
from booking.domain.people import Role
from booking.storage import sealed
from booking.storage.database import run, transaction
from booking.storage.sealed import STEP, SealBroken, Seals, new_key, read_keys
from booking.storage.tables import attendees
from booking.storage.tokens import hashed
from tests.cast import DESKS, GUARD, HALL, MEETING_ROOM, POLICE, POLICE_CIRCLE, POLICE_COLLEAGUE
from tests.support.dump import bytes_on_disk, rows_by_table
from tests.support.house import House

CONTENT: dict[str, object] = {"title": "Utsättning", "note": "", "attendees": [1, 2]}


NEWCOMER = ("ny@example.org", "Ny", Role.MEMBER, "mika")


def key() -> bytes:
    return secrets.token_bytes(32)


# --- boxes ------------------------------------------------------------------------------------


def test_a_box_opens_with_its_key_under_its_own_booking() -> None:
    seals = Seals([key()])
    assert seals.open("one", seals.seal("one", CONTENT)) == CONTENT


def test_a_box_does_not_open_under_another_booking_or_with_another_key() -> None:
    seals = Seals([key()])
    box = seals.seal("one", CONTENT)
    with pytest.raises(SealBroken):
        seals.open("two", box)
    with pytest.raises(SealBroken):
        Seals([key()]).open("one", box)


@pytest.mark.parametrize("place", [0, 4, 16, -1])
def test_a_box_that_was_tampered_with_does_not_open(place: int) -> None:
    seals = Seals([key()])
    box = bytearray(seals.seal("one", CONTENT))
    box[place] ^= 1
    with pytest.raises(SealBroken):
        seals.open("one", bytes(box))


def test_a_box_that_was_cut_short_does_not_open() -> None:
    seals = Seals([key()])
    box = seals.seal("one", CONTENT)
    for length in (0, 3, 4, 15, 16, 20, len(box) - 1):
        with pytest.raises(SealBroken):
            seals.open("one", box[:length])


def test_the_length_of_a_box_tells_only_how_many_steps_there_are() -> None:
    seals = Seals([key()])
    lengths = [len(seals.seal("one", {**CONTENT, "title": "x" * n})) for n in (0, 1, 60, 120)]
    assert len(set(lengths)) == 1
    assert lengths[0] >= STEP
    longest = len(seals.seal("one", {**CONTENT, "title": "å" * 120, "note": "ö" * 4000}))
    assert (longest - lengths[0]) % STEP == 0


def test_the_same_content_is_never_the_same_box() -> None:
    seals = Seals([key()])
    assert len({seals.seal("one", CONTENT) for _ in range(100)}) == 100


def test_keys_are_changed_without_losing_what_the_older_one_sealed() -> None:
    old, new = key(), key()
    box = Seals([old]).seal("one", CONTENT)
    both = Seals([new, old])
    assert both.open("one", box) == CONTENT
    assert Seals([new]).open("one", both.seal("one", CONTENT)) == CONTENT
    with pytest.raises(SealBroken):
        Seals([new]).open("one", box)


def test_keys_are_read_as_the_setting_writes_them() -> None:
    one, two = new_key(), new_key()
    assert read_keys(f"{one}, {two}") == [base64.urlsafe_b64decode(each) for each in (one, two)]
    for wrong in ("", ",", "x", one[:-4], f"{one},", "ö" * 44):
        with pytest.raises(ValueError, match="32 bytes"):
            read_keys(wrong)


def test_bookings_stay_readable_when_the_key_is_changed(build_house: Callable[..., House]) -> None:
    old, new = key(), key()
    before = build_house(sealing_keys=(old,))
    made = before.book(POLICE, MEETING_ROOM, "10:00", "11:00", title="Sagt förut", circle=POLICE_CIRCLE)
    before.app.extensions["samlokal.seals"] = Seals([new, old])
    with before.inside():
        assert sealed.get(made.terms) == {"title": "Sagt förut", "note": "", "attendees": []}
        before.app.extensions["samlokal.seals"] = Seals([new])
        with pytest.raises(SealBroken):
            sealed.get(made.terms)


# --- the disk ---------------------------------------------------------------------------------


class Planted:
    """Words that stand nowhere else in the world."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def word(self) -> str:
        self.words.append(f"ö{secrets.token_hex(12)}")
        return self.words[-1]

    def found_in(self, disk: bytes) -> list[str]:
        codings = ("utf-8", "utf-16-le", "latin-1")
        return [each for each in self.words if any(each.encode(coding) in disk for coding in codings)]


def live_with_it(house: House, planted: Planted) -> None:
    """A briefing is booked, another booked across it, both are changed, one is cancelled."""
    secret = {"circle": POLICE_CIRCLE, "attendees": (GUARD,)}
    briefing = house.book(POLICE, HALL, "17:00", "17:45", title=planted.word(), note=planted.word(), **secret)
    desk = house.book(
        GUARD, DESKS[0], "17:15", "18:15", title=planted.word(), note=planted.word(), attendees=(POLICE,)
    )
    with house.inside():
        for who, made in ((POLICE_COLLEAGUE, briefing), (GUARD, desk)):
            words = Changes(title=planted.word(), note=planted.word())
            changing.change(house.viewer(who), made.view.id, words, None, house.clock())
        cancelling.cancel(house.viewer(POLICE), briefing.view.id, house.clock())


def test_the_disk_holds_no_word_of_a_confidential_booking(house: House, database: str) -> None:
    planted, told = Planted(), Planted()
    house.book(POLICE, DESKS[3], "08:00", "09:00", title=told.word(), attendees=(GUARD,))
    live_with_it(house, planted)
    disk = bytes_on_disk(database)
    assert planted.found_in(disk) == []
    assert told.found_in(disk) == told.words, "what is not confidential is found, so the search works"
    with house.inside():
        assert len(run(attendees.select()).all()) == 1, "only the ordinary booking says who is invited"


def test_a_dump_of_the_tables_holds_no_word_of_a_confidential_booking(house: House, database: str) -> None:
    planted = Planted()
    live_with_it(house, planted)
    dump = "\n".join(row for rows in rows_by_table(database).values() for row in rows)
    assert planted.words
    assert [each for each in planted.words if each in dump] == []


def test_no_secret_that_opens_something_is_stored(house: House, database: str) -> None:
    viewer, now = house.viewer(POLICE), house.clock()
    with house.inside():
        session = sign_in(POLICE, "sergels-torg", Browser("192.0.2.1"), now)
        password = secrets.token_hex(16)
        membership.choose_password(membership.add_person(*NEWCOMER, now), password, now)
        _, feed = feeding.issue(viewer, FeedWish("sergels-torg"), now)
        _, token = membership.issue_token(viewer, "kalender", True, now)
        link = membership.add_person("nyare@example.org", *NEWCOMER[1:], now)
    assert session is not None
    disk = bytes_on_disk(database)
    for secret in (session.secret, feed, token, link):
        assert secret.encode() not in disk
        assert hashed(secret).encode() in disk
    assert password.encode() not in disk
    assert b"$argon2id$" in disk


def test_what_is_forgotten_is_gone(house: House) -> None:
    made = house.book(POLICE, MEETING_ROOM, "10:00", "11:00", title="Borta", circle=POLICE_CIRCLE)
    with house.inside():
        with transaction():
            sealed.forget(made.terms)
        assert sealed.get(made.terms) is None
