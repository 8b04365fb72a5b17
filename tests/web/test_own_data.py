"""What is known of a viewer can be seen, taken along and deleted."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.conftest import FakeClock
from tonight.bootstrap import MODELS
from tonight.settings import Settings
from tonight.web.api.bodies import DeletedBody, ExportBody
from tonight.web.viewer import SHOWN_COOKIE, VIEWER_COOKIE


def say(client: TestClient, movie_id: str, kind: str) -> str:
    answer = client.post("/api/v1/feedback", json={"movie_id": movie_id, "kind": kind})
    assert answer.status_code == 201
    return str(answer.json()["feedback_id"])


def profile_of(client: TestClient) -> str:
    return client.cookies[VIEWER_COOKIE].split(".")[0]


def files_of(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and MODELS not in path.parts]


def test_the_export_is_complete(client: TestClient, clock: FakeClock) -> None:
    first = say(client, "alien-1979", "liked")
    clock.advance(minutes=1)
    say(client, "heat-1995", "not_tonight")
    client.delete(f"/api/v1/feedback/{first}")

    answer = client.get("/api/v1/export")
    export = ExportBody.model_validate_json(answer.content)
    assert export.profile_id == profile_of(client)
    assert export.exported_at == clock.moment
    said = [(one.title, one.year, one.kind, one.undone_at is not None) for one in export.feedback]
    assert said == [("Alien", 1979, "liked", True), ("Heat", 1995, "not_tonight", False)]
    assert export.feedback[0].imdb_id == "tt0078748"
    assert answer.headers["content-disposition"] == 'attachment; filename="tonight.json"'
    assert answer.headers["cache-control"] == "private, no-store"


def test_a_stranger_has_an_empty_export(client: TestClient) -> None:
    export = ExportBody.model_validate_json(client.get("/api/v1/export").content)
    assert (export.profile_id, export.feedback) == (None, [])


def test_letterboxd_gets_a_csv(client: TestClient) -> None:
    say(client, "amelie-2001", "liked")
    say(client, "heat-1995", "never")
    answer = client.get("/api/v1/export/letterboxd")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert list(csv.DictReader(io.StringIO(answer.content.decode("utf-8")))) == [
        {
            "imdbID": "tt0211915",
            "Title": "Amélie",
            "Year": "2001",
            "Directors": "Jean-Pierre Jeunet",
            "Rating": "4",
        }
    ]


@pytest.mark.parametrize("by_form", [False, True])
def test_deleting_leaves_no_trace_in_any_file(
    client: TestClient, settings: Settings, *, by_form: bool
) -> None:
    ids = [say(client, movie_id, "liked") for movie_id in ("alien-1979", "heat-1995")]
    profile_id = profile_of(client)
    client.get("/movie")
    marks = [profile_id, "alien-1979", "heat-1995", *ids]
    before = b"".join(path.read_bytes() for path in files_of(settings.data_dir))
    assert all(mark.encode() in before for mark in marks)

    if by_form:
        answer = client.post("/my-films/delete", headers={"Accept": "text/html"})
        assert "Everything is deleted" in answer.text
    else:
        answer = client.delete("/api/v1/history")
        assert DeletedBody.model_validate_json(answer.content).n_deleted == 2

    after = b"".join(path.read_bytes() for path in files_of(settings.data_dir))
    assert [mark for mark in marks if mark.encode() in after] == []
    assert VIEWER_COOKIE not in client.cookies
    assert SHOWN_COOKIE not in client.cookies
    assert client.get("/api/v1/history").json() == {"feedback": []}


def test_deleting_nothing_is_no_problem(client: TestClient) -> None:
    assert client.delete("/api/v1/history").json() == {"n_deleted": 0}


def test_another_site_cannot_delete_anything(client: TestClient) -> None:
    say(client, "alien-1979", "liked")
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert client.delete("/api/v1/history", headers=foreign).status_code == 403
    assert client.post("/my-films/delete", headers=foreign).status_code == 403
    assert len(client.get("/api/v1/history").json()["feedback"]) == 1


def test_looking_at_the_question_deletes_nothing(client: TestClient) -> None:
    say(client, "alien-1979", "liked")
    page = client.get("/my-films/delete").text
    assert "about one film" in page
    assert len(client.get("/api/v1/history").json()["feedback"]) == 1
    assert "nothing is known of you" in TestClient(client.app).get("/my-films/delete").text
