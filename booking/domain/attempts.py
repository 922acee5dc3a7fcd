"""A use tried against what stands: what it adds, what refuses it, what would give way, when it fits.

Standard library only. Booking anew and changing are one thing here: a new booking keeps nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from booking.domain.bookings import Booking
from booking.domain.claims import (
    Claim,
    Hold,
    Presence,
    Secrecy,
    Use,
    WallState,
    by_space,
    compatible,
    demands,
    kept_and_added,
    laid,
    refused_time,
    refusing,
    sounding,
)
from booking.domain.disclosure import Eyes
from booking.domain.people import NO_CIRCLES, CircleId, Circles
from booking.domain.premises import Kind
from booking.domain.spans import Span, ceiling_to, merged, overlapping, within, without
from booking.domain.views import Busy, Full

NEWEST = 2**62  # an attempt is newer than everything that stands; the ledger gives the real turn


@dataclass(frozen=True)
class Verdict:
    """What came of an attempt. Accepted when nothing refuses it and all that gives way was agreed to.

    `clashes` and `displaceable` are views for the one who tries; `crossed` are the circles an ordinary
    booking takes over. `kept` and `added` are the claims to store.
    """

    refused: bool
    clashes: tuple[Full | Busy, ...]
    displaceable: tuple[Full, ...]
    crossed: frozenset[CircleId]
    kept: tuple[Claim, ...]
    added: tuple[Claim, ...]


class Attempt:
    """One person's use of the premises, tried with their eyes against the standing claims of others.

    `standing` must hold every claim that overlaps the attempt, its lead included; `changing` is the
    booking being changed, whose own claims `held` are never in its own way.
    """

    def __init__(
        self,
        eyes: Eyes,
        circles: Circles,
        use: Use,
        standing: Iterable[Claim],
        changing: Booking | None = None,
    ) -> None:
        self.eyes = eyes
        self.use = use
        self.changing = changing
        self.demands = demands(eyes.premises, use)
        claims = list(standing)
        own = changing.id if changing else None
        self.held = [each for each in claims if each.booking == own]
        self.others = by_space(each for each in sounding(claims, circles.admits) if each.booking != own)
        self._seen_circles = circles.as_seen_by(eyes.viewer)

    # --- judging one span ---------------------------------------------------------------------

    def judge(self, span: Span) -> Verdict:
        """Try the use over one span, UTC."""
        wanted = laid(self.demands, span, self.changing.id if self.changing else "", NEWEST)
        kept, added = kept_and_added(wanted, self.held, NEWEST)
        pairs = list(self._incompatible(added))
        met = [claim for ours, claim in pairs if not self._may_yield(ours, claim)]
        met += self._barred_by_edit(added)
        yielding = [(ours, claim) for ours, claim in pairs if self._may_yield(ours, claim)]
        busy_places = self._busy_places(added)
        return Verdict(
            refused=bool(met or busy_places),
            clashes=tuple(self._shown(span, met, busy_places)) if met or busy_places else (),
            displaceable=tuple(self._displaced(yielding)),
            crossed=self._crossed(kept, added),
            kept=tuple(kept),
            added=tuple(added),
        )

    def _incompatible(self, added: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
        for ours in added:
            for claim in self.others.get(ours.space, ()):
                if ours.span.overlaps(claim.span) and not compatible(
                    ours.stake, claim.stake, self._seen_circles.admits
                ):
                    yield ours, claim

    def _may_yield(self, ours: Claim, standing: Claim) -> bool:
        """What the booker may not know is never displaced: it could not be listed."""
        return gives_way(ours, standing) and standing.booking in self.eyes.known

    def _secrecy_over(self, added: Iterable[Claim]) -> Iterator[Claim]:
        """The standing secrecy of others that added presence crosses."""
        for ours in added:
            if isinstance(ours.stake, Presence):
                for claim in self.others.get(ours.space, ()):
                    if isinstance(claim.stake, Secrecy) and ours.span.overlaps(claim.span):
                        yield claim

    def _crossed(self, kept: list[Claim], added: list[Claim]) -> frozenset[CircleId]:
        """The circles taken over. What is opened takes over all it lies in: nobody had seen it there before."""
        if self.use.circle is not None:
            return NO_CIRCLES
        opened = self.changing is not None and self.changing.circle is not None
        anew = [*kept, *added] if opened else added
        return frozenset(c.stake.circle for c in self._secrecy_over(anew) if isinstance(c.stake, Secrecy))

    def _barred_by_edit(self, added: Iterable[Claim]) -> list[Claim]:
        """Changing an ordinary booking adds nothing in barred time: what has been seen stays seen.

        A place counts as time does: to change desks there would tell whether a hidden booking holds the other.
        """
        if self.changing is None or self.use.circle is not None:
            return []
        spans = [claim.span for claim in added if isinstance(claim.stake, Hold | Presence)]
        return [claim for claim in self._secrecy_that_bars_an_edit() if overlapping(spans, claim.span)]

    def _secrecy_that_bars_an_edit(self) -> Iterator[Claim]:
        """The secrecy in the zones that the booking being changed has not taken over."""
        mine = self.changing.circles if self.changing else NO_CIRCLES
        for zone in self.use.resource.zones:
            for claim in self.others.get(zone, ()):
                if isinstance(claim.stake, Secrecy) and claim.stake.circle not in mine:
                    yield claim

    def _busy_places(self, added: Iterable[Claim]) -> list[str]:
        """Resources in the zones of a confidential use that are Busy to the booker, walls not counted.

        Otherwise trying would tell which space of the zone somebody holds.
        """
        if self.use.circle is None:
            return []
        spoken = [claim.span for claim in added if isinstance(claim.stake, Secrecy)]
        return [
            each.key
            for each in self.eyes.premises.lying_in(self.use.zones)
            if any(overlapping(self.eyes.busy(each.key, changeover=False), span) for span in spoken)
        ]

    # --- what is told -------------------------------------------------------------------------

    def _shown(self, span: Span, met: list[Claim], busy_places: list[str]) -> list[Full | Busy]:
        wanted = [self.use.resource.key, *(each.key for each in self.use.equipment)]
        if self.use.clear_desks and self.use.takes_floor:
            wanted += [each.key for each in self.eyes.premises.lying_in(self.use.zones)]
        shown = self.eyes.clashing(self.demands, span, met, [*wanted, *busy_places])
        if shown:
            return shown
        premises = self.eyes.premises
        walls = {claim.space for claim in met if isinstance(claim.stake, WallState)}
        rooms = [
            room.key
            for room in premises.of_kind(Kind.ROOM)
            if self.use.zones & set(room.zones) or any(room in premises.rooms_moving(wall) for wall in walls)
        ]
        return self.eyes.clashing(self.demands, span, met, rooms)

    def _displaced(self, yielding: Iterable[tuple[Claim, Claim]]) -> list[Full]:
        """The visible pieces that would lose time, each with the time it would lose as suspended."""
        losses: dict[str, list[Span]] = defaultdict(list)
        for ours, claim in yielding:
            losses[claim.booking] += within([claim.span], ours.span)
        pieces = [
            replace(piece, suspended=lost)
            for key, spans in losses.items()
            if key in self.eyes.known
            for piece in self.eyes.pieces(self.eyes.known[key])
            if (lost := within(merged(spans), piece.span))
        ]
        return sorted(pieces, key=lambda piece: (piece.span, piece.resource, piece.id))

    # --- when it fits -------------------------------------------------------------------------

    def refused_spans(self) -> tuple[Span, ...]:
        """All time in which the use, made anew, is refused or would make somebody give way."""
        spans = [
            refused_time(d, claim)
            for d, claim in refusing(self.demands, self.others, self._seen_circles.admits)
        ]
        spans += [span for key in self._own_busy() for span in self.eyes.busy(key)]
        if self.use.circle is not None:
            places = self.eyes.premises.lying_in(self.use.zones)
            spans += [span for place in places for span in self.eyes.busy(place.key, changeover=False)]
        elif self.changing is not None:
            spans += [claim.span for claim in self._secrecy_that_bars_an_edit()]
        return merged(spans)

    def _own_busy(self) -> list[str]:
        return [self.use.resource.key, *(each.key for each in self.use.equipment)]


def gives_way(ours: Claim, standing: Claim) -> bool:
    """Whether a standing claim would give way: ordinary presence does, to anything confidential."""
    return isinstance(ours.stake, Secrecy) and isinstance(standing.stake, Presence)


def starts_in(gap: Span, length: timedelta, wanted: datetime) -> Iterator[datetime]:
    """Starts at which a use of this length fits in a gap, the nearest after the wanted first.

    Whole quarters where they fit, else the gap's own edge.
    """
    earliest = max(gap.start, min(wanted, gap.end - length))
    start = ceiling_to(earliest, 15)
    if start + length > gap.end:
        start = earliest
    while start + length <= gap.end:
        yield start
        start = ceiling_to(start + length, 15)


def nearest(gaps: Iterable[Span], length: timedelta, wanted: datetime, limit: int) -> list[Span]:
    """The spans of a length in the gaps, nearest to the wanted start first; UTC."""
    found: list[Span] = []
    for gap in gaps:
        for count, start in enumerate(starts_in(gap, length, wanted)):
            found.append(Span(start, start + length))
            if count + 1 >= limit:
                break
    return sorted(found, key=lambda span: (abs(span.start - wanted), span.start))[:limit]


def open_gaps(open_time: Iterable[Span], refused: Iterable[Span], length: timedelta) -> tuple[Span, ...]:
    """Open time that is not refused, in gaps long enough."""
    return tuple(gap for gap in without(open_time, refused) if gap.length >= length)
