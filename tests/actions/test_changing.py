"""Changing and cancelling: by whom, against what rules, and what an edit leaves as it was."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from booking.actions import cancelling, changing, looking, operating
from booking.actions.changes import Changes
from booking.actions.errors import Changed, Clash, NotFound, Refused
from booking.actions.looking import Opened
from booking.domain.people import Visibility
from booking.domain.permissions import Forbidden
from booking.domain.refusals import Reason
from booking.domain.views import Full
from booking.storage.database import run
from booking.storage.tables import claims, journal
from tests.cast import (
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    SOCIAL,
    TRAFFIC,
    VISION_CIRCLE,
)
from tests.support.dump import rows_by_table
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")
Change = Callable[..., Opened]


@pytest.fixture
def change(house: House) -> Change:
    """Change a booking: who, which, and the fields, with an ETag where one is given."""

    def change_by(who: str, made: Full, etag: str | None = None, **fields: object) -> Opened:
        changes = Changes(**fields)  # type: ignore[arg-type]
        return changing.change(house.viewer(who), made.id, changes, etag, house.clock())

    return change_by


def reasons(change: Change, *args: object, **fields: object) -> list[Reason]:
    with pytest.raises(Refused) as refused:
        change(*args, **fields)
    return [each.reason for each in refused.value.refusals]


def stored_claims() -> list[tuple[object, ...]]:
    return [tuple(row) for row in run(select(claims).order_by(claims.c.id))]


# --- by whom ----------------------------------------------------------------------------------


def test_a_colleague_moves_a_booking_and_it_is_still_the_organisations(house: House, change: Change) -> None:
    made = house.book(POLICE, MEETING_ROOM, "10:00", "11:00", title="Möte", circle=POLICE_CIRCLE).view
    moved = change(POLICE_COLLEAGUE, made, start=house.at("12:00"), end=house.at("13:00")).view
    assert moved.span == house.span("12:00", "13:00")
    assert (moved.organisation, moved.organiser) == (made.organisation, made.organiser)
    assert (moved.uid, moved.sequence, moved.version) == (made.uid, made.sequence + 1, made.version + 1)
    house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00")


def test_what_somebody_may_not_know_is_not_there_to_change_or_cancel(house: House, change: Change) -> None:
    made = house.book(POLICE, MEETING_ROOM, "10:00", "11:00", circle=POLICE_CIRCLE).view
    for who in (ARTIST, TRAFFIC, COORDINATOR, SOCIAL):
        with pytest.raises(NotFound):
            change(who, made, title="Kapad")
        with pytest.raises(NotFound):
            cancelling.cancel(house.viewer(who), made.id, house.clock())


def test_somebody_elses_booking_can_be_seen_but_not_changed(house: House, change: Change) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "11:00", title="Möte").view
    for who in (TRAFFIC, COORDINATOR):
        with pytest.raises(Forbidden):
            change(who, made, title="Kapad")
        with pytest.raises(Forbidden):
            cancelling.cancel(house.viewer(who), made.id, house.clock())
    shared = house.book(POLICE, MEETING_ROOM, "12:00", "13:00", circle=POLICE_CIRCLE).view
    with pytest.raises(Forbidden):
        change(GUARD, shared, title="Kapad")


# --- the version that was seen ----------------------------------------------------------------


def test_a_change_made_of_an_older_version_is_refused(house: House, change: Change) -> None:
    first = house.book(POLICE, DESKS[0], "10:00", "11:00", title="Ett")
    change(POLICE_COLLEAGUE, first.view, title="Två")
    with pytest.raises(Changed):
        change(POLICE, first.view, first.etag, title="Tre")
    with pytest.raises(Changed):
        cancelling.cancel(house.viewer(POLICE), first.view.id, house.clock(), first.etag)
    present = looking.look_at(house.viewer(POLICE), first.view.id, house.clock())
    assert change(POLICE, first.view, present.etag, title="Tre").etag != present.etag


def test_new_words_in_a_confidential_booking_are_another_version_too(house: House, change: Change) -> None:
    first = house.book(POLICE, MEETING_ROOM, "10:00", "11:00", title="Ett", circle=POLICE_CIRCLE)
    second = change(POLICE, first.view, first.etag, title="Två")
    assert second.etag != first.etag
    with pytest.raises(Changed):
        change(POLICE, first.view, first.etag, title="Tre")


# --- who may know -----------------------------------------------------------------------------


def test_what_has_been_seen_cannot_be_made_confidential(house: House, change: Change) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "11:00").view
    for fields in ({}, {"circle": POLICE_CIRCLE}, {"start": house.at("10:30")}):
        found = reasons(change, POLICE, made, visibility=Visibility.CONFIDENTIAL, **fields)
        assert Reason.CANNOT_BECOME_CONFIDENTIAL in found


def test_a_confidential_booking_keeps_its_circle(house: House, change: Change) -> None:
    made = house.book(POLICE, MEETING_ROOM, "10:00", "11:00", circle=POLICE_CIRCLE).view
    for fields in ({}, {"start": house.at("10:30")}):
        assert reasons(change, POLICE, made, circle=VISION_CIRCLE, **fields)


def test_only_the_organiser_opens_a_confidential_booking_and_says_so_twice(
    house: House, change: Change
) -> None:
    made = house.book(POLICE, MEETING_ROOM, "10:00", "11:00", title="Sagt", circle=POLICE_CIRCLE).view
    wish = {"visibility": Visibility.OPEN}
    assert reasons(change, POLICE_COLLEAGUE, made, disclose=True, **wish) == [Reason.ONLY_THE_ORGANISER]
    assert reasons(change, POLICE, made, **wish) == [Reason.CONFIRM_DISCLOSURE]
    opened = change(POLICE, made, disclose=True, **wish).view
    assert (opened.visibility, opened.sealed, opened.circle) == (Visibility.OPEN, False, None)
    seen = looking.open_details(house.viewer(ARTIST), made.id, house.clock(), "page").view
    assert seen.content is not None
    assert seen.content.title == "Sagt"
    actions = run(select(journal.c.action).where(journal.c.subject == made.id)).scalars().all()
    assert "booking:disclose" in actions
    house.book(TRAFFIC, DESKS[0], "10:00", "11:00")


# --- what an edit leaves as it was ------------------------------------------------------------


def test_new_words_leave_every_claim_and_every_rule_about_time_alone(house: House, change: Change) -> None:
    made = house.book(ARTIST, DESKS[0], "10:00", "12:00", title="Övning", visibility="open").view
    before = stored_claims()
    house.clock.now = house.at("11:00")
    change(ARTIST, made, title="Repetition", note="Med gitarr", attendees=(TRAFFIC,))
    assert stored_claims() == before


def test_new_words_are_no_reason_to_write_again_to_calendars(house: House, change: Change) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "11:00").view
    changed = change(POLICE, made, title="Nytt").view
    assert (changed.sequence, changed.version) == (made.sequence, made.version + 1)


def test_what_an_edit_keeps_is_as_old_as_it_was_and_what_it_adds_is_new(house: House, change: Change) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "12:00").view
    first = {row.since for row in run(select(claims))}
    house.book(TRAFFIC, DESKS[1], "10:00", "12:00")
    change(POLICE, made, start=house.at("11:00"), end=house.at("13:00"))
    held = run(select(claims).where(claims.c.space_id == house.place.space_ids[DESKS[0]])).all()
    ages = sorted((row.starts, row.ends, row.since in first) for row in held)
    assert ages == [
        (house.at("11:00"), house.at("12:00"), True),
        (house.at("12:00"), house.at("13:00"), False),
    ]


def test_a_booking_is_never_in_its_own_way(house: House, change: Change) -> None:
    made = house.book(POLICE, HALL, "10:00", "12:00", circle=POLICE_CIRCLE, clear_desks=True).view
    for start, end in (("10:30", "12:30"), ("09:00", "11:00"), ("09:30", "10:30")):
        change(POLICE, made, start=house.at(start), end=house.at(end))
    (audit,) = operating.audit()
    assert audit.broken == ()


def test_a_booking_moves_to_another_desk(house: House, change: Change) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "12:00").view
    assert change(POLICE, made, resource=DESKS[1]).view.resource == DESKS[1]
    house.book(TRAFFIC, DESKS[0], "10:00", "12:00")


def test_a_move_onto_another_booking_is_refused_and_changes_nothing(
    house: House, database: str, change: Change
) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "11:00").view
    house.book(TRAFFIC, DESKS[0], "11:00", "12:00")
    before = rows_by_table(database)
    with pytest.raises(Clash):
        change(POLICE, made, end=house.at("11:30"), title="Aldrig sparad")
    assert rows_by_table(database) == before


def test_rules_hold_for_a_move(house: House, change: Change) -> None:
    made = house.book(ARTIST, DESKS[0], "10:00", "12:00").view
    assert reasons(change, ARTIST, made, end=house.at("14:30")) == [Reason.TOO_LONG]
    late = {"start": house.at("20:00"), "end": house.at("21:30")}
    assert reasons(change, ARTIST, made, **late) == [Reason.OUTSIDE_HOURS]


def test_a_booking_that_has_begun_keeps_its_start_but_may_go_on(house: House, change: Change) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "11:00").view
    house.clock.now = house.at("10:30")
    assert reasons(change, POLICE, made, start=house.at("10:45")) == [Reason.BEGUN]
    assert change(POLICE, made, end=house.at("12:00")).view.span == house.span("10:00", "12:00")
    assert change(POLICE, made, end=house.at("10:40")).view.span == house.span("10:00", "10:40")


def test_what_has_ended_is_neither_changed_nor_cancelled(house: House, change: Change) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "11:00").view
    house.clock.now = house.at("11:00")
    assert reasons(change, POLICE, made, title="Efteråt") == [Reason.ENDED]
    with pytest.raises(Refused):
        cancelling.cancel(house.viewer(POLICE), made.id, house.clock())


# --- cancelling -------------------------------------------------------------------------------


def test_a_colleague_cancels_and_the_time_is_free_again(house: House) -> None:
    made = house.book(POLICE, MEETING_ROOM, "10:00", "11:00", title="Inställt", circle=POLICE_CIRCLE).view
    colleague = house.viewer(POLICE_COLLEAGUE)
    seen = looking.look_at(colleague, made.id, house.clock())
    cancelling.cancel(colleague, made.id, house.clock(), seen.etag)
    house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00")
    assert run(select(claims).where(claims.c.since == 1)).all() == []


def test_a_cancelled_booking_stays_in_its_own_peoples_history_and_nobody_elses(house: House) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "11:00", circle=POLICE_CIRCLE).view
    cancelling.cancel(house.viewer(POLICE), made.id, house.clock())
    assert looking.look_at(house.viewer(POLICE), made.id, house.clock()).view.status == "cancelled"
    for who in (TRAFFIC, ARTIST, SOCIAL):
        with pytest.raises(NotFound):
            looking.look_at(house.viewer(who), made.id, house.clock())
    with pytest.raises(Forbidden):
        cancelling.cancel(house.viewer(POLICE), made.id, house.clock())


def test_saying_the_same_time_and_place_again_is_no_move(house: House, change: Change) -> None:
    """A form sends every field back: new words in a booking that has begun are tried by no rule about time."""
    made = house.book(POLICE, DESKS[0], "09:00", "12:00", visibility="internal").view
    house.clock.step(hours=3)
    changed = change(
        POLICE,
        made,
        title="Ny rubrik",
        resource=DESKS[0],
        start=made.span.start,
        end=made.span.end,
        equipment=(),
    )
    assert changed.view.content is not None
    assert changed.view.content.title == "Ny rubrik"
    assert changed.view.sequence == 0
