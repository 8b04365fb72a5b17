"""``tonight search``: the films that a person may mean, with their ids."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import typer
from rich.text import Text

from tonight.bootstrap import load_library
from tonight.cli.card import stdout_console
from tonight.cli.exit_codes import NOTHING_FITS
from tonight.cli.messages import complain
from tonight.cli.start import read_settings
from tonight.domain.movie import Movie
from tonight.services.answers import movie_body
from tonight.services.search_index import index_library
from tonight.services.search_movies import search_movies


def search(query: str, limit: int, *, as_json: bool) -> None:
    """Prints the films that a query may mean, the likeliest first.

    Args:
        query: A title, a year, names, in any spelling.
        limit: At most how many films.
        as_json: Whether to print JSON.

    Raises:
        typer.Exit: No film is near enough.
    """
    library, _ = load_library(read_settings())
    found = search_movies(index_library(library), query, limit)
    if as_json:
        body = {"movies": [movie_body(movie) for movie in found]}
        print(json.dumps(body, ensure_ascii=False, indent=2))
    elif sys.stdout.isatty():
        stdout_console().print(draw_list(found))
    else:
        # One film a line, whatever its length: for grep, cut and head.
        for movie in found:
            print(f"{movie.movie_id}\t{movie.title} ({movie.year})\t{', '.join(movie.directors)}")
    if not found:
        complain("no film found; try another word of its title, or fewer of them")
        raise typer.Exit(NOTHING_FITS)


def draw_list(movies: Sequence[Movie]) -> Text:
    """Two lines for each film: its title and who made it, and the id that the options take."""
    lines = []
    for movie in movies:
        line = Text.assemble((movie.title, "bold"), f" ({movie.year})")
        if movie.directors:
            line.append(f" by {', '.join(movie.directors)}")
        lines += [line, Text(f"  {movie.movie_id}", "cyan")]
    return Text("\n").join(lines)
