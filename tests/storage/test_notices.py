"""What is told is written with what it tells of, for one person, once; a letter is claimed by one worker alone."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from booking.domain.notices import News
from booking.storage import notices, outbox
from booking.storage.database import run, transaction
from booking.storage.notices import tell
from booking.storage.outbox import Entry, Kind, Post
from booking.storage.tables import notices as told
from booking.storage.tables import outbox as letters
from booking.storage.tables import people
from tests.cast import DESKS, POLICE, SOCIAL, TRAFFIC
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")
LEASE = timedelta(minutes=10)


def number(house: House, who: str) -> int:
    found = house.viewer(who).person
    assert found is not None
    return found


def counted(house: House) -> tuple[int, int]:
    """How many notices and letters there are."""
    tables = (told, letters)
    return tuple(run(select(func.count()).select_from(each)).scalar_one() for each in tables)  # type: ignore[return-value]


def say(house: House, who: str = POLICE, news: News = News.HOURS) -> None:
    with transaction():
        tell(number(house, who), news, house.clock())


def test_a_notice_and_its_letter_are_written_together(house: House) -> None:
    say(house)
    (notice,) = notices.of(number(house, POLICE), 10)
    assert (notice.news, notice.made, notice.read) == (News.HOURS, house.clock(), None)
    assert counted(house) == (1, 1)


def test_nothing_is_told_of_what_was_rolled_back(house: House) -> None:
    def told_and_then_wrong() -> None:
        with transaction():
            tell(number(house, POLICE), News.HOURS, house.clock())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        told_and_then_wrong()
    assert counted(house) == (0, 0)


def test_the_same_is_not_told_twice_in_a_second_and_again_in_the_next(house: House) -> None:
    say(house)
    say(house)
    say(house, SOCIAL)
    assert counted(house) == (2, 2)
    house.clock.step(seconds=1)
    say(house)
    assert counted(house) == (3, 3)


@pytest.mark.parametrize("wish", [{"by_mail": False}, {"ends_at": "past"}])
def test_who_wants_no_mail_or_has_left_gets_no_letter(house: House, wish: dict[str, object]) -> None:
    if "ends_at" in wish:
        wish = {"ends_at": house.clock() - timedelta(minutes=1)}
    with transaction():
        run(update(people).where(people.c.email == POLICE).values(**wish))
    say(house)
    assert counted(house) == (1, 0)


def test_what_was_shown_is_read_and_what_came_later_is_not(house: House) -> None:
    say(house)
    shown = house.clock()
    house.clock.step(minutes=1)
    say(house, news=News.RETIRED)
    person = number(house, POLICE)
    assert notices.unread(person) == 2
    with transaction():
        notices.mark_read(person, shown, house.clock())
    assert notices.unread(person) == 1
    assert [each.read is None for each in notices.of(person, 10)] == [True, False]


# --- the outbox -------------------------------------------------------------------------------


def test_a_claimed_letter_is_for_one_worker_until_its_lease_ends(house: House) -> None:
    say(house)
    with transaction():
        first = outbox.claim(house.clock(), LEASE)
    with transaction():
        assert outbox.claim(house.clock(), LEASE) is None
    house.clock.step(minutes=10)
    with transaction():
        again = outbox.claim(house.clock(), LEASE)
    assert first is not None
    assert again is not None
    assert (again.id, first.attempts, again.attempts) == (first.id, 1, 2)


def test_a_letter_that_was_sent_is_never_due_again(house: House) -> None:
    say(house)
    with transaction():
        due = outbox.claim(house.clock(), LEASE)
        assert due is not None
        outbox.sent(due, house.clock())
    with transaction():
        outbox.later(due, house.clock())
    house.clock.step(days=1)
    assert not outbox.waits(house.clock())


def test_what_waits_and_what_was_given_up_is_counted(house: House) -> None:
    for who in (POLICE, SOCIAL, TRAFFIC):
        say(house, who)
    with transaction():
        due = outbox.claim(house.clock(), LEASE)
        assert due is not None
        outbox.give_up(due)
    assert outbox.post(house.clock()) == Post(waiting=2, given_up=1)


def test_entries_for_a_calendar_go_to_those_who_chose_mail_and_wait_for_their_time(house: House) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "11:00").view
    with transaction():
        run(update(people).where(people.c.email == SOCIAL).values(invitations=True))
        soon = Entry(made.id, made.occurrence, house.clock() + timedelta(days=1))
        both = (number(house, POLICE), number(house, SOCIAL))
        outbox.put_entries(Kind.REQUEST, both, [soon], house.clock())
    (row,) = run(select(letters)).all()
    assert (row.person_id, row.kind, row.occurrence) == (number(house, SOCIAL), "request", made.occurrence)
    assert outbox.post(house.clock()) == Post(0, 0)
    assert not outbox.waits(house.clock())
    assert outbox.waits(house.clock() + timedelta(days=1))


def test_old_letters_and_read_notices_are_forgotten_and_what_waits_is_kept(house: House) -> None:
    say(house)
    with transaction():
        due = outbox.claim(house.clock(), LEASE)
        assert due is not None
        outbox.sent(due, house.clock())
        notices.mark_read(number(house, POLICE), house.clock(), house.clock())
    say(house, SOCIAL)
    later = house.clock() + timedelta(days=1)
    with transaction():
        assert (outbox.forget(house.clock()), notices.forget(house.clock())) == (0, 0)
        run(update(letters).where(letters.c.sent_at.is_(None)).values(due_at=later))
        assert (outbox.forget(later), notices.forget(later)) == (1, 1)
    assert counted(house) == (1, 1)
