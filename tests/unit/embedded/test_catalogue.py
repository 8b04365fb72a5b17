"""The reader of the embedded films, on a small folder."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tonight.domain.errors import EmbeddedDataError
from tonight.domain.movie import Certificate
from tonight.embedded.catalogue import read_catalogue


def test_films_come_in_the_order_of_their_ids(base: Path, movielens: Path) -> None:
    ids = [movie.movie_id for movie in read_catalogue(base, movielens)]
    assert ids == ["a-trip-1967", "limbo-1999", "the-matrix-1999"]


def test_facts_are_read_as_they_stand(base: Path) -> None:
    matrix = read_catalogue(base, None)[1]
    assert (matrix.title, matrix.year, matrix.runtime_minutes) == ("The Matrix", 1999, 136)
    assert matrix.certificate is Certificate.R
    assert matrix.imdb_id == "tt0133093"
    assert matrix.n_reviews == 209


def test_facts_that_no_source_states_stay_unknown(base: Path) -> None:
    unknown = read_catalogue(base, None)[0]
    assert unknown.runtime_minutes is None
    assert unknown.certificate is None
    assert unknown.imdb_id is None
    assert unknown.genres == unknown.cast == unknown.directors == ()
    assert unknown.n_reviews == 0
    assert not unknown.notable


def test_without_movielens_its_films_and_additions_are_absent(base: Path, movielens: Path) -> None:
    assert movielens.is_dir()
    films = read_catalogue(base, None)
    assert [movie.movie_id for movie in films] == ["a-trip-1967", "the-matrix-1999"]
    assert films[1].alternative_titles == ()


def test_movielens_adds_titles_and_its_genres_stand_for_the_films_own(
    base: Path, movielens: Path
) -> None:
    matrix = read_catalogue(base, movielens)[2]
    assert matrix.alternative_titles == ("Matrix",)
    assert matrix.genres == ("Adventure", "Sci-Fi")


def test_a_missing_movielens_part_is_no_error(base: Path) -> None:
    assert read_catalogue(base, base / "movielens") == read_catalogue(base, None)


def test_a_changed_file_is_refused_by_its_checksum(base: Path) -> None:
    changed = gzip.compress(b'{"movie_id":"x-1999","title":"X","year":1999}\n')
    (base / "catalogue.jsonl.gz").write_bytes(changed)
    with pytest.raises(EmbeddedDataError, match=r"catalogue\.jsonl\.gz is not the file"):
        read_catalogue(base, None)


@pytest.mark.parametrize("damage", ["truncated", "foreign", "missing"])
def test_a_damaged_file_is_named(base: Path, damage: str) -> None:
    file = base / "catalogue.jsonl.gz"
    content = file.read_bytes()
    file.unlink()
    if damage != "missing":
        file.write_bytes(content[:-12] if damage == "truncated" else b"no gzip at all")
    with pytest.raises(EmbeddedDataError, match=r"catalogue\.jsonl\.gz cannot be read"):
        read_catalogue(base, None)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": {}}'])
def test_a_damaged_manifest_is_named(base: Path, text: str) -> None:
    (base / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(EmbeddedDataError, match=r"manifest\.json"):
        read_catalogue(base, None)


def test_a_newer_format_says_which_one_it_reads(base: Path) -> None:
    manifest = base / "manifest.json"
    content = json.loads(manifest.read_text("utf-8")) | {"format_version": 2}
    manifest.write_text(json.dumps(content), "utf-8")
    with pytest.raises(EmbeddedDataError, match="has format 2, this release reads format 1"):
        read_catalogue(base, None)


def test_a_file_that_the_manifest_does_not_name_is_not_read(base: Path) -> None:
    manifest = base / "manifest.json"
    content = json.loads(manifest.read_text("utf-8")) | {"files": {}}
    manifest.write_text(json.dumps(content), "utf-8")
    with pytest.raises(EmbeddedDataError, match="is not in the manifest"):
        read_catalogue(base, None)


def test_the_movielens_part_of_another_catalogue_is_refused(movielens: Path) -> None:
    other = movielens.parent / "other"
    other.mkdir()
    for name in ("films.jsonl.gz", "manifest.json"):
        (other / name).write_bytes((movielens / name).read_bytes())
    manifest = json.loads((other / "manifest.json").read_text("utf-8"))
    manifest["files"]["catalogue.jsonl.gz"] = manifest["files"]["films.jsonl.gz"]
    (other / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (other / "films.jsonl.gz").rename(other / "catalogue.jsonl.gz")
    with pytest.raises(EmbeddedDataError, match="belongs to another catalogue"):
        read_catalogue(other, movielens)
