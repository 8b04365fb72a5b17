"""Equal content is equal bytes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tonight.domain.movie import Movie
from tools.data.writing import csv_lines, json_lines, write_gzip, write_manifest


def test_unknown_facts_are_left_out_and_keys_are_sorted() -> None:
    line = json_lines([Movie("oz-1939", "Oz", 1939, review_score=0)]).decode()
    expected = '{"movie_id":"oz-1939","n_reviews":0,"review_score":0,"title":"Oz","year":1939}\n'
    assert line == expected


def test_every_script_stays_readable() -> None:
    assert "기생충" in json_lines([Movie("x-2019", "기생충", 2019)]).decode("utf-8")


@given(st.text(min_size=1))
def test_a_title_of_any_characters_is_one_line_that_reads_back(title: str) -> None:
    line, rest = json_lines([Movie("x-2019", title, 2019)]).decode("utf-8").split("\n")
    assert rest == ""
    assert json.loads(line)["title"] == title


def test_rows_become_lines_under_their_header() -> None:
    assert csv_lines("movie_id,rating", [("oz-1939", 4.5)]) == b"movie_id,rating\noz-1939,4.5\n"


def test_two_compressions_of_one_content_are_equal(tmp_path: Path) -> None:
    first, second = tmp_path / "first" / "a.gz", tmp_path / "second" / "b.gz"
    assert write_gzip(first, b"content", 1) == write_gzip(second, b"content", 1)
    assert first.read_bytes() == second.read_bytes()
    assert gzip.decompress(first.read_bytes()) == b"content"


def test_a_manifest_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    write_manifest(path, {"b": "é", "a": 1})
    assert json.loads(path.read_text("utf-8")) == {"a": 1, "b": "é"}
    assert path.read_text("utf-8").index('"a"') < path.read_text("utf-8").index('"b"')
