"""The card is legible in terminals of any width and alphabet."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from tonight.cli.card import draw_card, draw_nothing_fits
from tonight.domain.movie import Certificate, Movie
from tonight.domain.suggestion import (
    MAX_FILMS_SHOWN,
    Because,
    NothingFitsReport,
    Reason,
    Relaxation,
    Source,
    Suggestion,
)
from tonight.domain.wishes import Wishes

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
FILM = Movie(
    "amelie-2001",
    "Amélie [uncut]",
    2001,
    original_title="Le Fabuleux Destin d'Amélie Poulain",
    runtime_minutes=122,
    genres=("Comedy", "Romance"),
    directors=("Jean-Pierre Jeunet",),
    countries=("France",),
    languages=("French",),
    certificate=Certificate.R,
)
BARE = Movie("bare-1950", "Bare", 1950)


def suggestion(n_likes: int = 1, movie: Movie = FILM) -> Suggestion:
    because = tuple(
        Because(Movie(f"liked-{n}-1990", f"Liked {n}", 1990), 0.9 / n_likes) for n in range(n_likes)
    )
    return Suggestion(
        movie=movie,
        reason=Reason("People like it.", because, 0.0, 0.1),
        source=Source.PERSONAL,
        alternatives=(BARE, BARE, BARE),
        n_fitting=1,
        n_unknown=1200,
        wishes=Wishes(genre=("Comedy", "Crime"), max_minutes=130),
    )


def drawn(card: object, width: int = 80, *, terminal: bool = False) -> str:
    output = io.StringIO()
    console = Console(
        file=output, width=width, markup=False, force_terminal=terminal, _environ={"TERM": "xterm"}
    )
    console.print(card)
    return output.getvalue()


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(width: int) -> None:
    text = drawn(draw_card(suggestion(), NOW, ascii_only=False), width)
    assert max(len(line) for line in text.splitlines()) <= width
    words = text.replace("│", " ").split()
    for word in ("Amélie", "[uncut]", "(2001)", "22:17", "Jeunet", "1,200", "Crime;", "Bare"):
        assert word in words or f"{word}." in words


def test_a_terminal_without_other_letters_gets_plain_marks() -> None:
    text = drawn(draw_card(suggestion(movie=BARE), NOW, ascii_only=True))
    inside = [line[1:-1] for line in text.splitlines()[1:-1]]
    assert all(line.isascii() for line in inside)
    assert any("##" in line for line in inside)


def test_many_likes_are_one_part() -> None:
    text = drawn(draw_card(suggestion(n_likes=MAX_FILMS_SHOWN + 3), NOW, ascii_only=False))
    assert "4 more films you like" in text
    assert text.count("Liked ") == MAX_FILMS_SHOWN - 1


def test_the_part_of_many_comes_after_those_that_are_named() -> None:
    text = drawn(draw_card(suggestion(n_likes=3 * MAX_FILMS_SHOWN), NOW, ascii_only=False))
    assert text.index("13 more films you like") > text.rindex("Liked ")


def test_the_bars_are_as_long_as_the_shares() -> None:
    text = drawn(draw_card(suggestion(), NOW, ascii_only=False))
    assert [line.count("█") for line in text.splitlines() if "%" in line] == [18, 2]


def test_what_nobody_knows_of_a_film_is_left_out() -> None:
    text = drawn(draw_card(suggestion(movie=BARE), NOW, ascii_only=False))
    assert "ends at" not in text
    assert "Directed by" not in text
    assert "None" not in text


def test_colours_are_for_terminals_only() -> None:
    card = draw_card(suggestion(), NOW, ascii_only=False)
    assert "\x1b[" in drawn(card, terminal=True)
    assert "\x1b[" not in drawn(card)


def test_each_way_out_is_said_as_an_option() -> None:
    report = NothingFitsReport(
        relaxations=(
            Relaxation("max_minutes", "20 minutes more gives 4 films", 120, 20, 4),
            Relaxation("genre", "any genre gives 2 films", None, None, 2),
        ),
        n_unknown=3,
        wishes=Wishes(max_minutes=100),
    )
    text = drawn(draw_nothing_fits(report))
    assert "20 minutes more gives 4 films: --max-minutes 120" in text
    assert "any genre gives 2 films: without --genre" in text
    assert "3 films might fit, but a fact is unknown." in text


def test_no_way_out_is_said_too() -> None:
    text = drawn(draw_nothing_fits(NothingFitsReport((), 0, Wishes(max_minutes=1))))
    assert "take back two" in text
