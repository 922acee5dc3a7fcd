"""The organisations of a premises, for its coordinator: newcomers, codes and colours, and rest. Imports the actions."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import StringField

from booking.actions import organisations, resetting
from booking.actions.errors import Refused
from booking.actions.looking import Place
from booking.actions.organisations import CATEGORIES, Badge, Listed, Taking
from booking.domain.badges import COLOURS
from booking.domain.people import Secrecy, Viewer, Visibility
from booking.domain.permissions import Deed
from booking.domain.premises import Category
from booking.web.clock import now
from booking.web.coordination import named, where
from booking.web.forms import Fault, Form, mark
from booking.web.language import lazily as _l
from booking.web.sentences import sentence
from booking.web.site import site

pages = Blueprint("organisations", __name__)
Page = Response | str | tuple[str, int]
Word = TypeVar("Word", bound=StrEnum)
KINDS: Mapping[Category, str] = {
    Category.REACTIVE: _l("Reactive"),
    Category.PREVENTIVE: _l("Preventive"),
    Category.PLACE: _l("Place"),
}
BOUND: Mapping[Secrecy, str] = {
    Secrecy.OSL: _l("The Public Access to Information and Secrecy Act"),
    Secrecy.STATUTE: _l("A statute of its own"),
    Secrecy.AGREEMENT: _l("An agreement"),
    Secrecy.NONE: _l("Nothing"),
}
SEEN: Mapping[Visibility, str] = {
    Visibility.INTERNAL: _l("Internal: the organisations"),
    Visibility.OPEN: _l("Open: guests too"),
    Visibility.CONFIDENTIAL: _l("Confidential: only itself"),
}


class TakingForm(Form):
    """A newcomer, and its first administrator."""

    name = StringField(_l("Name"), name="namn")
    code = StringField(_l("Code"), name="kod")
    colour = StringField(_l("Colour"), name="farg")
    category = StringField(_l("Category"), name="kategori")
    secrecy = StringField(_l("Bound to secrecy by"), name="bunden")
    visibility = StringField(_l("Who may know what it books, unless it says otherwise"), name="vem")
    person = StringField(_l("Name of the first administrator"), name="person")
    email = StringField(_l("Email of the first administrator"), name="epost")


@pages.get("/samordning/organisationer")
def page() -> str:
    """The organisations, and the form for a newcomer."""
    viewer, place = where(Deed.ORGANISATION_KEEP, named())
    return _page(viewer, place, _blank())


@pages.post("/samordning/organisationer")
def take_in() -> Page:
    """Take a newcomer in; the answer is the same whether or not the address has an account already."""
    viewer, place = where(Deed.ORGANISATION_KEEP, named())
    form = TakingForm()
    wanted = Taking(
        Badge(form.text("name"), form.text("code"), _colour(form.text("colour"))),
        _member(Category, form.text("category")),
        _member(Secrecy, form.text("secrecy")),
        _member(Visibility, form.text("visibility")),
        form.text("email"),
        form.text("person"),
    )
    try:
        secret = organisations.take_in(viewer, place.premises.key, wanted, now())
    except Refused as refused:
        mark(form, [Fault(each.field, sentence(each, place.premises.zone)) for each in refused.refusals])
        return _page(viewer, place, form), 422
    return _sent(viewer, place, secret, _("The organisation is taken in."))


@pages.post("/samordning/organisationer/andra")
def change() -> Page:
    """Another name, code or colour."""
    viewer, place = where(Deed.ORGANISATION_KEEP, named())
    badge = Badge(_text("namn"), _text("kod"), _colour(_text("farg")))
    try:
        alike = organisations.change(viewer, place.premises.key, _text("organisation"), badge, now())
    except Refused as refused:
        return _wrong(viewer, place, refused)
    flash(_("Saved."))
    if alike:
        names = ", ".join(each.name for each in alike)
        flash(
            ngettext(
                "%(names)s has the same colour in the same category.",
                "%(names)s have the same colour in the same category.",
                len(alike),
                names=names,
            ),
            "warn",
        )
    return redirect(url_for("organisations.page", lokal=place.premises.key), 303)


@pages.post("/samordning/organisationer/lank")
def send_link() -> Page:
    """A link to the first administrator, in place of an earlier one."""
    viewer, place = where(Deed.ORGANISATION_KEEP, named())
    key, email, person = _text("organisation"), _text("epost"), _text("person")
    try:
        secret = organisations.send_link(viewer, place.premises.key, key, email, person, now())
    except Refused as refused:
        return _wrong(viewer, place, refused)
    return _sent(viewer, place, secret, "")


@pages.post("/samordning/organisationer/vila")
def rest() -> Page:
    """Put to rest what nobody is in any more."""
    viewer, place = where(Deed.ORGANISATION_KEEP, named())
    try:
        organisations.rest(viewer, place.premises.key, _text("organisation"), now())
    except Refused as refused:
        return _wrong(viewer, place, refused)
    flash(_("The organisation is at rest. What was booked keeps its name."))
    return redirect(url_for("organisations.page", lokal=place.premises.key), 303)


@pages.post("/samordning/organisationer/vack")
def wake() -> Page:
    """Use one again that was put to rest."""
    viewer, place = where(Deed.ORGANISATION_KEEP, named())
    organisations.wake(viewer, place.premises.key, _text("organisation"), now())
    flash(_("The organisation is in use again."))
    return redirect(url_for("organisations.page", lokal=place.premises.key), 303)


def _text(field: str) -> str:
    return request.form.get(field, "").replace("\0", "\ufffd")


def _colour(text: str) -> int:
    """A number that is no colour where it cannot be read."""
    return int(text) if text.isascii() and text.isdigit() and len(text) == 1 else 0


def _member(kind: type[Word], text: str) -> Word | None:
    return next((each for each in kind if each.value == text), None)


def _sent(viewer: Viewer, place: Place, secret: str | None, words: str) -> Page:
    """Without mail the link is shown, this once."""
    if secret is not None:
        link = site() + url_for("sign_in.choose_password", secret=secret)
        return _page(viewer, place, _blank(), link=link), 201
    told = _("If the address can be its administrator’s, a link has been sent to it.")
    flash(f"{words} {told}".strip())
    return redirect(url_for("organisations.page", lokal=place.premises.key), 303)


def _wrong(viewer: Viewer, place: Place, refused: Refused) -> tuple[str, int]:
    words = {each.field: sentence(each, place.premises.zone) for each in refused.refusals}
    return _page(viewer, place, _blank(), _text("organisation"), words), 422


def _blank() -> TakingForm:
    chosen = {"visibility": Visibility.INTERNAL.value, "secrecy": Secrecy.NONE.value}
    return TakingForm(formdata=None, data=chosen)


def _page(
    viewer: Viewer,
    place: Place,
    form: TakingForm,
    which: str = "",
    wrong: Mapping[str, str] | None = None,
    link: str = "",
) -> str:
    found = organisations.listed(viewer, place, now())
    return render_template(
        "coordination/organisations.html",
        place=place,
        groups=_groups(found),
        resting=[each for each in found if each.rests],
        form=form,
        kinds={each.value: KINDS[each] for each in CATEGORIES},
        bound={each.value: words for each, words in BOUND.items()},
        seen={each.value: words for each, words in SEEN.items()},
        colours=COLOURS,
        mails=resetting.mails(),
        which=which,
        wrong=wrong or {},
        typed=request.form if wrong else {},
        link=link,
    )


def _groups(found: tuple[Listed, ...]) -> list[tuple[str, list[Listed]]]:
    awake = [each for each in found if not each.rests]
    return [
        (KINDS[kind], [each for each in awake if each.organisation.category is kind]) for kind in CATEGORIES
    ]
