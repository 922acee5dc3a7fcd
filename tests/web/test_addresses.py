"""Addresses in which something stands that no name of anything can hold."""

import pytest

from tests.cast import ADMINISTRATOR, COORDINATOR, POLICE, PREMISES
from tests.support.house import House


@pytest.mark.parametrize("who", [POLICE, COORDINATOR, ADMINISTRATOR])
@pytest.mark.parametrize("name", ["a%00b", "x" * 500, "å"])
def test_what_cannot_be_an_address_is_never_a_fault(house: House, who: str, name: str) -> None:
    visitor, faults = house.visitor(who), []
    for rule in house.app.url_map.iter_rules():
        path = rule.rule.replace("<premises>", PREMISES)
        for argument in rule.arguments:
            path = path.replace(f"<{argument}>", name)
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"} if rule.arguments else ()):
            answer = visitor.open(path, method=method, data={"csrf_token": visitor.csrf_token})
            faults += [(method, path)] if answer.status_code >= 500 else []
    assert faults == []
