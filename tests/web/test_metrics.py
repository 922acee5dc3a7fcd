"""What watches the server reads: figures for whoever has the token, and nothing of what is hidden."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from booking.actions import working
from booking.storage.post import office
from booking.web import letters
from booking.web.metrics import ANSWERED, CHANGES
from tests.cast import ARTIST, HALL, POLICE, POLICE_CIRCLE
from tests.support.house import House, house_on
from tests.support.server import Server

TOKEN = "what-the-monitoring-was-given-0123456789"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
COUNTED = re.compile(r'samlokal_request_seconds_count\{route="([^"]*)",status="([^"]*)"\} (\S+)')


@pytest.fixture
def watched(build_house: Callable[..., House]) -> House:
    """An installation whose figures are read."""
    return build_house(metrics_token=TOKEN)


def read(house: House) -> str:
    answer = house.visitor().get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    return answer.text


def counted(said: str) -> dict[tuple[str, str], int]:
    return {(route, status): int(float(many)) for route, status, many in COUNTED.findall(said)}


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x"])
def test_without_the_token_there_is_no_such_page(watched: House, sent: str) -> None:
    unknown = watched.visitor().get("/no-such-page")
    answer = watched.visitor().get("/metrics", headers={"Authorization": sent} if sent else {})
    assert (answer.status_code, answer.text) == (404, unknown.text)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_where_no_token_is_set_none_opens_it(house: House) -> None:
    for sent in (BEARER, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
        assert house.visitor().get("/metrics", headers=sent).status_code == 404


def test_a_day_of_secrets_and_a_day_of_nothing_much_are_counted_alike(watched: House) -> None:
    """Something confidential is opened and somebody refused; or notices are read. The figures are the same."""

    def day(secret: bool) -> dict[tuple[str, str], int]:
        mine = watched.visitor(POLICE)
        before = counted(read(watched))
        if secret:
            made = watched.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE, title="Blåsippa").view
            assert mine.submit(f"/bokning/{made.id}/oppna").status_code == 200
            order = {"plats": HALL, "datum": "2026-11-24", "fran": "17:00", "till": "17:30"}
            assert mine.submit("/boka", order).status_code == 422
        else:
            for _ in range(2):
                assert mine.submit("/aviseringar/lasta").status_code < 400
        after = counted(read(watched))
        return {key: after[key] - before.get(key, 0) for key in after if after[key] != before.get(key, 0)}

    assert day(secret=True) == day(secret=False) == {(CHANGES, ANSWERED): 2, ("/metrics", ANSWERED): 1}


def test_a_board_that_changed_and_one_that_did_not_are_counted_alike(watched: House) -> None:
    visitor = watched.visitor(ARTIST)
    first = visitor.get("/idag")
    again = visitor.get("/idag", headers={"If-None-Match": first.headers.get("ETag", '"x"')})
    assert {first.status_code, again.status_code} <= {200, 304}
    visitor.get("/bokning/finns-inte?nyckel=hemlig")
    said = read(watched)
    assert counted(said)["/idag", ANSWERED] == 2
    assert counted(said)["/bokning/<number>", "4xx"] == 1
    for never in ("finns-inte", "hemlig", "304", ARTIST):
        assert never not in said


def test_how_the_jobs_do_is_told_and_never_when_they_ran(watched: House) -> None:
    assert 'samlokal_job_runs_missed{job="letters"} +Inf' in read(watched)
    with watched.inside():
        working.work(working.all_jobs(office(), letters.write, watched.clock, lambda: False), watched.clock)
    watched.clock.step(seconds=70)
    assert set(re.findall(r"samlokal_job_runs_missed\{.*", read(watched))) == {
        f'samlokal_job_runs_missed{{job="{pulse.job}"}} 0.0' for pulse in pulses(watched)
    }
    watched.clock.step(minutes=5)
    said = read(watched)
    assert 'samlokal_job_runs_missed{job="letters"} 5.0' in said
    assert 'samlokal_job_runs_missed{job="retention"} 0.0' in said
    assert 'samlokal_job_failed{job="letters"} 0.0' in said


def pulses(house: House) -> list[working.Pulse]:
    with house.inside():
        return working.pulses(house.clock())


def test_without_its_database_the_process_is_alive_and_not_ready(tmp_path: Path) -> None:
    nowhere = "postgresql+psycopg://samlokal:very-secret@127.0.0.1:1/samlokal"
    with house_on(nowhere, tmp_path, metrics_token=TOKEN) as house:
        visitor = house.visitor()
        assert visitor.get("/healthz").status_code == 200
        ready = visitor.get("/readyz")
        assert (ready.status_code, ready.text) == (503, "not ready\n")
        said = read(house)
        assert "samlokal_ready 0.0" in said
        assert "samlokal_job" not in said


def test_the_workers_of_the_server_count_together_and_leave_nothing_behind(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    instance = tmp_path / "instance"
    instance.mkdir()
    server = Server(instance, SAMLOKAL_METRICS_TOKEN=TOKEN, TMPDIR=str(folder))
    server.command("init")
    with server:
        for _ in range(20):
            with urlopen(f"{server.url}/healthz") as answer:
                assert answer.status == 200
        with urlopen(Request(f"{server.url}/metrics", headers=BEARER)) as answer:
            said = answer.read().decode()
        assert len([each for each in folder.iterdir() if each.name.startswith("samlokal-metrics-")]) == 1
    assert counted(said)["/healthz", ANSWERED] == 20
    assert "samlokal_ready 1.0" in said
    assert not any(each.name.startswith("samlokal-metrics-") for each in folder.iterdir())
