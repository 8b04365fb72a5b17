"""What the package ships: floors, named films, sizes."""

from __future__ import annotations

import gc
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from tonight.domain.movie import GENRES, Movie
from tonight.embedded import (
    Ratings,
    data_sha256,
    has_movielens,
    load_catalogue,
    load_ratings,
)
from tonight.embedded.files import movielens_folder, read_manifest, read_text

ROOT = Path(str(files("tonight.embedded")))
MAX_BYTES = 8_000_000


@cache
def films() -> dict[str, Movie]:
    return {movie.movie_id: movie for movie in load_catalogue(with_movielens=True)}


@cache
def base_films() -> dict[str, Movie]:
    return {movie.movie_id: movie for movie in load_catalogue(with_movielens=False)}


@cache
def shipped_ratings() -> Ratings:
    ratings = load_ratings()
    assert ratings is not None
    return ratings


def test_everything_fits_into_eight_megabytes() -> None:
    data = [path for path in ROOT.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert sum(path.stat().st_size for path in data) <= MAX_BYTES


def test_every_id_is_a_slug_and_stands_for_one_film() -> None:
    catalogue = load_catalogue(with_movielens=True)
    assert len(films()) == len(catalogue)
    slug = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*-\d{4}(?:-\d)?")
    assert [movie.movie_id for movie in catalogue if not slug.fullmatch(movie.movie_id)] == []


def test_an_imdb_id_stands_for_one_film() -> None:
    ids = Counter(movie.imdb_id for movie in films().values() if movie.imdb_id)
    assert [imdb_id for imdb_id, count in ids.items() if count > 1] == []
    assert all(re.fullmatch(r"tt\d{7,8}", imdb_id) for imdb_id in ids)


def test_no_film_is_shorter_than_an_hour() -> None:
    assert [
        movie.movie_id
        for movie in films().values()
        if movie.runtime_minutes is not None and movie.runtime_minutes < 60
    ] == []


def test_genres_are_those_of_the_table_in_its_order() -> None:
    for movie in films().values():
        assert list(movie.genres) == [genre for genre in GENRES if genre in movie.genres]


def test_at_most_five_names_of_the_cast_are_shown() -> None:
    assert max(len(movie.cast) for movie in films().values()) == 5


def test_names_and_titles_are_neither_empty_nor_padded() -> None:
    for movie in films().values():
        texts = (
            movie.title,
            *movie.alternative_titles,
            *movie.directors,
            *movie.cast,
            *movie.languages,
            *movie.countries,
        )
        assert all(text and text == text.strip() for text in texts), movie.movie_id


@pytest.mark.parametrize(
    ("movie_id", "director"),
    [
        ("the-matrix-1999", "Lana Wachowski"),
        ("the-wizard-of-oz-1939", "Victor Fleming"),
        ("gone-with-the-wind-1939", "Victor Fleming"),
        ("spirited-away-2001", "Hayao Miyazaki"),
        ("metropolis-1927", "Fritz Lang"),
        ("mad-max-fury-road-2015", "George Miller"),
        ("the-martian-2015", "Ridley Scott"),
        ("parasite-2019", "Bong Joon-ho"),
        ("machuca-2004", "Andrés Wood"),
    ],
)
def test_films_that_people_look_for_are_there(movie_id: str, director: str) -> None:
    assert director in films()[movie_id].directors


def test_a_person_is_spelt_in_one_way() -> None:
    spellings: dict[str, set[str]] = {}
    for movie in films().values():
        for name in (*movie.directors, *movie.cast):
            spellings.setdefault(re.sub(r"[\W_]", "", name).casefold(), set()).add(name)
    assert [names for names in spellings.values() if len(names) > 1] == []


@pytest.mark.parametrize(
    "title",
    ["Band of Brothers", "The Wrong Trousers", "Planet Earth", "Louis C.K.: Hilarious", "Paperman"],
)
def test_series_shorts_and_specials_are_left_out(title: str) -> None:
    assert title not in {movie.title for movie in films().values()}


def test_a_wrong_running_time_of_the_source_is_corrected() -> None:
    assert films()["machuca-2004"].runtime_minutes == 121


def test_a_film_that_only_movielens_has_keeps_its_unknown_facts_unknown() -> None:
    unknown = [
        movie
        for movie_id, movie in films().items()
        if movie_id not in base_films() and not movie.directors
    ]
    assert unknown
    assert all(movie.imdb_id is None and movie.countries == () for movie in unknown)


def test_at_least_five_hundred_modern_films_are_ours_and_mostly_complete() -> None:
    modern = [movie for movie in films().values() if movie.notable and movie.year >= 2014]
    assert len(modern) >= 500
    for fact in ("runtime_minutes", "genres", "directors"):
        assert sum(bool(getattr(movie, fact)) for movie in modern) >= 0.9 * len(modern), fact


def test_the_join_reaches_its_floors() -> None:
    report = read_manifest(movielens_folder())["report"]
    entries, ratings = report["entries"], report["ratings"]
    assert entries["joined_with_cc0"] + entries["joined_with_ours"] >= 7_450
    joined = ratings["joined_with_cc0"] + ratings["joined_with_ours"]
    assert joined >= 0.94 * ratings["all"]


def test_ratings_are_half_stars_of_films_of_the_catalogue_one_a_user_and_film() -> None:
    ratings = shipped_ratings()
    assert set(ratings.movie_ids) <= set(films())
    assert set(np.unique(ratings.value * 2).tolist()) == set(range(1, 11))
    pairs = ratings.movie_position.astype(np.int64) * len(ratings.user_ids) + ratings.user_index
    assert len(np.unique(pairs)) == len(pairs)
    assert len(pairs) >= 94_000


def test_without_movielens_the_catalogue_is_smaller_and_has_no_additions() -> None:
    assert set(base_films()) < set(films())
    assert all(movie.alternative_titles == () for movie in base_films().values())
    assert "the-matrix-1999" in base_films()


def test_links_name_each_rated_film() -> None:
    lines = read_text(movielens_folder(), "links.csv.gz").splitlines()
    assert lines[0] == "movie_id,movielens_id"
    links = [line.split(",") for line in lines[1:]]
    assert {movie_id for movie_id, _ in links} == set(shipped_ratings().movie_ids)
    assert len({number for _, number in links}) == len(links)


def test_the_manifests_count_the_rows() -> None:
    for folder in (ROOT, ROOT / "movielens"):
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        for name, entry in manifest["files"].items():
            header = name.endswith(".csv.gz")
            assert read_text(folder, name).count("\n") - header == entry["rows"], name


def test_each_source_has_its_licence_text_beside_it() -> None:
    for folder in (ROOT, ROOT / "movielens"):
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        for source in manifest["sources"]:
            assert len((ROOT / source["license_file"]).read_text("utf-8")) > 1_000
    terms = (ROOT / "movielens" / "LICENSE-MovieLens.txt").read_text("utf-8")
    assert "Harper" in terms
    assert "commercial" in terms


def test_the_digest_tells_the_catalogue_with_movielens_from_the_one_without() -> None:
    assert has_movielens()
    assert data_sha256(with_movielens=True) != data_sha256(with_movielens=False)


@pytest.mark.slow
def test_loading_stays_in_proportion_to_reading_the_bare_json() -> None:
    # A ratio, since machines and their load differ: about 5, and half a second on a small one.
    def seconds(load: Callable[[], object]) -> float:
        start = time.process_time()
        load()
        return time.process_time() - start

    def bare() -> None:
        for path in (*ROOT.glob("*.jsonl.gz"), *ROOT.glob("movielens/*.jsonl.gz")):
            for line in gzip.decompress(path.read_bytes()).splitlines():
                json.loads(line)

    def everything() -> None:
        load_catalogue(with_movielens=True)
        load_ratings()

    # As in a process of its own: what other tests have left would be gone through again and again.
    gc.collect()
    gc.freeze()
    try:
        ratios = [seconds(everything) / seconds(bare) for _ in range(5)]
    finally:
        gc.unfreeze()
    assert min(ratios) < 10
