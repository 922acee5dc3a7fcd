"""Who acts and who looks: roles, organisations, circles, and the Viewer that every answer is made for.

Standard library only. A feed and a door display are Viewers too; nobody sees anything except as one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from booking.domain.premises import Category

ADDRESS = re.compile(r'[^\s@,;:<>()"\[\]\\]+@[^\s@,;:<>()"\[\]\\]+')
ADDRESS_LENGTH = 254  # RFC 5321 section 4.5.3.1.3, without the angle brackets
PERSON_NAME_LENGTH = 120

OrganisationId = int
CircleId = int
PersonId = int


def is_address(text: str) -> bool:
    """Whether it is one mail address that an account can have."""
    return bool(ADDRESS.fullmatch(text)) and text.isprintable() and len(text) <= ADDRESS_LENGTH


def is_persons_name(text: str) -> bool:
    """Whether a person can be called so: on one line, and not too long."""
    return bool(text.strip()) and text.isprintable() and len(text) <= PERSON_NAME_LENGTH


class Role(StrEnum):
    """What an account may do; it never shows more of a confidential booking."""

    GUEST = "guest"
    MEMBER = "member"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    DOOR = "door"  # a display at a door; nobody signs in as one
    ANONYMOUS = "anonymous"


class Visibility(StrEnum):
    """Who may know a booking, as its organiser chose."""

    OPEN = "open"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    OWN = "own"  # a block without a public reason: for the coordinator's own organisation


CHOSEN = (Visibility.OPEN, Visibility.INTERNAL, Visibility.CONFIDENTIAL)  # what a booking can be given


class Secrecy(StrEnum):
    """By what an organisation is bound to silence (OSL, a statute of its own, an agreement, or nothing)."""

    OSL = "osl"
    STATUTE = "statute"
    AGREEMENT = "agreement"
    NONE = "none"


@dataclass(frozen=True)
class Organisation:
    """Whose people book. Its two-letter code and its colour (1-8) stand for it on the board."""

    id: OrganisationId
    key: str
    name: str
    code: str
    colour: int
    category: Category
    default_visibility: Visibility = Visibility.INTERNAL
    secrecy: Secrecy = Secrecy.NONE


@dataclass(frozen=True)
class Circle:
    """A named set of organisations that may know. It is called by its key and its name in all its ages.

    `earlier`: a later age of it takes what is booked now. `second_factor`: its bookings open only with one.
    """

    id: CircleId
    key: str
    name: str
    steward: OrganisationId
    second_factor: bool = False
    earlier: bool = False


@dataclass(frozen=True)
class Circles:
    """Which organisations are in each circle, now."""

    members: Mapping[CircleId, frozenset[OrganisationId]]

    def admits(self, organisation: OrganisationId, circle: CircleId) -> bool:
        """Whether the organisation is in the circle."""
        return organisation in self.members.get(circle, frozenset())

    def of(self, organisation: OrganisationId | None) -> frozenset[CircleId]:
        """The circles an organisation is in."""
        return frozenset(circle for circle, members in self.members.items() if organisation in members)

    def as_seen_by(self, viewer: Viewer) -> Circles:
        """The same circles, with the viewer's organisation only where this viewer acts for it.

        A token with an outsider's eyes books as an outsider, or its refusals would tell more than it sees.
        """
        if viewer.organisation is None:
            return self
        mine = frozenset({viewer.organisation})
        return Circles({c: m if c in viewer.circles else m - mine for c, m in self.members.items()})


NO_CIRCLES: frozenset[CircleId] = frozenset()


@dataclass(frozen=True)
class Viewer:
    """The eyes an answer is made for. `circles` are those whose bookings these eyes may know.

    `trusted` is False for a token that its owner has not allowed to open anything confidential.
    `organisation_admin`: they admit and release the people of their own organisation. `proved`: the session behind
    the eyes gave a second factor, which a circle may demand; no token and no feed ever has. `names`: open bookings
    are named to these eyes, which a door display's are only where the premises says so.
    """

    person: PersonId | None = None
    name: str = ""
    email: str = ""
    role: Role = Role.ANONYMOUS
    organisation: OrganisationId | None = None
    category: Category | None = None
    circles: frozenset[CircleId] = NO_CIRCLES
    trusted: bool = True
    organisation_admin: bool = False
    proved: bool = False
    names: bool = True

    @property
    def signed_in(self) -> bool:
        """Whether there is a person behind the eyes."""
        return self.person is not None

    @property
    def of_an_organisation(self) -> bool:
        """Whether internal bookings are for this viewer: a member of an organisation, no guest and no door."""
        member = self.organisation is not None and self.category is not Category.GUEST
        return self.signed_in and member and self.role is not Role.DOOR

    def as_outsider(self) -> Viewer:
        """The same person with an outsider's eyes to everything confidential."""
        return replace(self, circles=NO_CIRCLES, trusted=False, proved=False)


NOBODY = Viewer()
NOWHERE = -1  # the number of no person and of no organisation: the database begins at 1


def stranger(category: Category) -> Viewer:
    """The eyes of somebody who does not exist: of an organisation of that category, or a guest, and in no circle."""
    role = Role.GUEST if category is Category.GUEST else Role.MEMBER
    return Viewer(person=NOWHERE, role=role, organisation=NOWHERE, category=category)
