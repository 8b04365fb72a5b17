from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def quoted(pattern: str) -> str:
    """What the README's answer says at a place."""
    match = re.search(pattern, README)
    assert match is not None, pattern
    return match[1]


def test_the_readmes_request_has_the_readmes_answer(client: TestClient) -> None:
    path = quoted(r"curl 'http://127\.0\.0\.1:8000(/movie\?[^']+)'")
    body = client.get(path).json()
    assert body["movie"]["movie_id"] == quoted(r'"movie": \{\s+"movie_id": "([^"]+)"')
    assert body["reason"]["text"] == quoted(r'"text": "([^"]+)"')
    assert body["reason"]["films"][0]["movie_id"] == quoted(r'"films": \[\{"movie_id": "([^"]+)"')
    # The last digits depend on the machine's arithmetic.
    share = body["reason"]["films"][0]["share"]
    assert share == pytest.approx(float(quoted(r'"share": ([0-9.]+)')), abs=0.005)
    assert body["source"] == quoted(r'"source": "([^"]+)"')
    assert body["n_fitting"] == int(quoted(r'"n_fitting": (\d+)'))
    assert body["n_unknown"] == int(quoted(r'"n_unknown": (\d+)'))
