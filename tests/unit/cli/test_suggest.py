"""``tonight suggest`` understands what ``GET /movie`` understands, and answers the same."""

from __future__ import annotations

import json
import webbrowser
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from tests.unit.cli.conftest import Run
from tonight.cli.exit_codes import NOTHING_FITS, WRONG_USE

NOW = "2026-11-23T20:15:00+01:00"


@pytest.mark.parametrize(
    ("wishes", "status"),
    [
        ({"like": ["the-matrix-1999", "tt0078748"], "seed": ["7"], "novelty": ["0.3"]}, 200),
        ({"genre": ["comedy", "crime"], "max_minutes": ["100"], "seed": ["1"]}, 200),
        ({"until": ["22:30"], "max_certificate": ["PG-13"], "seed": ["2"]}, 200),
        ({"genre": ["War"], "language": ["French"], "max_minutes": ["61"]}, 404),
    ],
)
def test_json_is_the_answer_of_the_service(
    run: Run, client: TestClient, wishes: dict[str, list[str]], status: int
) -> None:
    given = {**wishes, "now": [NOW]}
    options = [
        part
        for name, values in given.items()
        for value in values
        for part in (f"--{name.replace('_', '-')}", value)
    ]
    answer = client.get(f"/movie?{urlencode(given, doseq=True)}")
    result = run("suggest", "--json", *options)
    assert answer.status_code == status
    assert json.loads(result.stdout) == answer.json()
    assert result.exit_code == (0 if status == 200 else NOTHING_FITS)
    assert result.stderr == ""


def test_the_card_names_the_film_its_reason_three_others_and_what_was_understood(run: Run) -> None:
    arguments = ["suggest", "--like", "alien-1979", "--seed", "3", "--max-minutes", "150"]
    body = json.loads(run(*arguments, "--json", "--now", NOW).stdout)
    card = " ".join(run(*arguments, "--now", NOW).stdout.replace("│", " ").split())
    movie = body["movie"]
    assert f"{movie['title']} ({movie['year']})" in card
    assert f"ends at {body['ends_at'][11:16]}" in card
    assert body["reason"]["text"] in card
    assert f"{body['reason']['films'][0]['share']:.0%}" in card
    assert len(body["alternatives"]) == 3
    assert all(f"{other['title']} ({other['year']})" in card for other in body["alternatives"])
    assert "Understood: like alien-1979; max minutes 150; seed 3." in card


def test_everything_that_is_wrong_is_said_at_once_in_the_words_of_the_options(run: Run) -> None:
    result = run("suggest", "--genre", "comdy", "--max-minutes", "many", "--like", "nowhere-1900")
    assert result.exit_code == WRONG_USE
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "tonight: --like: there is no film 'nowhere-1900'",
        "tonight: --genre: no genre of that name; did you mean Comedy?",
        "tonight: --max-minutes: must be a whole number from 1 to 1440",
        "tonight: find a film's id with: tonight search TITLE",
    ]


def test_when_nothing_fits_the_options_that_help_are_said(run: Run) -> None:
    result = run("suggest", "--genre", "War", "--language", "French", "--max-minutes", "61")
    assert result.exit_code == NOTHING_FITS
    assert "No film fits all the wishes." in result.stdout
    assert "--max-minutes " in result.stdout


def test_the_draw_is_repeatable_by_its_seed(run: Run) -> None:
    first, second = (run("suggest", "--seed", "11", "--now", NOW).stdout for _ in range(2))
    assert first == second


def test_without_a_service_there_is_nothing_to_open(run: Run) -> None:
    result = run("suggest", "--open", "--service", "http://127.0.0.1:1")
    assert result.exit_code == 1
    assert "no Tonight answers at http://127.0.0.1:1" in result.stderr


@pytest.mark.parametrize(("opens", "code"), [(True, 0), (False, 1)])
def test_the_film_is_opened_in_the_running_service(
    run: Run, address: str, monkeypatch: pytest.MonkeyPatch, opens: bool, code: int
) -> None:
    opened: list[str] = []

    def browse(url: str) -> bool:
        opened.append(url)
        return opens

    monkeypatch.setattr(webbrowser, "open", browse)
    result = run("suggest", "--json", "--open", "--service", f"{address}/")
    movie_id = json.loads(result.stdout)["movie"]["movie_id"]
    assert opened == [f"{address}/movies/{movie_id}"]
    assert result.exit_code == code
    assert (opened[0] in result.stderr) == (not opens)


def test_a_film_is_suggested_where_no_model_can_be_trained(run: Run) -> None:
    result = run("suggest", "--json", TONIGHT_DATA_DIR="/dev/null/data")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["source"] == "popular"
    assert "suggestions rest on popularity" in result.stderr


def test_a_wrong_setting_is_named_with_what_is_allowed(run: Run) -> None:
    result = run("suggest", TONIGHT_TIMEZONE="Mars/Base", TONIGHT_LOG_LEVEL="loud")
    assert result.exit_code == WRONG_USE
    first, second = result.stderr.splitlines()
    assert first.startswith("tonight: TONIGHT_TIMEZONE: must be an IANA time zone")
    assert second.startswith("tonight: TONIGHT_LOG_LEVEL: ")
