"""Who may read what of the journal: one function decides, and what it does not name is for nobody.

Standard library only. Whatever somebody reads, what is for circles that they are not in is left out of it, and
nothing is counted. That something had to give way is told by notices alone: how often would tell of how much.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from booking.domain.people import NO_CIRCLES, CircleId, OrganisationId, Viewer
from booking.domain.permissions import Deed, require
from booking.domain.reviewing import Watch
from booking.domain.views import Full

# For no page. Who was turned away is told on the review page alone, of the bookings of its circle.
OPERATORS = frozenset({"retention:decide", "retention:destroy", "sealing:rotate"})  # who have the commands
SIGN_INS = frozenset({"person:sign-in", "person:sign-in-fail"})  # for the person alone, in their own data
COUNTED = frozenset({"booking:refuse"})  # in the follow-up report, and nowhere one by one
UNTOLD = frozenset({"booking:displace", "booking:deny", "deed:deny"}) | COUNTED | OPERATORS | SIGN_INS
OF_BOOKINGS = ("booking", "block", "closure")
ANSWERS = frozenset({"booking:approve", "booking:decline", "booking:lapse"})
LOADED = "premises:load"


class Side(StrEnum):
    """A part of the journal with a page of its own."""

    ORGANISATION = "organisation"
    HOUSE = "house"
    ACCOUNTS = "accounts"


@dataclass(frozen=True)
class Reach:
    """How far one reader sees into the journal. Each part that is set adds entries; none is nothing.

    `circles` are the reader's: what happened to bookings that are for others too is never within reach.
    `organisation`: its people, their keys and feeds, and the bookings it made. `house`: the premises that this
    organisation coordinates, with their blocks, closures and answers. `subjects` are circles by their numbers.
    """

    circles: frozenset[CircleId] = NO_CIRCLES
    booking: str | None = None
    organisation: OrganisationId | None = None
    house: OrganisationId | None = None
    accounts: bool = False
    subjects: frozenset[CircleId] = NO_CIRCLES
    own: OrganisationId | None = None

    def names_actor(self, action: str, organisation: OrganisationId | None) -> bool:
        """Whether the reader is told who did it, by that person's organisation.

        What others did to a booking is told without their name, but for who answered whether it may be.
        """
        ours = self.own is None or organisation == self.own
        return ours or action.partition(":")[0] not in OF_BOOKINGS or action in ANSWERS


NOTHING = Reach()


def reach(viewer: Viewer, what: Side | Full | Watch) -> Reach:
    """What the viewer may read of a part of the journal, a booking they may know, or a circle they are the steward of.

    Forbidden where their role has no such page; of another organisation's booking it is nothing.
    """
    if isinstance(what, Full):
        ours = what.ours and viewer.organisation is not None
        return Reach(viewer.circles, booking=what.id, own=viewer.organisation) if ours else NOTHING
    if isinstance(what, Watch):
        return Reach(viewer.circles, subjects=what.ages | {what.origin})
    if what is Side.ORGANISATION:
        require(viewer, Deed.HISTORY_OF_ORGANISATION)
        return Reach(viewer.circles, organisation=viewer.organisation, own=viewer.organisation)
    if what is Side.HOUSE:
        require(viewer, Deed.HISTORY_OF_HOUSE)
        return Reach(viewer.circles, house=viewer.organisation)
    require(viewer, Deed.HISTORY_OF_ACCOUNTS)
    return Reach(accounts=True)
