"""Retention: nothing goes before a decision; then it goes wholly, from the disk too, and nobody outside notices."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import func, select, update

from booking.actions import ending, looking, operating, retaining, working
from booking.actions.signing_in import Browser, sign_in
from booking.domain.bookings import Gone, Repetition
from booking.domain.notices import News
from booking.domain.retention import PROPOSED, REMOVED, Kind, Periods, UnfitDecision, limits
from booking.storage import jobs, retention
from booking.storage.access import remember
from booking.storage.database import DatabaseRefused, run, transaction
from booking.storage.notices import tell
from booking.storage.tables import (
    attendees,
    disposals,
    idempotency_keys,
    journal,
    notices,
    openings,
    people,
    retention_decisions,
    reviews,
    sealed,
)
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    TODAY,
    TRAFFIC,
)
from tests.support.dump import bytes_on_disk, rows_by_table
from tests.support.house import House
from tests.web.outsiders import OUTSIDERS, World, briefing, replay, seen, worlds

__all__ = ["worlds"]  # the fixture
PERIODS = Periods(sealed_days=30, details_days=60, log_days=90)
RUNS = "/samordning/korningar"


def type_in(house: House, *words: str) -> Result:
    return house.app.test_cli_runner().invoke(args=["retention", *words])


def decide(house: House, periods: Periods = PERIODS) -> None:
    with house.inside():
        retaining.decide("KS 2026/118", periods, house.clock())


def counts(house: House, tried: Periods | None = None) -> dict[Kind, int]:
    with house.inside():
        return dict(retaining.report(house.clock(), tried).counts)


def destroy(house: House) -> int:
    with house.inside():
        return retaining.destroy(house.clock())


def kept(house: House, table: Any) -> int:
    with house.inside():
        found: int = run(select(func.count()).select_from(table)).scalar_one()
        return found


def content(house: House, made: looking.Opened, who: str = POLICE) -> Any:
    with house.inside():
        return looking.open_details(house.viewer(who), made.view.id, house.clock(), "page").view.content


def live(house: House, word: str = "Rapport") -> tuple[looking.Opened, looking.Opened]:
    """A briefing that a colleague opened, and a desk with a note and somebody invited."""
    secret = house.book(POLICE, HALL, "17:00", "17:45", title=word, note=word, circle=POLICE_CIRCLE)
    told = house.book(TRAFFIC, DESKS[1], "10:00", "11:00", title=word, note=word, attendees=(GUARD,))
    content(house, secret, GUARD)
    return secret, told


# --- the decision -----------------------------------------------------------------------------

UNFIT = [
    ("", PERIODS, "reference"),
    ("  ", PERIODS, "reference"),
    ("KS\n118", PERIODS, "reference"),
    ("x" * 121, PERIODS, "reference"),
    ("KS", Periods(0, 60, 90), "whole days"),
    ("KS", Periods(30, -1, 90), "whole days"),
    ("KS", Periods(30, 60, 36_501), "whole days"),
    ("KS", Periods(30, 60, 59), "at least as long"),
    ("KS", Periods(100, 60, 90), "at least as long"),
]


@pytest.mark.parametrize(("reference", "periods", "said"), UNFIT)
def test_a_decision_that_cannot_be_one_is_refused_with_a_sentence(
    house: House, reference: str, periods: Periods, said: str
) -> None:
    with house.inside(), pytest.raises(UnfitDecision, match=said):
        retaining.decide(reference, periods, house.clock())
    assert kept(house, retention_decisions) == 0


def test_the_command_says_the_sentence_alone(house: House) -> None:
    words = ("--reference", "KS 118", "--sealed-days", "30", "--details-days", "60", "--log-days", "10")
    result = type_in(house, "decide", *words)
    assert result.exit_code == 1
    (said,) = result.stderr.splitlines()
    assert "--log-days is not to be less" in said
    assert type_in(house, "decide", *words[2:]).exit_code == 2, "without a reference there is no decision"


def test_before_a_decision_it_is_only_told_what_would_go(house: House) -> None:
    secret, told = live(house)
    house.clock.step(days=1000)
    before = kept(house, journal)
    said = type_in(house, "report").output
    assert said.startswith("No decision is recorded: nothing is destroyed.\n")
    assert "1  sealed records of bookings that ended before" in said
    assert counts(house)[Kind.SEALED] == 1
    assert destroy(house) == 0
    assert kept(house, journal) == before
    assert content(house, secret).title == content(house, told, TRAFFIC).title == "Rapport"


def test_other_periods_are_tried_without_deciding(house: House) -> None:
    live(house)
    house.clock.step(days=10)
    assert counts(house)[Kind.SEALED] == 0
    assert counts(house, Periods(9, 9, 9))[Kind.SEALED] == 1
    said = type_in(house, "report", "--sealed-days", "9")
    assert "By 9, 365 and 730 days" in said.output
    assert type_in(house, "report", "--log-days", "1").exit_code == 1


def test_a_newer_decision_takes_the_place_of_the_earlier(house: House) -> None:
    words = ("--sealed-days", "30", "--details-days", "60", "--log-days", "90")
    assert type_in(house, "decide", "--reference", "KS 118", *words).output.startswith("Recorded.\n")
    decide(house, Periods(3, 3, 3))
    live(house)
    house.clock.step(days=5)
    assert counts(house)[Kind.SEALED] == 1
    assert "Decision KS 2026/118, recorded 2026-11-24." in type_in(house, "report").output
    with house.inside():
        rows = run(select(journal.c.fields).where(journal.c.action == "retention:decide")).scalars().all()
    assert rows == ["details_days,log_days,sealed_days"] * 2


# --- what goes, and when ----------------------------------------------------------------------


def test_each_kind_goes_when_its_time_has_come_and_not_before(house: House) -> None:
    secret, told = live(house)
    decide(house)
    house.clock.now = house.at("17:45") + timedelta(days=30)
    assert destroy(house) == 0, "to the second"
    house.clock.step(seconds=1)
    assert destroy(house) == 1
    assert content(house, secret).gone is Gone.DESTROYED
    assert content(house, told, TRAFFIC).title == "Rapport"
    house.clock.step(days=30)
    destroy(house)
    words = content(house, told, TRAFFIC)
    assert (words.gone, words.title, words.note, words.attendees) == (Gone.DESTROYED, "", "", ())
    assert kept(house, attendees) == 0
    assert kept(house, openings) > 0
    house.clock.step(days=31)
    with house.inside():
        old = run(select(func.count()).where(journal.c.at < house.clock() - timedelta(days=90))).scalar_one()
    assert old > 0
    destroy(house)
    with house.inside():
        limit = house.clock() - timedelta(days=90)
        assert run(select(func.count()).where(journal.c.at < limit)).scalar_one() == 0
        assert run(select(func.count()).where(openings.c.at < limit)).scalar_one() == 0


def test_a_series_keeps_its_words_until_its_last_time_has_ended(house: House) -> None:
    made = house.book(
        POLICE, MEETING_ROOM, "10:00", "11:00", title="Varje vecka", circle=POLICE_CIRCLE, repeat=weekly(6)
    )
    decide(house, Periods(1, 1, 90))
    house.clock.step(days=30)
    assert destroy(house) == 0
    house.clock.step(days=30)
    destroy(house)
    assert content(house, made).gone is Gone.DESTROYED


def weekly(times: int) -> Any:
    return Repetition(f"FREQ=WEEKLY;COUNT={times}")


def test_what_is_to_come_is_never_touched(house: House) -> None:
    house.book(POLICE, HALL, "17:00", "17:45", TODAY + timedelta(days=20), title="Sen", circle=POLICE_CIRCLE)
    decide(house, Periods(1, 1, 1))
    house.clock.step(days=10)
    assert counts(house)[Kind.SEALED] == 0
    destroy(house)
    assert kept(house, sealed) == 1


def test_reviews_go_with_the_log_they_are_of(house: House) -> None:
    live(house)
    with house.inside(), transaction():
        values = {"circle_id": 1, "person_id": 1, "remark": "", "signed_at": house.clock()}
        run(reviews.insert().values(starts=house.at("00:00"), ends=house.at("12:00"), **values))
    decide(house)
    house.clock.step(days=91)
    destroy(house)
    assert kept(house, reviews) == 0


def test_the_logs_let_go_only_what_a_disposal_names(house: House) -> None:
    live(house)
    decide(house)
    house.clock.step(days=91)
    for table in (openings, journal):
        with house.inside(), pytest.raises(DatabaseRefused), transaction():
            run(table.delete())
    destroy(house)
    with house.inside(), pytest.raises(DatabaseRefused), transaction():
        run(journal.delete())


def test_every_disposal_is_recorded_with_its_decision_and_how_much_it_was(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for hour in range(5):
        house.book(TRAFFIC, DESKS[0], f"{10 + hour}:00", f"{11 + hour}:00", title="Rapport")
    decide(house)
    house.clock.step(days=61)
    told = counts(house)[Kind.DETAILS]
    destroy(house)
    with house.inside():
        query = select(disposals.c["count"], disposals.c.before, disposals.c.decision_id)
        rows = run(query.where(disposals.c.kind == "details")).all()
    assert told == 5
    assert [row[0] for row in rows] == [2, 2, 1]
    assert {row[1] for row in rows} == {house.clock() - timedelta(days=60)}


def test_cut_off_it_goes_on_where_it_was(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for hour in range(5):
        house.book(TRAFFIC, DESKS[0], f"{10 + hour}:00", f"{11 + hour}:00", title="Rapport")
    decide(house)
    house.clock.step(days=61)
    some, calls = retention.destroy_some, iter(range(100))

    def killed(*words: Any) -> int:
        if next(calls) == 2:
            raise KeyboardInterrupt
        return some(*words)

    with monkeypatch.context() as patch:
        patch.setattr(retention, "destroy_some", killed)
        with pytest.raises(KeyboardInterrupt):
            destroy(house)
    assert counts(house)[Kind.DETAILS] == 3
    destroy(house)
    assert counts(house)[Kind.DETAILS] == 0


def test_notices_go_with_their_words_and_letters(house: House) -> None:
    with house.inside(), transaction():
        person = house.viewer(ARTIST).person
        assert person is not None
        tell(person, News.ASKED, house.clock(), words="Kan vi byta?")
    decide(house)
    house.clock.step(days=61)
    destroy(house)
    assert kept(house, notices) == 0


def test_what_answers_a_repeated_request_is_forgotten_the_next_day(house: House) -> None:
    made = house.book(TRAFFIC, DESKS[0], "10:00", "11:00")
    person = house.viewer(TRAFFIC).person
    assert person is not None
    with house.inside():
        with transaction():
            remember(person, "nyckel", "f" * 64, made.view.id, house.clock())
        assert ending.forget(house.clock() + timedelta(hours=23)) == 0
        assert ending.forget(house.clock() + timedelta(hours=25)) == 1
    assert kept(house, idempotency_keys) == 0


def test_who_has_left_loses_name_and_address_when_the_logs_have_forgotten_them(house: House) -> None:
    made = house.book(ARTIST, DESKS[0], "10:00", "11:00", visibility="open", title="Skiss")
    with house.inside(), transaction():
        run(update(people).where(people.c.email == ARTIST).values(ends_at=house.at("12:00")))
    decide(house)
    house.clock.step(days=89)
    destroy(house)
    with house.inside():
        assert looking.look_at(house.viewer(TRAFFIC), made.view.id, house.clock()).view.organiser != REMOVED
    house.clock.step(days=2)
    destroy(house)
    with house.inside():
        assert looking.look_at(house.viewer(TRAFFIC), made.view.id, house.clock()).view.organiser == REMOVED
        row = run(select(people).where(people.c.name == REMOVED)).one()
        assert (row.password_hash, row.email.endswith("@removed.invalid")) == (None, True)
        assert sign_in(ARTIST, "sergels-torg", Browser("192.0.2.1"), house.clock()) is None
    assert counts(house)[Kind.ACCOUNTS] == 0, "once is enough"


def test_limits_are_whole_days_back_and_say_nothing_of_anybody(house: House) -> None:
    now = house.clock()
    assert limits(PROPOSED, now) == {
        Kind.SEALED: now - timedelta(days=30),
        Kind.DETAILS: now - timedelta(days=365),
        Kind.MESSAGES: now - timedelta(days=365),
        Kind.ACCESS_LOG: now - timedelta(days=730),
        Kind.JOURNAL: now - timedelta(days=730),
        Kind.ACCOUNTS: now - timedelta(days=730),
    }


# --- what is left -----------------------------------------------------------------------------


def test_the_stored_claims_are_as_sound_as_before(house: House) -> None:
    live(house)
    decide(house)
    house.clock.step(days=91)
    destroy(house)
    with house.inside():
        assert [len(each.broken) for each in operating.audit(house.clock())] == [0]


def test_those_who_may_know_see_the_booking_without_its_words(house: House) -> None:
    secret, told = live(house)
    decide(house, Periods(1, 1, 90))
    house.clock.step(days=3)
    destroy(house)
    for who in (POLICE, GUARD):
        answer = house.visitor(who).submit(f"/bokning/{secret.view.id}/oppna")
        assert answer.status_code == 200
        assert "gallrat" in answer.text
        assert "Rapport" not in answer.text
    answer = house.visitor(TRAFFIC).get(f"/bokning/{told.view.id}")
    assert "gallrat" in answer.text
    answer = house.visitor(POLICE).get(f"/api/v1/bookings/{secret.view.id}")
    assert (answer.json["title"], answer.json["attendees"], answer.json["sealed"]) == ("", [], False)
    for who in (POLICE, TRAFFIC):
        assert house.visitor(who).get("/mina?vy=tidigare").status_code == 200
        for number in (secret, told):
            house.visitor(who).get(f"/boka?kopia={number.view.id}")


def test_what_was_destroyed_is_nowhere_on_the_disk(house: House, database: str) -> None:
    word, hidden = f"ö{secrets.token_hex(12)}", f"ö{secrets.token_hex(12)}"
    house.book(TRAFFIC, DESKS[1], "10:00", "11:00", title=word, note=word * 40, attendees=(GUARD,))
    made = house.book(POLICE, HALL, "17:00", "17:45", title=hidden, circle=POLICE_CIRCLE)
    with house.inside():
        box = run(select(sealed.c.box).where(sealed.c.terms_id == made.terms)).scalar_one()
    assert word.encode() in bytes_on_disk(database)
    assert box in bytes_on_disk(database)
    decide(house, Periods(1, 1, 90))
    house.clock.step(days=3)
    destroy(house)
    if database.startswith("sqlite"):
        disk = bytes_on_disk(database)
        assert word.encode() not in disk
        assert box[16:64] not in disk
    dump = "\n".join(row for rows in rows_by_table(database).values() for row in rows)
    assert word not in dump
    assert repr(box) not in dump


# --- nobody outside notices -------------------------------------------------------------------


def test_no_outsider_can_tell_whether_it_was_destroyed_yet(
    worlds: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    def purged(house: House) -> None:
        briefing(house)
        decide(house, Periods(1, 300, 300))
        house.clock.step(days=3)
        run_the_worker(house)
        assert kept(house, sealed) == 0

    def standing(house: House) -> None:
        briefing(house)
        decide(house, Periods(1, 300, 300))
        house.clock.step(days=3)
        with monkeypatch.context() as patch:
            patch.setattr(retention, "SHELVES", ())
            run_the_worker(house)
        assert kept(house, sealed) == 1

    first, second = worlds(standing), worlds(purged)
    for who in OUTSIDERS:
        for (asked, here), (_, there) in zip(replay(first, who), replay(second, who), strict=True):
            assert here == there, f"{who}: {asked}"
        here, there = (seen(each.house.visitor(who).get(RUNS)) for each in (first, second))
        assert here == there, who


def run_the_worker(house: House) -> None:
    with house.inside():
        working.work([each for each in working.JOBS if each.name == "retention"], house.clock)


def test_the_worker_destroys_once_a_day_and_says_of_how_much_it_was_nothing(house: House) -> None:
    live(house)
    decide(house, Periods(1, 1, 90))
    house.clock.step(days=3)
    run_the_worker(house)
    assert kept(house, sealed) == 0
    with house.inside():
        last = jobs.runs()["retention"]
    assert (last.worked, last.did) == (True, 0)


# --- the page ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [COORDINATOR, ADMINISTRATOR])
def test_the_page_tells_what_goes_when_and_never_how_much(house: House, who: str) -> None:
    live(house)
    visitor = house.visitor(who)
    visitor.set_cookie("sprak", "en")
    assert "No decision is recorded" in visitor.get(RUNS).text
    decide(house)
    page = visitor.get(RUNS).text
    assert "By the decision KS 2026/118" in page
    assert "The content of confidential bookings that ended</dt><dd>before 25 October 2026" in page
    before = page.partition("<h2")[2].partition("</main>")[0]
    house.book(POLICE_COLLEAGUE, MEETING_ROOM, "13:00", "14:00", circle=POLICE_CIRCLE)
    assert visitor.get(RUNS).text.partition("<h2")[2].partition("</main>")[0] == before


@pytest.mark.parametrize("who", [POLICE, ARTIST])
def test_the_page_is_for_those_who_run_the_house(house: House, who: str) -> None:
    assert house.visitor(who).get(RUNS).status_code == 403
