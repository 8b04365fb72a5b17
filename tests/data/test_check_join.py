"""The check of the join against published ids."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from tests.data.films import cc0, movielens
from tonight.embedded import load_catalogue
from tonight.embedded.files import movielens_folder, read_text
from tools.data.build import OUR_FILES
from tools.data.check_join import check_join, read_imdb_ids, write_summary
from tools.data.join import JoinedFilm
from tools.data.vocabularies import read_rows

MOVIELENS_ZIP = os.environ.get("MOVIELENS_ZIP", "")


def test_right_wrong_and_missed_joins_are_told_apart() -> None:
    right, wrong, missed = (movielens(title, 2000, n) for n, title in enumerate("ABC", start=1))
    unchecked = movielens("D", 2000, 4)
    joined = [
        JoinedFilm(cc0=cc0("A", 2000, 1), movielens=(right,)),
        JoinedFilm(cc0=cc0("B", 2000, 2), movielens=(wrong,)),
        JoinedFilm(cc0=cc0("C", 2000, 3)),
        JoinedFilm(movielens=(missed,)),
        JoinedFilm(cc0=cc0("D", 2000, 4), movielens=(unchecked,)),
    ]
    ids = {right.key: "tt0000001", wrong.key: "tt0000009", missed.key: "tt0000003"}
    check = check_join(joined, ids)
    assert check.right == 1
    assert [(entry.key, true_id) for entry, _, true_id in check.wrong] == [(wrong.key, "tt0000009")]
    assert [(entry.key, film.key) for entry, film in check.missed] == [(missed.key, "wikidata:Q3")]
    assert check.share_right == 0.5


def test_ids_are_read_from_the_published_zip(tmp_path: Path) -> None:
    path = tmp_path / "ml.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ml/links.csv", "movieId,imdbId,tmdbId\n1,0114709,862\n")
    assert read_imdb_ids(path) == {"movielens:1": "tt0114709"}


def test_the_counts_are_noted_by_the_name_of_the_join(tmp_path: Path) -> None:
    path = tmp_path / "join_check.csv"
    write_summary({"by the rule alone": check_join([], {})}, path)
    (row,) = read_rows(path)
    assert row == {"join": "by the rule alone", "right": "0", "wrong": "0", "missed": "0"}


def test_the_noted_checks_reach_their_floor() -> None:
    checks = list(read_rows(OUR_FILES / "join_check.csv"))
    assert [check["join"] for check in checks] == ["by the rule alone", "with the aliases"]
    for check in checks:
        right, wrong = int(check["right"]), int(check["wrong"])
        assert right >= 0.995 * (right + wrong)


@pytest.mark.skipif(not MOVIELENS_ZIP, reason="MOVIELENS_ZIP names no published MovieLens zip")
def test_the_shipped_join_is_right_where_ids_can_check_it() -> None:
    ids = read_imdb_ids(Path(MOVIELENS_ZIP))
    imdb_ids = {movie.movie_id: movie.imdb_id for movie in load_catalogue(with_movielens=True)}
    links = read_text(movielens_folder(), "links.csv.gz").splitlines()[1:]
    checked = [
        imdb_id == ids[f"movielens:{number}"]
        for movie_id, number in (link.split(",") for link in links)
        if (imdb_id := imdb_ids[movie_id]) and f"movielens:{number}" in ids
    ]
    assert len(checked) >= 5_900
    assert sum(checked) >= 0.995 * len(checked)
