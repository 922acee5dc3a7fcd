"""What happens to ordinary bookings where something confidential is: taken over, clipped, suspended, given back."""

from dataclasses import replace
from datetime import timedelta

from booking.domain.attempts import Attempt
from booking.domain.bookings import Content
from booking.domain.disclosure import knows
from booking.domain.people import NOBODY, Circles, Viewer, Visibility
from booking.domain.spans import Span
from booking.domain.views import Busy, WallView, blank
from tests.domain.cast import (
    ADMIN,
    CIRCLES,
    EQUIPPED,
    KONSTNAR,
    MIKA,
    NOW,
    ORDNINGSVAKT,
    PLATS,
    POLICE_AND_GUARDS,
    POLIS,
    POLIS2,
    POLIS_TOKEN,
    PROJECTOR,
    SOCIAL_SERVICES,
    THEATRE,
    TRAFIK,
    UNGDOMSJOUR,
    VISION,
    at,
    span,
)
from tests.domain.world import World

BRIEFING = span("10:00", "11:00")
OUTSIDE = (KONSTNAR, TRAFIK, PLATS, ADMIN, POLIS_TOKEN, NOBODY)


def briefed(circle: int = POLICE_AND_GUARDS, who: Viewer = POLIS) -> World:
    world = World()
    assert world.book(who, "hela-lokalen", BRIEFING, circle, id="briefing")
    return world


def seen(world: World, viewer: Viewer, id: str) -> list[Span]:
    return [each.span for each in world.board(viewer).bookings if each.id == id]


def busy(world: World, viewer: Viewer, resource: str) -> list[Span]:
    return [each.span for each in world.board(viewer).busy if each.resource == resource]


# --- made across ------------------------------------------------------------------------------


def test_a_desk_taken_across_a_briefing_is_known_to_the_circle_alone_whole_and_for_good() -> None:
    world = briefed()
    assert world.book(
        ORDNINGSVAKT, "arbetsplats-1", span("09:00", "12:00"), id="desk", visibility=Visibility.OPEN
    )
    assert world.bookings["desk"].circles == {POLICE_AND_GUARDS}
    for viewer in OUTSIDE:
        assert seen(world, viewer, "desk") == []
        assert busy(world, viewer, "arbetsplats-1") == [span("09:00", "12:00")]
    assert seen(world, POLIS, "desk") == [span("09:00", "12:00")]
    world.cancel("briefing")
    for viewer in OUTSIDE:
        assert seen(world, viewer, "desk") == []
        assert busy(world, viewer, "arbetsplats-1") == [span("09:00", "12:00")]
        assert busy(world, viewer, "arbetsplats-2") == []


def test_what_was_taken_over_is_shown_as_confidential_and_closed_in_lists() -> None:
    world = briefed()
    world.book(ORDNINGSVAKT, "arbetsplats-1", BRIEFING, id="desk", visibility=Visibility.OPEN)
    view = next(each for each in world.board(POLIS).bookings if each.id == "desk")
    assert (view.visibility, view.sealed, view.circle) == (Visibility.CONFIDENTIAL, True, None)
    assert blank(view).content is None
    assert blank(replace(view, sealed=False)).content == Content(title="title of desk")


def test_what_crosses_two_circles_is_known_to_who_is_in_both() -> None:
    world = World()
    assert world.book(POLIS, "hela-lokalen", span("10:00", "10:30"), VISION)
    assert world.book(POLIS, "hela-lokalen", span("10:30", "11:00"), POLICE_AND_GUARDS)
    assert world.book(ORDNINGSVAKT, "arbetsplats-1", BRIEFING, id="desk")
    assert world.bookings["desk"].circles == {VISION, POLICE_AND_GUARDS}
    assert seen(world, POLIS, "desk") == [BRIEFING]
    assert seen(world, MIKA, "desk") == []


def test_one_who_is_in_only_one_of_two_circles_cannot_book_across_both() -> None:
    world = World()
    assert world.book(POLIS, "hela-lokalen", span("10:00", "10:30"), VISION)
    assert world.book(POLIS, "hela-lokalen", span("10:30", "11:00"), POLICE_AND_GUARDS)
    assert world.judge(MIKA, "arbetsplats-1", BRIEFING).refused
    assert not world.judge(MIKA, "arbetsplats-1", span("10:00", "10:30")).refused


# --- older ------------------------------------------------------------------------------------


def older_desk(who: Viewer, **more: object) -> World:
    world = World(premises=EQUIPPED)
    world.book(who, "arbetsplats-2", span("09:00", "12:00"), id="desk", visibility=Visibility.OPEN, **more)
    assert world.book(POLIS, "hela-lokalen", BRIEFING, POLICE_AND_GUARDS, agreed=True, id="briefing")
    return world


def test_an_older_desk_is_clipped_to_outsiders_and_whole_again_after() -> None:
    for holder in (KONSTNAR, ORDNINGSVAKT):
        world = older_desk(holder)
        assert seen(world, TRAFIK, "desk") == [span("09:00", "10:00"), span("11:00", "12:00")]
        assert busy(world, TRAFIK, "arbetsplats-2") == [BRIEFING]
        assert seen(world, POLIS, "desk") == [span("09:00", "12:00")]
        world.cancel("briefing")
        assert seen(world, TRAFIK, "desk") == [span("09:00", "12:00")]
        assert busy(world, TRAFIK, "arbetsplats-2") == []


def test_a_piece_is_made_from_what_is_seen_and_never_from_what_is_stored() -> None:
    world = older_desk(KONSTNAR)
    before = world.board(TRAFIK)
    assert world.change(KONSTNAR, "desk", span=span("09:00", "12:00"))
    assert world.bookings["desk"].version == 2
    assert world.board(TRAFIK) == before
    first, second = (each for each in before.bookings if each.id == "desk")
    assert (first.uid, second.uid) == (
        "desk@example.org-20261124T080000Z",
        "desk@example.org-20261124T100000Z",
    )
    assert (first.occurrence, second.occurrence) == (at("09:00"), at("11:00"))
    assert {(e.version, e.sequence, e.changed, e.suspended, e.clipped) for e in (first, second)} == {
        (0, 0, None, (), True)
    }


def test_the_holder_sees_what_is_left_and_what_had_to_give_way() -> None:
    world = older_desk(KONSTNAR)
    pieces = [each for each in world.board(KONSTNAR).bookings if each.id == "desk"]
    assert [each.span for each in pieces] == [span("09:00", "10:00"), span("11:00", "12:00")]
    assert {each.suspended for each in pieces} == {(BRIEFING,)}
    whole = world.eyes(KONSTNAR).whole(world.bookings["desk"])
    assert (whole.span, whole.suspended, whole.clipped) == (span("09:00", "12:00"), (BRIEFING,), False)


def test_a_member_keeps_their_older_desk_and_the_briefing_is_not_told_as_giving_way() -> None:
    world = older_desk(ORDNINGSVAKT)
    own = world.board(ORDNINGSVAKT)
    assert own.gave_way == ()
    assert [each.suspended for each in own.bookings if each.id == "desk"] == [()]


def test_something_older_that_lies_wholly_in_barred_time_is_busy_and_nothing_else() -> None:
    world = World()
    world.book(PLATS, "arbetsplats-2", span("10:15", "10:45"), id="desk")
    assert world.book(POLIS, "hela-lokalen", BRIEFING, POLICE_AND_GUARDS, agreed=True)
    assert seen(world, TRAFIK, "desk") == []
    assert [each.id for each in world.board(PLATS).gave_way] == ["desk"]


def test_equipment_of_something_clipped_is_busy_just_as_long() -> None:
    world = older_desk(KONSTNAR, equipment=(PROJECTOR,))
    assert busy(world, TRAFIK, "projektor") == [BRIEFING]
    assert world.judge(TRAFIK, "projektor", span("10:30", "10:40")).refused


def test_an_older_room_is_clipped_by_something_confidential_at_a_desk_in_it() -> None:
    world = World(premises=THEATRE.premises)
    world.book(TRAFIK, "salsrummet", span("09:00", "12:00"), id="room")
    assert world.book(POLIS, "salsplatsen", BRIEFING, POLICE_AND_GUARDS, agreed=True)
    assert seen(world, PLATS, "room") == [span("09:00", "10:00"), span("11:00", "12:00")]
    assert busy(world, PLATS, "salsrummet") == [BRIEFING]
    assert busy(world, PLATS, "scen-och-sal") == [span("09:50", "11:10")]


# --- edits ------------------------------------------------------------------------------------


def test_a_change_into_barred_time_is_refused_to_everyone_who_had_an_ordinary_booking() -> None:
    for holder in (TRAFIK, ORDNINGSVAKT, POLIS):
        world = briefed()
        world.book(holder, "arbetsplats-2", span("09:00", "10:00"), id="desk")
        verdict = world.change(holder, "desk", span=span("09:00", "10:05"))
        assert verdict is not None
        assert verdict.refused
        anew = world.judge(holder, "arbetsplats-3", span("09:00", "10:05"))
        assert anew.refused == (holder is TRAFIK), "a member books that time anew"


def test_a_change_to_another_place_in_barred_time_is_refused_to_everyone() -> None:
    for holder in (KONSTNAR, ORDNINGSVAKT):
        for place in ("arbetsplats-3", "konferensbordet"):
            world = older_desk(holder)
            verdict = world.change(holder, "desk", resource=place)
            assert verdict is not None
            assert verdict.refused
            assert verdict.clashes


def test_what_is_not_in_barred_time_can_be_changed_and_stays_as_old_as_it_was() -> None:
    for holder in (KONSTNAR, ORDNINGSVAKT):
        world = older_desk(holder)
        verdict = world.change(holder, "desk", span=span("09:30", "13:00"))
        assert verdict is not None
        assert not verdict.refused
        assert {(each.span.start, each.span.end) for each in verdict.added} == {(at("12:00"), at("13:00"))}
        assert {each.since for each in verdict.kept} == {1}
        assert seen(world, TRAFIK, "desk") == [span("09:30", "10:00"), span("11:00", "13:00")]
        assert world.broken() == []


def test_what_was_taken_over_may_move_within_its_circle() -> None:
    world = briefed()
    world.book(ORDNINGSVAKT, "arbetsplats-1", span("09:00", "10:30"), id="desk")
    verdict = world.change(ORDNINGSVAKT, "desk", span=span("10:30", "12:00"))
    assert verdict is not None
    assert not verdict.refused
    assert seen(world, TRAFIK, "desk") == []


def test_a_longer_briefing_takes_only_what_it_adds() -> None:
    world = briefed()
    world.book(KONSTNAR, "arbetsplats-1", span("11:00", "12:00"), id="desk")
    briefing = world.attempt(POLIS, world.use(POLIS, "hela-lokalen", POLICE_AND_GUARDS), changing="briefing")
    verdict = briefing.judge(span("10:00", "11:30"))
    assert [(each.id, each.suspended) for each in verdict.displaceable] == [
        ("desk", (span("11:00", "11:30"),))
    ]
    assert briefing.judge(BRIEFING).displaceable == ()
    assert briefing.judge(BRIEFING).added == ()


def test_what_is_opened_inside_another_secret_of_the_circle_stays_with_the_circle() -> None:
    """Opened to all it would name a member of the circle, at a time when nobody else could have booked."""
    world = World()
    assert world.book(POLIS, "arbetsplats-2", BRIEFING, POLICE_AND_GUARDS)
    assert world.book(ORDNINGSVAKT, "arbetsplats-1", span("10:30", "11:30"), POLICE_AND_GUARDS, id="talk")
    verdict = world.change(ORDNINGSVAKT, "talk", disclose=True)
    assert verdict is not None
    assert verdict.crossed == {POLICE_AND_GUARDS}
    assert seen(world, TRAFIK, "talk") == []
    alone = World()
    alone.book(ORDNINGSVAKT, "arbetsplats-1", span("10:30", "11:30"), POLICE_AND_GUARDS, id="talk")
    alone.change(ORDNINGSVAKT, "talk", disclose=True)
    assert seen(alone, TRAFIK, "talk") == [span("10:30", "11:30")]


# --- what a confidential use may take ---------------------------------------------------------


def test_a_confidential_use_is_refused_wherever_anything_in_its_zones_is_busy_to_the_booker() -> None:
    world = briefed(SOCIAL_SERVICES, UNGDOMSJOUR)
    assert world.book(MIKA, "arbetsplats-1", span("10:30", "12:00"), id="across")
    world.cancel("briefing")
    for place in ("arbetsplats-2", "hela-lokalen"):
        verdict = world.judge(POLIS, place, span("11:30", "12:30"), POLICE_AND_GUARDS)
        assert verdict.refused
        assert Busy("arbetsplats-1", span("10:30", "12:00")) in verdict.clashes
    assert not world.judge(POLIS, "motesrummet", span("11:30", "12:30"), POLICE_AND_GUARDS).refused


def test_nobody_whom_the_booker_may_not_know_gives_way_unlisted() -> None:
    """A house on two floors without a wall between: the room of both floors is no place of the upper one."""
    house = replace(
        THEATRE.premises,
        partitions=(),
        resources=tuple(e for e in THEATRE.premises.resources if e.key in ("scen-och-sal", "salsplatsen")),
    )
    world = World(premises=house)
    assert world.book(UNGDOMSJOUR, "salsplatsen", BRIEFING, SOCIAL_SERVICES, id="talk")
    assert world.book(MIKA, "scen-och-sal", span("10:30", "12:00"), id="across")
    world.cancel("talk")
    verdict = world.judge(POLIS, "salsplatsen", span("11:30", "12:30"), POLICE_AND_GUARDS)
    assert verdict.refused
    assert verdict.clashes == (Busy("scen-och-sal", span("10:30", "12:00")),)


# --- who knows --------------------------------------------------------------------------------


def test_only_the_circle_knows_and_no_role_adds_to_it() -> None:
    world = briefed()
    booking = world.bookings["briefing"]
    invited = replace(booking, invited=frozenset({TRAFIK.person or 0}))
    assert [v.name for v in (POLIS, POLIS2, ORDNINGSVAKT) if knows(v, booking)] == [
        "polis",
        "polis2",
        "ordningsvakt",
    ]
    assert not any(knows(each, invited) for each in (*OUTSIDE, MIKA))
    assert not knows(replace(POLIS, circles=frozenset()), booking), (
        "not even who made it, once out of the circle"
    )


def test_an_open_booking_is_for_all_who_are_signed_in_and_an_internal_one_not_for_guests() -> None:
    world = World()
    world.book(TRAFIK, "arbetsplats-1", BRIEFING, id="open", visibility=Visibility.OPEN)
    world.book(TRAFIK, "arbetsplats-2", BRIEFING, id="internal")
    world.book(KONSTNAR, "arbetsplats-3", BRIEFING, id="own")
    sees = {v.name: {e.id for e in world.board(v).bookings} for v in (*OUTSIDE, POLIS)}
    assert sees[KONSTNAR.name] == {"open", "own"}
    assert sees[ADMIN.name] == {"open"}
    assert sees[NOBODY.name] == set()
    assert sees[PLATS.name] == {"open", "internal", "own"}
    assert busy(world, KONSTNAR, "arbetsplats-2") == [BRIEFING]
    by_name = replace(world.bookings["internal"], invited=frozenset({KONSTNAR.person or 0}))
    assert knows(KONSTNAR, by_name)


def test_a_token_has_an_outsiders_eyes_and_hands() -> None:
    world = briefed()
    assert world.board(POLIS_TOKEN).bookings == ()
    assert world.judge(POLIS_TOKEN, "arbetsplats-1", BRIEFING).refused
    assert not world.judge(POLIS, "arbetsplats-1", BRIEFING).refused


def test_who_leaves_the_circle_sees_busy_and_who_joins_sees_the_briefing() -> None:
    world = briefed()
    left = Circles({**CIRCLES.members, POLICE_AND_GUARDS: frozenset({POLIS.organisation or 0})})
    guard = replace(ORDNINGSVAKT, circles=left.of(ORDNINGSVAKT.organisation))
    after = world.moved_to(left)
    assert seen(after, guard, "briefing") == []
    assert busy(after, guard, "arbetsplats-1") == [BRIEFING]
    assert after.judge(guard, "arbetsplats-1", BRIEFING).refused


# --- days that have ended, and how far one sees -----------------------------------------------


def test_of_days_that_have_ended_outsiders_see_no_busy_and_nothing_clipped() -> None:
    world = older_desk(KONSTNAR)
    tonight, tomorrow = replace(world, now=at("23:59")), replace(world, now=at("00:00", 1))
    assert seen(tonight, TRAFIK, "desk") == [span("09:00", "10:00"), span("11:00", "12:00")]
    assert seen(tomorrow, TRAFIK, "desk") == []
    assert tomorrow.board(TRAFIK).busy == ()
    assert tomorrow.board(TRAFIK).walls == ()
    assert seen(tomorrow, KONSTNAR, "desk") == [span("09:00", "12:00")], "one's own, as it was booked"
    assert [each.id for each in tomorrow.board(POLIS).bookings] == ["desk", "briefing"]


def test_what_was_not_clipped_stays_in_history() -> None:
    world = briefed()
    world.book(PLATS, "arbetsplats-2", span("12:00", "13:00"), id="desk")
    assert seen(replace(world, now=at("09:00", 2)), TRAFIK, "desk") == [span("12:00", "13:00")]


def test_a_night_over_midnight_is_seen_from_midnight_on() -> None:
    world = World()
    world.book(POLIS, "hela-lokalen", Span(at("22:00"), at("02:00", 1)), POLICE_AND_GUARDS)
    assert busy(replace(world, now=at("01:00", 1)), TRAFIK, "arbetsplats-1") == [
        Span(at("00:00", 1), at("02:00", 1))
    ]


def test_one_sees_ahead_as_far_as_one_may_book_and_no_seam_there() -> None:
    edge = at("00:00", 31)  # a guest books thirty days ahead
    for parts in ([(-60, 60)], [(-60, 0), (0, 60)], [(-60, -5), (-5, 60)]):
        world = World()
        for start, end in parts:
            part = Span(edge + timedelta(minutes=start), edge + timedelta(minutes=end))
            assert world.book(POLIS, "motesrummet", part, POLICE_AND_GUARDS)
        window = Span(at("00:00", 25), at("00:00", 40))
        far = Span(edge - timedelta(minutes=60), edge + timedelta(minutes=60))
        seen_by = {
            viewer.name: [
                each.span for each in world.board(viewer, window).busy if each.resource == "motesrummet"
            ]
            for viewer in (KONSTNAR, TRAFIK)
        }
        assert seen_by == {KONSTNAR.name: [Span(far.start, edge)], TRAFIK.name: [far]}


def test_two_meetings_that_meet_where_the_window_ends_are_cut_and_not_parted() -> None:
    world = World()
    assert world.book(POLIS, "motesrummet", span("10:00", "10:30"), POLICE_AND_GUARDS)
    assert world.book(POLIS, "motesrummet", span("10:30", "11:00"), POLICE_AND_GUARDS)
    board = world.board(TRAFIK, span("10:15", "10:45"))
    assert [each.span for each in board.busy if each.resource == "motesrummet"] == [span("10:15", "10:45")]


# --- the wall ---------------------------------------------------------------------------------


def test_the_wall_stands_as_what_one_may_know_claims_it_and_is_else_left_alone() -> None:
    world = World()
    world.book(TRAFIK, "motesrummet", span("09:00", "09:30"))
    world.book(TRAFIK, "hela-lokalen", span("13:00", "14:00"))
    assert world.book(POLIS, "motesrummet", span("10:00", "11:00"), POLICE_AND_GUARDS)
    walls = [(each.state, each.span) for each in world.board(PLATS).walls]
    assert walls == [
        (WallView.CLOSED, span("08:55", "09:30")),
        (WallView.BUSY, span("09:55", "11:05")),
        (WallView.OPEN, span("12:55", "14:00")),
    ]
    assert WallView.BUSY not in {each.state for each in world.board(ORDNINGSVAKT).walls}


def test_the_wall_is_moved_at_the_end_of_a_window_for_what_comes_just_after() -> None:
    world = World()
    world.book(TRAFIK, "hela-lokalen", span("13:00", "14:00"))
    walls = world.board(PLATS, span("12:00", "13:00")).walls
    assert [(each.state, each.span) for each in walls] == [(WallView.OPEN, span("12:55", "13:00"))]


def test_the_wall_tells_no_outsider_which_way_it_is_claimed() -> None:
    worlds = [World(), World()]
    worlds[0].book(POLIS, "hela-lokalen", BRIEFING, POLICE_AND_GUARDS)
    worlds[1].book(POLIS, "motesrummet", BRIEFING, POLICE_AND_GUARDS)
    for world in worlds:
        assert {each.state for each in world.board(TRAFIK).walls} == {WallView.BUSY}


def test_free_times_are_those_of_the_one_who_asks() -> None:
    world = briefed()
    tried: list[Attempt] = [
        world.attempt(viewer, world.use(viewer, "arbetsplats-1")) for viewer in (TRAFIK, POLIS)
    ]
    assert [each.refused_spans() for each in tried] == [(BRIEFING,), ()]
    assert world.now == NOW
