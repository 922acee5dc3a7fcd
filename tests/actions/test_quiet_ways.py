"""Quiet ways to learn what one may not know, each closed: whom one may invite, what a feed shows, being told twice."""

import pytest

from booking.actions import booking, changing, feeding, finding, looking
from booking.actions.changes import Changes
from booking.actions.errors import Clash
from booking.actions.feeding import FeedKind, FeedWish
from booking.domain.people import Role, Viewer, Visibility
from booking.storage import directory, organisations
from booking.storage.database import run, transaction
from booking.storage.tables import displacements, openings
from tests.cast import (
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MIKA,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    PREMISES,
    SOCIAL,
    TRAFFIC,
)
from tests.support.house import House

EVERYBODY = (GUARD, POLICE_COLLEAGUE, MIKA, COORDINATOR, SOCIAL, TRAFFIC)


@pytest.mark.parametrize("who", [ARTIST, TRAFFIC, POLICE])
def test_whom_one_may_invite_to_a_refused_desk_tells_nobody_who_is_in_the_circle(
    house: House, who: str
) -> None:
    house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE)
    with house.inside():
        viewer: Viewer = house.viewer(who).as_outsider()
        answers = []
        for invited in EVERYBODY:
            order = house.order(DESKS[0], "17:10", "17:30", visibility="internal", attendees=(invited,))
            with pytest.raises(Clash) as refused:
                booking.try_out(viewer, order, house.clock())
            answers.append((refused.value.clashes, refused.value.alternatives))
    assert len(set(answers)) == 1


def test_a_token_with_an_outsiders_eyes_makes_no_feed_that_sees_more_than_it_does(house: House) -> None:
    house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE)
    with house.inside():
        for viewer, entries in ((house.viewer(POLICE).as_outsider(), 0), (house.viewer(POLICE), 1)):
            wish = FeedWish(PREMISES, FeedKind.MINE, colleagues=True, neutral=True)
            _, secret = feeding.issue(viewer, wish, house.clock())
            assert (
                len(feeding.fetch(feeding.reader(secret, "program", house.clock()), house.clock()).busy)
                == entries
            )


def test_who_has_given_way_already_is_neither_asked_nor_told_again(house: House) -> None:
    """A second hidden meeting over the same time changes nothing for the artist, so it says nothing."""
    house.book(ARTIST, DESKS[1], "13:00", "15:00", title="Skiss", visibility="open")
    house.book(POLICE, DESKS[0], "14:00", "14:30", circle=POLICE_CIRCLE, agree=True)
    house.clock.step(minutes=10)
    with house.inside():
        before = run(displacements.select()).all()
        mine = looking.mine(house.viewer(ARTIST), house.place, house.span("00:00", "24:00"), house.clock())
    house.book(GUARD, DESKS[2], "14:00", "14:30", circle=POLICE_CIRCLE)
    with house.inside():
        assert run(displacements.select()).all() == before
        again = looking.mine(house.viewer(ARTIST), house.place, house.span("00:00", "24:00"), house.clock())
    assert (again.views, again.told) == (mine.views, mine.told)


def test_a_longer_meeting_beside_it_is_told_only_for_the_time_it_adds(house: House) -> None:
    house.book(ARTIST, DESKS[1], "13:00", "15:00", title="Skiss", visibility="open")
    house.book(POLICE, DESKS[0], "14:00", "14:30", circle=POLICE_CIRCLE, agree=True)
    order = house.order(DESKS[2], "14:00", "14:45", circle=POLICE_CIRCLE)
    with house.inside(), pytest.raises(Clash) as asked:
        booking.try_out(house.viewer(GUARD), order, house.clock())
    [piece] = asked.value.displaceable
    assert piece.suspended == (house.span("14:30", "14:45"),)


def test_a_refused_change_offers_only_times_that_it_would_be_given(house: House) -> None:
    house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE)
    made = house.book(GUARD, DESKS[2], "12:00", "12:30", visibility="internal")
    wanted = house.span("17:00", "17:30")
    with house.inside():
        viewer = house.viewer(GUARD)
        with pytest.raises(Clash) as refused:
            changing.change(
                viewer, made.view.id, Changes(start=wanted.start, end=wanted.end), None, house.clock()
            )
        assert refused.value.alternatives
        for offer in refused.value.alternatives:
            move = Changes(resource=offer.resource, start=offer.span.start, end=offer.span.end)
            changing.change(viewer, made.view.id, move, None, house.clock())


def test_hundreds_of_coming_bookings_are_still_shown(house: House) -> None:
    """None next to another, so that every one of them stands alone."""
    with house.inside(), transaction():
        person = directory.person_by_email(POLICE)
    assert person is not None
    days = [house.clock.now.date().fromordinal(house.clock.now.date().toordinal() + n) for n in range(1, 9)]
    for day in days:
        for hour in range(7, 20):
            for quarter in ("00", "30"):
                house.book(
                    POLICE, DESKS[0], f"{hour:02}:{quarter}", f"{hour:02}:{int(quarter) + 10}", day=day
                )
    with house.inside():
        window = house.span("00:00", "24:00", days[0])
        window = type(window)(window.start, house.span("00:00", "24:00", days[-1]).end)
        mine = looking.mine(house.viewer(POLICE), house.place, window, house.clock(), colleagues=True)
        assert len(mine.views) == 8 * 13 * 2


def test_a_token_without_secrets_looks_for_what_it_can_book(house: House) -> None:
    with house.inside():
        viewer = house.viewer(MIKA).as_outsider()
        order = house.order(DESKS[0], "09:00", "10:00")
        [first, *_] = finding.find_free(
            viewer, house.place, order, None, house.span("09:00", "21:00"), 3, house.clock()
        )
        made = house.order(DESKS[0], "09:00", "10:00", visibility=Visibility.INTERNAL)
        assert booking.try_out(viewer, made, house.clock()).wish.span == first.span


def test_saving_a_colleagues_confidential_booking_opens_nothing(house: House) -> None:
    made = house.book(POLICE, HALL, "17:00", "17:45", title="Hemligt", circle=POLICE_CIRCLE)
    with house.inside():
        colleague = house.viewer(POLICE_COLLEAGUE)
        changed = changing.change(
            colleague, made.view.id, Changes(end=house.at("17:50")), None, house.clock()
        )
        assert changed.view.content is None
        assert run(openings.select()).all() == []


def test_ones_own_suspended_booking_keeps_the_occurrence_it_is_changed_by(house: House) -> None:
    made = house.book(ARTIST, DESKS[1], "13:00", "15:00", title="Skiss", visibility="open")
    house.book(POLICE, DESKS[0], "14:00", "14:30", circle=POLICE_CIRCLE, agree=True)
    with house.inside():
        window = house.span("00:00", "24:00")
        board = looking.board(house.viewer(ARTIST), house.place, window, house.clock()).board
    own = [view for view in board.bookings if view.id == made.view.id]
    assert [view.span.start for view in own] == [house.at("13:00"), house.at("14:30")]
    assert {view.occurrence for view in own} == {house.at("13:00")}


def test_a_guests_account_is_in_no_circle_whatever_organisation_it_was_given(house: House) -> None:
    with house.inside(), transaction():
        police = organisations.by_key("lokalpolisomrade-norrmalm")
        assert police is not None
        directory.add_person("guest@example.org", "Gäst", Role.GUEST, police.id, house.clock())
    assert house.viewer("guest@example.org").circles == frozenset()
