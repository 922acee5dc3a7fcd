"""Who a program is told it speaks for."""

from collections.abc import Callable

from tests.cast import ADMINISTRATOR, ARTIST, GUARD, POLICE
from tests.support.house import House
from tests.web.api.program import Program

Of = Callable[..., Program]


def test_a_program_hears_whom_it_speaks_for(program_of: Of) -> None:
    assert program_of(GUARD).get("/me").json == {
        "name": "Ordningsvakt",
        "email": GUARD,
        "organisation": {
            "key": "ordningsvakterna",
            "name": "Stadens mobila ordningsvakter",
            "category": "reactive",
        },
        "role": "member",
        "circles": [
            {
                "id": "endast-ordningsvakterna",
                "key": "endast-ordningsvakterna",
                "name": "Endast Stadens mobila ordningsvakter",
            },
            {
                "id": "polis-och-ordningsvakter",
                "key": "polis-och-ordningsvakter",
                "name": "Polis och ordningsvakter",
            },
            {"id": "vision-klara", "key": "vision-klara", "name": "Vision Klara"},
        ],
    }


def test_a_token_without_leave_has_no_circles(program_of: Of) -> None:
    assert program_of(POLICE, confidential=False).get("/me").json["circles"] == []


def test_an_artist_and_an_administrator_are_in_no_circle(program_of: Of) -> None:
    artist, administrator = (program_of(each).get("/me").json for each in (ARTIST, ADMINISTRATOR))
    assert (artist["role"], artist["circles"]) == ("guest", [])
    assert (administrator["role"], administrator["organisation"], administrator["circles"]) == (
        "administrator",
        None,
        [],
    )


def test_nobody_is_told_to_sign_in_and_how(program_of: Of) -> None:
    answer = program_of().get("/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json["type"] == "not-signed-in"


def test_a_revoked_a_foreign_and_a_mangled_token_are_alike(program_of: Of) -> None:
    answers = []
    for sent in ("Bearer x", "Bearer " + "å" * 9, "Bearer", "Basic eDp5", "Bearer a b", "x"):
        program = program_of()
        answers.append(program.get("/me", headers={"Authorization": sent.encode().decode("latin-1")}))
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.data for answer in answers}) == 1


def test_a_token_speaks_for_itself_and_never_for_the_browser_that_sends_it(
    house: House, token_of: Callable[..., str]
) -> None:
    both = Program(house.visitor(POLICE), {"Authorization": f"Bearer {token_of(ARTIST)}"})
    assert both.get("/me").json["email"] == ARTIST
    bad = Program(house.visitor(POLICE), {"Authorization": "Bearer not-a-token"})
    assert bad.get("/me").status_code == 401


def test_a_browser_is_told_the_token_its_writes_need(session_of: Of, program_of: Of) -> None:
    browser = session_of(POLICE)
    token = browser.get("/me").json["csrf_token"]
    body = {"premises": "sergels-torg"}
    assert browser.post("/feeds", body, headers={"X-CSRFToken": ""}).status_code == 400
    assert browser.post("/feeds", body, headers={"X-CSRFToken": token}).status_code == 201
    assert "csrf_token" not in program_of(POLICE).get("/me").json


def test_what_is_not_asked_for_here_is_refused(program_of: Of) -> None:
    answer = program_of(POLICE).get("/me?verbose=1")
    assert answer.status_code == 422
    assert answer.json["type"] == "unknown-field"
    assert list(answer.json["errors"]) == ["verbose"]
