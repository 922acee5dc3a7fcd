"""What the API answers when something was refused: problem documents with the fields, reasons and views.

Imports `booking.web.errors`, which knows every other way of going wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

from flask import current_app, g, request
from flask_babel import force_locale, gettext
from werkzeug.exceptions import MethodNotAllowed, NotFound, Unauthorized
from werkzeug.wrappers import Response

from booking.actions import looking
from booking.actions.errors import Clash, KeyReused, Met, Refused
from booking.actions.looking import Names, Place
from booking.domain.people import Viewer
from booking.domain.refusals import Reason
from booking.domain.views import Full
from booking.web.api import views
from booking.web.api.faults import Fault, Unreadable, wrong
from booking.web.api.kinds import Schema
from booking.web.api.operations import VERSION, api, refuse_what_names_nothing
from booking.web.api.reading import KEY
from booking.web.clock import now
from booking.web.errors import problem
from booking.web.language import LANGUAGE_COOKIE, LANGUAGES
from booking.web.sentences import sentence
from booking.web.viewer import account, current_viewer

REASON = views.one_of(sorted({*Reason, *Fault}))
TITLE: Schema = {**views.TEXT, "description": "what such a problem is, in English"}
DETAIL: Schema = {**views.TEXT, "description": "a sentence in the language that you accept"}
PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "description": "a stable slug"},
        "title": TITLE,
        "status": {"type": "integer", "description": "the status of the answer"},
        "detail": DETAIL,
        "errors": {
            "type": "object",
            "additionalProperties": views.several(views.TEXT),
            "description": "sentences by field",
        },
        "reasons": {**views.several(REASON), "description": "a slug for each thing that is wrong"},
    },
    "required": ["type", "title", "status", "detail"],
}
CLASH = views.exactly(
    type={"const": "clash"},
    title=TITLE,
    status={"const": 409},
    detail=DETAIL,
    clashes={**views.several(views.named("Refused")), "description": "one for each time that was refused"},
    displaceable={
        **views.several(views.named("Full")),
        "description": "what would give way; book again with on_clash displace and this list",
    },
    alternatives={
        **views.several(views.named("Free")),
        "description": "the nearest free times; of a series none",
    },
    fits={"type": "integer", "description": "how many of its times would do, and nobody give way"},
)
REFUSED = {
    "type": "object",
    "properties": {
        "occurrence": {**views.TIME, "description": "the start that was refused"},
        "with": {**views.several(views.VIEW), "description": "what it clashes with, as you may know it"},
        "reason": {**REASON, "description": "the slug of the rule that forbids it, where one does"},
    },
    "required": ["occurrence", "with"],
    "additionalProperties": False,
}


def here(place: Place) -> Place:
    """Note which premises this request is about: refusals are told in its time zone."""
    g.api_place = place
    return place


def spoken() -> str:
    """The language of sentences and names: the cookie's choice, else what the caller accepts, else Swedish."""
    accepted = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    wanted = (request.cookies.get(LANGUAGE_COOKIE, ""), *accepted)
    return next((each for each in wanted if each in LANGUAGES), LANGUAGES[0])


@api.errorhandler(Refused)
def on_refused(error: Refused) -> Response:
    """422: one or more rules forbid it."""
    zone = g.api_place.premises.zone if "api_place" in g else ZoneInfo("UTC")
    return _wrong([(each.field, each.reason.value, partial(sentence, each, zone)) for each in error.refusals])


@api.errorhandler(Unreadable)
def on_unreadable(error: Unreadable) -> Response:
    """422: fields that are wrong in themselves."""
    return _wrong([(field, each.fault.value, each.sentence) for field, each in error.wrong])


@api.errorhandler(KeyReused)
def on_key_reused(_error: KeyReused) -> Response:
    """422: the key was sent before, with another body."""
    return on_unreadable(wrong(KEY, Fault.KEY_REUSED))


def _wrong(found: list[tuple[str, str, Callable[[], str]]]) -> Response:
    """One reason gives the problem its type; several make it `invalid`."""
    errors: dict[str, list[str]] = defaultdict(list)
    with force_locale(spoken()):
        for field, _, tell in found:
            errors[field].append(tell())
    reasons = list(dict.fromkeys(reason for _, reason, _ in found))
    slug = reasons[0] if len(reasons) == 1 else "invalid"
    detail = " ".join(dict.fromkeys(said for each in errors.values() for said in each))
    return problem(422, slug, detail, errors=errors, reasons=reasons)


@api.errorhandler(Clash)
def on_clash(clash: Clash) -> Response:
    """409: what it clashes with, as the caller may know it, who would give way, and the nearest free times."""
    place, viewer = g.api_place, current_viewer()
    shown = [each for each in (*clash.clashes, *clash.displaceable) if isinstance(each, Full)]
    names = looking.names_in(viewer, shown)
    met = clash.met or (() if clash.displaceable else (Met(clash.wanted.start),))
    with force_locale(spoken()):
        detail = _what(clash)
    return problem(
        409,
        detail=detail,
        clashes=[_refused(each, place, names, viewer) for each in met],
        displaceable=[views.full(each, place, names, viewer) for each in clash.displaceable],
        alternatives=[views.free(each, place) for each in clash.alternatives],
        fits=clash.fits,
    )


def _refused(met: Met, place: Place, names: Names, viewer: Viewer) -> views.Json:
    """One time that was refused, with what it clashes with or the rule that forbids it."""
    told = {
        "occurrence": views.time(met.occurrence, place.premises.zone),
        "with": [views.either(each, place, names, viewer) for each in met.views],
    }
    return told if met.reason is None else {**told, "reason": met.reason.value}


def _what(clash: Clash) -> str:
    if clash.displaceable and not clash.met:
        return gettext("Works if other bookings give way.")
    if clash.fits:
        return gettext("Some of its times are taken; %(fits)s are free.", fits=clash.fits)
    return gettext("It is taken then.")


@api.before_app_request
def hide_before_methods() -> None:
    """A booking that is not for the caller to know is not found, also by a method its address does not have."""
    wrong = request.routing_exception
    if not isinstance(wrong, MethodNotAllowed) or not request.path.startswith(f"/api{VERSION}/"):
        return
    if account() is None:
        raise Unauthorized
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, address = adapter.match(method="GET") if adapter else ("", {})
    except (MethodNotAllowed, NotFound):
        return
    if endpoint.startswith(f"{api.name}.") and "booking" in address:
        refuse_what_names_nothing(endpoint, dict(address))
        looking.look_at(current_viewer(), address["booking"], now())
