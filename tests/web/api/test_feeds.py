"""Subscriptions kept by a program."""

from collections.abc import Callable

from tests.cast import ARTIST, DESKS, POLICE, POLICE_COLLEAGUE
from tests.support.house import House
from tests.web.api.program import Program, at

Of = Callable[..., Program]


def test_a_subscription_is_made_listed_and_revoked(program_of: Of, house: House) -> None:
    program = program_of(POLICE)
    made = program.post("/feeds", {"premises": "sergels-torg", "kind": "resource", "resource": DESKS[0]})
    assert made.status_code == 201
    feed = {
        "id": made.json["id"],
        "kind": "resource",
        "premises": "sergels-torg",
        "resource": DESKS[0],
        "busy_only": False,
        "colleagues": False,
        "neutral": True,
        "created": at("07:00"),
        "fetched": None,
    }
    url = made.json["url"]
    assert made.json == {**feed, "url": url}
    assert url.startswith("http://localhost/ical/")
    assert program.get("/feeds").json == {"feeds": [feed]}
    path = url.removeprefix("http://localhost")
    assert house.visitor().get(path).mimetype == "text/calendar"
    assert program.get("/feeds").json == {"feeds": [{**feed, "fetched": at("07:00")}]}
    assert program.delete(f"/feeds/{feed['id']}").status_code == 204
    assert program.get("/feeds").json == {"feeds": []}
    assert house.visitor().get(path).status_code == 404


def test_what_is_left_out_is_ones_own_calendar(program_of: Of) -> None:
    made = program_of(ARTIST).post("/feeds", {"premises": "sergels-torg"}).json
    assert (made["kind"], made["resource"], made["neutral"], made["colleagues"]) == (
        "mine",
        None,
        True,
        False,
    )


def test_the_address_is_the_one_people_use(build_house: Callable[..., House]) -> None:
    house = build_house(base_url="https://samlokal.example")
    browser = house.visitor(POLICE)
    program = Program(browser, {"X-CSRFToken": browser.csrf_token})
    made = program.post("/feeds", {"premises": "sergels-torg"}).json
    assert made["url"].startswith("https://samlokal.example/ical/")


def test_anothers_subscription_is_not_there(program_of: Of) -> None:
    made = program_of(POLICE).post("/feeds", {"premises": "sergels-torg"}).json
    for program in (program_of(POLICE_COLLEAGUE), program_of(ARTIST)):
        nowhere = program.get("/nowhere")
        for number in (made["id"], "neverused", "%00", "x" * 100):
            answer = program.delete(f"/feeds/{number}")
            assert (answer.status_code, answer.data) == (404, nowhere.data)
        assert program.get("/feeds").json == {"feeds": []}
    assert len(program_of(POLICE).get("/feeds").json["feeds"]) == 1


def test_nobody_keeps_no_subscriptions(program_of: Of) -> None:
    program = program_of()
    assert program.get("/feeds").status_code == 401
    assert program.post("/feeds", {"premises": "sergels-torg"}).status_code == 401
    assert program.delete("/feeds/neverused").status_code == 401


IMPOSSIBLE = [
    ({"premises": None}, "premises", "wrong-type"),
    ({"premises": "elsewhere"}, "premises", "unknown-premises"),
    ({"kind": "all"}, "kind", "not-a-choice"),
    ({"kind": "resource"}, "resource", "unknown-resource"),
    ({"kind": "resource", "resource": "balkongen"}, "resource", "unknown-resource"),
    ({"kind": "mine", "resource": DESKS[0]}, "resource", "unknown-resource"),
    ({"busy_only": 1}, "busy_only", "wrong-type"),
    ({"url": "x"}, "url", "unknown-field"),
]


def test_a_subscription_to_nothing_is_refused(program_of: Of) -> None:
    program = program_of(POLICE)
    for fields, field, reason in IMPOSSIBLE:
        answer = program.post("/feeds", {"premises": "sergels-torg", **fields})
        said = (answer.status_code, answer.json["type"], list(answer.json["errors"]))
        assert said == (422, reason, [field]), fields
    assert program.get("/feeds").json == {"feeds": []}
