"""Letters in the reader's own language, made when they are sent. Imports the actions' values and the domain.

About a confidential booking every letter is the same: one constant sentence and one constant link, with no title,
circle, time or other recipient, and nothing attached.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from booking.actions.noticing import Told
from booking.actions.sending import Kind, Letter
from booking.domain.notices import News
from booking.domain.spans import last_day
from booking.web import news
from booking.web.entries import booked
from booking.web.ical import Method, Parties, message, withdrawal
from booking.web.language import LANGUAGES
from booking.web.offers import nearest
from booking.web.site import site
from booking.web.wording import plain_day

NAME = "Samlokal"
SUBJECT_CHARACTERS = 150


def write(letter: Letter, now: datetime) -> EmailMessage:
    """The letter, for one reader alone."""
    with force_locale(letter.language):
        if letter.private:
            return _plain(letter, now, NAME, _private())
        if letter.invitation is not None:
            return _plain(letter, now, NAME, _invitation(letter))
        if letter.secret:
            return _plain(letter, now, NAME, _link(letter))
        if letter.told is not None:
            return _plain(
                letter, now, news.headline(letter.told), "\n".join(_notice(letter, letter.told, now))
            )
        return _entry(letter, now)


def _plain(letter: Letter, now: datetime, subject: str, body: str) -> EmailMessage:
    """One letter to one person. Its Message-ID is that of its row, however often it has to be sent."""
    sender = current_app.extensions["samlokal.settings"].mail_from or ""
    written = EmailMessage(policy=SMTP)
    written["From"], written["To"], written["Subject"] = sender, letter.email, _on_one_line(subject)
    written["Date"] = format_datetime(now)
    written["Message-ID"] = f"<{letter.id}@{parseaddr(sender)[1].rpartition('@')[2] or 'samlokal'}>"
    written["Auto-Submitted"] = "auto-generated"  # RFC 3834 section 5
    written.set_content(body, cte="quoted-printable")
    return written


def _on_one_line(text: str) -> str:
    """What stands in a header: nothing that could end it and begin another."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(plain.split())[:SUBJECT_CHARACTERS]


def _private() -> str:
    return f"{news.something()}\n\n{site()}/aviseringar\n"


def _link(letter: Letter) -> str:
    """A link for a password; it opens once."""
    if letter.kind is Kind.WELCOME:
        said = _("You have been given an account. Choose your password here, within seven days:")
        unasked = _("If you do not know why, you need do nothing.")
    else:
        said = _(
            "Choose a new password here, within a day. Where you are signed in now you will be signed out:"
        )
        unasked = _(
            "If you have not asked for this, do nothing and tell the administrator of your organisation."
        )
    return f"{said}\n\n{site()}/valkommen/{letter.secret}\n\n{unasked}\n"


def _invitation(letter: Letter) -> str:
    """A link by which a guest makes their account; in both languages, for nobody knows yet which they read."""
    words = []
    for each in LANGUAGES:
        with force_locale(each):
            words.append(_invitation_in_one_language(letter))
    return "\n-- \n\n".join(words)


def _invitation_in_one_language(letter: Letter) -> str:
    assert letter.invitation is not None
    assert letter.place is not None
    premises = letter.place.premises
    last = plain_day(last_day(letter.invitation.ends, premises.zone))
    said = _("You are invited to book at %(premises)s.", premises=premises.name)
    until = _("Your account is there until %(day)s. Make it here, within fourteen days:", day=last)
    unasked = _("The link opens once. If you do not know why you got it, you need do nothing.")
    return f"{said} {until}\n\n{site()}/inbjudan/{letter.secret}\n\n{unasked}\n"


# --- notices ----------------------------------------------------------------------------------


def _notice(letter: Letter, told: Told, now: datetime) -> Iterator[str]:
    yield news.headline(told)
    if said := news.about(told):
        yield f"\n{said}"
    yield from news.lost(told, now)
    if told.notice.words:
        yield f"\n{told.notice.words}"
    yield from _offers(letter, told, now)
    yield f"\n{site()}{news.path_of(told) or '/aviseringar'}"
    yield "\n-- "
    yield _("You choose what is mailed to you: %(address)s", address=f"{site()}/installningar")
    yield ""


def _offers(letter: Letter, told: Told, now: datetime) -> Iterator[str]:
    """The nearest free times, each with the address at which it is taken."""
    view, place = told.view, told.place
    if told.notice.news is not News.DISPLACED or view is None or place is None or not view.ours:
        return
    found = nearest(letter.reader, place, view, now) if news.lost(told, now) else []
    if found:
        yield "\n" + _("Nearest free times:")
    for offer in found:
        yield f"{offer.label}\n  {site()}{news.path_to(told, offer)}"


# --- entries of a calendar --------------------------------------------------------------------


def _entry(letter: Letter, now: datetime) -> EmailMessage:
    """An entry as an alternative to the text, for programs that read it, and as a file for those that do not."""
    method = Method.REQUEST if letter.kind is Kind.REQUEST else Method.CANCEL
    subject, body = _words(letter, method)
    written = _plain(letter, now, subject, body)
    content = _calendar(letter, method)
    written.add_alternative(
        content.decode(),
        subtype="calendar",
        cte="base64",
        params={"method": method.value, "charset": "utf-8"},
    )
    written.add_attachment(content, maintype="application", subtype="ics", filename="invite.ics")
    return written


def _words(letter: Letter, method: Method) -> tuple[str, str]:
    if letter.view is None or letter.place is None:
        return NAME, _private()
    premises, view = letter.place.premises, letter.view
    entry = booked(premises, view)
    asked = method is Method.REQUEST
    said = (
        _("Booked: %(what)s", what=entry.summary) if asked else _("Cancelled: %(what)s", what=entry.summary)
    )
    return said, f"{said}\n{entry.location}\n{news.when(view.span, premises.zone)}\n\n{site()}/mina\n"


def _calendar(letter: Letter, method: Method) -> bytes:
    own = parseaddr(current_app.extensions["samlokal.settings"].mail_from or "")[1]
    parties = Parties(own, NAME, letter.email, letter.reader.name, comes=letter.organises)
    if letter.view is None or letter.place is None:
        assert letter.changed is not None
        return withdrawal(letter.uid, letter.sequence, letter.changed, parties)
    premises = letter.place.premises
    entry = booked(premises, letter.view)
    return message(method, premises.zone, replace(entry, cancelled=method is Method.CANCEL), parties)
