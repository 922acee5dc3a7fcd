"""Who is in the tests: the demo's own people, and the day most tests take place on."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

POLICE = "polis@example.org"
POLICE_COLLEAGUE = "polis2@example.org"
GUARD = "ordningsvakt@example.org"
SOCIAL = "ungdomsjour@example.org"
MIKA = "mika@example.org"
TRAFFIC = "trafik@example.org"
COORDINATOR = "plats@example.org"
ARTIST = "konstnar@example.org"
ADMINISTRATOR = "admin@example.org"
PASSWORD = "sergels-torg"

POLICE_CIRCLE = "polis-och-ordningsvakter"
SOCIAL_CIRCLE = "socialtjansten"
VISION_CIRCLE = "vision-klara"

PREMISES = "sergels-torg"
MEETING_ROOM = "motesrummet"
TABLE = "konferensbordet"
HALL = "hela-lokalen"
DESKS = ("arbetsplats-1", "arbetsplats-2", "arbetsplats-3", "arbetsplats-4")

ZONE = ZoneInfo("Europe/Stockholm")
TODAY = date(2026, 11, 24)  # a Tuesday
MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)  # seven o'clock at Sergels torg
