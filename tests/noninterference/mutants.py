"""The program broken in one place at a time, each with the test that must notice: T6.

Those of the rules alone are in tests/domain/test_mutants.py. Here are those of everything above. A mutant is put in
place by `apply`, in a run of pytest of its own (test_mutants.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import request
from sqlalchemy import false

from booking.actions import checking_in, giving_back, looking
from booking.domain import attempts, disclosure, facts
from booking.domain.disclosure import Eyes
from booking.domain.people import Visibility
from booking.domain.permissions import Forbidden
from booking.domain.spans import Span
from booking.storage import circles, openings, reporting, sealed
from booking.web import request_log

HERE = "tests/noninterference"
WORLDS = f"{HERE}/test_two_worlds.py::test_somebody_who_may_not_know_cannot_tell"
SCENE = f"{HERE}/test_two_worlds.py::test_what_an_earlier_draft_told_is_told_no_more"
CENSUS = f"{HERE}/test_census.py::test_a_hidden_booking_answers_like_one_that_never_was"
REPORT = "tests/web/test_report.py::test"


@dataclass(frozen=True)
class Mutant:
    """A break, and the test that must fail of it."""

    apply: Callable[[pytest.MonkeyPatch], None]
    killer: str


def everybody_knows(patch: pytest.MonkeyPatch) -> None:
    """The redaction is gone: whoever is signed in knows every booking, and no secrecy keeps them out."""
    patch.setattr(disclosure, "knows", lambda viewer, _booking: viewer.signed_in)
    patch.setattr(disclosure, "barred", lambda viewer, _stake: not viewer.signed_in)


def nothing_is_clipped(patch: pytest.MonkeyPatch) -> None:
    """An older booking is shown whole where something hidden bars it."""
    patch.setattr(Eyes, "_lost", lambda *_: ())


def what_was_barred_is_reported(patch: pytest.MonkeyPatch) -> None:
    """The report counts an older booking that something hidden met."""
    patch.setattr(facts, "_is_whole", lambda *_: True)


def what_is_confidential_is_reported(patch: pytest.MonkeyPatch) -> None:
    """The report takes every booking for one that everybody may know."""
    patch.setattr(reporting, "KNOWN", tuple(each.value for each in Visibility))
    patch.setattr(reporting, "_secret", lambda _terms: false())


def nothing_is_merged(patch: pytest.MonkeyPatch) -> None:
    """Busy is given as it was booked, seam by seam."""
    patch.setattr(disclosure, "merged", lambda spans: tuple(sorted(set(spans))))


def a_piece_from_the_row(patch: pytest.MonkeyPatch) -> None:
    """What is clipped keeps the row's own count of changes."""
    sound = Eyes._full

    def full(eyes: Eyes, booking: Any, span: Span, suspended: Any, clipped: bool) -> Any:
        return replace(sound(eyes, booking, span, suspended, clipped), sequence=booking.sequence)

    patch.setattr(Eyes, "_full", full)


def missed_where_barred(patch: pytest.MonkeyPatch) -> None:
    """What nobody could come to is released as missed."""
    patch.setattr(checking_in, "starts_barred", lambda *_: False, raising=False)
    patch.setattr("booking.domain.attendance.starts_barred", lambda *_: False)


def one_board_for_all(patch: pytest.MonkeyPatch) -> None:
    """Boards are kept by premises, window and moment, whoever looks."""
    kept: dict[Any, Any] = {}
    sound = looking.board

    def board(viewer: Any, place: Any, window: Span, now: Any) -> Any:
        return kept.setdefault((place.id, window, now), sound(viewer, place, window, now))

    patch.setattr(looking, "board", board)


def sealed_is_read_for_lists(patch: pytest.MonkeyPatch) -> None:
    """A board looks into what is sealed before it shows anything."""
    sound = looking.board

    def board(*asked: Any) -> Any:
        sealed.get("whatever")
        return sound(*asked)

    patch.setattr(looking, "board", board)


def refused_instead_of_not_there(patch: pytest.MonkeyPatch) -> None:
    """What is hidden is forbidden, and so it is there."""
    sound = looking.stored

    def stored(viewer: Any, booking_id: str, *more: Any) -> Any:
        looking.place_of(viewer, booking_id)
        try:
            return sound(viewer, booking_id, *more)
        except looking.NotFound:
            raise Forbidden("booking:see") from None

    patch.setattr(looking, "stored", stored)


def addresses_are_logged(patch: pytest.MonkeyPatch) -> None:
    """The log has the address, not its pattern."""
    sound = request_log.log.info

    def info(words: str, *, extra: dict[str, Any]) -> None:
        sound(words, extra={**extra, "route": request.full_path})

    patch.setattr(request_log.log, "info", info)


def no_row_is_written(patch: pytest.MonkeyPatch) -> None:
    """Opening leaves no row in the access log."""
    patch.setattr(openings, "record", lambda *_, **__: None)


def hidden_from_the_rules(patch: pytest.MonkeyPatch) -> None:
    """What the booker may not know is left out of the search for clashes."""
    sound = attempts.Attempt._incompatible

    def incompatible(attempt: Any, added: Any) -> Any:
        return [each for each in sound(attempt, added) if each[1].occurrence in attempt.eyes.known]

    patch.setattr(attempts.Attempt, "_incompatible", incompatible)
    patch.setattr(attempts.Attempt, "_busy_places", lambda *_: ())


def given_back_under_a_second_briefing(patch: pytest.MonkeyPatch) -> None:
    """What gave way twice is given back when one of the two goes."""
    patch.setattr(giving_back, "free_again", lambda _wanted, released, *_: tuple(released))


def proved_for_all(patch: pytest.MonkeyPatch) -> None:
    """A circle that demands a second factor is open without one."""
    patch.setattr(circles.Memberships, "opened", lambda each, proved: each.plain | each.demanding)


MUTANTS: dict[str, Mutant] = {
    "everybody knows": Mutant(everybody_knows, f"{WORLDS}[sqlite-who said it]"),
    "nothing is clipped": Mutant(
        nothing_is_clipped, f"{SCENE}[sqlite-what is told of a booking that is clipped]"
    ),
    "nothing is merged": Mutant(nothing_is_merged, f"{WORLDS}[sqlite-one or two that meet]"),
    "a piece from the row": Mutant(
        a_piece_from_the_row, f"{SCENE}[sqlite-what is told of a booking that is clipped]"
    ),
    "missed where it is barred": Mutant(missed_where_barred, "tests/actions/test_checking_in.py"),
    "one board for all": Mutant(
        one_board_for_all,
        f"{HERE}/test_canary.py::test_what_is_said_reaches_nobody_outside[sqlite-konstnar@example.org]",
    ),
    "sealed is read for lists": Mutant(
        sealed_is_read_for_lists,
        f"{HERE}/test_poison.py::test_whoever_may_not_know_is_answered_without_anything_sealed"
        "[sqlite-konstnar@example.org]",
    ),
    "forbidden instead of not there": Mutant(
        refused_instead_of_not_there, f"{CENSUS}[sqlite-trafik@example.org]"
    ),
    "what was barred is reported": Mutant(
        what_was_barred_is_reported,
        f"{REPORT}_what_something_confidential_met_is_not_in_it_a_members_or_not[sqlite]",
    ),
    "what is confidential is reported": Mutant(
        what_is_confidential_is_reported,
        f"{REPORT}_who_gave_way_to_something_urgent_is_counted_and_to_something_confidential_is_not[sqlite]",
    ),
    "addresses are logged": Mutant(
        addresses_are_logged,
        "tests/web/test_logs.py::test_a_request_is_told_by_the_pattern_of_its_address[sqlite]",
    ),
    "no row is written": Mutant(
        no_row_is_written, "tests/web/test_openings.py::test_every_way_to_the_content_is_one_row[sqlite]"
    ),
    "hidden from the rules": Mutant(
        hidden_from_the_rules,
        f"{HERE}/test_reverse.py::test_no_order_of_an_outsider_takes_any_of_it[sqlite-trafik@example.org]",
    ),
    "given back under a second briefing": Mutant(
        given_back_under_a_second_briefing, f"{SCENE}[sqlite-giving back across a second briefing]"
    ),
    "a second factor is proved for all": Mutant(
        proved_for_all,
        "tests/actions/test_second_factor.py::test_without_it_the_circles_own_people_see_what_an_outsider_sees"
        "[sqlite-ordningsvakt@example.org]",
    ),
}
