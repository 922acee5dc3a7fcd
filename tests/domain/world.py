"""A small installation in memory: it books, changes and cancels exactly as the actions do, by Attempt and Eyes.

Imports the domain and the cast.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from booking.domain.attempts import Attempt, Verdict
from booking.domain.bookings import Booking, Content
from booking.domain.claims import Claim, Hold, Use, broken_pairs, demands, parted
from booking.domain.disclosure import Eyes, use_of
from booking.domain.displacement import free_again, in_the_way
from booking.domain.people import CircleId, Circles, Viewer, Visibility
from booking.domain.premises import Premises
from booking.domain.spans import Span, merged, without
from booking.domain.views import Board
from tests.domain.cast import CIRCLES, NOW, PREMISES, at

DAYS = Span(at("00:00", -3), at("00:00", 4))


@dataclass
class World:
    """What stands, and the one clock."""

    premises: Premises = PREMISES
    circles: Circles = CIRCLES
    now: datetime = NOW
    turn: int = 0
    bookings: dict[str, Booking] = field(default_factory=dict)
    claims: dict[str, tuple[Claim, ...]] = field(default_factory=dict)
    named: int = 0

    @property
    def laid(self) -> list[Claim]:
        """All claims of all bookings, those that gave way too."""
        return [claim for each in self.claims.values() for claim in each]

    @property
    def standing(self) -> list[Claim]:
        """All claims that stand."""
        return [claim for claim in self.laid if not claim.released]

    def eyes(self, viewer: Viewer) -> Eyes:
        """What a viewer may know of all this."""
        return Eyes(viewer, self.premises, self.bookings.values(), self.laid, self.now)

    def board(self, viewer: Viewer, window: Span = DAYS) -> Board:
        """The board of a viewer."""
        return self.eyes(viewer).board(window)

    def use(self, viewer: Viewer, resource: str, circle: CircleId | None = None, **more: object) -> Use:
        """A use of a resource by the viewer's organisation."""
        assert viewer.organisation is not None
        return Use(self.premises.by_key[resource], viewer.organisation, circle, **more)  # type: ignore[arg-type]

    def attempt(self, viewer: Viewer, use: Use, changing: str | None = None) -> Attempt:
        """A use tried with the viewer's eyes."""
        own = self.bookings[changing] if changing else None
        return Attempt(self.eyes(viewer), self.circles, use, self.laid, own)

    def judge(
        self, viewer: Viewer, resource: str, span: Span, circle: CircleId | None = None, **more: object
    ) -> Verdict:
        """What would come of booking anew."""
        return self.attempt(viewer, self.use(viewer, resource, circle, **more)).judge(span)

    def book(
        self,
        viewer: Viewer,
        resource: str,
        span: Span,
        circle: CircleId | None = None,
        *,
        agreed: bool = False,
        visibility: Visibility = Visibility.INTERNAL,
        id: str = "",
        **more: object,
    ) -> str | None:
        """Book; the id, or None where it is refused or would make somebody give way who was not agreed to."""
        use = self.use(viewer, resource, circle, **more)
        verdict = self.attempt(viewer, use).judge(span)
        if verdict.refused or (verdict.displaceable and not agreed):
            return None
        self.named += 1
        id = id or f"hidden-{self.named}"
        assert viewer.organisation is not None
        assert viewer.person is not None
        made = Booking(
            id=id,
            resource=resource,
            span=span,
            occurrence=span.start,
            organisation=viewer.organisation,
            organiser=viewer.person,
            organiser_name=viewer.name,
            visibility=Visibility.CONFIDENTIAL if circle is not None else visibility,
            circle=circle,
            circles=frozenset({circle}) if circle is not None else verdict.crossed,
            content=Content(title=f"title of {id}"),
            equipment=tuple(each.key for each in use.equipment),
            clear_desks=use.clear_desks,
            urgent=use.urgent,
            category=viewer.category,
            uid=f"{id}@example.org",
            created=self.now,
            changed=self.now,
        )
        self._store(made, verdict)
        return id

    def change(
        self,
        viewer: Viewer,
        id: str,
        *,
        resource: str | None = None,
        span: Span | None = None,
        agreed: bool = False,
        disclose: bool = False,
    ) -> Verdict | None:
        """Change a booking of the viewer's organisation; None where it is not theirs to change."""
        old = self.bookings.get(id)
        if old is None or old.key not in self.eyes(viewer).known or old.organisation != viewer.organisation:
            return None
        circle = None if disclose else old.circle
        equipment = tuple(self.premises.by_key[key] for key in old.equipment)
        resource = resource or old.resource
        use = self.use(
            viewer, resource, circle, clear_desks=old.clear_desks, equipment=equipment, urgent=old.urgent
        )
        verdict = self.attempt(viewer, use, changing=id).judge(span or old.span)
        if verdict.refused or (verdict.displaceable and not agreed):
            return verdict
        new = replace(
            old,
            resource=resource,
            span=span or old.span,
            circle=circle,
            circles=verdict.crossed if disclose else old.circles,
            visibility=Visibility.INTERNAL if disclose else old.visibility,
            version=old.version + 1,
            sequence=old.sequence + 1,
            changed=self.now + timedelta(minutes=old.version),
        )
        self._store(new, verdict)
        return verdict

    def _store(self, made: Booking, verdict: Verdict) -> None:
        self.turn += 1
        aged = tuple(replace(claim, occurrence=made.key, since=self.turn) for claim in verdict.added)
        assert all(claim.occurrence == made.key for claim in verdict.kept)
        for loss in verdict.losses:
            if loss.released:
                key = next(id for id, each in self.bookings.items() if each.key == loss.occurrence)
                self._release(key, (*self.bookings[key].released, *loss.spans))
        self.claims[made.id] = (*verdict.kept, *aged)
        self.bookings[made.id] = replace(made, released=released(self.claims[made.id]))
        self._give_back()

    def _release(self, id: str, spans: Iterable[Span]) -> None:
        booking = self.bookings[id]
        self.claims[id] = parted(self.claims[id], booking.span, spans)
        self.bookings[id] = replace(booking, released=released(self.claims[id]))

    def _give_back(self) -> None:
        """What gave way is claimed again where it is free."""
        gone = [id for id, each in self.bookings.items() if each.released]
        for id in sorted(gone, key=lambda id: min(claim.since for claim in self.claims[id])):
            booking = self.bookings[id]
            others = in_the_way(
                self.claims[id], (each for each in self.laid if each.occurrence != booking.key)
            )
            wanted = demands(self.premises, use_of(self.premises, booking))
            self._release(id, without(booking.released, free_again(wanted, booking.released, others)))

    def cancel(self, id: str) -> None:
        """Cancel: its claims go."""
        self.turn += 1
        del self.bookings[id], self.claims[id]
        self._give_back()

    def moved_to(self, circles: Circles) -> World:
        """The same, with other people in the circles."""
        return replace(self, circles=circles)

    def broken(self) -> list[tuple[Claim, Claim]]:
        """What the audit names."""
        return list(broken_pairs(self.standing, self.circles.admits))


def released(claims: Iterable[Claim]) -> tuple[Span, ...]:
    """The time in which an occurrence gave way: what it holds no longer."""
    return merged(claim.span for claim in claims if claim.released and isinstance(claim.stake, Hold))
