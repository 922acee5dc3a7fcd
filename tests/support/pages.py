"""Every page that a person meets, and whose eyes show it best: for the checks of all pages, and for the pictures.

Imports the application's domain, tests.cast and tests.support.house.
"""

from collections.abc import Callable
from dataclasses import dataclass

from booking.actions import inviting, looking
from booking.actions.inviting import Inviting
from booking.domain.people import Visibility
from booking.domain.views import Full
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    COORDINATOR,
    DESKS,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    PREMISES,
    TRAFFIC,
)
from tests.support.house import DISPLAY, House, circle_page


@dataclass(frozen=True)
class Page:
    """A page by its name, who looks at it, and its address, which may need the house to be found."""

    name: str
    who: str | None
    path: str | Callable[[House], str]

    def address(self, house: House) -> str:
        """Where it is."""
        return self.path if isinstance(self.path, str) else self.path(house)


def booking(who: str, visibility: Visibility, what: str = "") -> Callable[[House], str]:
    """The address of somebody's first booking of this kind today."""

    def found(house: House) -> str:
        with house.inside():
            today = looking.board(
                house.viewer(who), house.place, house.span("00:00", "24:00"), house.clock()
            ).board.bookings
        view: Full = next(each for each in today if each.visibility is visibility and each.mine)
        return f"/bokning/{view.id}{what}"

    return found


def place(house: House) -> str:
    """The address that stands on the sign at the hall."""
    return f"/plats/{house.place.public_ids[HALL]}"


def invitation(house: House) -> str:
    """The address that an invited guest gets; without mail it is known to whoever invites."""
    with house.inside():
        last = inviting.usual_end(house.place, house.clock())
        wanted = Inviting("cirkus@example.org", "Cirkus Exempel", last)
        return f"/inbjudan/{inviting.invite(house.viewer(COORDINATOR), PREMISES, wanted, house.clock())}"


OPEN, SECRET = Visibility.OPEN, Visibility.CONFIDENTIAL
PAGES = (
    Page("logga-in", None, "/logga-in"),
    Page("inbjudan", None, "/inbjudan"),
    Page("inbjudan-konto", None, invitation),
    Page("hjalp", None, "/hjalp"),
    Page("villkor", None, "/villkor"),
    Page("personuppgifter", None, "/personuppgifter"),
    Page("tillganglighet", POLICE, "/tillganglighet"),
    Page("idag", POLICE, "/idag"),
    Page("idag-gast", ARTIST, "/idag"),
    Page("idag-lista", POLICE, "/idag?vy=lista"),
    Page("idag-annan-dag", POLICE, "/idag?datum=2026-11-27"),
    Page("vecka", POLICE, "/vecka?plats=motesrummet&datum=2026-11-24&vy=tavla"),
    Page("vecka-lista", ARTIST, "/vecka?plats=arbetsplats-2&datum=2026-11-26&vy=lista"),
    Page("plan", POLICE, "/plan"),
    Page("plan-hall", POLICE, "/plan?datum=2026-11-27&tid=17:15"),
    Page("plan-gast", ARTIST, "/plan?datum=2026-11-27&tid=17:15"),
    Page("boka", POLICE, "/boka?plats=hela-lokalen&datum=2026-11-24&fran=14:00&till=15:00"),
    Page("boka-gast", ARTIST, "/boka"),
    Page("boka-krock", ARTIST, "/boka?plats=motesrummet&datum=2026-11-24&fran=10:15&till=11:00"),
    Page("bokning", TRAFFIC, booking(TRAFFIC, OPEN)),
    Page("bokning-sekretess", POLICE, booking(POLICE, SECRET)),
    Page("andra", TRAFFIC, booking(TRAFFIC, OPEN, "/andra")),
    Page("andra-ser", POLICE, booking(POLICE, SECRET, "/andra-ser")),
    Page("mina", POLICE, "/mina"),
    Page("mina-tidigare", POLICE, "/mina?vy=tidigare&vem=alla"),
    Page("kalendrar", POLICE, "/mina/kalender"),
    Page("nycklar", POLICE, "/mina/nycklar"),
    Page("sok", POLICE, "/sok"),
    Page("aviseringar", ARTIST, "/aviseringar"),
    Page("installningar", POLICE, "/installningar"),
    Page("sakerhet", POLICE, "/installningar/sakerhet"),
    Page("mina-uppgifter", POLICE, "/installningar/mina-uppgifter"),
    Page("vad-andra-kan-se", POLICE, "/vad-andra-kan-se"),
    Page("plats", POLICE, place),
    Page("kretsar", POLICE, "/kretsar"),
    Page("krets", POLICE, circle_page(POLICE_CIRCLE)),
    Page("krets-granskning", POLICE, f"{circle_page(POLICE_CIRCLE)}/granskning"),
    Page("krets-handelser", POLICE, f"{circle_page(POLICE_CIRCLE)}/handelser"),
    Page("granskning", POLICE, "/granskning"),
    Page("organisationen", POLICE, "/organisationen"),
    Page("organisationen-handelser", POLICE, "/organisationen/handelser"),
    Page("utlamnande", POLICE, "/organisationen/utlamnande"),
    Page("uppfoljning", POLICE, "/uppfoljning"),
    Page("uppfoljning-forra", COORDINATOR, "/uppfoljning?kvartal=2026-K3&plats=hela-lokalen"),
    Page("samordning", COORDINATOR, "/samordning"),
    Page("godkannanden", COORDINATOR, "/samordning/godkannanden"),
    Page("samordning-handelser", COORDINATOR, "/samordning/handelser"),
    Page("korningar", COORDINATOR, "/samordning/korningar"),
    Page("samordning-kretsar", COORDINATOR, "/samordning/kretsar"),
    Page("lokalen", COORDINATOR, "/samordning/lokalen"),
    Page("regler", COORDINATOR, "/samordning/regler"),
    Page("gaster", COORDINATOR, "/samordning/gaster"),
    Page("organisationer", COORDINATOR, "/samordning/organisationer"),
    Page("skyltar", COORDINATOR, "/samordning/skyltar"),
    Page("dorrskarmar", COORDINATOR, "/samordning/dorrar"),
    Page("dorr-koppla", None, "/dorr"),
    Page("dorr", f"{DISPLAY}{DESKS[3]}", "/dorr/skarm"),
    Page("dorr-upptaget", f"{DISPLAY}{MEETING_ROOM}", "/dorr/skarm"),
    Page("dorr-vem", f"{DISPLAY}{MEETING_ROOM}", "/dorr/boka?fran=20261124T100000Z&minuter=30"),
    Page("dorr-annan-tid", f"{DISPLAY}{MEETING_ROOM}", "/dorr/annan-tid"),
    Page("sparra", COORDINATOR, "/samordning/sparra"),
    Page("stang", COORDINATOR, "/samordning/stang"),
    Page("konton", ADMINISTRATOR, "/konton"),
    Page("konton-handelser", ADMINISTRATOR, "/konton/handelser"),
    Page("api", POLICE, "/api/"),
    Page("fel", POLICE, "/bokning/finns-inte"),
)
# Addresses that are asked for and are no page of their own.
NO_PAGES = {
    "today.home": "leads to the board",
    "today.parts": "a part of the board",
    "brief.brief": "what the board shows over itself",
    "plan.parts": "parts of the plan",
    "week.parts": "a part of the week",
    "door.parts": "a part of the display at a door",
    "door.done": "a display's page for a moment, like its screen",
    "door.ending": "a display's page for a moment, like its screen",
    "settings.language": "leads back",
    "bookings.offered": "a page only where something gave way",
    "sign_in.choose_password": "opens by the secret of a letter",
    "second_step.step": "opens between the two steps of signing in",
    "calendars.occurrence": "a file",
    "sign_in.here": "says nothing",
    "sign_in.at_work": "says nothing",
    "ical.feed": "a file",
    "report.file": "a file",
    "health.alive": "for machines",
    "health.ready": "for machines",
    "metrics.show": "for machines",
    "static": "files",
}
