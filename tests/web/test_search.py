from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tonight.web.api.search import FoundBody

SEARCH = "/api/v1/search"


def titles(client: TestClient, **parameters: str | int) -> list[str]:
    answer = client.get(SEARCH, params=parameters)
    assert answer.status_code == 200, answer.text
    return [movie.title for movie in FoundBody.model_validate_json(answer.content).movies]


def test_a_misspelt_title_finds_the_film_with_what_a_list_shows(client: TestClient) -> None:
    answer = client.get(SEARCH, params={"q": "spirted awya"})
    assert answer.json()["movies"][0] == {
        "movie_id": "spirited-away-2001",
        "title": "Spirited Away",
        "original_title": "千と千尋の神隠し",
        "year": 2001,
        "directors": ["Hayao Miyazaki"],
        "poster": "/posters/spirited-away-2001.svg",
    }
    assert client.get("/posters/spirited-away-2001.svg").status_code == 200


def test_eight_films_are_found_unless_more_or_fewer_are_asked_for(client: TestClient) -> None:
    assert len(titles(client, q="love")) == 8
    assert len(titles(client, q="love", limit=20)) == 20
    assert titles(client, q="love", limit=1) == titles(client, q="love")[:1]


def test_what_is_near_no_film_finds_none(client: TestClient) -> None:
    assert titles(client, q="xqzvwk") == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=",
        "q=%20%20",
        "q=a%00b",
        "q=%ED%A0%80",  # half of a surrogate pair
        "q=%FF",
        "q=" + "a" * 10_000,
        "q=alien&q=aliens",
        "q=alien&limit=0",
        "q=alien&limit=21",
        "q=alien&limit=many",
        "q=alien&page=2",
    ],
)
def test_what_cannot_be_looked_for_is_a_problem_that_names_the_parameter(
    client: TestClient, query: str
) -> None:
    answer = client.get(f"{SEARCH}?{query}")
    body = answer.json()
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["type"] == "/problems/invalid-request"
    assert [error["name"].removeprefix("query.") for error in body["errors"]] in (
        ["q"],
        ["limit"],
        ["page"],
    )


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
@given(q=st.text(min_size=1, max_size=220))
def test_any_text_is_answered_or_refused_with_a_reason(client: TestClient, q: str) -> None:
    answer = client.get(SEARCH, params={"q": q})
    if answer.status_code == 200:
        assert len(FoundBody.model_validate_json(answer.content).movies) <= 8
    else:
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["message"]
