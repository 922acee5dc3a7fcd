"""The description: valid, whole, and readable by people too."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from booking.web.api.orders import BOOKING
from tests.cast import POLICE
from tests.support.house import House
from tests.web.api.program import Program

Of = Callable[..., Program]
ADDRESS = "/api/v1/openapi.json"


def test_the_description_is_valid_and_open_to_all(house: House) -> None:
    answer = house.visitor().get(ADDRESS)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    validate(answer.json, cls=OpenAPIV31SpecValidator)


def test_every_call_there_is_is_described_and_no_other(house: House) -> None:
    described = {
        (path, method.upper())
        for path, operations in house.visitor().get(ADDRESS).json["paths"].items()
        for method in operations
    }
    there = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule), method)
        for rule in house.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in rule.methods - {"HEAD"}
    }
    assert described == there
    assert ("/api/v1/bookings/{booking}", "PATCH") in described


def test_what_a_booking_takes_is_described_from_what_reads_it(house: House) -> None:
    body = house.visitor().get(ADDRESS).json["paths"]["/api/v1/bookings"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    assert list(schema["properties"]) == [field.name for field in BOOKING]
    assert schema["required"] == ["premises", "starts", "ends", "resource"]


def test_every_parameter_and_every_field_is_described_in_words(house: House) -> None:
    document = house.visitor().get(ADDRESS).json
    named = document["components"]["schemas"]
    fields = {(name, field): said for name in named for field, said in named[name]["properties"].items()}
    for path, operations in document["paths"].items():
        for said in operations.values():
            fields |= {(path, each["name"]): each for each in said["parameters"]}
            for body in said.get("requestBody", {}).get("content", {}).values():
                fields |= {(path, *each): field for each, field in parts_of(body["schema"])}
    silent = [name for name, said in fields.items() if not said.get("description") and "const" not in said]
    assert silent == []
    assert ("/api/v1/bookings", "repeat", "rrule") in fields


def parts_of(schema: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """The fields of an object, and those of the objects within it."""
    for name, said in schema.get("properties", {}).items():
        yield (name,), said
        for inner in (said, *said.get("anyOf", ())):
            yield from (((name, *path), field) for path, field in parts_of(inner))


def test_no_two_operations_share_a_name(house: House) -> None:
    paths = house.visitor().get(ADDRESS).json["paths"]
    names = [said["operationId"] for operations in paths.values() for said in operations.values()]
    assert len(names) == len(set(names))


def test_the_page_shows_every_call_to_anybody(house: House) -> None:
    paths = house.visitor().get(ADDRESS).json["paths"]
    for visitor in (house.visitor(), house.visitor(POLICE)):
        page = visitor.get("/api/")
        assert (page.status_code, page.mimetype) == (200, "text/html")
        assert 'lang="en"' in page.text
        for path, operations in paths.items():
            for method in operations:
                assert f"<code>{method.upper()} {path}</code>" in page.text
    assert house.visitor().get("/api").headers["Location"].endswith("/api/")


def test_the_description_takes_no_parameters(program_of: Of) -> None:
    assert program_of().get("/openapi.json?x=1").status_code == 422
