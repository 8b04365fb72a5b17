from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel

from tonight.web.api.bodies import MovieBody, SimilarBody
from tonight.web.capacity import HEALTH_PATHS
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


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/movie", "GET, HEAD"),
        ("/movies/the-matrix-1999", "GET, HEAD"),
        ("/feedback", "POST"),
        ("/my-films/delete", "GET, HEAD, POST"),
        ("/api/v1/history", "GET, HEAD, DELETE"),
        ("/openapi.json", "GET, HEAD"),
        ("/static/tonight.js", "GET, HEAD"),
        ("/static/feedback", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_told_all_the_right_ones(
    client: TestClient, path: str, allowed: str
) -> None:
    answer = client.put(path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert answer.json()["detail"] == f"Allowed here: {allowed}."


def test_a_poster_is_an_image_of_the_film(client: TestClient) -> None:
    answer = client.get("/posters/the-matrix-1999.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "The Matrix" in answer.text


def test_the_published_contract_is_the_served_one(client: TestClient) -> None:
    published = Path(__file__).parents[2] / "openapi.json"
    assert client.get("/openapi.json").json() == json.loads(published.read_text("utf-8"))


def operations(client: TestClient) -> list[tuple[str, dict[str, Any]]]:
    paths = client.get("/openapi.json").json()["paths"]
    return [(path, operation) for path, methods in paths.items() for operation in methods.values()]


def test_every_operation_of_the_contract_says_what_it_is_and_how_it_can_fail(
    client: TestClient,
) -> None:
    assert client.get("/openapi.json").json()["openapi"].startswith("3.1")
    for path, operation in operations(client):
        assert operation["operationId"]
        assert operation["summary"]
        statuses = set(operation["responses"])
        assert "500" in statuses
        assert "429" in statuses or path in HEALTH_PATHS
        if operation.get("parameters"):
            assert "422" in statuses, path
        if "{" in path:
            assert "404" in statuses, path
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                pages = {"text/html"} if path == "/movie" else set()
                assert set(response["content"]) == {"application/problem+json"} | pages, path


def test_every_answer_of_the_contract_has_an_example_that_keeps_it(client: TestClient) -> None:
    models = {model.__name__: model for model in (*subclasses(BaseModel),)}
    seen = set()
    for path, operation in operations(client):
        for status, response in operation["responses"].items():
            for media_type, media in response.get("content", {}).items():
                if not media_type.endswith("json"):
                    continue
                name = media["schema"]["$ref"].rpartition("/")[2]
                models[name].model_validate_json(json.dumps(media["example"]))
                if int(status) >= 400:
                    assert media["example"]["status"] == int(status), path
                    assert client.get(media["example"]["type"]).status_code == 200
                seen.add(name)
    assert {"SuggestionBody", "NothingFitsBody", "FeedbackBody", "ProblemBody"} <= seen


def subclasses(of: type[BaseModel]) -> list[type[BaseModel]]:
    return [model for sub in of.__subclasses__() for model in (sub, *subclasses(sub))]


def test_the_example_of_every_parameter_keeps_its_schema(client: TestClient) -> None:
    for path, operation in operations(client):
        for parameter in operation.get("parameters", ()):
            schema = parameter["schema"]
            examples = [parameter["example"]] if "example" in parameter else []
            examples += schema.get("examples", [])
            assert examples or "default" in schema or "enum" in schema, (path, parameter["name"])
            pattern = schema.get("pattern")
            assert all(re.search(pattern, value) for value in examples if pattern), path


def test_problem_kinds_have_one_name_each() -> None:
    assert all(kind.name == name for name, kind in KINDS.items())
