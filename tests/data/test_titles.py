"""Titles as keys, slugs and text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.data.titles import move_article, slug, split_movielens_title, title_key


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("The Matrix", "Matrix"),
        ("Amélie", "AMELIE"),
        ("Pride & Prejudice", "Pride and Prejudice"),
        ("Rocky II", "Rocky 2"),
        ("Ocean's Eleven", "Oceans 11"),
        ("Kill Bill: Vol. 1", "Kill Bill: Volume 1"),
        ("Harry Potter and the Deathly Hallows: Part 2", "Harry Potter and the Deathly Hallows 2"),
        ("L'Atalante", "L’Atalante"),
        ("Blue Velvet", "Blue-Velvet"),
        ("Smørrebrød", "Smorrebrod"),
    ],
)
def test_spellings_of_one_title_have_one_key(title: str, other: str) -> None:
    assert title_key(title) == title_key(other)


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Alien", "Aliens"),
        ("Rocky", "Rocky II"),
        ("Frankenstein", "I, Frankenstein"),
        ("The Thing", "Thing 2"),
        ("기생충", "기생"),
    ],
)
def test_different_titles_have_different_keys(title: str, other: str) -> None:
    assert title_key(title) != title_key(other)


def test_an_article_that_is_the_whole_title_stays() -> None:
    assert title_key("The") == "the"
    assert title_key("Die") == "die"


@given(st.text())
def test_case_and_surrounding_space_never_change_a_key(title: str) -> None:
    assert title_key(f"  {title.casefold()} ") == title_key(title)


@pytest.mark.parametrize(
    ("title", "year", "expected"),
    [
        ("The Matrix", 1999, "the-matrix-1999"),
        ("Amélie", 2001, "amelie-2001"),
        ("Pride & Prejudice", 2005, "pride-and-prejudice-2005"),
        ("Ocean's Eleven", 2001, "oceans-eleven-2001"),
        ("8½", 1963, "81-2-1963"),
        ("기생충", 2019, "film-2019"),
    ],
)
def test_a_slug_is_readable(title: str, year: int, expected: str) -> None:
    assert slug(title, year) == expected


@given(st.text(), st.integers(1880, 2100))
def test_a_slug_is_made_of_ascii_letters_digits_and_single_hyphens(title: str, year: int) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(title, year))


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        ("Matrix, The", "The Matrix"),
        ("Postino, Il", "Il Postino"),
        ("Enfer, L'", "L'Enfer"),
        ("Librarian, The: Quest for the Spear", "The Librarian: Quest for the Spear"),
        ("Good, the Bad and the Ugly, The", "The Good, the Bad and the Ugly"),
        ("Me, Myself & Irene", "Me, Myself & Irene"),
        ("Alien", "Alien"),
    ],
)
def test_a_trailing_article_is_put_in_front(moved: str, expected: str) -> None:
    assert move_article(moved) == expected


@pytest.mark.parametrize(
    ("text", "title", "alternatives"),
    [
        ("Matrix, The", "The Matrix", ()),
        ("Seven (a.k.a. Se7en)", "Seven", ("Se7en",)),
        ("Postman, The (Postino, Il)", "The Postman", ("Il Postino",)),
        (
            "City of Lost Children, The (Cité des enfants perdus, La)",
            "The City of Lost Children",
            ("La Cité des enfants perdus",),
        ),
        (
            "Porco Rosso (Crimson Pig) (Kurenai no buta)",
            "Porco Rosso",
            ("Crimson Pig", "Kurenai no buta"),
        ),
        ("Babies (Bébé(s))", "Babies", ("Bébé(s)",)),
        ("Frontière(s)", "Frontière(s)", ()),
        ("Nymphomaniac (Part 1)", "Nymphomaniac", ()),
        ("(500) Days of Summer", "(500) Days of Summer", ()),
    ],
)
def test_brackets_at_the_end_of_a_movielens_title_hold_other_titles(
    text: str, title: str, alternatives: tuple[str, ...]
) -> None:
    assert split_movielens_title(text) == (title, alternatives)
