"""The files in ``data/``: what their readers accept, and that they hold it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.data.films import cc0
from tonight.domain.movie import GENRES, Certificate
from tools.data.build import OUR_FILES
from tools.data.merge_drafts import COLUMNS
from tools.data.our_files import Correction, OurFiles, read_films
from tools.data.vocabularies import Vocabularies, read_rows

HEADER = ",".join(COLUMNS)


@pytest.fixture(scope="module")
def vocabularies() -> Vocabularies:
    return Vocabularies.read(OUR_FILES)


@pytest.fixture
def film_file(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a file with one row."""

    def write(row: str) -> Path:
        path = tmp_path / "films.csv"
        path.write_text(f"{HEADER}\n{row}\n", "utf-8")
        return path

    return write


def test_a_row_states_its_facts(
    vocabularies: Vocabularies, film_file: Callable[[str], Path]
) -> None:
    row = "Drive,2011,,100,Drama|Crime,Nicolas Winding Refn,Ryan Gosling|,English,USA|UK,R"
    (film,) = read_films(film_file(row), vocabularies)
    assert (film.key, film.year, film.runtime_minutes) == ("tonight:Drive (2011)", 2011, 100)
    assert film.genres == ("Crime", "Drama")
    assert film.cast == ("Ryan Gosling",)
    assert film.countries == ("United States", "United Kingdom")
    assert film.certificate == "R"
    assert film.original_title is None
    assert film.imdb_id is None


def test_an_empty_cell_is_an_unknown_fact(
    vocabularies: Vocabularies, film_file: Callable[[str], Path]
) -> None:
    (film,) = read_films(film_file("Drive,2011,,,,,,,,"), vocabularies)
    assert film.runtime_minutes is None
    assert film.certificate is None
    assert film.genres == film.directors == film.cast == film.languages == film.countries == ()


@pytest.mark.parametrize(
    "row",
    [
        "Drive,2011,,100,Noir,,,,,",
        "Drive,2011,,100,Drama,,,,,TV-MA",
        "Drive,2011,,about 100,Drama,,,,,",
        "Drive,,,100,Drama,,,,,",
        ",2011,,100,Drama,,,,,",
        "Drive,2011,,100,Drama",
        "Drive,2011,,100,Drama,,,,,,,",
    ],
)
def test_a_wrong_cell_is_refused(
    vocabularies: Vocabularies, film_file: Callable[[str], Path], row: str
) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_films(film_file(row), vocabularies)


def test_an_empty_correction_makes_a_fact_unknown() -> None:
    film = cc0("Film", 2000, certificate="R")
    assert Correction("certificate", "", "wrong").applied_to(film).certificate is None


def test_every_genre_and_certificate_of_ours_can_be_reached(vocabularies: Vocabularies) -> None:
    assert {genre for genre in vocabularies.genres.values() if genre} == set(GENRES)
    assert set(vocabularies.certificates.values()) == set(Certificate)


@pytest.mark.parametrize(
    ("vocabulary", "name", "ours"),
    [
        ("movielens", "Children", ("Family",)),
        ("movielens", "IMAX", ()),
        ("movielens", "(no genres listed)", ()),
        ("movielens", "Film-Noir", ("Film-Noir",)),
        ("cc0", "Biography", ("Biography",)),
    ],
)
def test_both_vocabularies_of_genres_lead_to_ours(
    vocabularies: Vocabularies, vocabulary: str, name: str, ours: tuple[str, ...]
) -> None:
    assert vocabularies.our_genres(vocabulary, [name]) == ours


@pytest.mark.parametrize("name", ["GP", "M", "M/PG"])
def test_old_certificates_for_guidance_count_as_pg(vocabularies: Vocabularies, name: str) -> None:
    assert vocabularies.certificates[name] == "PG"


def test_variants_of_languages_and_countries_have_one_name(vocabularies: Vocabularies) -> None:
    languages = ["Standard Chinese", "Putonghua", "American English", "Welsh", "multiple languages"]
    assert vocabularies.our_languages(languages) == ("Mandarin", "English", "Welsh")
    countries = ["People's Republic of China", "Wales", "United Kingdom"]
    assert vocabularies.our_countries(countries) == ("China", "United Kingdom")


def test_a_genre_of_no_table_is_an_error(vocabularies: Vocabularies) -> None:
    with pytest.raises(KeyError):
        vocabularies.our_genres("cc0", ["Arthouse"])


def test_the_checked_in_files_are_what_their_readers_accept(vocabularies: Vocabularies) -> None:
    our_files = OurFiles.read(OUR_FILES, vocabularies)
    assert len(our_files.films) >= 600
    assert all(reason for reason in our_files.exclusions.values())
    assert all(row.reason for rows in our_files.corrections.values() for row in rows)


@pytest.mark.parametrize("name", ["modern.csv", "supplement.csv"])
def test_our_films_have_plausible_numbers_and_no_imdb_ids(name: str) -> None:
    for row in read_rows(OUR_FILES / name):
        assert 1890 <= int(row["year"]) <= 2026, row["title"]
        assert not row["runtime_minutes"] or 30 <= int(row["runtime_minutes"]) <= 400, row["title"]
        assert "imdb_id" not in row


def test_modern_films_are_of_2014_and_later() -> None:
    assert min(int(row["year"]) for row in read_rows(OUR_FILES / "modern.csv")) == 2014


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("aliases.csv", ("movielens_title", "year")),
        ("corrections.csv", ("title", "year", "fact")),
        ("exclusions.csv", ("title", "year")),
        ("movie_ids.csv", ("key",)),
        ("genres.csv", ("vocabulary", "name")),
        ("languages.csv", ("name",)),
        ("countries.csv", ("name",)),
        ("certificates.csv", ("name",)),
    ],
)
def test_no_file_says_a_thing_twice(name: str, key: tuple[str, ...]) -> None:
    keys = [tuple(row[column] for column in key) for row in read_rows(OUR_FILES / name)]
    assert len(set(keys)) == len(keys)
