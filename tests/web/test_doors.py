"""Displays at doors: how one is paired, what it knows, what can be booked on it, and who takes it away."""

import re
from datetime import timedelta

import pytest

from booking.actions import doors
from booking.web.pieces import write_occurrence
from tests.cast import (
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    MIKA,
    POLICE,
    POLICE_CIRCLE,
    PREMISES,
    TABLE,
    TRAFFIC,
)
from tests.support.house import House, Visitor

CODE = re.compile(r'<p class="big"><b>(\w{4} \w{4})</b></p>')
NAME = "Dörren till mötesrummet"
LIST = "/samordning/dorrar"


def new_code(house: House, place: str = MEETING_ROOM, name: str = NAME) -> str:
    """The coordinator makes a display, and is shown its code."""
    answer = house.visitor(COORDINATOR).submit(LIST, {"namn": name, "plats": place})
    assert answer.status_code == 201
    found = CODE.search(answer.text)
    assert found
    return found[1]


def tablet(house: House, place: str = MEETING_ROOM) -> Visitor:
    """A tablet that has been paired."""
    visitor = house.visitor()
    answer = visitor.fill_in("/dorr", {"kod": new_code(house, place)})
    assert (answer.status_code, answer.location) == (303, "/dorr/skarm")
    return visitor


def words(page: str) -> str:
    """What is read on a display."""
    body = page.partition('<div id="door"')[2].partition(">")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def screen(visitor: Visitor) -> str:
    answer = visitor.get("/dorr/skarm")
    assert answer.status_code == 200
    return words(answer.text)


def tap(visitor: Visitor, house: House, start: str, minutes: int = 30, whom: str = "mika") -> object:
    """Book by what the buttons send."""
    fields = {"fran": write_occurrence(house.at(start)), "minuter": str(minutes), "vem": whom}
    return visitor.submit("/dorr/boka", fields)


# --- pairing ----------------------------------------------------------------------------------


def test_a_tablet_is_paired_by_the_code_and_shows_its_place(house: House) -> None:
    assert "Mötesrummet" in screen(tablet(house))


def test_the_code_may_be_written_as_people_write(house: House) -> None:
    code = new_code(house).upper().replace(" ", " - ")
    assert house.visitor().fill_in("/dorr", {"kod": code}).status_code == 303


def test_a_code_pairs_one_tablet_only(house: House) -> None:
    code = new_code(house)
    assert house.visitor().fill_in("/dorr", {"kod": code}).status_code == 303
    second = house.visitor()
    assert second.fill_in("/dorr", {"kod": code}).status_code == 422
    assert second.get("/dorr/skarm").location == "/dorr"


def test_a_code_is_too_old_after_a_quarter_of_an_hour(house: House) -> None:
    code = new_code(house)
    house.clock.step(minutes=15)
    answer = house.visitor().fill_in("/dorr", {"kod": code})
    assert answer.status_code == 422
    assert "gäller i en kvart" in answer.text


def test_a_wrong_code_pairs_nothing_and_few_are_tried(house: House) -> None:
    code, guesser = new_code(house), house.visitor()
    for _ in range(doors.TRIES):
        assert guesser.fill_in("/dorr", {"kod": "00000000"}).status_code == 422
    assert guesser.fill_in("/dorr", {"kod": code}).status_code == 429
    house.clock.step(minutes=15, seconds=1)
    assert guesser.fill_in("/dorr", {"kod": new_code(house)}).status_code == 303


def test_an_empty_code_is_told_at_its_field(house: House) -> None:
    answer = house.visitor().fill_in("/dorr", {"kod": " "})
    assert answer.status_code == 422
    assert 'aria-describedby="kod-error"' in answer.text


def test_the_cookie_is_kept_long_and_out_of_reach_of_scripts(house: House) -> None:
    answer = house.visitor().fill_in("/dorr", {"kod": new_code(house)})
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("dorr="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert f"Max-Age={400 * 24 * 3600}" in cookie


def test_a_new_code_moves_the_display_to_another_tablet(house: House) -> None:
    old, coordinator = tablet(house), house.visitor(COORDINATOR)
    number = re.search(rf"{LIST}/(\w{{22}})/kod", coordinator.get(LIST).text)
    assert number
    code = CODE.search(coordinator.submit(f"{LIST}/{number[1]}/kod").text)
    assert code
    assert old.get("/dorr/skarm").status_code == 200
    new = house.visitor()
    assert new.fill_in("/dorr", {"kod": code[1]}).status_code == 303
    assert new.get("/dorr/skarm").status_code == 200
    assert old.get("/dorr/skarm").location == "/dorr"


def test_what_is_unpaired_is_out_at_its_next_request(house: House) -> None:
    visitor, coordinator = tablet(house), house.visitor(COORDINATOR)
    number = re.search(rf"{LIST}/(\w{{22}})/bort", coordinator.get(LIST).text)
    assert number
    assert coordinator.submit(f"{LIST}/{number[1]}/bort").status_code == 303
    for path in ("/dorr/skarm", "/dorr/delar", "/dorr/boka", "/dorr/annan-tid"):
        assert visitor.get(path).location == "/dorr"
    assert NAME not in coordinator.get(LIST).text


def test_the_coordinator_sees_when_each_was_last_seen(house: House) -> None:
    visitor, coordinator = tablet(house), house.visitor(COORDINATOR)
    house.clock.step(minutes=42)
    visitor.get("/dorr/delar")
    assert "sågs senast 07.42" in coordinator.get(LIST).text
    happened = coordinator.get("/samordning/handelser").text
    assert "En dörrskärm lades till" in happened
    assert "En dörrskärm kopplades" in happened


def test_only_the_coordinator_keeps_displays(house: House) -> None:
    for who in (POLICE, ARTIST):
        visitor = house.visitor(who)
        assert visitor.get(LIST).status_code == 403
        assert visitor.submit(LIST, {"namn": NAME, "plats": TABLE}).status_code == 403
        assert visitor.submit(f"{LIST}/{'x' * 22}/bort").status_code == 403
    for number in ("x" * 22, "nonsense"):
        assert house.visitor(COORDINATOR).submit(f"{LIST}/{number}/bort").status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"namn": " ", "plats": MEETING_ROOM}, "Skriv vad"),
        ({"namn": NAME, "plats": "vinden"}, "Välj något som går att boka här"),
    ],
)
def test_bad_input_makes_no_display_and_loses_nothing(
    house: House, fields: dict[str, str], sentence: str
) -> None:
    coordinator = house.visitor(COORDINATOR)
    answer = coordinator.submit(LIST, fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert fields["namn"].strip() in answer.text
    assert "/bort" not in coordinator.get(LIST).text


def test_a_display_and_a_person_in_one_browser_never_mix(house: House) -> None:
    visitor = tablet(house)
    assert not visitor.is_let_in()
    police = house.visitor(POLICE)
    assert police.get("/dorr/skarm").location == "/dorr"
    house.book(POLICE, MEETING_ROOM, "07:00", "08:00", circle=POLICE_CIRCLE, title="Blåsippa")
    police.fill_in("/dorr", {"kod": new_code(house)})
    assert "Upptaget till 08.00" in screen(police).replace("Upptaget Upptaget", "Upptaget").replace(
        "Upptaget till", "Upptaget till"
    )
    assert "Sekretess" not in screen(police)
    police.post("/logga-ut", data={"csrf_token": police.csrf_token})
    assert police.get("/dorr/skarm").status_code == 200


# --- what it knows ----------------------------------------------------------------------------


def test_it_says_until_when_it_is_free_and_what_comes(house: House) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "09:00", "10:00", title="Lägesmöte", visibility="open")
    house.book(ARTIST, TABLE, "13:00", "15:00", title="Rekvisita", visibility="open")
    said = screen(tablet(house))
    assert "Ledigt till 09.00" in said
    assert "09.00 Lägesmöte, Trafikkontoret" in said
    assert "13.00 Konferensbordet: Rekvisita" in said
    assert "Väggen får flyttas" in said


def test_what_is_confidential_is_busy_and_nothing_more(house: House) -> None:
    house.book(POLICE, MEETING_ROOM, "07:00", "08:00", circle=POLICE_CIRCLE, title="Blåsippa")
    said = screen(tablet(house))
    assert "Upptaget till 08.00" in said
    assert "Rör inte väggen" in said
    for hidden in ("Blåsippa", "Sekretess", "Lokalpolis", "Polis"):
        assert hidden not in said


def test_what_is_internal_is_busy_and_nothing_more(house: House) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "07:00", "08:00", title="Budgeten", visibility="internal")
    house.book(MIKA, MEETING_ROOM, "09:00", "10:00", title="Planering", visibility="internal")
    said = screen(tablet(house))
    assert "Upptaget till 08.00" in said
    assert "09.00 Upptaget till 10.00" in said
    for hidden in ("Budgeten", "Planering", "Trafik", "Mika", "MIKA"):
        assert hidden not in said


def test_what_is_open_is_named_only_where_the_premises_says_so(house: House) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "07:00", "08:00", title="Lägesmöte", visibility="open")
    visitor = tablet(house)
    assert "Lägesmöte · Trafikkontoret" in screen(visitor)
    silence(house)
    said = screen(visitor)
    assert "Upptaget till 08.00" in said
    assert "Lägesmöte" not in said
    assert "Trafik" not in said


def silence(house: House) -> None:
    """The same premises, whose displays name nothing."""
    from booking import demo
    from booking.actions import operating

    with house.inside():
        operating.load_premises({**demo.definition(), "names_at_the_door": False}, house.clock())


def test_a_quarter_of_an_hour_before_it_is_busy_it_warns(house: House) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "07:10", "08:00", visibility="open")
    answer = tablet(house).get("/dorr/skarm").text
    assert "bara 10 minuter till" in answer
    assert 'class="door soon"' in answer


def test_at_night_it_is_closed(house: House) -> None:
    visitor = tablet(house)
    house.clock.now = house.at("23:00")
    said = screen(visitor)
    assert said.startswith("Mötesrummet tisdag 24 november 23.00 Stängt")
    assert "Boka nu" not in said


def test_its_parts_are_asked_for_by_their_tag(house: House) -> None:
    visitor = tablet(house)
    first = visitor.get("/dorr/delar")
    again = visitor.get("/dorr/delar", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    house.book(POLICE, MEETING_ROOM, "10:00", "11:00", circle=POLICE_CIRCLE)
    later = visitor.get("/dorr/delar", headers={"If-None-Match": first.headers["ETag"]})
    assert later.status_code == 200


# --- booking ----------------------------------------------------------------------------------


def test_a_place_is_booked_with_two_taps(house: House) -> None:
    visitor = tablet(house)
    page = visitor.get("/dorr/skarm").text
    address = re.search(r'class="main" id="now" href="([^"]+)"', page)
    assert address
    chosen = visitor.fill_in(address[1].replace("&amp;", "&"), {
        **dict(each.split("=") for each in address[1].partition("?")[2].replace("&amp;", "&").split("&")),
        "vem": "mika",
    })  # fmt: skip
    assert chosen.status_code == 303
    assert "07.00–07.30" in visitor.get(chosen.location).text
    assert "Upptaget till 07.30" in screen(visitor)
    assert "Vid dörren: MIKA" in screen(visitor)
    board = house.visitor(ARTIST).get("/idag").text
    assert "Vid dörren: MIKA" in board


def test_less_is_offered_where_less_is_free(house: House) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "07:20", "08:00", visibility="open")
    said = screen(tablet(house))
    assert "Boka nu 20 min, till 07.20" in said
    assert "1 timme" not in said


def test_what_is_busy_is_booked_after(house: House) -> None:
    house.book(POLICE, MEETING_ROOM, "07:00", "08:00", circle=POLICE_CIRCLE)
    visitor = tablet(house)
    assert "Boka sedan 08.00–08.30" in screen(visitor)
    assert tap(visitor, house, "08:00").status_code == 303  # type: ignore[attr-defined]


@pytest.mark.parametrize("minutes", [61, 99])
def test_an_hour_is_the_most(house: House, minutes: int) -> None:
    visitor = tablet(house)
    answer = tap(visitor, house, "08:00", minutes)
    assert answer.status_code == 303  # type: ignore[attr-defined]
    assert "Avboka 08.00–09.00" in screen(visitor)


def test_somebody_was_faster_and_the_screen_says_how_it_is(house: House) -> None:
    visitor = tablet(house)
    house.book(TRAFFIC, MEETING_ROOM, "07:00", "08:00", title="Lägesmöte", visibility="open")
    answer = tap(visitor, house, "07:00")
    assert answer.status_code == 409  # type: ignore[attr-defined]
    assert "Någon hann före" in answer.text  # type: ignore[attr-defined]
    assert "Upptaget till 08.00" in words(answer.text)  # type: ignore[attr-defined]


def test_it_never_takes_a_place_from_anybody_not_even_from_guests(house: House) -> None:
    held = house.book(ARTIST, TABLE, "08:00", "09:00", visibility="open").view
    hidden = house.book(POLICE, HALL, "10:00", "11:00", circle=POLICE_CIRCLE).view
    visitor, desk = tablet(house), tablet(house, DESKS[0])
    for start in ("08:00", "10:00", "09:40"):
        assert tap(visitor, house, start).status_code == 409  # type: ignore[attr-defined]
    assert tap(desk, house, "10:15").status_code == 409  # type: ignore[attr-defined]
    for who, view in ((ARTIST, held), (POLICE, hidden)):
        assert "Fick vika" not in house.visitor(who).get(f"/bokning/{view.id}").text


def test_a_name_that_is_not_of_the_premises_is_refused(house: House) -> None:
    visitor = tablet(house)
    for whom in ("nobody", "konstnaren", f"premises:{PREMISES}"):
        answer = tap(visitor, house, "07:00", whom=whom)
        assert answer.status_code == 422  # type: ignore[attr-defined]
        assert "Välj en organisation" in answer.text  # type: ignore[attr-defined]
    assert "Ledigt" in screen(visitor)


def test_the_premises_itself_is_in_no_list_of_organisations(house: House) -> None:
    visitor = tablet(house)
    tap(visitor, house, "07:00")
    assert (
        "premises:"
        not in visitor.get(f"/dorr/boka?fran={write_occurrence(house.at('08:00'))}&minuter=30").text
    )
    assert "premises:" not in house.visitor(COORDINATOR).get("/kretsar").text


def test_a_name_chosen_at_the_door_gives_no_rights(house: House) -> None:
    tap(tablet(house), house, "07:00", whom="mika")
    own = house.visitor(MIKA).get("/mina?vem=organisationen").text
    assert "Vid dörren" not in own


def test_what_is_booked_at_a_door_gives_way_to_a_briefing_like_any_outsiders(house: House) -> None:
    desk = tablet(house, DESKS[2])
    tap(desk, house, "07:30", 60)
    house.book(POLICE, HALL, "08:00", "08:15", circle=POLICE_CIRCLE, agree=True)
    house.clock.now = house.at("08:05")
    said = screen(desk)
    assert "Upptaget till" in said
    assert "Polis" not in said


@pytest.mark.parametrize(("start", "minutes"), [("nonsense", "30"), ("", ""), ("20261124T070000Z", "x")])
def test_what_cannot_be_read_books_nothing(house: House, start: str, minutes: str) -> None:
    visitor = tablet(house)
    answer = visitor.submit("/dorr/boka", {"fran": start, "minuter": minutes, "vem": "mika"})
    assert answer.status_code == 422
    assert "Ledigt" in screen(visitor)
    assert visitor.get(f"/dorr/boka?fran={start}&minuter={minutes}").location == "/dorr/skarm"


def test_tomorrow_is_not_booked_at_the_door(house: House) -> None:
    visitor = tablet(house)
    start = write_occurrence(house.at("08:00") + timedelta(days=1))
    answer = visitor.submit("/dorr/boka", {"fran": start, "minuter": "30", "vem": "mika"})
    assert answer.status_code == 422


def test_a_door_has_one_booking_and_the_next_and_no_more(house: House) -> None:
    visitor = tablet(house)
    assert tap(visitor, house, "07:00").status_code == 303  # type: ignore[attr-defined]
    assert tap(visitor, house, "08:00").status_code == 303  # type: ignore[attr-defined]
    assert tap(visitor, house, "09:00").status_code == 422  # type: ignore[attr-defined]
    assert "Boka sedan" not in screen(visitor)


def test_a_child_at_the_buttons_is_stopped(house: House) -> None:
    visitor = tablet(house)
    answers = {tap(visitor, house, "07:00", whom="nobody").status_code for _ in range(13)}  # type: ignore[attr-defined]
    assert answers == {422, 429}


def test_the_door_ends_what_it_booked_and_the_rest_is_free(house: House) -> None:
    visitor = tablet(house)
    tap(visitor, house, "07:00", 60)
    house.clock.step(minutes=20)
    start = write_occurrence(house.at("07:00"))
    assert "Avsluta nu?" in visitor.get(f"/dorr/avsluta?fran={start}").text
    assert visitor.submit("/dorr/avsluta", {"fran": start}).status_code == 303
    assert "Ledigt till" in screen(visitor)


def test_what_was_just_booked_is_undone(house: House) -> None:
    visitor = tablet(house)
    tap(visitor, house, "07:00", 60)
    start = write_occurrence(house.at("07:00"))
    assert "Avboka?" in visitor.get(f"/dorr/avsluta?fran={start}").text
    visitor.submit("/dorr/avsluta", {"fran": start})
    assert "Boka nu 30 min, till 07.30" in screen(visitor)


def test_the_door_ends_nothing_of_others(house: House) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "07:00", "08:00", title="Lägesmöte", visibility="open")
    visitor, other = tablet(house), tablet(house, DESKS[0])
    tap(other, house, "07:00")
    start = write_occurrence(house.at("07:00"))
    assert visitor.get(f"/dorr/avsluta?fran={start}").location == "/dorr/skarm"
    visitor.submit("/dorr/avsluta", {"fran": start})
    assert "Lägesmöte" in screen(visitor)
    assert "Upptaget" in screen(other)


def test_the_coordinator_cancels_what_was_booked_at_a_door_and_nobody_else(house: House) -> None:
    visitor = tablet(house)
    tap(visitor, house, "07:00")
    address = re.search(r"/bokning/[0-9a-z]{22}", house.visitor(COORDINATOR).get("/idag?vy=lista").text)
    assert address
    for who in (MIKA, GUARD):
        assert house.visitor(who).submit(f"{address[0]}/avboka").status_code == 403
    coordinator = house.visitor(COORDINATOR)
    assert "Avboka" in coordinator.get(address[0]).text
    assert "Avboka" in coordinator.get(f"{address[0]}/kort").text
    assert coordinator.submit(f"{address[0]}/avboka").status_code == 303
    assert "Ledigt" in screen(visitor)


def test_codes_for_a_telephone_lead_to_the_form_and_to_checking_in(house: House) -> None:
    said = tablet(house).get("/dorr/annan-tid").text
    assert said.count("<svg") >= 2
    assert "Boka en annan tid" in said
