"""Every address of the house, walked: who may call it without signing in, and what a form from elsewhere can do."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from booking.actions import membership
from tests.cast import MEETING_ROOM, POLICE, POLICE_CIRCLE, POLICE_COLLEAGUE
from tests.support.dump import done_by_table
from tests.support.house import House, Visitor
from tests.support.routes import Route, routes

# A sample of each is enough here; the pages and the API have tests of their own on both databases.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

# Open to people who are not signed in. A new line here is a decision, not a repair.
PUBLIC = {
    "api.description": "what the API is; it names nothing of anybody",
    "api.page": "the same, to read",
    "door.book": "a display at a door, by its own cookie",
    "door.done": "a display at a door, by its own cookie",
    "door.end": "a display at a door, by its own cookie",
    "door.ending": "a display at a door, by its own cookie",
    "door.form": "a display at a door, by its own cookie",
    "door.other": "a display at a door, by its own cookie",
    "door.pair": "where a display is paired by the code that the coordinator was given",
    "door.parts": "a display at a door, by its own cookie",
    "door.show": "a display at a door, by its own cookie",
    "health.alive": "asked by what watches the server",
    "health.ready": "asked by what watches the server",
    "ical.feed": "calendar programs hold the secret in the address",
    "invitation.accept": "the link in the letter holds the secret",
    "invitation.explained": "how an artist asks to be invited",
    "metrics.show": "asked by what watches the server, with a token of its own",
    "second_step.ask": "whoever has given their password rightly",
    "second_step.by_passkey": "whoever has given their password rightly",
    "second_step.step": "whoever has given their password rightly; others begin anew",
    "settings.language": "a choice kept in a cookie",
    "settings.theme": "a choice kept in a cookie",
    "sign_in.ask_passkey": "how one signs in with a passkey",
    "sign_in.sign_in_by_passkey": "how one signs in with a passkey",
    "sign_in.choose_password": "the link in the letter holds the secret",
    "sign_in.sign_in": "how one signs in",
    "sign_in.sign_out": "whoever is signed out already is not troubled",
    "standing.accessibility": "a public page, the same to everybody",
    "standing.help": "a public page, the same to everybody",
    "standing.privacy": "a public page, the same to everybody",
    "standing.terms": "a public page, the same to everybody",
    "static": "files that are the same to everybody",
}
# Written when something is looked at: that a session or a feed was used, and when; and that a link opened nothing.
NOTED_BY_LOOKING = {"sessions", "feeds", "sign_in_attempts"}
# They open a confidential booking, its words included; that somebody did is noted, and nothing else.
OPENING = {"api.see", "bookings.change"}


def call(visitor: Visitor, route: Route, **more: object) -> TestResponse:
    return visitor.open(route.path, method=route.method, **more)


def test_only_the_written_exceptions_are_open_to_the_unsigned(app: Flask) -> None:
    opened = {name for name, view in app.view_functions.items() if getattr(view, "public", False)}
    assert opened | {"static"} == set(PUBLIC)


def test_everything_else_sends_people_to_sign_in_and_programs_away(house: House) -> None:
    for route in routes(house.app):
        if route.endpoint in PUBLIC:
            continue
        answer = call(house.visitor(), route)
        if route.api:
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), route
        else:
            assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/logga-in"), route


def test_what_is_open_needs_no_signing_in(house: House) -> None:
    for route in routes(house.app):
        if route.endpoint in PUBLIC and not route.writes:
            answer = call(house.visitor(), route)
            assert answer.status_code in (200, 404) or answer.location in ("/logga-in", "/dorr"), route


def test_nothing_is_written_without_the_token_of_ones_own_page(house: House, database: str) -> None:
    made = house.book(POLICE, MEETING_ROOM, "10:00", "11:00").view
    visitor = house.visitor(POLICE)
    visitor.get("/mina")
    before = done_by_table(database)
    writing = [route for route in routes(house.app) if route.writes]
    assert len(writing) > 10
    for route in writing:
        mine = route._replace(path=route.path.replace("x" * 22, made.id))
        for fields in ({}, {"csrf_token": "made-up"}):
            answer = call(visitor, mine, data=fields)
            assert answer.status_code == 400, route
        if route.api:
            assert call(visitor, mine, json={}).status_code == 400, route
    assert done_by_table(database) == before


@pytest.mark.parametrize("opening", [False, True])
def test_looking_writes_nothing_but_that_it_was_looked(house: House, database: str, opening: bool) -> None:
    made = house.book(POLICE, MEETING_ROOM, "10:00", "11:00", circle=POLICE_CIRCLE).view
    visitor = house.visitor(POLICE_COLLEAGUE)
    before = done_by_table(database)
    for route in routes(house.app):
        if (route.endpoint in OPENING) is opening and not route.writes:
            answer = call(visitor, route._replace(path=route.path.replace("x" * 22, made.id)))
            assert answer.status_code < 500, route
    after = done_by_table(database)
    assert {name for name in after if after[name] != before[name]} <= (
        {"openings", "openings_circles"} if opening else NOTED_BY_LOOKING
    )


def test_a_token_of_the_api_opens_no_page(house: House) -> None:
    with house.inside():
        _, secret = membership.issue_token(house.viewer(POLICE), "program", False, house.clock())
    bearer = {"Authorization": f"Bearer {secret}"}
    for route in routes(house.app):
        if route.endpoint not in PUBLIC and not route.api:
            answer = call(house.visitor(), route, headers=bearer)
            assert answer.status_code == 302, route
    assert house.visitor().get("/api/v1/me", headers=bearer).status_code == 200


def test_every_answer_forbids_what_is_inline_framed_or_kept(house: House) -> None:
    signed_in, stranger = house.visitor(POLICE), house.visitor()
    for route in routes(house.app):
        for visitor in (signed_in, stranger):
            headers = call(visitor, route).headers
            policy = headers["Content-Security-Policy"]
            assert "unsafe" not in policy, route
            for part in ("default-src 'self'", "object-src 'none'", "frame-ancestors 'none'"):
                assert part in policy, route
            assert headers["X-Content-Type-Options"] == "nosniff", route
            assert headers["Referrer-Policy"] == "no-referrer", route
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin", route
            assert "camera=()" in headers["Permissions-Policy"], route
            if route.endpoint not in ("static", "ical.feed"):
                assert "no-store" in headers["Cache-Control"] or "no-cache" in headers["Cache-Control"], route
