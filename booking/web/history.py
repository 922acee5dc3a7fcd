"""What has happened, in words: the journal's pages, one for each who may read a part of it. Imports the actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from booking.actions import history, looking
from booking.actions.history import Happening, Happenings, Side
from booking.actions.looking import Opened
from booking.domain.people import Viewer
from booking.web.cards import name_of
from booking.web.clock import now
from booking.web.marks import marked
from booking.web.news import when
from booking.web.occurrences import address
from booking.web.pieces import read_occurrence, write_occurrence
from booking.web.viewer import current_viewer
from booking.web.wording import moment as written

pages = Blueprint("history", __name__)

DEEDS: Mapping[str, Callable[[], str]] = {
    "booking:book": lambda: _("Booked"),
    "booking:import": lambda: _("Brought over from another calendar by the operator"),
    "booking:change": lambda: _("Changed"),
    "booking:cancel": lambda: _("Cancelled"),
    "booking:restore": lambda: _("The cancelling was undone"),
    "booking:check-in": lambda: _("Checked in"),
    "booking:end": lambda: _("Left early"),
    "booking:release": lambda: _("Released, for nobody came"),
    "booking:approve": lambda: _("Approved"),
    "booking:decline": lambda: _("Not approved"),
    "booking:lapse": lambda: _("Lapsed without an answer"),
    "booking:disclose": lambda: _("Opened to others than its circle"),
    "booking:ask": lambda: _("Asked to swap"),
    "booking:hand-over": lambda: _("Handed over to a colleague"),
    "block:make": lambda: _("Blocked"),
    "closure:make": lambda: _("Closed in an emergency"),
    "closure:end": lambda: _("The closure was ended"),
    "door:make": lambda: _("A door display was made"),
    "door:code": lambda: _("A new code for a door display was made"),
    "door:pair": lambda: _("A door display was paired"),
    "door:unpair": lambda: _("A door display was unpaired"),
    "feed:issue": lambda: _("A calendar link was made"),
    "feed:revoke": lambda: _("A calendar link was revoked"),
    "token:issue": lambda: _("A token for programs was made"),
    "token:revoke": lambda: _("A token for programs was revoked"),
    "circle:make": lambda: _("The circle was made"),
    "circle:admit": lambda: _("An organisation was taken in"),
    "circle:remove": lambda: _("An organisation was taken out"),
    "circle:leave": lambda: _("An organisation left"),
    "circle:factor": lambda: _("Whether a second factor is demanded was changed"),
    "person:rights": lambda: _("Rights as administrator were changed"),
    "person:reset": lambda: _("A link for a new password was sent"),
    "person:passkey-add": lambda: _("A passkey was added"),
    "person:passkey-remove": lambda: _("A passkey was removed"),
    "person:authenticator-add": lambda: _("An authenticator app was added"),
    "person:authenticator-remove": lambda: _("The authenticator app was removed"),
    "person:recovery-codes": lambda: _("Recovery codes were made anew"),
    "person:recovery-use": lambda: _("A recovery code was used"),
    "person:factors-forget": lambda: _("Second factors were taken away"),
    "person:session-end": lambda: _("A session was ended"),
    "person:sessions-end": lambda: _("Every session was ended"),
    "person:add": lambda: _("The account was made"),
    "guest:invite": lambda: _("A guest was invited"),
    "guest:withdraw": lambda: _("An invitation was taken back"),
    "guest:arrive": lambda: _("A guest made their account"),
    "guest:extend": lambda: _("A guest’s account was given another end"),
    "guest:end": lambda: _("A guest’s account was ended"),
    "organisation:take-in": lambda: _("An organisation was taken in to the premises"),
    "organisation:change": lambda: _("An organisation was changed"),
    "organisation:rest": lambda: _("An organisation was put to rest"),
    "organisation:wake": lambda: _("An organisation is in use again"),
    "person:warn": lambda: _("Told that the account ends soon"),
    "person:deactivate": lambda: _("The account was ended"),
    "person:end": lambda: _("The account came to its end"),
    "person:link": lambda: _("A link to choose a password was sent"),
    "person:password": lambda: _("A password was chosen"),
    "person:wishes": lambda: _("Settings were changed"),
    "person:extract": lambda: _("One's own data was fetched"),
    "organisation:export": lambda: _("A disclosure of the organisation was made"),
    "premises:load": lambda: _("The premises was loaded"),
    "premises:furnish": lambda: _("The premises was changed"),
    "review:sign": lambda: _("A review of the access log was signed"),
    "review:miss": lambda: _("A review of the access log was overdue"),
}
FIELDS: Mapping[str, Callable[[], str]] = {
    "resource": lambda: _("the place"),
    "start": lambda: _("the start"),
    "end": lambda: _("the end"),
    "title": lambda: _("the title"),
    "note": lambda: _("the note"),
    "visibility": lambda: _("who may know"),
    "circle": lambda: _("the circle"),
    "attendees": lambda: _("who is invited"),
    "equipment": lambda: _("the equipment"),
    "clear_desks": lambda: _("whether desks are cleared"),
    "occurrence": lambda: _("one more time"),
    "organiser": lambda: _("who it belongs to"),
    "language": lambda: _("the language"),
    "by_mail": lambda: _("whether notices are mailed"),
    "invitations": lambda: _("how calendars are told"),
    "remind": lambda: _("the reminder"),
    "name": lambda: _("the name"),
    "code": lambda: _("the code"),
    "colour": lambda: _("the colour"),
    "terms": lambda: _("the terms were accepted"),
    "link": lambda: _("a link to its first administrator"),
    "rules": lambda: _("the rules"),
    "hours": lambda: _("the hours"),
    "places": lambda: _("the places"),
    "standing": lambda: _("with all that had been booked"),
    "confirmed": lambda: _("confirmed though bound by no duty of secrecy"),
    "ground": lambda: _("with a legal ground"),
}
TITLES: Mapping[Side, Callable[[], str]] = {
    Side.ORGANISATION: lambda: _("What has happened in the organisation"),
    Side.HOUSE: lambda: _("What has happened in the premises"),
    Side.ACCOUNTS: lambda: _("What has happened to accounts"),
}
ABOUT: Mapping[Side, Callable[[], str]] = {
    Side.ORGANISATION: lambda: _(
        "Your people, their calendar links and tokens, and what they have booked. "
        "What you may not know is not here either."
    ),
    Side.HOUSE: lambda: _("Changes of the premises, blocks and closures, and answers to those who asked."),
    Side.ACCOUNTS: lambda: _("Accounts, and premises that were loaded. Nothing of anybody's bookings."),
}
ACTIVE: Mapping[Side, str] = {Side.ORGANISATION: "organisation", Side.HOUSE: "coordination"}


@dataclass(frozen=True)
class Line:
    """One thing that happened, in words. `address` is empty where there is nothing to open."""

    at: str
    deed: str
    fields: str
    about: str
    address: str
    by: str


@pages.get("/organisationen/handelser")
def organisation() -> str:
    """For the administrator of an organisation: its people, and what they have booked."""
    return _side(Side.ORGANISATION)


@pages.get("/samordning/handelser")
def house() -> str:
    """For the coordinator: the premises, what is kept from everybody, and answers."""
    return _side(Side.HOUSE)


@pages.get("/konton/handelser")
def accounts() -> str:
    """For the administrator of the system: accounts, and premises that were loaded."""
    return _side(Side.ACCOUNTS)


@pages.get("/kretsar/<number>/handelser")
def circle(number: str) -> str:
    """For the people of a circle's steward: what was done to the circle."""
    viewer, moment = current_viewer(), now()
    watch, found = history.of_circle(viewer, marked(viewer, number).circle.key, _before(), moment)
    title = _("What has happened to the circle %(name)s", name=watch.name)
    return _page(viewer, found, moment, title, _("Who was added and removed, and when its log was reviewed."))


def _side(side: Side) -> str:
    viewer, moment = current_viewer(), now()
    found = history.of_side(viewer, side, _before(), moment)
    return _page(viewer, found, moment, TITLES[side](), ABOUT[side](), ACTIVE.get(side, ""))


def _page(
    viewer: Viewer, found: Happenings, moment: datetime, title: str, about: str, active: str = ""
) -> str:
    zone = looking.zone_of(viewer)
    return render_template(
        "history/history.html",
        title=title,
        about=about,
        active=active,
        lines=[_line(each, moment, zone) for each in found.shown],
        older=write_occurrence(found.older) if found.older else "",
    )


def of_booking(opened: Opened, moment: datetime) -> list[Line]:
    """What happened to one booking, for the page of it."""
    found = history.of_booking(current_viewer(), opened)
    return [_line(each, moment, opened.place.premises.zone) for each in found.shown]


def _before() -> datetime | None:
    """Before when the page begins; anything that cannot be read is now."""
    return read_occurrence(request.args.get("fore", ""))


def _line(each: Happening, moment: datetime, zone: tzinfo) -> Line:
    words = [FIELDS[name]() for name in each.fields if name in FIELDS]
    about = each.about
    if each.place is not None and each.view is not None:
        premises = each.place.premises
        known = each.view.resource in premises.by_key
        where = name_of(premises, each.view.resource) if known else premises.name
        about = f"{where}, {when(each.view.span, premises.zone)}"
    return Line(
        at=written(each.at, moment, zone),
        deed=DEEDS[each.action]() if each.action in DEEDS else each.action,
        fields=", ".join(words),
        about=about,
        address=address(each.view) if each.view else "",
        by=each.by or (_("by itself") if each.itself else ""),
    )
