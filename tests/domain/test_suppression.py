"""What is withheld from a report: too little to be told, and whatever would give it away."""

from collections.abc import Hashable, Iterator, Mapping
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from booking.domain.suppression import LEAST, NONE, Amount, Told, nested, summed, tally

sizes = st.one_of(st.integers(0, 6), st.integers(0, 40))
groups = st.dictionaries(st.sampled_from("abcdefgh"), sizes, max_size=8).map(
    lambda found: {key: Amount(times, times * 30) for key, times in found.items()}
)
LARGER = dict(zip("abcdefgh", (1, 1, 1, 2, 2, 3, 3, 4), strict=True))


def told(times: Mapping[str, int]) -> dict[str, int | None]:
    found = tally({key: Amount(each) for key, each in times.items()}).groups
    return {key: None if amount is None else amount.times for key, amount in found.items()}


def test_fewer_than_five_are_not_told_and_neither_is_the_next_smallest_that_would_tell_them() -> None:
    assert told({"a": 4, "b": 9, "c": 30}) == {"a": None, "b": None, "c": 30}


def test_two_that_are_withheld_hide_each_other_once_they_are_five_together() -> None:
    assert told({"a": 3, "b": 2, "c": 9}) == {"a": None, "b": None, "c": 9}
    assert told({"a": 1, "b": 1, "c": 9, "d": 20}) == {"a": None, "b": None, "c": None, "d": 20}


def test_of_many_that_came_once_each_the_total_is_not_told() -> None:
    assert tally(dict.fromkeys("abcde", Amount(1))).total is None


def test_nor_where_they_lie_within_larger_groups() -> None:
    larger, _ = nested(dict.fromkeys("abcde", Amount(1)), LARGER.__getitem__)
    assert larger.total is None


def test_five_are_told_and_none_is_none() -> None:
    assert told({"a": 5, "b": 0, "c": 6}) == {"a": 5, "b": 0, "c": 6}
    assert tally({"a": Amount(4)}).total is None
    assert tally({"a": Amount(5)}).total == Amount(5)
    assert tally({}).total == NONE


@given(groups)
def test_nothing_small_is_told_and_nothing_withheld_can_be_worked_out(found: dict[str, Amount]) -> None:
    counted = tally(found)
    for key, amount in counted.groups.items():
        assert amount is None or amount == found[key]
        assert amount == NONE or amount is None or amount.times >= LEAST
    assert counted.total is None or counted.total.times >= LEAST or counted.total == NONE
    assert_ambiguous(found, counted.groups, dict.fromkeys(found, "all"), {"all": counted.total})


@given(groups)
def test_neither_can_what_lies_within_larger_groups(found: dict[str, Amount]) -> None:
    larger, smaller = nested(found, LARGER.__getitem__)
    for key, amount in smaller.items():
        assert amount is None or amount == found[key]
        assert amount is None or amount == NONE or larger.groups[LARGER[key]] is not None
    sums: dict[Hashable, Told] = {**larger.groups, "all": larger.total}
    assert_ambiguous(found, smaller, {key: LARGER[key] for key in found}, sums)


@given(groups)
def test_where_nothing_is_small_everything_is_told(found: dict[str, Amount]) -> None:
    large = {key: amount for key, amount in found.items() if not 0 < amount.times < LEAST}
    assert tally(large).groups == large
    assert tally(large).total == summed(large)


def assert_ambiguous(
    found: Mapping[str, Amount],
    shown: Mapping[str, Told],
    of: Mapping[str, Hashable],
    sums: Mapping[Hashable, Told],
) -> None:
    """Assert that every withheld group could be another number with all that is told the same."""
    times = {key: amount.times for key, amount in found.items()}
    withheld = [key for key, amount in shown.items() if amount is None]
    for key in withheld:
        assert any(
            other[key] != times[key] and told_alike(other, times, of, sums)
            for other in neighbours(times, withheld)
        ), (times, shown)


def neighbours(times: dict[str, int], withheld: list[str]) -> Iterator[dict[str, int]]:
    """The same with one time more or fewer, or moved, among what is withheld, of which none is nothing."""
    for key in withheld:
        yield {**times, key: times[key] + 1}
        if times[key] > 1:
            yield {**times, key: times[key] - 1}
    for one, other in permutations(withheld, 2):
        if times[other] > 1:
            yield {**times, one: times[one] + 1, other: times[other] - 1}


def told_alike(
    one: Mapping[str, int],
    other: Mapping[str, int],
    of: Mapping[str, Hashable],
    sums: Mapping[Hashable, Told],
) -> bool:
    """Whether all sums that are told are the same."""
    for whole, amount in sums.items():
        inside = [key for key in one if whole in ("all", of[key])]
        if amount is not None and sum(one[key] for key in inside) != sum(other[key] for key in inside):
            return False
    return True
