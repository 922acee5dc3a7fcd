"""Bookings brought over from another calendar: tried first, booked by every rule, and never twice."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from booking.storage.database import run
from booking.storage.tables import bookings, claims, journal, occurrences, terms
from tests.cast import DESKS, MEETING_ROOM, POLICE, POLICE_CIRCLE, PREMISES, TRAFFIC, ZONE
from tests.support.house import House
from tests.test_cli import sentence, type_in

CALENDARS = Path(__file__).parent / "calendars"
ROOM, TABLE = CALENDARS / "outlook-room.ics", CALENDARS / "outlook-room.csv"
OURS = ("--premises", PREMISES, "--organisation", "trafikkontoret", "--as", TRAFFIC)

TRIED = """
fits     entry 1: 2026-11-24 09:00–10:00  motesrummet  Veckomöte för alla som arbetar kring torget, med genomgång av läget  50 times
passed   entry 6: 2025-11-11 09:00–10:00  Förra årets möte  over
refused  entry 9: 2025-12-01 09:00–10:00  motesrummet  Årsmöte  Bookings do not repeat in that way here.
fits     entry 7: 2026-12-09 15:00–16:00  motesrummet  Samverkansråd  3 times
passed   entry 5: Lucia  shown as free: it takes no place
passed   entry 10: Inställt: Avstämning  cancelled
fits     entry 3: 2026-11-26 10:30–11:30  motesrummet  (private)
clashes  entry 8: 2026-11-26 11:00–12:00  motesrummet  Dubbelbokat möte  the place is taken
passed   entry 11: 2026-11-30 10:00–10:30  Avstämning  names no place of the premises: say which with --resource
refused  entry 4: 2026-12-04 00:00–2026-12-05 00:00  motesrummet  Utbildningsdag  A booking may last 14 hours at most. You may book between 07:00 and 21:00.
fits     entry 2: 2026-12-15 13:30–14:30  motesrummet  Veckomöte, flyttat
fits: 4, clashes: 1, refused: 2, passed: 4
Nothing is booked yet: run it again with --commit to book what fits.
"""  # noqa: E501  (as the terminal has it)


def bring(house: House, file: Path, *more: str) -> str:
    done = type_in(house, "import", str(file), *OURS, *more)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_room_of_outlook_is_tried_then_booked_and_known_the_next_time(house: House) -> None:
    assert bring(house, ROOM) == TRIED.removeprefix("\n")
    with house.inside():
        assert run(select(func.count()).select_from(bookings)).scalar() == 0

    booked = bring(house, ROOM, "--commit")
    assert "booked: 4, clashes: 1, refused: 2, passed: 4" in booked
    again = bring(house, ROOM, "--commit")
    assert "clashes: 1, refused: 2, known: 4, passed: 4" in again
    with house.inside():
        words = set(run(select(terms.c.title, terms.c.note)).all())
        starts = run(select(occurrences.c.starts).order_by(occurrences.c.starts)).scalars().all()
        brought = run(select(journal.c.actor_id).where(journal.c.action == "booking:import")).scalars().all()
    assert words == {
        ("Veckomöte för alla som arbetar kring torget, med genomgång av läget", ""),
        ("Veckomöte, flyttat", ""),
        ("Samverkansråd", ""),
        ("", ""),
    }
    there = [each.astimezone(ZONE) for each in starts]
    assert len(there) == 55
    assert {f"{each:%H:%M}" for each in there if each.weekday() == 1} == {
        "09:00",
        "13:30",
    }  # summer and winter
    left_out = {date(2026, 12, 8), date(2026, 12, 22)}
    assert not left_out & {each.date() for each in there}
    assert brought == [None] * 4
    assert "0 pairs that break the rule" in type_in(house, "check").output


def test_a_table_of_outlook_is_read_with_its_swedish_columns(house: House) -> None:
    said = bring(house, TABLE, "--commit", "--notes")
    assert "booked: 2, refused: 1, passed: 1" in said
    assert "line 5: Amerikanskt  its times cannot be read: write 2026-12-31" in said
    assert "known: 2" in bring(house, TABLE, "--commit")
    with house.inside():
        words = set(run(select(terms.c.title, terms.c.note)).all())
    assert words == {("Genomgång, hela gruppen", "Två rader\ni en ruta"), ("", "")}


def test_what_is_there_stays_and_the_list_says_no_more_than_that_the_place_is_taken(
    house: House, tmp_path: Path
) -> None:
    day = date(2026, 11, 26)
    house.book(POLICE, MEETING_ROOM, "09:00", "10:00", day, title="Utsättning", circle=POLICE_CIRCLE)
    house.book(POLICE, DESKS[0], "09:00", "10:00", day, title="Rapport", visibility="open")
    file = tmp_path / "mine.csv"
    file.write_text(
        "title;starts;ends;resource\n"
        "A;2026-11-26T09:30;2026-11-26T10:30;Mötesrummet\n"
        "B;2026-11-26T09:30;2026-11-26T10:30;arbetsplats-1\n"
        "C;2026-11-26T10:00;2026-11-26T11:00;arbetsplats-1\n"
        "D;2027-03-28T02:30;2027-03-28T03:30;arbetsplats-1\n"
    )
    with house.inside():
        before = run(select(func.count()).select_from(claims)).scalar()
    said = bring(house, file)
    assert said.splitlines()[:4] == [
        "passed   line 5: D  that time does not exist: the clock is put forward that night",
        "clashes  line 2: 2026-11-26 09:30–10:30  motesrummet  A  the place is taken",
        "clashes  line 3: 2026-11-26 09:30–10:30  arbetsplats-1  B  the place is taken",
        "fits     line 4: 2026-11-26 10:00–11:00  arbetsplats-1  C",
    ]
    with house.inside():
        assert run(select(func.count()).select_from(claims)).scalar() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--premises", "ingen", "--organisation", "mika"), "There is no premises ingen."),
        (("--premises", PREMISES, "--organisation", "ingen"), "which person of ingen"),
        (("--premises", PREMISES, "--organisation", "mika"), "which person of mika"),
        (("--premises", PREMISES, "--organisation", "mika", "--as", POLICE), "which person of mika"),
        ((*OURS, "--resource", "ingen"), "trafikkontoret cannot book ingen"),
    ],
)
def test_an_import_that_cannot_be_done_says_why(house: House, words: tuple[str, ...], said: str) -> None:
    assert said in sentence(type_in(house, "import", str(ROOM), *words))


def test_a_file_that_is_none_is_refused_with_a_sentence(house: House, tmp_path: Path) -> None:
    file = tmp_path / "fil"
    file.write_bytes(b"%PDF-1.7\n\xff\xfe")
    assert f"Error: {file}: It is neither an iCalendar file nor" in sentence(
        type_in(house, "import", str(file), *OURS)
    )
