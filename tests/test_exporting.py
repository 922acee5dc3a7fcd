"""The export: everything in open formats, what is sealed sealed, and nothing that signs anybody in."""

import base64
import json
import stat
from pathlib import Path

from icalendar import Calendar
from sqlalchemy import func, select

from booking.storage.database import run
from booking.storage.exporting import SIGNING_IN
from booking.storage.tables import metadata, sealed
from tests.cast import DESKS, MEETING_ROOM, POLICE, POLICE_CIRCLE, PREMISES
from tests.support.house import House
from tests.test_cli import sentence, type_in

WORD, OPEN_WORD = "Utsättning inför kvällen", "Skyltning vid torget"


def test_everything_is_exported_but_words_that_are_sealed_and_what_signs_in(
    house: House, tmp_path: Path
) -> None:
    house.book(POLICE, MEETING_ROOM, "09:00", "10:00", title=WORD, note=WORD, circle=POLICE_CIRCLE)
    plain = house.book(POLICE, DESKS[0], "11:00", "12:00", title=OPEN_WORD, visibility="internal").view
    house.sign_in(POLICE)
    folder = tmp_path / "allt"
    assert type_in(house, "export", str(folder)).exit_code == 0

    files = {each.name: each.read_text() for each in folder.iterdir()}
    tables = metadata.tables.keys() - SIGNING_IN
    assert files.keys() == {f"{each}.jsonl" for each in tables} | {f"{PREMISES}.ics"}
    assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {0o600}
    rows = {name: [json.loads(line) for line in files[f"{name}.jsonl"].splitlines()] for name in tables}
    with house.inside():
        for name in tables:
            assert len(rows[name]) == run(select(func.count()).select_from(metadata.tables[name])).scalar(), (
                name
            )
        box = run(select(sealed.c.box)).scalar_one()
    assert [base64.b64decode(each["box"]) for each in rows["sealed"]] == [box]
    assert [each["title"] for each in rows["terms"] if each["booking_id"] == plain.id] == [OPEN_WORD]
    assert f"{plain.span.start:%Y-%m-%dT%H:%M:%SZ}" in [each["starts"] for each in rows["occurrences"]]
    everything = "".join(files.values())
    assert "$argon2" not in everything
    assert not any(key.endswith("_hash") for each in rows.values() for row in each for key in row)
    assert WORD not in everything

    entries = Calendar.from_ical(files[f"{PREMISES}.ics"]).walk("VEVENT")
    named = [str(each["SUMMARY"]) for each in entries]
    assert [each for each in named if OPEN_WORD in each]
    assert {each for each in named if OPEN_WORD not in each} == {"Upptaget"}
    assert "is there already" in sentence(type_in(house, "export", str(folder)))
    assert [each.name for each in tmp_path.iterdir() if "allt" in each.name] == ["allt"]
