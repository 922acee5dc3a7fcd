"""For whom each address is: one line for every route in the map. A route that is not here fails the census.

What is for those alone who may know a booking answers everybody else as if it had never been.
"""

from enum import Enum

from tests.cast import ADMINISTRATOR, ARTIST, COORDINATOR, GUARD, POLICE, TRAFFIC
from tests.noninterference.worlds import NOBODY

WHO_BOOK = (
    ARTIST,
    TRAFFIC,
    GUARD,
    POLICE,
    COORDINATOR,
)  # the police one is administrator of their organisation
WHO_SIGN_IN = (*WHO_BOOK, ADMINISTRATOR)
ALL = (NOBODY, *WHO_SIGN_IN)


class Audience(Enum):
    """Who is answered, in words, and which people of the cast those are."""

    EVERYBODY = "also who is not signed in", ALL
    SECRET = "whoever holds the secret in the address", ALL
    THE_MONITORING = "whoever sends a token of its own; for people it is not there", ()
    SIGNED_IN = "who is signed in, each through their own eyes", WHO_SIGN_IN
    BOOKS = "who may book at all", WHO_BOOK
    WHO_MAY_KNOW = "those who may know the booking", WHO_SIGN_IN
    OWN = "whose own it is", WHO_SIGN_IN
    A_DOOR = "a display at a door, by its own cookie; anybody else is led to where one is paired", ALL
    THE_COORDINATOR = "the coordinator", (COORDINATOR,)
    THE_HOUSE = "the coordinator and the system's administrator", (COORDINATOR, ADMINISTRATOR)
    MEMBERS = "people of organisations, not guests", tuple(each for each in WHO_BOOK if each != ARTIST)
    PARTNERS = "people of organisations and who runs the house, not guests", WHO_SIGN_IN[1:]
    THEIR_ADMINISTRATOR = "the administrator of an organisation, for their own", (POLICE,)
    CIRCLE = "members of the circle", WHO_SIGN_IN
    THE_ADMINISTRATOR = "the system's administrator", (ADMINISTRATOR,)

    def __init__(self, words: str, people: tuple[str, ...]) -> None:
        self.words = words
        self.people = people


E, S, K, C = (
    Audience.EVERYBODY,
    Audience.SIGNED_IN,
    Audience.WHO_MAY_KNOW,
    Audience.THE_COORDINATOR,
)
OWN, ORG, CIRCLE = Audience.OWN, Audience.THEIR_ADMINISTRATOR, Audience.CIRCLE
AUDIENCES: dict[str, Audience] = {
    **dict.fromkeys(("api.page", "api.description", "health.alive", "health.ready", "static"), E),
    **dict.fromkeys(("settings.language", "settings.theme"), E),
    **dict.fromkeys(("sign_in.sign_in", "sign_in.sign_out"), E),
    **dict.fromkeys(("sign_in.ask_passkey", "sign_in.sign_in_by_passkey"), E),
    **dict.fromkeys(("second_step.step", "second_step.ask", "second_step.by_passkey"), E),
    "door.pair": E,
    "metrics.show": Audience.THE_MONITORING,
    **dict.fromkeys(("door.show", "door.parts", "door.form", "door.book", "door.done"), Audience.A_DOOR),
    **dict.fromkeys(("door.ending", "door.end", "door.other"), Audience.A_DOOR),
    **dict.fromkeys(("ical.feed", "sign_in.choose_password", "invitation.accept"), Audience.SECRET),
    **dict.fromkeys(("standing.help", "standing.terms", "standing.privacy", "standing.accessibility"), E),
    "invitation.explained": E,
    **dict.fromkeys(("today.home", "today.today", "today.parts", "arriving.place", "mine.mine"), S),
    **dict.fromkeys(("searching.form", "searching.search"), S),
    **dict.fromkeys(("plan.page", "plan.parts", "week.page", "week.parts"), S),
    **dict.fromkeys(("notices.notices", "notices.read", "others.explained"), S),
    **dict.fromkeys(("book.form", "book.answer", "book.send", "api.book"), Audience.BOOKS),
    **dict.fromkeys(("sign_in.here", "sign_in.at_work"), S),
    **dict.fromkeys(("settings.wishes", "settings.wish", "extracts.own", "extracts.give_own"), S),
    **dict.fromkeys(("subscriptions.calendars", "subscriptions.make_calendar"), S),
    **dict.fromkeys(("subscriptions.tokens", "subscriptions.make_token"), S),
    **dict.fromkeys(("api.me", "api.premises", "api.board", "api.free"), S),
    **dict.fromkeys(("api.feeds", "api.subscribe"), S),
    **dict.fromkeys(("security.page", "security.confirm", "security.make_codes"), S),
    **dict.fromkeys(("security.ask_passkey", "security.add_passkey", "security.begin_app"), S),
    **dict.fromkeys(("security.confirm_app", "security.remove_app", "security.sign_out_everywhere"), S),
    **dict.fromkeys(("security.remove_passkey", "security.end_session"), OWN),
    **dict.fromkeys(("subscriptions.revoke_calendar", "subscriptions.revoke_token", "api.unsubscribe"), OWN),
    **dict.fromkeys(("bookings.show", "bookings.open_details", "bookings.change", "bookings.cancel"), K),
    "brief.brief": K,
    "bookings.restore": K,
    "moving.answer": K,
    **dict.fromkeys(("bookings.offered", "bookings.move", "bookings.try_again", "others.booking"), K),
    **dict.fromkeys(("arriving.check_in", "arriving.end", "arriving.ask"), K),
    **dict.fromkeys(("api.see", "api.change", "api.cancel", "api.restore", "api.check_in"), K),
    **dict.fromkeys(("coordination.overview", "coordination.approvals", "arriving.signs"), C),
    **dict.fromkeys(("coordination.approve", "coordination.decline", "coordination.lift"), C),
    **dict.fromkeys(("blocking.form", "blocking.send", "closing.form", "closing.send", "closing.end"), C),
    **dict.fromkeys(("furnishing.show", "furnishing.rename", "furnishing.retire"), C),
    **dict.fromkeys(("furnishing.set_hours", "circles.form", "circles.make", "history.house"), C),
    **dict.fromkeys(("doors.show", "doors.make", "doors.renew_code", "doors.unpair"), C),
    **dict.fromkeys(("furnishing.set_day", "furnishing.unset_day", "furnishing.add"), C),
    **dict.fromkeys(("rules.show", "rules.change", "guests.page", "guests.invite"), C),
    **dict.fromkeys(("guests.invite_anew", "guests.withdraw", "guests.extend", "guests.end"), C),
    **dict.fromkeys(("organisations.page", "organisations.take_in", "organisations.change"), C),
    **dict.fromkeys(("organisations.send_link", "organisations.rest", "organisations.wake"), C),
    "doings.runs": Audience.THE_HOUSE,
    "circles.mine": Audience.MEMBERS,
    **dict.fromkeys(("report.page", "report.file", "api.report"), Audience.PARTNERS),
    **dict.fromkeys(("circles.show", "circles.add", "circles.remove", "circles.leave"), CIRCLE),
    **dict.fromkeys(
        ("circles.second_factor", "history.circle", "reviewing.circle", "reviewing.sign"), CIRCLE
    ),
    **dict.fromkeys(("organisation.people", "organisation.admit", "organisation.administrator"), ORG),
    **dict.fromkeys(("organisation.hand_over", "organisation.deactivate"), ORG),
    **dict.fromkeys(("organisation.forget_factors", "history.organisation", "reviewing.circles"), ORG),
    **dict.fromkeys(("extracts.disclosure", "extracts.disclose"), ORG),
    **dict.fromkeys(("accounts.form", "accounts.find", "accounts.reset"), Audience.THE_ADMINISTRATOR),
    "history.accounts": Audience.THE_ADMINISTRATOR,
}
