"""A use tried against what stands: what it adds, what refuses it, what would give way, when it fits.

Standard library only. Booking anew and changing are one thing here: a new booking keeps nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from booking.domain.bookings import Booking
from booking.domain.claims import (
    BySpace,
    Claim,
    Hold,
    Presence,
    Secrecy,
    Use,
    WallState,
    compatible,
    demands,
    kept_and_added,
    laid,
    refused_time,
    refusing,
    sounding,
)
from booking.domain.disclosure import Eyes
from booking.domain.displacement import Loss, gives_way, loss, outranks
from booking.domain.people import NO_CIRCLES, CircleId, Circles
from booking.domain.premises import Kind
from booking.domain.spans import Span, ceiling_to, merged, parts, within, without
from booking.domain.views import Busy, Full

NEWEST = 2**62  # an attempt is newer than everything that stands; the ledger gives the real turn


@dataclass(frozen=True)
class Verdict:
    """What came of an attempt. Accepted when nothing refuses it and all that gives way was agreed to.

    `clashes` and `displaceable` are views for the one who tries; `losses` what each displaced occurrence
    loses; `crossed` are the circles an ordinary booking takes over. `kept` and `added` are the claims to store.
    """

    refused: bool
    clashes: tuple[Full | Busy, ...]
    displaceable: tuple[Full, ...]
    losses: tuple[Loss, ...]
    crossed: frozenset[CircleId]
    kept: tuple[Claim, ...]
    added: tuple[Claim, ...]


class Attempt:
    """One person's use of the premises, tried with their eyes against the standing claims of others.

    `standing` must hold every claim that overlaps the attempt, its lead included; `changing` is the
    occurrence being changed, whose own claims `held` are never in its own way, nor are those of the
    occurrences changed with it, `along`.
    """

    def __init__(
        self,
        eyes: Eyes,
        circles: Circles,
        use: Use,
        standing: Iterable[Claim],
        changing: Booking | None = None,
        along: Collection[str] = (),
    ) -> None:
        self.eyes = eyes
        self.use = use
        self.changing = changing
        self.demands = demands(eyes.premises, use)
        claims = list(standing)
        own = changing.key if changing else None
        self.held = [each for each in claims if each.occurrence == own and self._keeps(each)]
        others = (each for each in claims if not each.released and each.occurrence != own)
        self.others = BySpace(
            sounding((each for each in others if each.occurrence not in along), circles.admits)
        )
        self._seen_circles = circles.as_seen_by(eyes.viewer)

    def _keeps(self, own: Claim) -> bool:
        """What gave way stays so while the same is held; another place is tried for all the time anew."""
        if not own.released or self.changing is None:
            return True
        before = (self.changing.resource, self.changing.equipment, self.changing.clear_desks)
        taken = tuple(sorted(each.key for each in self.use.equipment))
        return before == (self.use.resource.key, taken, self.use.clear_desks)

    # --- judging one span ---------------------------------------------------------------------

    def judge(self, span: Span) -> Verdict:
        """Try the use over one span, UTC."""
        wanted = laid(self.demands, span, self.changing.key if self.changing else "", NEWEST)
        kept, added = kept_and_added(wanted, self.held, NEWEST)
        pairs = list(self._incompatible(added))
        met = [claim for ours, claim in pairs if not self._may_yield(ours, claim)]
        met += [*self._barred_by_edit(added), *self._clipped(added)]
        yielding = [claim for ours, claim in pairs if self._may_yield(ours, claim)]
        losses, displaced, unlisted = self._displaced(added, yielding)
        met += unlisted
        busy_places = self._busy_places(added)
        return Verdict(
            refused=bool(met or busy_places),
            clashes=tuple(self._shown(span, met, busy_places)) if met or busy_places else (),
            displaceable=tuple(displaced),
            losses=tuple(losses),
            crossed=self._crossed(kept, added),
            kept=tuple(kept),
            added=tuple(added),
        )

    def _incompatible(self, added: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
        for ours in added:
            for claim in self.others.over(ours.space, ours.span):
                if not compatible(ours.stake, claim.stake, self._seen_circles.admits):
                    yield ours, claim

    def _may_yield(self, ours: Claim, standing: Claim) -> bool:
        """What the booker may not know is never displaced: it could not be listed."""
        known = self.eyes.known.get(standing.occurrence)
        if known is None:
            return False
        return gives_way(ours, standing) or outranks(self.eyes.premises, self.eyes.viewer, self.use, known)

    def _clipped(self, added: Iterable[Claim]) -> Iterator[Claim]:
        """What is clipped from the booker's sight is Busy to them, also where it has given way."""
        for ours in added:
            for claim in self.eyes.clipped.over(ours.space, ours.span):
                own = self.changing is not None and claim.occurrence == self.changing.key
                agrees = compatible(ours.stake, claim.stake, self._seen_circles.admits)
                if not (own or agrees or gives_way(ours, claim)):
                    yield claim

    def _secrecy_over(self, added: Iterable[Claim]) -> Iterator[Claim]:
        """The standing secrecy of others that added presence crosses."""
        for ours in added:
            if isinstance(ours.stake, Presence):
                for claim in self.others.over(ours.space, ours.span):
                    if isinstance(claim.stake, Secrecy):
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
        spans = merged(claim.span for claim in added if isinstance(claim.stake, Hold | Presence))
        return [claim for claim in self._secrecy_that_bars_an_edit() if parts(spans, claim.span)]

    def _secrecy_that_bars_an_edit(self) -> Iterator[Claim]:
        """The secrecy in the zones that the booking being changed has not taken over."""
        mine = self.changing.circles if self.changing else NO_CIRCLES
        for zone in self.use.resource.zones:
            for claim in self.others.of(zone):
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
            if any(parts(self.eyes.busy(each.key, changeover=False), span) for span in spoken)
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

    def _displaced(
        self, added: list[Claim], yielding: Iterable[Claim]
    ) -> tuple[list[Loss], list[Full], list[Claim]]:
        """What each displaced occurrence loses, the visible pieces that would lose it, and what cannot be listed.

        Each piece has the time it would lose as suspended; a loss that no piece shows refuses instead.
        """
        met: dict[str, list[Claim]] = defaultdict(list)
        for claim in yielding:
            met[claim.occurrence].append(claim)
        losses, pieces, unlisted = [], [], []
        for key, claims in met.items():
            known = self.eyes.known[key]
            found = loss(self.eyes.premises, known, added, claims)
            shown = [
                replace(piece, suspended=lost)
                for piece in self.eyes.pieces(known)
                if (lost := within(found.spans, piece.span))
            ]
            losses.append(found)
            pieces += shown
            if found.released and without(found.spans, (part for each in shown for part in each.suspended)):
                unlisted += claims
        return losses, sorted(pieces, key=lambda piece: (piece.span, piece.resource, piece.id)), unlisted

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
