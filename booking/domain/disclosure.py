"""The only redaction: stored bookings and claims go in, what one viewer may know comes out.

Standard library only. A view is built from an allow-list, never by blanking a stored booking. An outsider
gets time, never bookings: `Busy` is what refuses an ordinary booking of theirs, computed from the same
claims by the same rule. Merge first, cut afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from booking.domain.bookings import Booking
from booking.domain.claims import (
    NO_LEAD,
    Claim,
    Demand,
    Secrecy,
    Use,
    WallPosition,
    WallState,
    by_space,
    compatible,
    demands,
    refused_time,
)
from booking.domain.people import OrganisationId, Viewer, Visibility
from booking.domain.premises import Premises, Resource
from booking.domain.spans import (
    Span,
    common,
    day_of,
    day_start,
    merged,
    overlapping,
    whole_days,
    within,
    without,
)
from booking.domain.views import Board, Busy, Full, Wall, WallView

NO_ORGANISATION: OrganisationId = 0  # stands for viewers of no organisation: in no circle


def knows(viewer: Viewer, booking: Booking) -> bool:
    """Whether the viewer may know the booking at all: its circle, or its visibility, or its own people."""
    if booking.circles:
        return booking.circles <= viewer.circles
    if not viewer.signed_in:
        return False
    return (
        booking.visibility is Visibility.OPEN
        or (booking.visibility is Visibility.INTERNAL and viewer.of_an_organisation)
        or booking.organisation == viewer.organisation
        or viewer.person == booking.organiser
        or viewer.person in booking.invited
    )


def barred(viewer: Viewer, stake: Secrecy) -> bool:
    """Whether a standing secrecy keeps the viewer out."""
    return stake.circle not in viewer.circles


class Eyes:
    """What one viewer may know of the claims and bookings that overlap a window.

    `claims` must be all standing claims that overlap the window or any booking given, the changeover of
    the walls included; `bookings` all bookings those claims belong to.
    """

    def __init__(
        self,
        viewer: Viewer,
        premises: Premises,
        bookings: Iterable[Booking],
        claims: Iterable[Claim],
        now: datetime,
    ) -> None:
        self.viewer = viewer
        self.premises = premises
        self.known = {each.id: each for each in bookings if knows(viewer, each)}
        self.today = day_start(day_of(now, premises.zone), premises.zone)
        self.sight = Span(self.today, premises.horizon(viewer.category, now))
        self._uses = {each.key: self._ordinary_use(each) for each in premises.resources}
        standing = list(claims)
        self._hidden = by_space(each for each in standing if self._hides(each))
        self._barred = {key: self._refused(wanted) for key, wanted in self._uses.items()}
        self._hide_the_clipped(standing)

    def _ordinary_use(self, resource: Resource) -> tuple[Demand, ...]:
        return demands(self.premises, Use(resource, self.viewer.organisation or NO_ORGANISATION))

    def _hides(self, claim: Claim) -> bool:
        bars = isinstance(claim.stake, Secrecy) and barred(self.viewer, claim.stake)
        return bars or claim.booking not in self.known

    def _hide_the_clipped(self, standing: list[Claim]) -> None:
        """What is clipped from a known booking is hidden in all its spaces, equipment included."""
        parts = [
            replace(claim, span=part)
            for claim in standing
            if claim.booking in self.known
            for part in within(self._clip(self.known[claim.booking]), claim.span)
        ]
        if parts:
            self._hidden = by_space([*(claim for group in self._hidden.values() for claim in group), *parts])

    def _refused(self, wanted: Iterable[Demand], changeover: bool = True) -> tuple[Span, ...]:
        """When a use with these demands is refused on hidden grounds, merged and not yet cut."""
        return merged(
            refused_time(demand if changeover else replace(demand, lead=NO_LEAD), claim)
            for demand in wanted
            for claim in self._hidden.get(demand.space, ())
            if not compatible(demand.stake, claim.stake, lambda _, circle: circle in self.viewer.circles)
        )

    def _clip(self, booking: Booking) -> tuple[Span, ...]:
        """The time of a known booking in which its own resource is barred to the viewer, past included."""
        seen = Span(min(self.today, booking.span.start), self.sight.end)
        return within(common([booking.span], self._barred[booking.resource]), seen)

    def busy(self, resource: str, changeover: bool = True) -> tuple[Span, ...]:
        """When an ordinary booking of the resource is refused on hidden grounds, as far as the viewer sees."""
        return within(self._refused(self._uses[resource], changeover), self.sight)

    def pieces(self, booking: Booking) -> tuple[Full, ...]:
        """What the viewer sees of a known booking: whole, or the pieces outside the barred time.

        Of local days that have ended outsiders see no clipped booking; its own organisation sees it whole.
        """
        clip = self._clip(booking)
        present = within(clip, self.sight)
        ours = booking.organisation == self.viewer.organisation
        if not clip or (ours and not present):
            return (self._full(booking, booking.span, (), clipped=False),)
        spans = without([booking.span], clip if not ours else present)
        if not ours:
            spans = within(spans, Span(self.today, booking.span.end))
        return tuple(self._full(booking, span, present if ours else (), clipped=True) for span in spans)

    def whole(self, booking: Booking) -> Full:
        """A known booking as its own organisation sees it: whole, with the parts that gave way."""
        present = within(self._clip(booking), self.sight)
        return self._full(booking, booking.span, present, clipped=False)

    def _full(self, booking: Booking, span: Span, suspended: tuple[Span, ...], clipped: bool) -> Full:
        ours = booking.organisation == self.viewer.organisation
        anew = clipped and not ours  # what an outsider gets of a clipped booking is made from the piece alone
        return Full(
            id=booking.id,
            resource=booking.resource,
            equipment=booking.equipment,
            span=span,
            occurrence=span.start if anew else booking.occurrence,
            organisation=booking.organisation,
            organiser=booking.organiser_name,
            visibility=Visibility.CONFIDENTIAL if booking.confidential else booking.visibility,
            circle=booking.circle,
            circles=booking.circles,
            sealed=booking.confidential,
            content=booking.content,
            clear_desks=booking.clear_desks,
            status=booking.status,
            suspended=suspended,
            clipped=clipped,
            mine=booking.organiser == self.viewer.person,
            ours=ours,
            uid=f"{booking.uid}-{span.start:%Y%m%dT%H%M%SZ}" if clipped else booking.uid,
            sequence=0 if anew else booking.sequence,
            version=0 if anew else booking.version,
            changed=None if anew else booking.changed,
        )

    def board(self, window: Span) -> Board:
        """All that the viewer may know in a window, by start; Busy is cut at its edges."""
        pieces = [piece for each in self.known.values() for piece in self.pieces(each)]
        inside = [piece for piece in pieces if piece.span.overlaps(window)]
        busy = [Busy(key, span) for key in self._uses for span in within(self.busy(key), window)]
        entries: list[Full | Busy] = [*inside, *busy]
        return Board(
            tuple(sorted(entries, key=_order)), tuple(self._walls(pieces, window)), self._gave_way(window)
        )

    def _gave_way(self, window: Span) -> tuple[Full, ...]:
        own = [each for each in self.known.values() if each.organisation == self.viewer.organisation]
        views = [self.whole(each) for each in own if each.span.overlaps(window)]
        return tuple(sorted((view for view in views if within(view.suspended, window)), key=_order))

    def _walls(self, pieces: list[Full], window: Span) -> list[Wall]:
        walls = []
        for partition in self.premises.partitions:
            rooms = self.premises.rooms_moving(partition.key)
            paved = merged(span for room in rooms for span in self.busy(room.key))
            walls += [Wall(partition.key, WallView.BUSY, span) for span in within(paved, window)]
            for position in WallPosition:
                stood = merged(
                    span for piece in pieces for span in self._stood(piece, partition.key, position)
                )
                walls += [
                    Wall(partition.key, WallView(position.value), span)
                    for span in within(without(stood, paved), window)
                ]
        return sorted(walls, key=lambda wall: (wall.span, wall.partition, wall.state))

    def _stood(self, piece: Full, partition: str, position: WallPosition) -> list[Span]:
        """The time a visible piece needs the wall one way, from the changeover before it."""
        return [
            demand.over(piece.span)
            for demand in demands(self.premises, use_of(self.premises, piece))
            if demand.space == partition and demand.stake == WallState(position)
        ]

    def clashing(
        self, wanted: Iterable[Demand], span: Span, met: Iterable[Claim], also: Iterable[str] = ()
    ) -> list[Full | Busy]:
        """What a refused use met, as the viewer may know it: known bookings, and Busy of resources.

        `met` are the standing claims it cannot stand with; `also` are resources beside the wanted one
        whose Busy answers for a hidden claim, cut at the local days of the span as a board of them cuts it:
        where a longer one ends depends on what else was loaded, and would show a seam.
        """
        lead = max((each.lead for each in wanted), default=NO_LEAD)
        reach = span.widened(lead, lead)  # the wall may have to be moved for us or, after us, for the other
        known = {claim.booking for claim in met if claim.booking in self.known}
        shown: list[Full | Busy] = [
            piece for key in known for piece in self.pieces(self.known[key]) if piece.span.overlaps(reach)
        ]
        shown += [
            Busy(key, part)
            for key in dict.fromkeys(also)
            for busy in overlapping(self.busy(key), span)
            if (part := busy.cut(whole_days(span, self.premises.zone)))
        ]
        return sorted(shown, key=_order)


def use_of(premises: Premises, view: Full | Booking) -> Use:
    """The use behind a booking."""
    return Use(
        resource=premises.by_key[view.resource],
        organisation=view.organisation,
        circle=view.circle,
        clear_desks=view.clear_desks,
        equipment=tuple(premises.by_key[key] for key in view.equipment),
    )


def _order(entry: Full | Busy) -> tuple[Span, str, int, str]:
    full = isinstance(entry, Full)
    return entry.span, entry.resource, int(full), entry.id if isinstance(entry, Full) else ""
