"""The properties themselves, as plain functions that assert: tests run them, and mutants must fail them.

Imports the domain and the cast.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from booking.domain.attempts import nearest, open_gaps
from booking.domain.bookings import Booking
from booking.domain.claims import (
    Claim,
    Hold,
    Presence,
    Secrecy,
    WallState,
    compatible,
    demands,
    laid,
    refused_time,
)
from booking.domain.disclosure import use_of
from booking.domain.people import CircleId, Viewer
from booking.domain.spans import MINUTE, Span, merged, overlapping, without
from booking.domain.views import Busy, Full
from tests.domain.cast import HOUSES
from tests.domain.scripts import START, Act
from tests.domain.twins import Deed, grown, outsiders_answers, outsiders_views
from tests.domain.world import World

MORNING = Span(START - timedelta(hours=2), START + timedelta(hours=10))


def audit_is_clean(house: str, script: list[Act]) -> None:
    """Whatever is accepted, changed and cancelled, in any order, no two standing claims break the rule."""
    world = World(premises=HOUSES[house])
    for act in script:
        act.on(world)
        assert world.broken() == [], act


def what_crosses_is_taken_over(house: str, script: list[Act]) -> None:
    """No booking holds anything newer than a secret it lies in, unless it is for that circle alone."""
    world = World(premises=HOUSES[house])
    for act in script:
        act.on(world)
        for booking in world.bookings.values():
            assert taken_over(world, booking) <= booking.circles, act


def taken_over(world: World, booking: Booking) -> set[CircleId]:
    """The circles of what was secret in the booking's zones before it was there."""
    zones = world.premises.by_key[booking.resource].zones
    return {
        secret.stake.circle
        for ours in world.claims[booking.id]
        if isinstance(ours.stake, Presence | Hold)
        for secret in world.standing
        if isinstance(secret.stake, Secrecy)
        and secret.space in zones
        and secret.occurrence != booking.id
        and secret.since < ours.since
        and secret.span.overlaps(ours.span)
    }


def worth_trying(world: World, viewer: Viewer) -> list[Span]:
    """One minute on each side of every edge that matters, and spans that meet those edges."""
    eyes = world.eyes(viewer)
    edges = {
        edge for key in world.premises.by_key for span in eyes.busy(key) for edge in (span.start, span.end)
    }
    edges |= {edge for claim in world.standing for edge in (claim.span.start, claim.span.end)}
    moved = {edge + step * world.premises.changeover for edge in edges for step in (-1, 0, 1)}
    inside = sorted(edge for edge in moved if world.now < edge < eyes.sight.end - timedelta(hours=2))
    return [
        span
        for edge in inside
        for span in (Span(edge - MINUTE, edge), Span(edge, edge + MINUTE), Span(edge, edge + 25 * MINUTE))
    ]


def clashes_with(world: World, resource: str, viewer: Viewer, pieces: Iterable[Full]) -> list[Span]:
    """The time in which an ordinary booking clashes with what stands on the viewer's own board."""
    wanted = demands(world.premises, world.use(viewer, resource))
    seen = [
        claim
        for piece in pieces
        for claim in laid(demands(world.premises, use_of(world.premises, piece)), piece.span, piece.id, 0)
    ]
    admits = world.circles.as_seen_by(viewer).admits
    return [
        refused_time(demand, claim)
        for demand in wanted
        for claim in seen
        if demand.space == claim.space and not compatible(demand.stake, claim.stake, admits)
    ]


def refused_exactly_where_busy_or_seen(world: World, viewer: Viewer) -> None:
    """An ordinary booking is refused exactly where it overlaps the Busy, or what else the viewer's board shows."""
    eyes, board = world.eyes(viewer), world.board(viewer)
    for resource in world.premises.by_key:
        attempt = world.attempt(viewer, world.use(viewer, resource))
        busy = [each.span for each in board.busy if each.resource == resource]
        assert tuple(busy) == eyes.busy(resource)
        seen = merged(clashes_with(world, resource, viewer, board.bookings))
        for span in worth_trying(world, viewer):
            verdict = attempt.judge(span)
            hidden, clash = overlapping(busy, span), overlapping(seen, span)
            assert verdict.refused == bool(hidden or clash), (resource, span)
            assert verdict.displaceable == ()
            assert bool(verdict.clashes) == verdict.refused, (resource, span)
            told = [each for each in verdict.clashes if isinstance(each, Busy)]
            assert told == [Busy(resource, each) for each in hidden]
            assert set(verdict.clashes) - set(told) <= set(board.bookings)


def only_secrecy_over_what_is_free(
    world: World, viewer: Viewer, resource: str, span: Span, circle: CircleId
) -> None:
    """A confidential use that is not refused lies where nothing in its zones is Busy, and says all that goes."""
    verdict = world.judge(viewer, resource, span, circle)
    eyes = world.eyes(viewer)
    assert bool(verdict.clashes) == verdict.refused
    if verdict.refused:
        return
    for place in world.premises.lying_in(frozenset(world.premises.by_key[resource].zones)):
        assert not overlapping(eyes.busy(place.key, changeover=False), span)
    listed = {piece.id for piece in verdict.displaceable}
    for claim in give_way(world, viewer, resource, span, circle):
        assert claim.occurrence.partition("/")[0] in listed, "nobody gives way without being listed"


def give_way(world: World, viewer: Viewer, resource: str, span: Span, circle: CircleId) -> list[Claim]:
    """The standing claims that a confidential use would not stand with."""
    wanted = laid(demands(world.premises, world.use(viewer, resource, circle)), span, "", 0)
    return [
        claim
        for ours in wanted
        for claim in world.standing
        if ours.space == claim.space
        and ours.span.overlaps(claim.span)
        and not compatible(ours.stake, claim.stake, world.circles.admits)
    ]


def free_times_are_free(
    world: World, viewer: Viewer, resource: str, length: timedelta, circle: CircleId | None
) -> None:
    """Every time that is offered is accepted, and nobody gives way; what is not offered would be refused."""
    attempt = world.attempt(viewer, world.use(viewer, resource, circle))
    refused = attempt.refused_spans()
    gaps = open_gaps([MORNING], refused, length)
    for offered in nearest(gaps, length, START, 4):
        verdict = attempt.judge(offered)
        assert not verdict.refused, offered
        assert verdict.displaceable == (), offered
    for span in overlapping(worth_trying(world, viewer), MORNING):
        verdict = attempt.judge(span)
        free = not overlapping(refused, span)
        assert free == (not verdict.refused and not verdict.displaceable), span


def nothing_hidden_is_named(world: World, viewer: Viewer) -> None:
    """A board shows no booking outside the viewer's circles, and no Busy together with a booking in its resource."""
    board = world.board(viewer)
    for piece in board.bookings:
        stored = world.bookings[piece.id]
        assert stored.circles <= viewer.circles
        if not piece.ours or piece.clipped:
            busy = [each.span for each in board.busy if each.resource == piece.resource]
            assert not overlapping(busy, piece.span), piece
    for key in world.premises.by_key:
        spans = [each.span for each in board.busy if each.resource == key]
        assert merged(spans) == tuple(spans)
    for wall in board.walls:
        same = [each.span for each in board.walls if each.partition == wall.partition and each is not wall]
        assert not overlapping(same, wall.span)


def walls_are_paved_where_rooms_are_busy(world: World, viewer: Viewer) -> None:
    """The wall is left alone whenever any room that moves it is Busy to the viewer."""
    board, eyes = world.board(viewer), world.eyes(viewer)
    for partition in world.premises.partitions:
        rooms = world.premises.rooms_moving(partition.key)
        paved = merged(span for room in rooms for span in eyes.busy(room.key))
        shown = [each for each in board.walls if each.partition == partition.key]
        assert tuple(each.span for each in shown if each.state == "busy") == paved
        stood = [
            claim.span
            for piece in board.bookings
            for claim in laid(demands(world.premises, use_of(world.premises, piece)), piece.span, "", 0)
            if claim.space == partition.key and isinstance(claim.stake, WallState)
        ]
        assert merged(each.span for each in shown if each.state != "busy") == without(stood, paved)


def two_worlds_look_alike(house: str, script: list[Deed], name: str, span: Span) -> None:
    """Worlds that differ only in what an outsider may not know show and answer the outsider the same."""
    twins = grown(house, script)
    one, other = twins.worlds
    assert outsiders_views(twins, one, name) == outsiders_views(twins, other, name)
    assert outsiders_answers(twins, one, name, span) == outsiders_answers(twins, other, name, span)
