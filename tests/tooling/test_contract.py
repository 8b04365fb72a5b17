"""Nothing of a released contract is taken away unannounced, and whom it would break is named."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tools.contract.__main__ import CONSUMERS, CURRENT, RELEASED, check, main, says_so
from tools.contract.changes import breaks
from tools.contract.schemas import Pair, lost

TODAY = date(2026, 11, 27)
DOCUMENT: dict[str, Any] = json.loads(CURRENT.read_text("utf-8"))

Change = Callable[[dict[str, Any]], object]


def operation(document: dict[str, Any], path: str = "/movie", method: str = "get") -> Any:
    return document["paths"][path][method]


def parameter(document: dict[str, Any], name: str, path: str = "/movie") -> Any:
    parameters = operation(document, path)["parameters"]
    return next(each for each in parameters if each["name"] == name)


def schema(document: dict[str, Any], name: str) -> Any:
    return document["components"]["schemas"][name]


def without_parameter(document: dict[str, Any]) -> None:
    operation(document)["parameters"].remove(parameter(document, "like"))


def with_required_parameter(document: dict[str, Any]) -> None:
    new = {"name": "mood", "in": "query", "required": True, "schema": {"type": "string"}}
    operation(document)["parameters"].append(new)


def found_after(change: Change, today: date = TODAY) -> list[str]:
    """What is said to be broken by a change."""
    after = copy.deepcopy(DOCUMENT)
    change(after)
    assert after != DOCUMENT
    return [f"{each.operation} {each.what}" for each in breaks(DOCUMENT, after, today)]


def without_title(document: dict[str, Any]) -> None:
    del schema(document, "MovieBody")["properties"]["title"]
    schema(document, "MovieBody")["required"].remove("title")


LIMIT = "/api/v1/movies/{movie_id}/similar"
BREAKING: dict[str, tuple[Change, str]] = {
    "a path": (lambda d: d["paths"].pop("/version"), "GET /version is gone"),
    "a method": (
        lambda d: d["paths"]["/api/v1/history"].pop("delete"),
        "DELETE /api/v1/history is gone",
    ),
    "an operationId": (
        lambda d: operation(d).update(operationId="get_film_tonight"),
        "its operationId was get_movie",
    ),
    "a parameter": (without_parameter, "query parameter `like` is gone"),
    "a new required parameter": (
        with_required_parameter,
        "query parameter `mood` is new and required",
    ),
    "a parameter that becomes required": (
        lambda d: parameter(d, "like").update(required=True),
        "query parameter `like` is required now",
    ),
    "a lower limit": (
        lambda d: parameter(d, "limit", LIMIT)["schema"].update(maximum=3),
        "query parameter `limit` no longer takes: more than maximum 3",
    ),
    "another default": (
        lambda d: parameter(d, "limit", LIMIT)["schema"].update(default=1),
        "query parameter `limit` had the default",
    ),
    "the type of a parameter": (
        lambda d: parameter(d, "limit", LIMIT).update(schema={"type": "boolean", "default": 8}),
        "query parameter `limit` no longer takes: type integer",
    ),
    "a value of an enumeration that is sent": (
        lambda d: schema(d, "FeedbackKind")["enum"].remove("never"),
        'the body.kind no longer takes: value "never"',
    ),
    "a value of an enumeration that is answered": (
        lambda d: schema(d, "FeedbackKind")["enum"].append("loved"),
        '.kind may now be what it never was: value "loved"',
    ),
    "a field that becomes required in a body": (
        lambda d: schema(d, "FeedbackRequest").update(
            required=[*schema(d, "FeedbackRequest")["required"], "seen_on"]
        ),
        "the body.seen_on no longer takes: being left out",
    ),
    "a field of an answer": (
        without_title,
        ".movie.title may now be what it never was: being left out",
    ),
    "a field of an answer that may now be left out": (
        lambda d: schema(d, "MovieBody")["required"].remove("title"),
        ".movie.title may now be what it never was: being left out",
    ),
    "the type of a field of an answer": (
        lambda d: schema(d, "MovieBody")["properties"].update(title={"type": "integer"}),
        ".movie.title may now be what it never was: type integer",
    ),
    "an answer that may now be null": (
        lambda d: schema(d, "MovieBody")["properties"].update(
            title={"anyOf": [{"type": "string"}, {"type": "null"}]}
        ),
        ".movie.title may now be what it never was: type null",
    ),
    "a status": (lambda d: operation(d)["responses"].pop("404"), "it no longer answers 404"),
    "a media type": (
        lambda d: operation(d)["responses"]["200"]["content"].pop("text/html"),
        "200 is no longer answered as text/html",
    ),
    "a body": (
        lambda d: operation(d, "/api/v1/feedback", "post").pop("requestBody"),
        "a body is no longer taken",
    ),
    "a body that becomes required": (
        lambda d: operation(d).update(requestBody={"required": True, "content": {}}),
        "a body is required now",
    ),
}


@pytest.mark.parametrize(("change", "said"), BREAKING.values(), ids=BREAKING)
def test_what_is_removed_or_narrowed_is_found(change: Change, said: str) -> None:
    found = found_after(change)
    assert [each for each in found if said in each], found


def add_parameter(document: dict[str, Any]) -> None:
    new = {"name": "mood", "in": "query", "required": False, "schema": {"type": "string"}}
    operation(document)["parameters"].append(new)


COMPATIBLE: dict[str, Change] = {
    "a new path": lambda d: d["paths"].update({"/new": {"get": operation(d)}}),
    "a new optional parameter": add_parameter,
    "a higher limit": lambda d: parameter(d, "limit", LIMIT)["schema"].update(maximum=1_000),
    "a new field of an answer": lambda d: schema(d, "MovieBody")["properties"].update(
        mood={"type": "string"}
    ),
    "a new optional field of a body": lambda d: schema(d, "FeedbackRequest")["properties"].update(
        mood={"type": "string"}
    ),
    "another description": lambda d: operation(d).update(summary="A film"),
    "a new kind of problem": lambda d: operation(d)["responses"].update(
        {"418": {"description": "A teapot."}}
    ),
    "a field that is no longer required in a body": lambda d: schema(d, "FeedbackRequest").update(
        required=["movie_id"]
    ),
}


@pytest.mark.parametrize("change", COMPATIBLE.values(), ids=COMPATIBLE)
def test_what_is_added_or_widened_breaks_nobody(change: Change) -> None:
    assert found_after(change) == []


def test_what_was_deprecated_may_go_once_its_sunset_has_come() -> None:
    before = copy.deepcopy(DOCUMENT)
    operation(before, "/version").update({"deprecated": True, "x-sunset": "2026-11-28"})
    after = copy.deepcopy(DOCUMENT)
    del after["paths"]["/version"]
    assert [each.operation_id for each in breaks(before, after, TODAY)] == ["get_version"]
    assert breaks(before, after, date(2026, 11, 28)) == []


def test_a_field_that_was_not_always_there_is_missed_too() -> None:
    before = copy.deepcopy(DOCUMENT)
    schema(before, "MovieBody")["required"].remove("title")
    after = copy.deepcopy(DOCUMENT)
    without_title(after)
    found = [each.what for each in breaks(before, after, TODAY)]
    assert "200 application/json.movie.title is gone" in found


def test_whom_a_change_breaks_is_named() -> None:
    after = copy.deepcopy(DOCUMENT)
    del after["paths"]["/version"]
    said = check(DOCUMENT, after, TODAY)
    assert said is not None
    assert "GET /version: is gone\n    breaks: tonight-python, monitoring\n" in said


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("0.1.0", "0.2.0", True),
        ("0.1.0", "1.0.0", True),
        ("0.1.0", "0.1.1", False),
        ("1.4.0", "1.5.0", False),
        ("1.4.0", "2.0.0", True),
        ("1.4.0", "0.5.0", False),
    ],
)
def test_a_version_says_that_something_breaks(before: str, after: str, expected: bool) -> None:
    assert says_so(before, after) is expected


def test_the_build_fails_and_passes_by_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = copy.deepcopy(DOCUMENT)
    without_parameter(broken)
    files = [tmp_path / "before.json", tmp_path / "after.json"]
    files[0].write_text(json.dumps(DOCUMENT))
    files[1].write_text(json.dumps(broken))
    arguments = [f"--released={files[0]}", f"--current={files[1]}"]
    assert main(arguments) == 1
    assert main([*arguments, "--accept"]) == 1
    assert "`like` is gone" in capsys.readouterr().err
    broken["info"]["version"] = "1000.0.0"
    files[1].write_text(json.dumps(broken))
    assert main(arguments) == 0


def test_the_released_contract_is_kept_here_and_holds() -> None:
    assert check(json.loads(RELEASED.read_text("utf-8")), DOCUMENT, TODAY) is None


def test_the_operations_that_consumers_name_exist() -> None:
    known = {
        each["operationId"]
        for item in DOCUMENT["paths"].values()
        for each in item.values()
        if "operationId" in each
    }
    for consumer in yaml.safe_load(CONSUMERS.read_text("utf-8"))["consumers"]:
        assert set(consumer.get("operations", ())) <= known, consumer["name"]


values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "bb"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("xyz"), inner),
    max_leaves=4,
)
TYPES = ["array", "boolean", "integer", "null", "number", "object", "string"]
plain = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), min_size=1, unique=True),
        "enum": st.lists(values, min_size=1, max_size=3),
        "minimum": st.integers(-2, 2),
        "maximum": st.integers(-2, 2),
        "maxLength": st.integers(0, 2),
        "minItems": st.integers(0, 2),
        "required": st.lists(st.sampled_from("xyz"), unique=True, max_size=2),
    },
)
schemas = st.recursive(
    plain,
    lambda inner: (
        st.builds(lambda a, b: {**a, "properties": {"x": b}}, plain, inner)
        | st.builds(lambda a, b: {**a, "items": b}, plain, inner)
        | st.builds(lambda a, b: {**a, "additionalProperties": b}, plain, inner | st.booleans())
        | st.builds(lambda a, b: {"anyOf": [a, b]}, inner, inner)
    ),
    max_leaves=4,
)


@given(schemas, st.none() | schemas, values)
def test_nothing_is_called_kept_that_another_validator_refuses(
    wide: dict[str, Any], other: dict[str, Any] | None, value: Any
) -> None:
    tight = wide if other is None else other
    if not list(lost(Pair(wide, {}, tight, {}))) and jsonschema_rs.is_valid(wide, value):
        assert jsonschema_rs.is_valid(tight, value)


@given(schemas)
def test_a_schema_loses_nothing_against_itself(same: dict[str, Any]) -> None:
    assert list(lost(Pair(same, {}, same, {}))) == []
