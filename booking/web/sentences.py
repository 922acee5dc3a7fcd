"""One table of sentences: what each refusal says, at its field. Imports the domain and Flask-Babel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from booking.domain.refusals import Reason, Refusal
from booking.domain.spans import day_of
from booking.web.language import language
from booking.web.wording import length, plain_day

Sentence = Callable[[Refusal, ZoneInfo], str]


def sentence(refusal: Refusal, zone: ZoneInfo) -> str:
    """The sentence to show at the refusal's field."""
    return SENTENCES[refusal.reason](refusal, zone)


def of_a_date(reason: str) -> str:
    """What forbids one date of a series, in a few words; `reason` as it is kept with a refused date."""
    words = {
        Reason.IN_THE_PAST: _("the time has passed"),
        Reason.TOO_FAR_AHEAD: _("farther ahead than you may book"),
        Reason.OUTSIDE_HOURS: _("outside the hours in which you may book"),
        Reason.NO_SUCH_TIME: _("that time does not exist: the clock is put forward that night"),
        Reason.TOO_LONG: _("longer than you may book"),
    }
    return (
        words.get(Reason(reason), _("not allowed")) if reason in set(Reason) else _("taken when you booked")
    )


def _too_long(refusal: Refusal, zone: ZoneInfo) -> str:
    assert isinstance(refusal.limit, timedelta)
    return _("A booking may last %(longest)s at most.", longest=length(refusal.limit))


def _too_far(refusal: Refusal, zone: ZoneInfo) -> str:
    assert isinstance(refusal.limit, datetime)
    return _("You may book until %(day)s at the latest.", day=plain_day(day_of(refusal.limit, zone)))


def _outside_hours(refusal: Refusal, zone: ZoneInfo) -> str:
    if isinstance(refusal.limit, str):
        return _("The premises is closed that day: %(reason)s.", reason=refusal.limit.rstrip("."))
    if not isinstance(refusal.limit, tuple):
        return _("The premises is closed that day.")
    start, end = (_clock(each) for each in refusal.limit)
    return _("You may book between %(start)s and %(end)s.", start=start, end=end)


def _clock(at: time) -> str:
    text = "24:00" if at == time() else f"{at:%H:%M}"
    return text.replace(":", ".") if language() == "sv" else text


def _retired(refusal: Refusal, zone: ZoneInfo) -> str:
    assert isinstance(refusal.limit, datetime)
    return _("It can be booked until %(day)s at the latest.", day=plain_day(day_of(refusal.limit, zone)))


def _most(refusal: Refusal, zone: ZoneInfo) -> str:
    return _("You may have %(most)s coming bookings at most.", most=refusal.limit)


def _characters(refusal: Refusal, zone: ZoneInfo) -> str:
    return _("Write %(most)s characters at most.", most=refusal.limit)


def _end(refusal: Refusal, zone: ZoneInfo) -> str:
    assert isinstance(refusal.limit, datetime)
    return _("Choose a day from today until %(day)s.", day=plain_day(day_of(refusal.limit, zone)))


def _between(refusal: Refusal, zone: ZoneInfo) -> str:
    return _("Write a whole number, %(between)s.", between=refusal.limit)


def _password(refusal: Refusal, zone: ZoneInfo) -> str:
    return _("A password has at least %(least)s characters.", least=refusal.limit)


SENTENCES: dict[Reason, Sentence] = {
    Reason.ENDS_BEFORE_START: lambda r, z: _("The end must be later than the start."),
    Reason.NOT_WHOLE_MINUTES: lambda r, z: _("Give the time in whole minutes."),
    Reason.IN_THE_PAST: lambda r, z: _("That time has passed."),
    Reason.TOO_LONG: _too_long,
    Reason.TOO_FAR_AHEAD: _too_far,
    Reason.OUTSIDE_HOURS: _outside_hours,
    Reason.TOO_MANY_AHEAD: _most,
    Reason.MAY_NOT_BOOK: lambda r, z: _("Your account belongs to no organisation that books here."),
    Reason.UNKNOWN_RESOURCE: lambda r, z: _("Choose something that can be booked here."),
    Reason.NO_SUCH_TIME: lambda r, z: _("That time does not exist: the clock is put forward that night."),
    Reason.NOT_FOR_YOU: lambda r, z: _("That cannot be booked by your organisation."),
    Reason.NO_CONFIDENTIAL: lambda r, z: _("You cannot make confidential bookings."),
    Reason.TOKEN_NOT_CONFIDENTIAL: lambda r, z: _("This token has no access to confidential bookings."),
    Reason.CIRCLE_NOT_YOURS: lambda r, z: _("Choose a circle that your organisation is in."),
    Reason.CIRCLE_WITHOUT_SECRECY: lambda r, z: _("Only a confidential booking has a circle."),
    Reason.TITLE_TOO_LONG: _characters,
    Reason.TITLE_LINE_BREAK: lambda r, z: _("The title must be on one line."),
    Reason.NOTE_TOO_LONG: _characters,
    Reason.UNPRINTABLE: lambda r, z: _("There are characters here that cannot be shown."),
    Reason.UNKNOWN_PERSON: lambda r, z: _("There is nobody here with one of those addresses."),
    Reason.ATTENDEE_OUTSIDE_CIRCLE: lambda r, z: _("Only people in the circle can be invited."),
    Reason.CONTENT_LOCKED: lambda r, z: _(
        "What the booking says cannot be opened, so it cannot be changed. It can be cancelled."
    ),
    Reason.CANNOT_BECOME_CONFIDENTIAL: lambda r, z: _(
        "Cancel and book anew: what has been seen cannot be hidden."
    ),
    Reason.CONFIRM_DISCLOSURE: lambda r, z: _("Confirm that others may now see what the booking says."),
    Reason.ONLY_THE_ORGANISER: lambda r, z: _("Only the one who booked can let others see it."),
    Reason.STAYS_CONFIDENTIAL: lambda r, z: _(
        "The booking was made within earshot of a confidential one and stays so."
    ),
    Reason.ENDED: lambda r, z: _("The booking has ended."),
    Reason.UNDO_PASSED: lambda r, z: _("That can no longer be undone. Book it anew."),
    Reason.BEGUN: lambda r, z: _("The booking has begun; its start can no longer be changed."),
    Reason.NOT_BEGUN: lambda r, z: _("The booking has not begun yet."),
    Reason.TOO_EARLY: lambda r, z: _("You can check in from a quarter of an hour before the start."),
    Reason.NOT_ATTENDED: lambda r, z: _("Nobody needs to check in here."),
    Reason.DESKS_ARE_NOT_CLEARED_FOR: lambda r, z: _("Desks are cleared only for a whole room."),
    Reason.UNKNOWN_EQUIPMENT: lambda r, z: _("Choose equipment that is here."),
    Reason.PASSWORD_TOO_SHORT: _password,
    Reason.PASSWORD_GUESSABLE: lambda r, z: _(
        "That is among the first that anybody would try. Take some words of your own."
    ),
    Reason.CONFIRM_FIRST: lambda r, z: _("Confirm first that it is you."),
    Reason.PROVE_FIRST: lambda r, z: _("Take the second step first."),
    Reason.FACTOR_FIRST: lambda r, z: _("Add a passkey or an app first."),
    Reason.WRONG_CODE: lambda r, z: _("That is not the app’s code now. Wait for the next one and try again."),
    Reason.APP_IN_USE: lambda r, z: _("You have an app already. Remove it before you add another."),
    Reason.PASSKEY_NOT_TAKEN: lambda r, z: _("The passkey could not be used. Try again."),
    Reason.UNKNOWN_COLLEAGUE: lambda r, z: _("There is no colleague of yours with that address."),
    Reason.NO_MAIL: lambda r, z: _(
        "No mail is sent from here. Ask whoever runs the system to give it a mail server first."
    ),
    Reason.NO_SUCH_ACCOUNT: lambda r, z: _("There is no account in use with that address."),
    Reason.NOT_AN_ADDRESS: lambda r, z: _("Write one mail address."),
    Reason.ALREADY_A_COLLEAGUE: lambda r, z: _("That address is of somebody in your organisation already."),
    Reason.ALREADY_A_GUEST: lambda r, z: _("That is a guest here already. Give them more time in the list."),
    Reason.ADDRESS_IN_USE: lambda r, z: _(
        "There is an account with your address already. Sign in with it, or ask for an invitation to another address."
    ),
    Reason.END_OUT_OF_REACH: _end,
    Reason.NOT_A_CODE: lambda r, z: _("Write two letters."),
    Reason.CODE_TAKEN: lambda r, z: _("Another organisation here has that code. Choose another."),
    Reason.NOT_A_CHOICE: lambda r, z: _("Choose one in the list."),
    Reason.ALREADY_ADMINISTERED: lambda r, z: _("It has an administrator, who alone lets its people in."),
    Reason.STILL_PEOPLED: lambda r, z: _(
        "There are people in it still. Only an empty organisation is put to rest."
    ),
    Reason.NOT_A_NUMBER: _between,
    Reason.UNKNOWN_ORGANISATION: lambda r, z: _("Choose an organisation."),
    Reason.CONFIRM_NO_SECRECY: lambda r, z: _(
        "The organisation is bound by no duty of secrecy. Confirm that you want it in the circle all the same."
    ),
    Reason.STILL_BOOKED_IN_CIRCLE: lambda r, z: _("It has coming bookings in the circle."),
    Reason.RETIRED: _retired,
    Reason.NAME_MISSING: lambda r, z: _("Write what it is called."),
    Reason.HOURS_UNREADABLE: lambda r, z: _(
        "Write hours like 07:00-21:00, or leave a day empty when closed."
    ),
    Reason.REASON_MISSING: lambda r, z: _("Write the reason that everybody is to see."),
    Reason.NOT_WAITING: lambda r, z: _("It no longer waits for an answer."),
    Reason.NOTHING_SAID: lambda r, z: _("Write a sentence about what you would like."),
    Reason.LAST_ADMINISTRATOR: lambda r, z: _(
        "You are the last administrator of your organisation: somebody must be there to admit and release people."
    ),
    Reason.REPEAT_UNREADABLE: lambda r, z: _("The rule for how it repeats cannot be read."),
    Reason.REPEAT_UNSUPPORTED: lambda r, z: _("Bookings do not repeat in that way here."),
    Reason.REPEAT_WITHOUT_END: lambda r, z: _("Say until when it repeats, or how many times."),
    Reason.REPEAT_TOO_MANY: lambda r, z: _("A series has 366 times at most."),
    Reason.REPEAT_TOO_LONG: lambda r, z: _("A series ends within two years."),
    Reason.REPEAT_NEVER: lambda r, z: _("No day fits how it repeats."),
    Reason.REPEAT_CANNOT_MOVE: lambda r, z: _("A series that repeats so cannot be moved to other days."),
    Reason.REPEAT_OVERLAPS: lambda r, z: _("Its times would overlap one another."),
}
