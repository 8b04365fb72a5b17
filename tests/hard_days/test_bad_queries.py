"""Ids and parameters that are unknown, malformed, out of range, repeated or contradictory."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.hard_days.problems import reasons, told
from tonight.services.query_parameters import MAX_IDS, PARAMETERS
from tonight.services.suggest_movie import Library
from tonight.web.problems import MAX_ERRORS

BAD_IDS = ["nowhere-1900", "%00", "%ff%fe", "%ed%a0%80", "x" * 200, "%F0%9F%8E%AC", "tt0000000"]


@pytest.mark.parametrize("movie_id", BAD_IDS)
@pytest.mark.parametrize("path", ["/api/v1/movies/{}", "/api/v1/movies/{}/similar"])
def test_an_unknown_or_malformed_id_in_a_path_is_no_film(
    client: TestClient, path: str, movie_id: str
) -> None:
    told(client.get(path.format(movie_id)), "movie-not-found")


@pytest.mark.parametrize("movie_id", ["nowhere-1900", "%00", "THE-MATRIX-1999", "a,b", "x" * 300])
@pytest.mark.parametrize("name", ["like", "dislike", "exclude"])
def test_an_unknown_or_malformed_id_in_a_query_is_named(
    client: TestClient, name: str, movie_id: str
) -> None:
    assert list(reasons(client.get(f"/movie?{name}={movie_id}"))) == [name]


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("max_minutes", ["0", "-5", "1441", "1e3", "90.5", "nan", "٩٠", "9" * 400, "ninety"]),
        ("min_year", ["1869", "2101", "MCMXC", "1990 2000"]),
        ("max_year", ["0", "99999", "1990-01-01"]),
        ("novelty", ["-0.1", "1.1", "nan", "inf", "1e-1", "1" + "0" * 400, "."]),
        ("seed", ["-1", str(2**53), "1.5", "0x10"]),
        ("until", ["24:00", "12:60", "22:30:00", "٢٢:٣٠", "half past ten"]),
        (
            "now",
            [
                "2026-11-23",
                "2026-11-23T20:00:00",
                "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59-23:59",
                "2026-11-23T20:00:00+01:00:01",
                "yesterday",
            ],
        ),
        ("genre", ["Klamauk", "\x00", "Comedy,Drama"]),
        ("max_certificate", ["FSK-12", "pg13"]),
        ("language", ["Klingonish", "\x00"]),
        ("country", ["Atlantis"]),
        ("format", ["xml", "JSON"]),
    ],
)
def test_a_value_out_of_range_or_of_the_wrong_kind_is_named_with_what_is_allowed(
    client: TestClient, name: str, texts: list[str]
) -> None:
    for text in texts:
        answer = client.get("/movie", params={name: text})
        assert list(reasons(answer)) == [name], text


@pytest.mark.parametrize("name", [p.name for p in PARAMETERS if not p.repeatable])
def test_a_parameter_that_can_have_one_value_may_not_be_repeated(
    client: TestClient, name: str
) -> None:
    example = next(parameter.example for parameter in PARAMETERS if parameter.name == name)
    answer = client.get("/movie", params=[(name, str(example)), (name, str(example))])
    assert reasons(answer) == {name: "may be given only once"}


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("min_year=2020&max_year=1990", "min_year"),
        ("genre=Comedy&without_genre=comedy", "without_genre"),
        ("like=alien-1979&dislike=tt0078748", "dislike"),
        ("now=2026-11-23T22:00:00Z&until=21:00", "until"),
    ],
)
def test_wishes_that_contradict_each_other_are_named(
    client: TestClient, query: str, name: str
) -> None:
    assert list(reasons(client.get(f"/movie?{query}"))) == [name]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/movie?lke=alien-1979", "lke"),
        ("/movie?Like=alien-1979", "Like"),
        ("/movie?like[]=alien-1979", "like[]"),
        ("/api/v1/movies/alien-1979?lang=de", "lang"),
        ("/api/v1/movies/alien-1979/similar?limit=5&limit=6", "limit"),
        ("/api/v1/movies/alien-1979/similar?limit=51", "limit"),
        ("/api/v1/movies/alien-1979/similar?limit=five", "limit"),
        ("/api/v1/history?page=2", "page"),
    ],
)
def test_what_an_address_does_not_know_is_never_silently_left_out(
    client: TestClient, path: str, name: str
) -> None:
    assert list(reasons(client.get(path))) == [name]


@pytest.mark.parametrize("query", ["like=%ff", "genre=%ed%a0%80", "%ff=1", "like=%c3%28"])
def test_a_query_that_is_not_utf8_is_told(client: TestClient, query: str) -> None:
    assert list(reasons(client.get(f"/movie?{query}"))) == ["query"]


def test_a_thousand_mistakes_are_a_short_answer(client: TestClient) -> None:
    answer = client.get("/movie?" + "&".join(f"p{i}=1" for i in range(1_800)))
    errors = told(answer, "invalid-request")["errors"]
    assert len(errors) == MAX_ERRORS
    assert errors[-1]["message"] == f"and {1_800 - MAX_ERRORS + 1} more"


def test_as_many_likes_as_are_allowed_are_understood_and_one_more_is_told(
    client: TestClient, library: Library
) -> None:
    films = [movie.imdb_id for movie in library.catalogue.movies if movie.imdb_id][: MAX_IDS + 1]
    allowed = client.get("/movie?" + "&".join(f"like={film}" for film in films[:-1]))
    assert allowed.status_code == 200
    assert len(allowed.json()["understood"]["like"]) == MAX_IDS
    too_many = client.get("/movie?" + "&".join(f"like={film}" for film in films))
    assert "at most 500" in reasons(too_many)["like"]


def test_thousands_of_likes_in_a_query_are_too_long_and_the_answer_says_where_they_belong(
    client: TestClient, library: Library
) -> None:
    films = [movie.movie_id for movie in library.catalogue.movies[:2_000]]
    answer = client.get("/movie?" + "&".join(f"like={film}" for film in films))
    told(answer, "query-too-long")
    assert "/api/v1/feedback" in client.get("/problems/query-too-long").text


ANY_TEXT = st.text(st.characters(codec=None), max_size=30)
NAMES = st.sampled_from([parameter.name for parameter in PARAMETERS]) | ANY_TEXT


@given(
    pairs=st.lists(st.tuples(NAMES, ANY_TEXT | st.integers().map(str)), max_size=6),
    accept=st.sampled_from(["*/*", "text/html", "a;q=x,;,text/html;q=nan"]),
)
@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_query_whatever_is_answered_as_a_mistake_of_ours(
    client: TestClient, pairs: list[tuple[str, str]], accept: str
) -> None:
    query = urlencode(pairs, errors="surrogatepass")
    assert client.get(f"/movie?{query}", headers={"accept": accept}).status_code in {200, 404, 422}


@given(raw=st.binary(max_size=40))
@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_path_whatever_is_answered_as_a_mistake_of_ours(client: TestClient, raw: bytes) -> None:
    for prefix in ("/", "/api/v1/movies/", "/posters/", "/static/", "/problems/"):
        assert client.get(prefix + quote(raw), follow_redirects=False).status_code < 500
