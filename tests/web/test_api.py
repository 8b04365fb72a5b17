from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tonight.web.api.bodies import MovieBody, SimilarBody
from tonight.web.problems import KINDS


def test_a_film_is_found_by_either_id(client: TestClient) -> None:
    by_slug = client.get("/api/v1/movies/the-matrix-1999")
    assert MovieBody.model_validate_json(by_slug.content).title == "The Matrix"
    assert client.get("/api/v1/movies/tt0133093").json() == by_slug.json()


def test_similar_films_are_others(client: TestClient) -> None:
    answer = client.get("/api/v1/movies/toy-story-1995/similar", params={"limit": 5})
    movies = SimilarBody.model_validate_json(answer.content).movies
    assert len(movies) == 5
    assert "toy-story-1995" not in {movie.movie_id for movie in movies}
    assert any("Animation" in movie.genres for movie in movies)


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/api/v1/movies/nowhere-1900", 404, "movie-not-found"),
        ("/api/v1/movies/nowhere-1900/similar", 404, "movie-not-found"),
        ("/api/v1/movies/the-matrix-1999/similar?limit=0", 422, "invalid-request"),
        ("/api/v1/nothing", 404, "not-found"),
        ("/posters/nowhere-1900.svg", 404, "movie-not-found"),
        ("/problems/nothing-of-the-kind", 404, "not-found"),
    ],
)
def test_problems_are_documents_with_a_type_that_can_be_looked_up(
    client: TestClient, path: str, status: int, kind: str
) -> None:
    answer = client.get(path)
    body = answer.json()
    assert (answer.status_code, body["status"], body["type"]) == (
        status,
        status,
        f"/problems/{kind}",
    )
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get(body["type"]).text.startswith(body["title"])


def test_a_wrong_method_is_told_the_right_one(client: TestClient) -> None:
    answer = client.put("/movie")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
    assert "GET" in answer.json()["detail"]


def test_a_poster_is_an_image_of_the_film(client: TestClient) -> None:
    answer = client.get("/posters/the-matrix-1999.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "The Matrix" in answer.text


def test_health_and_version_answer(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    version = client.get("/version").json()
    assert version["version"]
    assert version["model"]


def test_the_published_contract_is_the_served_one(client: TestClient) -> None:
    published = Path(__file__).parents[2] / "openapi.json"
    assert client.get("/openapi.json").json() == json.loads(published.read_text("utf-8"))


def test_the_contract_names_every_error_and_gives_examples(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["operationId"]
            assert operation["summary"]
            if path.startswith(("/movie", "/api")):
                assert "429" in operation["responses"] or path == "/api/v1/history"
                for parameter in operation.get("parameters", ()):
                    assert parameter["schema"]
    parameters = document["paths"]["/movie"]["get"]["parameters"]
    assert all("example" in parameter for parameter in parameters)
    assert set(document["paths"]["/movie"]["get"]["responses"]) >= {"200", "404", "414", "422"}


def test_problem_kinds_have_one_name_each() -> None:
    assert all(kind.name == name for name, kind in KINDS.items())
