"""The options are the rows of the table of parameters, with values that shells complete."""

from __future__ import annotations

import pytest
from typer.core import TyperGroup, TyperOption
from typer.main import get_command

from tonight.cli.app import app
from tonight.cli.wish_options import WISHES, completions, texts_of
from tonight.services.query_parameters import PARAMETERS

ROWS = {parameter.name: parameter for parameter in WISHES}


def options() -> dict[str, TyperOption]:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    return {p.name: p for p in group.commands["suggest"].params if isinstance(p, TyperOption)}


def test_every_parameter_of_the_service_is_an_option_and_the_format_is_json() -> None:
    assert set(options()) == {p.name for p in PARAMETERS} - {"format"} | {
        "as_json",
        "open_page",
        "service",
    }


def test_an_option_repeats_and_describes_as_its_parameter_does() -> None:
    for name, parameter in ROWS.items():
        option = options()[name]
        assert option.multiple == parameter.repeatable
        assert option.help is not None
        assert option.help.startswith(parameter.description)


@pytest.mark.parametrize(
    ("name", "typed", "expected"),
    [
        ("genre", "Co", ["Comedy"]),
        ("without_genre", "sc", ["sci-Fi"]),
        ("max_certificate", "pg", ["pg", "pg-13"]),
        ("like", "the-matrix-r", ["the-matrix-reloaded-2003", "the-matrix-revolutions-2003"]),
        ("language", "Icel", ["Icelandic"]),
        ("country", "united k", ["united kingdom"]),
        ("seed", "1", []),
    ],
)
def test_values_are_completed_in_whatever_case_they_are_begun(
    name: str, typed: str, expected: list[str]
) -> None:
    assert completions(ROWS[name], typed) == expected


def test_only_what_was_given_is_passed_on() -> None:
    given = texts_of({"like": ["a", "b"], "genre": [], "seed": "7", "until": None})
    assert given == {"like": ["a", "b"], "seed": ["7"]}


def test_bash_gets_its_spaces_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_TONIGHT_COMPLETE", "complete_bash")
    assert completions(ROWS["country"], "United K") == ["United\\ Kingdom"]
