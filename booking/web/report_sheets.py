"""The tables of the follow-up report: page and files show the same cells. Imports what the actions hand out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from babel.dates import get_day_names
from flask_babel import gettext as _
from flask_babel import pgettext

from booking.actions.reporting import FollowUp
from booking.domain.claims import WallPosition
from booking.domain.facts import Who
from booking.domain.heat import Heat
from booking.domain.people import Organisation
from booking.domain.premises import Category
from booking.domain.refusals import Reason
from booking.domain.reporting import Line
from booking.domain.suppression import NONE, Tally, Told
from booking.web.language import language
from booking.web.report_table import MINUTES, Cell, Column, Row, Sheet, Unit

CATEGORIES: Mapping[Category, Callable[[], str]] = {
    Category.REACTIVE: lambda: _("Reactive organisations"),
    Category.PREVENTIVE: lambda: _("Preventive organisations"),
    Category.PLACE: lambda: _("Organisations of the place"),
    Category.GUEST: lambda: _("Guests"),
}


def sheets(found: FollowUp) -> tuple[Sheet, ...]:
    """Every table but those of the week."""
    return (
        places(found),
        organisations(found),
        walls(found),
        gave_way(found),
        missed(found),
        answered(found),
        declined(found),
        confidential(found),
    )


# --- the places -------------------------------------------------------------------------------


def places(found: FollowUp) -> Sheet:
    """How each place was used, with the quarter before beside it."""
    premises, report, before = found.place.premises, found.report, found.before
    lines = [
        Row(
            (
                premises.named(key)[language()],
                *_used(line, before.places[key]),
                line.blocked if line.open else "",
            ),
            bar=share(line) or 0,
        )
        for key, line in report.places.items()
        if line.open or before.places[key].open
    ]
    total = Row((_("All places"), *_used(report.whole, before.whole), ""), bar=share(report.whole) or 0)
    return Sheet(
        "platser",
        _("The places"),
        _("Share: of the hours in which the premises is open. Of all places: that any of them was booked."),
        (
            Column(_("Place")),
            Column(_("Times"), Unit.TIMES),
            Column(_("Times, the quarter before"), Unit.TIMES, before=True),
            Column(_("Hours"), Unit.HOURS),
            Column(_("Hours, the quarter before"), Unit.HOURS, before=True),
            Column(_("Share"), Unit.SHARE),
            Column(_("Share, the quarter before"), Unit.SHARE, before=True),
            Column(_("Blocked, hours"), Unit.HOURS),
        ),
        (*lines, total),
    )


def share(line: Line) -> int | None:
    """Per cent of its open time in which a place was in use; None where that is withheld."""
    if line.amount is None:
        return None
    return round(100 * line.used_open / line.open) if line.open else 0


def _used(now: Line, before: Line) -> Iterator[Cell]:
    for of in (times, minutes):
        yield from (of(now.amount), of(before.amount))
    yield from (share(now), share(before))


def times(amount: Told) -> int | None:
    """How many times."""
    return None if amount is None else amount.times


def minutes(amount: Told) -> int | None:
    """For how many minutes."""
    return None if amount is None else amount.minutes


# --- the week ---------------------------------------------------------------------------------


def week(found: FollowUp, place: str) -> Sheet | None:
    """How much of each hour of the week was in use, of one place or of any; None where that is withheld."""
    heat = found.report.heats[place] if place else found.report.whole_heat
    name = found.place.premises.named(place)[language()] if place else _("All places")
    if heat is None:
        return None
    return Sheet(
        "veckan",
        _("The hours of the week: %(place)s", place=name),
        _("Per cent of each hour of the week in which it was booked."),
        (Column(_("Hour")), *(Column(day, Unit.SHARE) for day in _weekdays())),
        tuple(_hour(heat, hour) for hour in heat.hours),
    )


def _weekdays() -> list[str]:
    names = get_day_names("abbreviated", "stand-alone", locale=language())
    return [names[number] for number in range(7)]


def _hour(heat: Heat, hour: int) -> Row:
    return Row((f"{hour:02}–{hour + 1:02}", *(heat.cells[weekday, hour] for weekday in range(7))))


# --- who --------------------------------------------------------------------------------------


def organisations(found: FollowUp) -> Sheet:
    """Use by category, and by organisation within each; guests together."""
    report = found.report
    total = minutes(report.categories.total)
    lines: list[Row] = []
    for category, words in CATEGORIES.items():
        amount = report.categories.groups.get(category, NONE)
        lines.append(_party((words(), times(amount), minutes(amount)), total))
        lines += _within(found, category, total)
    return Sheet(
        "organisationer",
        _("Categories and organisations"),
        _("Share: of all booked hours. Guests are counted together."),
        (
            Column(_("Organisation")),
            Column(_("Times"), Unit.TIMES),
            Column(_("Hours"), Unit.HOURS),
            Column(_("Share"), Unit.SHARE),
        ),
        (*lines, _party((_("All"), times(report.categories.total), total), total)),
    )


def _within(found: FollowUp, category: Category, total: int | None) -> list[Row]:
    own = [(who, amount) for (of, who), amount in found.report.organisations.items() if of is category]
    known = [(found.organisations[who], amount) for who, amount in own if who is not None]
    known.sort(key=lambda each: (-(minutes(each[1]) or 0), each[0].name))
    return [
        _party((each.name, times(amount), minutes(amount)), total, each, part=True) for each, amount in known
    ]


def _party(
    cells: tuple[Cell, int | None, int | None],
    total: int | None,
    organisation: Organisation | None = None,
    part: bool = False,
) -> Row:
    part_of_all = None if cells[2] is None or total is None else round(100 * cells[2] / total) if total else 0
    return Row((*cells, part_of_all), part_of_all or 0, organisation, part)


def name_of(found: FollowUp, who: Who) -> str:
    """What somebody is called in the report."""
    return _("Guests") if who is None else found.organisations[who].name


# --- walls, and what came to nothing ----------------------------------------------------------


def walls(found: FollowUp) -> Sheet:
    """How long the walls were asked to stand open and closed."""
    premises, opened = found.place.premises, found.report.whole.open
    said = {WallPosition.OPEN: pgettext("wall", "open"), WallPosition.CLOSED: pgettext("wall", "closed")}
    lines = tuple(
        Row(
            (f"{premises.named(wall)[language()]} {said[position]}", times(amount), minutes(amount)),
            bar=round(100 * (minutes(amount) or 0) / opened) if opened else 0,
        )
        for (wall, position), amount in found.report.walls.items()
    )
    return Sheet(
        "vaggar",
        _("Walls"),
        _("As bookings of rooms needed them. At other times anybody may move them."),
        (Column(_("Wall")), Column(_("Times"), Unit.TIMES), Column(_("Hours"), Unit.HOURS)),
        lines,
    )


def gave_way(found: FollowUp) -> Sheet:
    """Who gave way to whom, for causes that everybody may know."""
    counted = found.report.gave_way
    pairs = [
        (name_of(found, mine), name_of(found, other), times(amount))
        for (mine, other), amount in counted.groups.items()
    ]
    total = [(_("All"), "", times(counted.total))] if pairs else []
    return Sheet(
        "foretrade",
        _("Gave way"),
        _("Bookings that had to give way to an urgent one, to a block or to a closure with a public reason."),
        (Column(_("Who gave way")), Column(_("To whom")), Column(_("Times"), Unit.TIMES)),
        _ordered(pairs, total),
    )


def missed(found: FollowUp) -> Sheet:
    """How often nobody came."""
    counted = found.report.missed
    lines = [(name_of(found, who), times(amount)) for who, amount in counted.groups.items()]
    total = [(_("All"), times(counted.total))] if lines else []
    return Sheet(
        "uteblivna",
        _("Nobody came"),
        _("Bookings that were released because nobody checked in."),
        (Column(_("Organisation")), Column(_("Times"), Unit.TIMES)),
        _ordered(lines, total),
    )


ANSWERS: Mapping[str, Callable[[], str]] = {
    "booking:approve": lambda: pgettext("bookings", "Approved"),
    "booking:decline": lambda: pgettext("bookings", "Declined"),
    "booking:lapse": lambda: _("Not answered in time"),
}
RULES: Mapping[str, Callable[[], str]] = {
    Reason.OUTSIDE_HOURS.value: lambda: _("Outside the hours in which they may book"),
    Reason.TOO_LONG.value: lambda: _("Longer than they may book"),
    Reason.TOO_FAR_AHEAD.value: lambda: _("Further ahead than they may book"),
    Reason.NOT_FOR_YOU.value: lambda: _("A place that they may not book"),
}


def answered(found: FollowUp) -> Sheet:
    """How what had to be asked for was answered."""
    return Sheet(
        "godkannanden",
        _("Approvals"),
        _("Bookings that had to be approved, by the day of the answer, as long as the log is kept."),
        (Column(_("Answer")), Column(_("Times"), Unit.TIMES)),
        _counted(found.report.answered, ANSWERS),
    )


def declined(found: FollowUp) -> Sheet:
    """How often a rule refused an ordinary wish."""
    return Sheet(
        "nekade",
        _("Refused by a rule"),
        _("Ordinary bookings that a rule did not let through: each rule once a day for an organisation."),
        (Column(_("Rule")), Column(_("Times"), Unit.TIMES)),
        _counted(found.report.declined, RULES),
    )


def _counted(counted: Tally[str], names: Mapping[str, Callable[[], str]]) -> tuple[Row, ...]:
    lines = [(names[key](), times(amount)) for key, amount in counted.groups.items()]
    return _ordered(lines, [(_("All"), times(counted.total))] if lines else [])


def _ordered(lines: Iterable[tuple[Cell, ...]], total: Iterable[tuple[Cell, ...]]) -> tuple[Row, ...]:
    """The largest first, what is withheld last and by name: its place must not tell how large it is."""
    ordered = sorted(lines, key=lambda cells: (-(int(cells[-1] or 0)), cells[:-1]))
    return tuple(Row(cells) for cells in (*ordered, *total))


def confidential(found: FollowUp) -> Sheet:
    """The one total of what is for circles alone, of a quarter that has ended."""
    kept = found.report.confidential
    cells = (None, None) if kept is None else (kept.bookings, kept.hours * MINUTES)
    return Sheet(
        "sekretess",
        _("Confidential bookings"),
        _("For the whole premises and the whole quarter, in whole hours, once the quarter has ended."),
        (Column(_("What")), Column(_("Bookings"), Unit.TIMES), Column(_("Hours"), Unit.HOURS)),
        (Row((_("Confidential bookings"), *cells)),) if found.report.ended else (),
    )
