"""How often something may be tried: by one's own requests alone, and never so that others are shut out."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from booking.actions import limiting, membership
from booking.domain.people import Role
from booking.storage.database import run, transaction
from booking.storage.tables import sign_in_attempts
from tests.cast import POLICE, TRAFFIC
from tests.support.dump import rows_by_table
from tests.support.house import House

HERE, ELSEWHERE = "192.0.2.7", "198.51.100.1"


def token(house: House, email: str = POLICE) -> str:
    with house.inside():
        return membership.issue_token(house.viewer(email), "program", False, house.clock())[1]


def ask(house: House, secret: str, address: str = HERE) -> TestResponse:
    headers = {"Authorization": f"Bearer {secret}"}
    return house.visitor().get("/api/v1/me", headers=headers, environ_base={"REMOTE_ADDR": address})


def tried(house: House, what: str, times: int, address: str = HERE) -> None:
    with house.inside(), transaction():
        for _ in range(times):
            limiting.count((limiting.of_address(what, address),), house.clock())


# --- what opens nothing -----------------------------------------------------------------------


def test_after_a_hundred_tokens_that_open_nothing_one_waits(house: House) -> None:
    tried(house, "tokens", 99)
    assert ask(house, "x").status_code == 401
    answer = ask(house, "x")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert answer.json["type"] == "too-many"
    assert ask(house, "x", ELSEWHERE).status_code == 401
    house.clock.step(minutes=15)
    assert ask(house, "x").status_code == 401


def test_a_program_with_a_good_token_at_that_address_goes_on(house: House) -> None:
    tried(house, "tokens", 100)
    assert ask(house, token(house)).status_code == 200


def test_what_is_refused_already_is_not_counted_on(house: House) -> None:
    tried(house, "tokens", 100)
    ask(house, "x")
    with house.inside():
        assert len(run(sign_in_attempts.select()).all()) == 100


def test_after_a_hundred_links_that_open_nothing_one_waits(house: House) -> None:
    def open_link(address: str = HERE) -> TestResponse:
        return house.visitor().get("/valkommen/finns-inte", environ_base={"REMOTE_ADDR": address})

    tried(house, "links", 99)
    assert open_link().status_code == 404
    answer = open_link()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert open_link(ELSEWHERE).status_code == 404
    with house.inside():
        good = membership.add_person("ny@example.org", "Ny", Role.MEMBER, "mika", house.clock())
    answer = house.visitor().get(f"/valkommen/{good}", environ_base={"REMOTE_ADDR": HERE})
    assert answer.status_code == 200


# --- many requests ----------------------------------------------------------------------------


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six requests a minute, two to a row, for a test that need not send six hundred."""
    monkeypatch.setattr(limiting, "REQUESTS", 6)
    monkeypatch.setattr(limiting, "BATCH", 2)


@pytest.fixture
def hasty(few: None, build_house: Callable[..., House]) -> House:
    return build_house()


def test_a_program_may_ask_so_often_in_a_minute_and_is_told_when_again(hasty: House) -> None:
    house = hasty
    mine, other = token(house), token(house, TRAFFIC)
    for _ in range(6):
        assert ask(house, mine).status_code == 200
        house.clock.step(seconds=1)
    answer = ask(house, mine)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "55"
    assert ask(house, mine, ELSEWHERE).status_code == 429, "it is the token's limit, wherever it is used"
    assert ask(house, other).status_code == 200, "and nobody else's"
    house.clock.step(seconds=55)
    assert ask(house, mine).status_code == 200


def test_a_program_that_asks_slowly_never_waits(hasty: House) -> None:
    mine = token(hasty)
    for _ in range(20):
        assert ask(hasty, mine).status_code == 200
        hasty.clock.step(seconds=21)


def test_processes_count_together(house: House, few: None) -> None:
    """Each has its own batches; what they wrote down is everybody's."""
    mine = token(house)
    with house.inside():
        one, two = limiting.new_batches(), limiting.new_batches()
        for batches in (one, one, two, two, one, one):
            limiting.request_by(mine, batches, house.clock())
        with pytest.raises(limiting.TooMany):
            limiting.request_by(mine, one, house.clock())


def test_looking_writes_nothing_until_a_batch_is_full(house: House, database: str) -> None:
    mine = token(house)
    before = rows_by_table(database)
    for _ in range(limiting.BATCH - 1):
        assert ask(house, mine).status_code == 200
    assert rows_by_table(database) == before
    ask(house, mine)
    after = rows_by_table(database)
    assert len(after.pop("sign_in_attempts")) == 1
    before.pop("sign_in_attempts")
    assert after == before
    assert mine not in str(after)


def test_a_browser_is_not_counted(hasty: House) -> None:
    visitor = hasty.visitor(POLICE)
    assert {visitor.get("/api/v1/me").status_code for _ in range(12)} == {200}
