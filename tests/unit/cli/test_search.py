"""``tonight search`` prints films with the ids that the other commands take."""

from __future__ import annotations

import json

from rich.console import Console

from tests.unit.cli.conftest import Run
from tonight.cli.exit_codes import NOTHING_FITS
from tonight.cli.search import draw_list
from tonight.domain.movie import Movie


def test_in_a_pipe_each_film_is_a_line_that_begins_with_its_id(run: Run) -> None:
    result = run("search", "blade", "runer", "--limit", "1")
    assert result.exit_code == 0
    assert result.stdout == "blade-runner-1982\tBlade Runner (1982)\tRidley Scott\n"


def test_json_holds_the_films_as_the_service_describes_them(run: Run) -> None:
    movies = json.loads(run("search", "alien", "--limit", "2", "--json").stdout)["movies"]
    assert len(movies) == 2
    assert movies[0]["movie_id"] == "alien-1979"
    assert movies[0]["poster"] == "/posters/alien-1979.svg"


def test_no_film_has_an_exit_code_of_its_own(run: Run) -> None:
    result = run("search", "xqzxqzxqz")
    assert result.exit_code == NOTHING_FITS
    assert result.stdout == ""
    assert result.stderr.startswith("tonight: no film found")


def test_no_film_is_an_empty_list_for_programs(run: Run) -> None:
    assert json.loads(run("search", "xqzxqzxqz", "--json").stdout) == {"movies": []}


def test_in_a_terminal_an_id_stands_alone_on_its_line_so_that_it_can_be_copied() -> None:
    movies = [Movie("a-film-2001", "A Film", 2001, directors=("Ann",)), Movie("b", "B", 1990)]
    console = Console(width=40)
    with console.capture() as captured:
        console.print(draw_list(movies))
    assert captured.get().splitlines() == [
        "A Film (2001) by Ann",
        "  a-film-2001",
        "B (1990)",
        "  b",
    ]
