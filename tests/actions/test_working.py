"""The worker: what a real mail server received of what was told, whatever was killed, refused or down meanwhile."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from icalendar import Calendar, Event
from sqlalchemy import select, update

from booking.actions import cancelling, changing, feeding, membership, noticing, operating, sending, working
from booking.actions.changes import Changes
from booking.actions.noticing import Wishes
from booking.actions.working import Job
from booking.domain.bookings import Repetition
from booking.domain.notices import News
from booking.storage import jobs
from booking.storage.database import run, transaction
from booking.storage.notices import tell
from booking.storage.post import office
from booking.storage.sealed import new_key
from booking.storage.tables import bookings, feeds, outbox, people, sessions, tokens
from booking.web import letters
from tests.cast import (
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    SOCIAL,
    TRAFFIC,
)
from tests.support.house import House
from tests.support.mailbox import SENDER, Mailbox, Received, mailbox
from tests.support.server import ROOT, free_port

CONSTANT = "Det har skett en ändring i bokningssystemet"
SITE = "https://lokalen.example.org"
Build = Callable[..., House]


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """A mail server that takes everything."""
    with mailbox() as server:
        yield server


@pytest.fixture
def posted(build_house: Build, box: Mailbox) -> House:
    """An installation whose mail goes to that server."""
    return with_post(build_house, box.url)


def with_post(build: Build, url: str | None) -> House:
    return build(smtp_url=url, mail_from=SENDER, base_url=SITE)


def work(house: House) -> None:
    """Do once all that the worker has to do."""
    with house.inside():
        working.work(working.all_jobs(office(), letters.write, house.clock, lambda: False), house.clock)


def say(house: House, who: str = POLICE, news: News = News.HOURS) -> None:
    with house.inside():
        person = house.viewer(who).person
        assert person is not None
        with transaction():
            tell(person, news, house.clock())


def waiting(house: House) -> tuple[int, int]:
    """How many letters wait, and how many were given up."""
    with house.inside():
        found = operating.post(house.clock())
        return found.waiting, found.given_up


def stuck(house: House) -> bool:
    """Whether the coordinator is told that letters do not go out."""
    with house.inside():
        return working.doings(house.viewer(COORDINATOR)).stuck


# --- once, to one -----------------------------------------------------------------------------


def test_what_is_told_is_mailed_once_to_the_one_it_is_for(posted: House, box: Mailbox) -> None:
    say(posted)
    say(posted, SOCIAL)
    for _ in range(3):
        work(posted)
    assert sorted(each.to[0] for each in box.received) == [POLICE, SOCIAL]
    for each in box.received:
        assert each.letter.get_all("To") == each.to
        assert each.letter["Cc"] is None
        assert (each.sender, each.letter["From"]) == (SENDER, SENDER)
        assert each.letter["Auto-Submitted"] == "auto-generated"
        assert each.letter["Date"] is not None
        assert each.letter.get_content_type() == "text/plain"
    assert len({each.letter["Message-ID"] for each in box.received}) == 2


def test_nothing_is_sent_of_what_was_rolled_back(posted: House, box: Mailbox) -> None:
    with posted.inside():
        person = posted.viewer(POLICE).person
        assert person is not None
        with pytest.raises(ZeroDivisionError), transaction():  # noqa: PT012
            tell(person, News.HOURS, posted.clock())
            raise ZeroDivisionError
    work(posted)
    assert box.received == []


def test_without_a_mail_server_nothing_is_attempted(build_house: Build) -> None:
    house = with_post(build_house, None)
    say(house)
    work(house)
    with house.inside():
        assert run(select(outbox.c.attempts)).scalars().all() == [0]
    assert waiting(house) == (1, 0)


def test_a_letter_is_in_the_language_its_reader_last_chose(posted: House, box: Mailbox) -> None:
    posted.visitor(POLICE).get("/sprak/en")
    say(posted)
    say(posted, SOCIAL)
    work(posted)
    assert "The hours of the premises have changed." in box.to(POLICE)[0].text
    assert "Lokalens öppettider har ändrats." in box.to(SOCIAL)[0].text


def test_who_has_left_since_gets_no_letter(posted: House, box: Mailbox) -> None:
    say(posted, ARTIST)
    with posted.inside(), transaction():
        run(update(people).where(people.c.email == ARTIST).values(ends_at=posted.clock()))
    work(posted)
    assert box.received == []
    assert waiting(posted) == (0, 0)


@pytest.mark.parametrize("name", ["Eva\r\nBcc: alla@example.org", "Eva\nX-Vem: polis", "Eva\u2028Bcc: a"])
def test_no_name_makes_a_header_of_its_own(posted: House, box: Mailbox, name: str) -> None:
    with posted.inside(), transaction():
        run(update(people).where(people.c.email == POLICE_COLLEAGUE).values(name=name))
        run(update(people).where(people.c.email == POLICE).values(invitations=True))
    made = posted.book(POLICE, DESKS[0], "10:00", "11:00", title="Möte").view
    with posted.inside():
        changes = Changes(end=posted.at("12:00"))
        changing.change(posted.viewer(POLICE_COLLEAGUE), made.id, changes, None, posted.clock())
    work(posted)
    assert len(box.to(POLICE)) == 3
    for each in box.received:
        assert each.to == [POLICE]
        assert (each.letter["Bcc"], each.letter["X-Vem"]) == (None, None)


# --- killed, refused, down --------------------------------------------------------------------


@pytest.fixture
def worker(build_house: Build, box: Mailbox) -> Iterator["Worker"]:
    """A worker of its own process on the house's database."""
    house = with_post(build_house, box.url)
    made = Worker(house, box)
    yield made
    made.kill()


class Worker:
    """`flask work` as an operator runs it."""

    def __init__(self, house: House, box: Mailbox) -> None:
        self.house, self.box = house, box
        settings = house.app.extensions["samlokal.settings"]
        self.environment = {
            **os.environ,
            "SAMLOKAL_SECRET_KEY": settings.secret_key,
            "SAMLOKAL_SEALING_KEYS": new_key(),  # no letter needs what is sealed
            "SAMLOKAL_INSTANCE": str(settings.instance),
            "SAMLOKAL_DATABASE_URL": settings.database_url,
            "SAMLOKAL_SMTP_URL": box.url,
            "SAMLOKAL_MAIL_FROM": SENDER,
            "SAMLOKAL_BASE_URL": SITE,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        line = [sys.executable, "-m", "flask", "--app", "wsgi", "work", *words]
        self._process = subprocess.Popen(line, cwd=ROOT, env=self.environment)
        return self._process

    def kill(self) -> None:
        if self._process is not None:
            if self._process.poll() is None:
                self._process.kill()
            self._process.wait(timeout=30)

    def killed_at(self, seam: str) -> None:
        """Run it until the mail server has come so far with a letter, and end it there as a power cut would."""

        def cut() -> str:
            assert self._process is not None
            os.kill(self._process.pid, signal.SIGKILL)
            return "250 OK"

        def refuse_after(answer: Callable[[], str]) -> str:
            answer()
            return "451 cut off"

        if seam == "after":
            self.box.after_letter = lambda: cut() and None
        else:
            setattr(self.box, seam, lambda: refuse_after(cut))
        self.start().wait(timeout=60)
        self.box.after_letter = lambda: None
        self.box.at_recipient = self.box.at_letter = lambda: "250 OK"


@pytest.mark.parametrize(("seam", "copies"), [("at_recipient", 1), ("at_letter", 1), ("after", 2)])
def test_nothing_is_lost_when_the_worker_is_killed_and_only_what_was_taken_comes_twice(
    worker: Worker, seam: str, copies: int
) -> None:
    house, box = worker.house, worker.box
    house.clock.now -= timedelta(days=1)  # due by the clock of the process that is killed
    say(house)
    worker.killed_at(seam)
    house.clock.now = worker_time() + timedelta(minutes=5)
    work(house)
    assert len(box.received) == copies - 1
    house.clock.step(minutes=6)
    work(house)
    work(house)
    assert len(box.received) == copies
    assert len({each.letter["Message-ID"] for each in box.received}) == 1


def worker_time() -> datetime:
    return datetime.now(UTC)


def test_the_worker_ends_when_told_and_leaves_what_waits(worker: Worker) -> None:
    say(worker.house)
    process = worker.start()
    wait_until(lambda: len(worker.box.received) == 1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0


def test_the_worker_ends_when_the_server_it_runs_beside_is_killed(worker: Worker) -> None:
    work_beside = f"{sys.executable} -m flask --app wsgi work --beside $$ & echo $!; exec sleep 60"
    server = subprocess.Popen(
        ["/bin/sh", "-c", work_beside], cwd=ROOT, env=worker.environment, stdout=subprocess.PIPE
    )
    assert server.stdout is not None
    number = int(server.stdout.readline())
    say(worker.house)
    wait_until(lambda: len(worker.box.received) == 1)
    assert runs(number)
    server.kill()
    server.communicate(timeout=30)
    wait_until(lambda: not runs(number))


def runs(number: int) -> bool:
    """Whether a process runs; one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(true: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_server_that_refuses_for_a_while_gets_it_when_it_takes_mail_again(
    posted: House, box: Mailbox
) -> None:
    say(posted)
    box.at_recipient = lambda: "450 later"
    tried, told = [], []
    for minutes in (0, 1, 5, 15, 60, 60, 60):
        posted.clock.step(minutes=minutes - 0.5 if minutes else 0)
        work(posted)
        tried.append(attempts(posted))
        posted.clock.step(minutes=0.5 if minutes else 0)
        work(posted)
        tried.append(attempts(posted))
        told.append(stuck(posted))
    assert told == [False] * 4 + [True] * 3
    assert tried == [1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7]
    assert box.received == []
    box.at_recipient = lambda: "250 OK"
    posted.clock.step(hours=1)
    work(posted)
    assert len(box.received) == 1
    assert waiting(posted) == (0, 0)
    assert not stuck(posted)


def attempts(house: House) -> int:
    with house.inside():
        return int(run(select(outbox.c.attempts)).scalar_one())


def test_it_is_given_up_after_two_days_and_counted(build_house: Build) -> None:
    house = with_post(build_house, f"smtp://127.0.0.1:{free_port()}")
    say(house)
    start = house.clock()
    while waiting(house) == (1, 0):
        work(house)
        house.clock.step(hours=1)
        assert house.clock() - start < timedelta(days=3)
    assert house.clock() - start >= timedelta(days=2)
    assert waiting(house) == (0, 1)
    assert not stuck(house)


def test_a_server_that_was_down_gets_it_when_it_is_up(build_house: Build) -> None:
    port = free_port()
    house = with_post(build_house, f"smtp://127.0.0.1:{port}")
    say(house)
    work(house)
    assert waiting(house) == (1, 0)
    house.clock.step(minutes=1)
    with mailbox(port) as box:
        work(house)
        assert [each.to for each in box.received] == [[POLICE]]


@pytest.mark.parametrize("seam", ["at_recipient", "at_letter"])
def test_what_is_refused_for_good_is_given_up_at_once_and_the_others_are_sent(
    posted: House, box: Mailbox, seam: str
) -> None:
    answers = iter(["550 nobody here"])
    setattr(box, seam, lambda: next(answers, "250 OK"))
    say(posted)
    posted.clock.step(seconds=1)
    say(posted, SOCIAL)
    work(posted)
    assert [each.to for each in box.received] == [[SOCIAL]]
    assert waiting(posted) == (0, 1)


def test_one_letter_that_cannot_be_written_keeps_nobody_elses_back(
    posted: House, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = letters.write

    def broken(letter: sending.Letter, now: datetime) -> EmailMessage:
        if letter.email == POLICE:
            raise ValueError("Rubriken på en bokning")
        return plain(letter, now)

    monkeypatch.setattr(letters, "write", broken)
    say(posted)
    say(posted, SOCIAL)
    work(posted)
    assert [each.to for each in box.received] == [[SOCIAL]]
    assert waiting(posted) == (1, 0)


def test_many_workers_at_once_send_each_letter_once(posted: House, box: Mailbox) -> None:
    for news in News:
        for who in (POLICE, SOCIAL):
            say(posted, who, news)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: work_apart(posted), range(4)))
    assert len(box.received) == 2 * len(News)
    assert len({each.letter["Message-ID"] for each in box.received}) == len(box.received)


def work_apart(house: House) -> None:
    with house.app.app_context():
        working.work(working.all_jobs(office(), letters.write, house.clock, lambda: False), house.clock)


# --- what a letter says -----------------------------------------------------------------------


def displaced(house: House, press: Callable[[House], object]) -> Received:
    """The letter to the artist whose desk had to give way."""
    house.book(ARTIST, DESKS[1], "13:00", "15:00", title="Rekvisita")
    press(house)
    work(house)
    box: Mailbox = house.app.extensions["test.box"]
    (letter,) = box.to(ARTIST)
    return letter


def briefing(house: House) -> object:
    return house.book(POLICE, HALL, "13:00", "15:00", circle=POLICE_CIRCLE, agree=True, clear_desks=True)


def urgent(house: House) -> object:
    fields = {"urgent": True, "clear_desks": True, "visibility": "internal"}
    return house.book(POLICE, HALL, "13:00", "15:00", agree=True, title="Akut", **fields)


def test_who_gives_way_reads_the_same_whatever_the_cause(build_house: Build) -> None:
    texts = []
    for press in (briefing, urgent):
        with mailbox() as box:
            house = with_post(build_house, box.url)
            house.app.extensions["test.box"] = box
            letter = displaced(house, press)
            with house.inside():
                number = run(select(outbox.c.public_id)).scalars().first()
            texts.append((letter.letter["Subject"], anonymous(letter.text)))
            assert number
    assert texts[0] == texts[1]
    subject, text = texts[0]
    assert subject == "En bokning med företräde behöver lokalen."
    assert "Arbetsplats 2, tisdag 24 november 13.00–15.00" in text
    assert "Akut" not in text
    assert "Polis" not in text


def anonymous(text: str) -> str:
    """The text without the number of the reader's own booking, which is made by chance."""
    return re.sub(r"/bokning/[\w-]+", "/bokning/x", text)


def test_the_nearest_free_times_are_links_that_take_them(posted: House, box: Mailbox) -> None:
    posted.app.extensions["test.box"] = box
    letter = displaced(posted, briefing)
    found = re.findall(r"https://lokalen\.example\.org(/bokning/\S+/flytta\?\S+)", letter.text)
    assert len(found) == 3
    visitor = posted.visitor(ARTIST)
    page = visitor.get(found[0])
    assert page.status_code == 200
    chosen = parse_qs(urlsplit(found[0]).query)
    taken = visitor.submit(urlsplit(found[0]).path, {name: values[0] for name, values in chosen.items()})
    assert (taken.status_code, taken.location.partition("?")[0]) == (303, "/mina")


def test_a_letter_about_a_confidential_booking_is_the_constant_text_and_nothing_else(
    posted: House, box: Mailbox
) -> None:
    made = posted.book(
        POLICE, MEETING_ROOM, "10:00", "11:00", circle=POLICE_CIRCLE, title="Tillslag", attendees=(GUARD,)
    ).view
    with posted.inside():
        noticing.wish(posted.viewer(POLICE), Wishes("sv", True, True, None), posted.clock())
        cancelling.cancel(posted.viewer(POLICE_COLLEAGUE), made.id, posted.clock())
    work(posted)
    (letter,) = box.received
    assert letter.text.split() == [*CONSTANT.split(), f"{SITE}/aviseringar"]
    assert (letter.letter["Subject"], letter.letter.get_content_type()) == ("Samlokal", "text/plain")
    for word in (b"Tillslag", b"Polis", made.id.encode(), GUARD.encode(), b"2026-11-24T"):
        assert word not in letter.raw


def test_what_became_hidden_before_the_letter_left_gives_the_constant_text(
    posted: House, box: Mailbox
) -> None:
    made = posted.book(POLICE, DESKS[0], "10:00", "11:00", title="Rapport").view
    with posted.inside():
        cancelling.cancel(posted.viewer(POLICE_COLLEAGUE), made.id, posted.clock())
        artists = run(select(people.c.organisation_id).where(people.c.email == ARTIST)).scalar_one()
        moved = {"organisation_id": artists, "role": "guest"}
        with transaction():
            run(update(people).where(people.c.email == POLICE).values(**moved))
            run(
                update(bookings)
                .where(bookings.c.id == made.id)
                .values(organiser_id=posted.viewer(POLICE_COLLEAGUE).person)
            )
    work(posted)
    (letter,) = box.received
    assert letter.text.split() == [*CONSTANT.split(), f"{SITE}/aviseringar"]


def test_the_same_mail_leaves_the_house_to_outsiders_whatever_is_hidden(build_house: Build) -> None:
    answers = []
    for circle in (POLICE_CIRCLE, "endast-lokalpolisomrade-norrmalm"):
        with mailbox() as box:
            house = with_post(build_house, box.url)
            house.book(ARTIST, DESKS[1], "13:00", "15:00")
            house.book(TRAFFIC, DESKS[2], "14:00", "16:00")
            house.book(POLICE, HALL, "14:00", "14:30", circle=circle, agree=True)
            work(house)
            answers.append([(each.to, anonymous(each.text)) for each in box.received])
    assert answers[0] == answers[1]
    assert len(answers[0]) == 2


# --- entries of a calendar --------------------------------------------------------------------


def calendars_of(house: House, *emails: str) -> None:
    with house.inside():
        for email in emails:
            noticing.wish(house.viewer(email), Wishes("sv", False, True, None), house.clock())


def entry(letter: Received) -> tuple[Calendar, Event]:
    assert letter.calendar is not None
    calendar = Calendar.from_ical(letter.calendar)
    assert isinstance(calendar, Calendar)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_a_booking_comes_as_a_request_that_calendars_understand(posted: House, box: Mailbox) -> None:
    calendars_of(posted, TRAFFIC, POLICE)
    made = posted.book(
        TRAFFIC, MEETING_ROOM, "10:00", "11:00", title="Lägesmöte; allt, om\\", attendees=(POLICE,)
    ).view
    work(posted)
    for who, answered in ((TRAFFIC, "ACCEPTED"), (POLICE, "NEEDS-ACTION")):
        (letter,) = [each for each in box.to(who) if each.calendar]
        parts = {part.get_content_type(): part for part in letter.letter.walk()}
        kind = parts["text/calendar"]["Content-Type"].params
        assert (kind["method"], kind["charset"]) == ("REQUEST", "utf-8")
        assert parts["application/ics"].get_filename() == "invite.ics"
        assert parts["application/ics"].get_payload(decode=True) == letter.calendar
        calendar, event = entry(letter)
        assert calendar["METHOD"] == "REQUEST"
        assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (made.uid, 0, "CONFIRMED")
        assert event["SUMMARY"] == "Lägesmöte; allt, om\\"
        assert (event.start, event.end) == (made.span.start, made.span.end)
        assert event["ORGANIZER"] == f"mailto:{SENDER}"
        assert event["ATTENDEE"] == f"mailto:{who}"
        assert event["ATTENDEE"].params["PARTSTAT"] == answered
        assert event["DTSTAMP"] is not None
        assert letter.raw.count(b"\r\n") == letter.raw.count(b"\n")


def test_it_says_what_the_feed_says(posted: House, box: Mailbox) -> None:
    calendars_of(posted, POLICE)
    repeat = Repetition("FREQ=WEEKLY;COUNT=2")
    posted.book(POLICE, DESKS[0], "10:00", "11:00", repeat=repeat, title="Veckomöte")
    posted.book(POLICE, DESKS[1], "10:00", "11:00", title="Enstaka")
    work(posted)
    with posted.inside():
        wish = feeding.FeedWish("sergels-torg")
        _, secret = feeding.issue(posted.viewer(POLICE), wish, posted.clock())
    feed = Calendar.from_ical(posted.visitor().get(f"/ical/{secret}.ics", base_url=SITE).data)
    in_feed = {each["UID"]: each for each in feed.walk("VEVENT")}
    by_mail = {event["UID"]: event for _, event in map(entry, box.received)}
    assert set(in_feed) == set(by_mail)
    assert len(by_mail) == 3
    for uid, event in by_mail.items():
        for name in ("SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "STATUS", "DTSTAMP"):
            assert event[name] == in_feed[uid][name], (uid, name)


def test_a_cancellation_follows_with_a_later_sequence(posted: House, box: Mailbox) -> None:
    calendars_of(posted, POLICE)
    made = posted.book(POLICE, DESKS[0], "10:00", "11:00").view
    work(posted)
    with posted.inside():
        cancelling.cancel(posted.viewer(POLICE), made.id, posted.clock())
    work(posted)
    asked, ended = (entry(each) for each in box.received)
    assert ended[0]["METHOD"] == "CANCEL"
    assert (ended[1]["UID"], ended[1]["STATUS"]) == (asked[1]["UID"], "CANCELLED")
    assert ended[1]["SEQUENCE"] > asked[1]["SEQUENCE"]
    assert ended[1]["ORGANIZER"] == asked[1]["ORGANIZER"]
    assert ended[1]["ATTENDEE"] == asked[1]["ATTENDEE"]


def test_who_may_no_longer_know_it_has_it_taken_out_without_a_word_of_it(posted: House, box: Mailbox) -> None:
    calendars_of(posted, ARTIST)
    made = posted.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00", title="Lägesmöte", attendees=(ARTIST,)).view
    work(posted)
    box.received.clear()
    with posted.inside():
        changing.change(posted.viewer(TRAFFIC), made.id, Changes(attendees=()), None, posted.clock())
    work(posted)
    (letter,) = box.to(ARTIST)
    calendar, event = entry(letter)
    assert (calendar["METHOD"], event["STATUS"], event["UID"]) == ("CANCEL", "CANCELLED", made.uid)
    assert letter.text.startswith(CONSTANT)
    for word in ("SUMMARY", "LOCATION", "DTSTART"):
        assert word not in event


def test_a_request_that_was_cancelled_before_it_left_is_never_sent(posted: House, box: Mailbox) -> None:
    calendars_of(posted, POLICE)
    made = posted.book(POLICE, DESKS[0], "10:00", "11:00").view
    with posted.inside():
        cancelling.cancel(posted.viewer(POLICE), made.id, posted.clock())
    work(posted)
    assert [entry(each)[0]["METHOD"] for each in box.received] == ["CANCEL"]


# --- the other jobs ---------------------------------------------------------------------------


def test_an_account_that_has_ended_loses_what_it_is_reached_by(house: House) -> None:
    artist = house.visitor(ARTIST)
    with house.inside():
        viewer = house.viewer(ARTIST)
        membership.issue_token(viewer, "program", False, house.clock())
        feeding.issue(viewer, feeding.FeedWish("sergels-torg"), house.clock())
        with transaction():
            run(update(people).where(people.c.email == ARTIST).values(ends_at=house.clock()))
    house.visitor(POLICE)
    work(house)
    assert not artist.is_let_in()
    with house.inside():
        assert [len(run(select(each)).all()) for each in (tokens, feeds, sessions)] == [0, 0, 1]
        found = jobs.runs()["accounts"]
    assert (found.worked, found.did) == (True, 1)


def test_a_job_that_fails_is_seen_and_the_others_run(house: House, caplog: pytest.LogCaptureFixture) -> None:
    ran = []

    def broken(_now: datetime) -> int:
        raise ValueError("Rubriken på en bokning")

    def right(_now: datetime) -> int:
        ran.append(1)
        return 7

    with house.inside():
        each = timedelta(minutes=5)
        some = (Job("broken", broken, each), Job("right", right, each))
        for minutes in (0, 4, 1):
            house.clock.step(minutes=minutes)
            working.work(some, house.clock)
        found = jobs.runs()
    assert len(ran) == 2
    assert (found["broken"].worked, found["right"].worked, found["right"].did) == (False, True, 7)
    assert found["right"].ended == house.clock()
    assert "broken" in caplog.text
    assert "Rubriken" not in caplog.text
