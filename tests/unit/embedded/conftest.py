"""A small embedded folder whose content the tests know by heart."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

BASE = (
    '{"certificate":"R","genres":["Action","Sci-Fi"],"imdb_id":"tt0133093","movie_id":'
    '"the-matrix-1999","n_reviews":209,"runtime_minutes":136,"title":"The Matrix","year":1999}\n'
    '{"movie_id":"a-trip-1967","title":"A Trip","year":1967}\n'
)
FILMS = '{"genres":["Drama"],"movie_id":"limbo-1999","n_reviews":0,"title":"Limbo","year":1999}\n'
ADDITIONS = (
    '{"alternative_titles":["Matrix"],"genres":["Adventure","Sci-Fi"],'
    '"movie_id":"the-matrix-1999"}\n'
)
RATINGS = (
    "movie_id,user_id,rating\nlimbo-1999,7,3.5\nthe-matrix-1999,2,5.0\nthe-matrix-1999,7,0.5\n"
)


def write_part(folder: Path, texts: Mapping[str, str]) -> None:
    """Write the files of one part and their manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, text in texts.items():
        content = text.encode()
        (folder / name).write_bytes(gzip.compress(content, mtime=0))
        files[name] = {
            "rows": text.count("\n"),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    manifest = {"files": files, "format_version": 1}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A catalogue of two films."""
    folder = tmp_path / "embedded"
    write_part(folder, {"catalogue.jsonl.gz": BASE})
    return folder


@pytest.fixture
def movielens(base: Path) -> Path:
    """A MovieLens part with one film of its own, one addition and three ratings."""
    folder = base / "movielens"
    texts = {
        "films.jsonl.gz": FILMS,
        "additions.jsonl.gz": ADDITIONS,
        "ratings.csv.gz": RATINGS,
    }
    write_part(folder, texts)
    return folder
