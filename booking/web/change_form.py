"""A booking put into the form, and what was changed in it. Imports actions and the domain.

What was said in a booking comes into the form by opening it; on the way back only its marks are compared, so that
saving opens nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from booking.actions.changes import Changes, Scope
from booking.actions.looking import Opened
from booking.actions.wishing import ANY_DESK, Order
from booking.domain.people import Visibility
from booking.domain.premises import Premises
from booking.domain.spans import Span
from booking.domain.views import Full
from booking.web.site import secret_key
from booking.web.wish_form import BookingForm, emails, put_resource, put_span, read_span

SCOPES = {"bara": Scope.THIS, "kommande": Scope.FOLLOWING, "alla": Scope.ALL}


def scope_name(scope: Scope) -> str:
    """How far a change of a series reaches, as fields and addresses say it."""
    return next(name for name, each in SCOPES.items() if each is scope)


def as_filled(opened: Opened) -> BookingForm:
    """The form as the booking stands; its content must have been opened."""
    view, premises = opened.view, opened.place.premises
    content = view.content
    assert content is not None
    filled = BookingForm(
        formdata=None,
        data={
            "title": content.title,
            "note": content.note,
            "attendees": "\n".join(each.email for each in content.attendees),
            "visibility": view.visibility.value,
            "equipment": list(view.equipment),
            "clear_desks": view.clear_desks,
            "etag": opened.etag,
            "scope": scope_name(Scope.THIS),
        },
    )
    put_resource(filled, view.resource, premises)
    put_span(filled, view.span, premises.zone)
    filled.opened.data = ".".join(_marks(filled, view.id))
    return filled


def put_move(filled: BookingForm, asked: Mapping[str, str], premises: Premises) -> bool:
    """Write the place, day and times that a link asks for into the form, where they can be read; whether any was."""
    if asked.get("plats", "") in premises.by_key:
        put_resource(filled, asked["plats"], premises)
    fields = {"day": asked.get("datum"), "start": asked.get("fran"), "end": asked.get("till")}
    before = {name: filled[name].data for name in fields}
    for name, text in fields.items():
        filled[name].data = text or filled[name].data
    span, _wrong = read_span(filled, premises.zone)
    if span is None or span.end <= span.start:
        for name, text in before.items():
            filled[name].data = text
    return any(asked.get(name) for name in ("plats", "datum", "fran", "till"))


def changes_in(filled: BookingForm, order: Order, view: Full) -> Changes:
    """What the form says otherwise than the booking; None for all that is as it was."""
    before = filled.text("opened").split(".")
    title, note, attendees = (
        mark not in before[place : place + 1] for place, mark in enumerate(_marks(filled, view.id))
    )
    resource = view.resource if order.resource == ANY_DESK else order.resource
    return Changes(
        resource=resource if resource != view.resource else None,
        start=order.span.start if order.span.start != view.span.start else None,
        end=order.span.end if order.span.end != view.span.end else None,
        title=order.title if title else None,
        note=order.note if note else None,
        visibility=order.visibility if order.visibility != view.visibility else None,
        attendees=order.attendees if attendees else None,
        equipment=order.equipment if set(order.equipment) != set(view.equipment) else None,
        clear_desks=order.clear_desks if order.clear_desks != view.clear_desks else None,
        displace=order.displace,
        begun_too=order.begun_too,
        disclose=bool(filled.disclose.data),
    )


def move_to(view: Full, resource: str, span: Span) -> Changes:
    """Another resource and another time, as far as they are other."""
    return Changes(
        resource=resource if resource != view.resource else None,
        start=span.start if span.start != view.span.start else None,
        end=span.end if span.end != view.span.end else None,
    )


def stays(view: Full) -> str:
    """What may become of who may know: 'seen' never turns confidential, 'opens' is for the organiser alone."""
    if view.visibility is not Visibility.CONFIDENTIAL:
        return "seen"
    return "opens" if view.mine and view.circle is not None else "sealed"


def _marks(filled: BookingForm, booking: str) -> list[str]:
    """A mark of each text, keyed, so that the page's copy tells nothing without the text itself."""
    texts = (
        filled.text("title").strip(" \t"),
        filled.text("note").strip(),
        repr(sorted(email.lower() for email in emails(filled.text("attendees")))),
    )
    return [
        hmac.new(secret_key(), f"{booking} {place} {text}".encode(), hashlib.sha256).hexdigest()[:32]
        for place, text in enumerate(texts)
    ]
