"""The only redaction: stored bookings and claims go in, what one viewer may know comes out.

Standard library only. A view is built from an allow-list, never by blanking a stored booking. An outsider
gets time, never bookings: `Busy` is what refuses an ordinary booking of theirs, computed from the same
claims by the same rule. Merge first, cut afterwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from booking.domain.bookings import Booking, uid_of
from booking.domain.claims import (
    NO_LEAD,
    BySpace,
    Claim,
    Demand,
    Secrecy,
    Use,
    WallPosition,
    WallState,
    compatible,
    demands,
    refused_time,
)
from booking.domain.people import OrganisationId, Viewer, Visibility
from booking.domain.premises import Premises, Resource
from booking.domain.spans import (
    Span,
    day_of,
    day_start,
    merged,
    overlapping,
    parts,
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
        (booking.visibility is Visibility.OPEN and viewer.names)
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
    the walls included, and those released by bookings given; `bookings` all bookings those claims belong to.
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
        given = {each.key: each for each in bookings}
        self.known = {key: each for key, each in given.items() if knows(viewer, each)}
        self.today = day_start(day_of(now, premises.zone), premises.zone)
        self.sight = Span(self.today, premises.horizon(viewer.category, now))
        self._uses = {each.key: self._ordinary_use(each) for each in premises.resources}
        everything = list(claims)
        hidden = [each for each in everything if not each.released and self._hides(each)]
        self._hidden = BySpace(hidden)
        self._barred = {key: self._refused(wanted) for key, wanted in self._uses.items()}
        clipped = list(self._parts_clipped(everything, given))
        self.clipped = BySpace(clipped)
        self._hidden = BySpace([*hidden, *clipped]) if clipped else self._hidden
        self._busy: dict[tuple[str, bool], tuple[Span, ...]] = {}

    def _ordinary_use(self, resource: Resource) -> tuple[Demand, ...]:
        return demands(self.premises, Use(resource, self.viewer.organisation or NO_ORGANISATION))

    def _hides(self, claim: Claim) -> bool:
        bars = isinstance(claim.stake, Secrecy) and barred(self.viewer, claim.stake)
        return bars or claim.occurrence not in self.known

    def _parts_clipped(self, claims: list[Claim], given: dict[str, Booking]) -> Iterable[Claim]:
        """What is clipped from a known booking is hidden in all its spaces, equipment included.

        What a booking, known or not, has released in barred time is hidden as if it stood: else equipment
        would tell which of them gave way, and so which place in the zone was taken.
        """
        clips: dict[str, tuple[Span, ...]] = {}
        for claim in claims:
            booking = given.get(claim.occurrence)
            if booking is None or not (claim.released or booking.key in self.known):
                continue
            if booking.key not in clips:
                clips[booking.key] = self._clip(booking)
            yield from (replace(claim, span=part) for part in parts(clips[booking.key], claim.span))

    def _refused(self, wanted: Iterable[Demand], changeover: bool = True) -> tuple[Span, ...]:
        """When a use with these demands is refused on hidden grounds, merged and not yet cut."""
        return merged(
            refused_time(demand if changeover else replace(demand, lead=NO_LEAD), claim)
            for demand in wanted
            for claim in self._hidden.of(demand.space)
            if not compatible(demand.stake, claim.stake, lambda _, circle: circle in self.viewer.circles)
        )

    def _clip(self, booking: Booking) -> tuple[Span, ...]:
        """The time of a booking in which its own resource is barred to the viewer, past included."""
        return within(parts(self._barred[booking.resource], booking.span), self._seen(booking))

    def _seen(self, booking: Booking) -> Span:
        return Span(min(self.today, booking.span.start), self.sight.end)

    def _lost(self, booking: Booking) -> tuple[Span, ...]:
        """What of a known booking is not there for the viewer: barred to them, or given way."""
        return merged((*self._clip(booking), *within(booking.released, self._seen(booking))))

    def busy(self, resource: str, changeover: bool = True) -> tuple[Span, ...]:
        """When an ordinary booking of the resource is refused on hidden grounds, as far as the viewer sees."""
        found = self._busy.get((resource, changeover))
        if found is None:
            found = within(self._refused(self._uses[resource], changeover), self.sight)
            self._busy[resource, changeover] = found
        return found

    def pieces(self, booking: Booking) -> tuple[Full, ...]:
        """What the viewer sees of a known booking: whole, or the pieces outside the barred time.

        Of local days that have ended outsiders see no clipped booking; its own organisation sees it whole.
        """
        lost = self._lost(booking)
        present = within(lost, self.sight)
        ours = booking.organisation == self.viewer.organisation
        if not lost or (ours and not present):
            return (self._full(booking, booking.span, (), clipped=False),)
        spans = without([booking.span], lost if not ours else present)
        if not ours and self._clip(booking):
            spans = within(spans, Span(self.today, booking.span.end))
        return tuple(self._full(booking, span, present if ours else (), clipped=True) for span in spans)

    def whole(self, booking: Booking) -> Full:
        """A known booking as its own organisation sees it: whole, with the parts that gave way."""
        present = within(self._lost(booking), self.sight)
        return self._full(booking, booking.span, present, clipped=False)

    def _full(self, booking: Booking, span: Span, suspended: tuple[Span, ...], clipped: bool) -> Full:
        ours = booking.organisation == self.viewer.organisation
        whole = ours and self.viewer.trusted  # a series has dates that outsiders may not know of
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
            uid=f"{booking.uid}-{span.start:%Y%m%dT%H%M%SZ}"
            if clipped
            else uid_of(booking, self.premises.zone),
            sequence=0 if anew else booking.sequence,
            version=booking.version if whole else 0,
            changed=None if anew else booking.changed,
            purpose=booking.purpose,
            urgent=booking.urgent,
            repetition=booking.repetition if whole else None,
            checked_in=booking.checked_in is not None and not anew,
            missed=booking.missed and not anew,
            answer_by=booking.answer_by if ours else None,
            invited=self.viewer.person in booking.invited,
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
        stood = self._stood(pieces)
        for partition in self.premises.partitions:
            rooms = self.premises.rooms_moving(partition.key)
            paved = merged(span for room in rooms for span in self.busy(room.key))
            walls += [Wall(partition.key, WallView.BUSY, span) for span in within(paved, window)]
            for position in WallPosition:
                needed = without(stood[partition.key, position], paved)
                walls += [
                    Wall(partition.key, WallView(position.value), span) for span in within(needed, window)
                ]
        return sorted(walls, key=lambda wall: (wall.span, wall.partition, wall.state))

    def _stood(self, pieces: Iterable[Full]) -> Mapping[tuple[str, WallPosition], list[Span]]:
        """The time visible pieces need each wall each way, from the changeover before them."""
        found: dict[tuple[str, WallPosition], list[Span]] = defaultdict(list)
        for piece in pieces:
            for demand in demands(self.premises, use_of(self.premises, piece)):
                if isinstance(demand.stake, WallState):
                    found[demand.space, demand.stake.position].append(demand.over(piece.span))
        return found

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
        known = {claim.occurrence for claim in met if claim.occurrence in self.known}
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
        urgent=view.urgent,
        blocked=view.purpose.keeps_out,
    )


def _order(entry: Full | Busy) -> tuple[Span, str, int, str]:
    full = isinstance(entry, Full)
    return entry.span, entry.resource, int(full), entry.id if isinstance(entry, Full) else ""
