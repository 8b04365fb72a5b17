from __future__ import annotations

import pytest

from tests.unit.services.small_catalogue import LONG, SHORT, small_catalogue
from tonight.domain.errors import MovieNotFoundError
from tonight.services.catalogue import Catalogue


def test_a_film_is_found_by_its_id_and_by_its_imdb_id() -> None:
    catalogue = small_catalogue()
    assert catalogue.movies[catalogue.index("short-1990")] is SHORT
    assert catalogue.movies[catalogue.index("tt0000001")] is SHORT


def test_an_unknown_film_is_an_error_that_names_it() -> None:
    with pytest.raises(MovieNotFoundError, match="nowhere"):
        small_catalogue().index("nowhere")


def test_ids_that_are_gone_and_doubled_ones_are_passed_over() -> None:
    catalogue = small_catalogue()
    found = catalogue.indices(["short-1990", "gone-1900", "tt0000001", "long-2000"])
    assert [catalogue.movies[index] for index in found] == [SHORT, LONG]


def test_two_films_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="same movie_id"):
        Catalogue([SHORT, SHORT])


def test_languages_and_countries_are_those_of_the_films() -> None:
    catalogue = small_catalogue()
    assert catalogue.languages == ("English", "French")
    assert catalogue.countries == ("Belgium", "France", "United States")
