"""Who is calling. Imports the actions and Flask."""

from __future__ import annotations

from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from booking.actions import looking
from booking.domain.people import Role
from booking.domain.premises import Category
from booking.web.api import reading, views
from booking.web.api.operations import Answer, answered, operation
from booking.web.viewer import account, current_viewer

CALLER = {
    "type": "object",
    "properties": {
        "name": views.TEXT,
        "email": views.TEXT,
        "organisation": views.or_null(
            views.exactly(key=views.TEXT, name=views.TEXT, category=views.one_of(Category))
        ),
        "role": views.one_of(Role),
        "circles": {
            **views.several(views.exactly(id=views.TEXT, key=views.TEXT, name=views.TEXT)),
            "description": "those whose bookings this caller may know: none by a token without that leave",
        },
        "csrf_token": {**views.TEXT, "description": "to a browser's session only: the X-CSRFToken to send"},
    },
    "required": ["name", "email", "organisation", "role", "circles"],
    "additionalProperties": False,
}


@operation(
    "GET",
    "/me",
    summary="Who is calling",
    answers={200: Answer("The caller, and the circles they see with.", CALLER)},
)
def me() -> Response:
    """The caller as they are known here."""
    reading.query(())
    viewer = current_viewer()
    names = looking.names_in(viewer, ())
    own = names.organisations[viewer.organisation] if viewer.organisation is not None else None
    caller: views.Json = {
        "name": viewer.name,
        "email": viewer.email,
        "organisation": {"key": own.key, "name": own.name, "category": own.category.value} if own else None,
        "role": viewer.role.value,
        "circles": [{"id": each.key, "key": each.key, "name": each.name} for each in names.choosable],
    }
    found = account()
    if found is not None and not found.by_token:
        caller["csrf_token"] = generate_csrf()
    return answered(caller)
