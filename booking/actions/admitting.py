"""Letting people into one's own organisation, who administers it, and lost factors. Imports storage and the domain.

It is for the administrator of that organisation. Whoever is admitted chooses their own password by a link that
opens once. That an address has an account elsewhere is not told: the answer is the same, and who has not yet
arrived is in no list.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from booking.actions import securing, telling
from booking.actions.errors import NotFound, Refused
from booking.actions.handing_over import one_of, organisation_of, present_administrator, refuse_the_last
from booking.actions.membership import FIRST_PASSWORD, LINK_KEPT
from booking.domain.notices import News
from booking.domain.people import PERSON_NAME_LENGTH, PersonId, Role, Viewer, is_address, is_persons_name
from booking.domain.permissions import Deed, require
from booking.domain.refusals import Reason, Refusal
from booking.storage import access, directory, journal, outbox
from booking.storage.database import transaction
from booking.storage.journal import Action
from booking.storage.notices import tell
from booking.storage.outbox import Kind
from booking.storage.post import office
from booking.storage.tokens import new_token


def admit(viewer: Viewer, email: str, name: str, now: datetime) -> str | None:
    """Give somebody an account in one's own organisation, or a new link in place of an earlier one.

    The link is mailed to them. Without mail its secret is given, to be handed over; for an address that has an
    account elsewhere it is one that opens nothing. Refused for what is no address or name, and for somebody who is
    there already.
    """
    require(viewer, Deed.ORGANISATION_RUN)
    email, name = email.strip(), " ".join(name.split())
    refuse_what_is_no_person(email, name)
    with transaction():
        administrator = present_administrator(viewer, now)
        number = _admitted(administrator, email, name, now)
        if office().works:
            if number is not None:
                outbox.take_back(number, Kind.WELCOME)
                outbox.put(number, Kind.WELCOME, now)
            return None
        return access.issue_link(number, FIRST_PASSWORD, now + LINK_KEPT) if number else new_token()


def refuse_what_is_no_person(
    email: str, name: str, others: Iterable[Refusal] = (), name_field: str = "name"
) -> None:
    """Refused for what is no mail address or no person's name, along with `others` that were found wrong."""
    wrong = list(others)
    if not is_address(email):
        wrong.append(Refusal(Reason.NOT_AN_ADDRESS, "email"))
    if not name:
        wrong.append(Refusal(Reason.NAME_MISSING, name_field))
    elif not is_persons_name(name):
        too_long = len(name) > PERSON_NAME_LENGTH
        reason = Reason.TITLE_TOO_LONG if too_long else Reason.UNPRINTABLE
        wrong.append(Refusal(reason, name_field, PERSON_NAME_LENGTH))
    if wrong:
        raise Refused(tuple(wrong))


def _admitted(administrator: Viewer, email: str, name: str, now: datetime) -> PersonId | None:
    """Whom the link is for: somebody new, or who has not arrived yet; None where the account is another's."""
    found = directory.person_by_email(email)
    if found is None:
        number = directory.add_person(email, name, Role.MEMBER, administrator.organisation, now)
        journal.record(Action.PERSON_ADD, f"person {number}", now, administrator.person)
        return number
    if found.organisation != administrator.organisation:
        return None
    if found.arrived or found.ended(now):
        raise Refused((Refusal(Reason.ALREADY_A_COLLEAGUE, "email"),))
    journal.record(Action.PERSON_LINK, f"person {found.id}", now, administrator.person)
    return found.id


def take_back(viewer: Viewer, email: str, now: datetime) -> None:
    """A link that was sent to the wrong address opens nothing any more; nothing is told of any other address."""
    require(viewer, Deed.ORGANISATION_RUN)
    with transaction():
        administrator = present_administrator(viewer, now)
        found = directory.person_by_email(email)
        if found is not None and found.organisation == administrator.organisation and not found.arrived:
            outbox.take_back(found.id, Kind.WELCOME)
            access.revoke_links(found.id)
            journal.record(
                Action.PERSON_LINK, f"person {found.id}", now, administrator.person, ["taken_back"]
            )


def set_administrator(viewer: Viewer, who: str, wanted: bool, now: datetime) -> None:
    """Make a colleague an administrator of the organisation, or take that away; they are told.

    NotFound when they are not of one's own organisation, or have left. Refused when nobody would be left.
    """
    require(viewer, Deed.ORGANISATION_RUN)
    with transaction():
        administrator = present_administrator(viewer, now)
        colleague = one_of(administrator, who)
        if colleague.ended(now) or colleague.role not in (Role.MEMBER, Role.COORDINATOR):
            raise NotFound
        if colleague.organisation_admin == wanted:
            return
        if not wanted:
            refuse_the_last(colleague, now)
        directory.set_organisation_admin(colleague.id, wanted)
        journal.record(
            Action.PERSON_RIGHTS, f"person {colleague.id}", now, administrator.person, ["organisation_admin"]
        )
        if colleague.id != administrator.person:
            tell(colleague.id, News.RIGHTS, now)


def forget_factors(viewer: Viewer, who: str, now: datetime) -> None:
    """A colleague has lost their second factors: these are taken away, and they sign in without from then on.

    They are told, and so are the other administrators. NotFound when they are not of one's own organisation, or
    have left; Refused of oneself.
    """
    require(viewer, Deed.ORGANISATION_RUN)
    with transaction():
        administrator = present_administrator(viewer, now)
        colleague = one_of(administrator, who)
        if colleague.ended(now):
            raise NotFound
        if colleague.id == administrator.person:
            raise Refused((Refusal(Reason.UNKNOWN_COLLEAGUE, "who"),))
        securing.forget_factors(colleague.id, now, administrator.person)
        telling.administrators(
            organisation_of(colleague), News.FACTORS, now, but=administrator.person, about=colleague.id
        )
