from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from tests.conftest import FakeClock
from tonight.services.suggest_movie import Library
from tonight.settings import Settings
from tonight.web.api.bodies import NothingFitsBody, SuggestionBody
from tonight.web.app import create_app

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def test_a_stranger_gets_a_well_known_film_with_a_reason_and_three_alternatives(
    client: TestClient, library: Library
) -> None:
    answer = client.get("/movie")
    body = SuggestionBody.model_validate_json(answer.content)
    assert answer.status_code == 200
    assert body.source == "popular"
    assert body.reason.widely_liked_share == 1
    assert library.well_known[library.catalogue.index(body.movie.movie_id)]
    films = [body.movie, *body.alternatives]
    assert len({film.movie_id for film in films}) == 4


def test_answers_are_private_and_vary_with_who_asks(client: TestClient) -> None:
    headers = client.get("/movie").headers
    assert headers["cache-control"] == "private, no-store"
    assert headers["vary"] == "Accept, Cookie"
    assert headers["content-type"] == "application/json"


def test_fifty_strangers_see_at_least_twenty_films(client: TestClient) -> None:
    films = set()
    for _ in range(50):
        client.cookies.clear()
        films.add(client.get("/movie").json()["movie"]["movie_id"])
    assert len(films) >= 20


def test_the_shares_of_the_reason_add_up_to_one(client: TestClient) -> None:
    likes = ["the-matrix-1999", "alien-1979", "blade-runner-1982"]
    reason = client.get("/movie", params={"like": likes}).json()["reason"]
    shares = [film["share"] for film in reason["films"]]
    assert shares == sorted(shares, reverse=True)
    total = sum(shares) + reason["wishes_share"] + reason["widely_liked_share"]
    assert total == pytest.approx(1, abs=0.001)


def test_a_liked_film_changes_the_suggestion_and_is_named_in_the_reason(
    client: TestClient,
) -> None:
    body = client.get("/movie", params={"like": "tt0133093", "seed": 1}).json()
    assert body["source"] in {"few-likes", "features"}
    assert body["reason"]["films"][0]["movie_id"] == "the-matrix-1999"
    assert "The Matrix" in body["reason"]["text"]
    assert body["understood"]["like"] == ["the-matrix-1999"]


def test_liked_disliked_and_excluded_films_are_not_suggested(client: TestClient) -> None:
    params: dict[str, str | list[str]] = {
        "max_year": "1960",
        "seed": "3",
        "like": "casablanca-1942",
    }
    excluded: list[str] = []
    for _ in range(5):
        body = client.get("/movie", params={**params, "exclude": excluded}).json()
        assert body["movie"]["movie_id"] not in {*excluded, "casablanca-1942"}
        excluded.append(body["movie"]["movie_id"])


def test_the_same_seed_gives_the_same_film(client: TestClient) -> None:
    def film() -> str:
        client.cookies.clear()
        return str(client.get("/movie", params={"seed": 11}).json()["movie"]["movie_id"])

    assert len({film() for _ in range(5)}) == 1


def test_wishes_can_be_combined(client: TestClient) -> None:
    params: dict[str, str | int] = {
        "genre": "Comedy",
        "without_genre": "Romance",
        "max_minutes": 100,
        "min_year": 1980,
        "max_year": 1999,
        "language": "english",
        "country": "united states",
        "max_certificate": "PG-13",
    }
    body = client.get("/movie", params=params).json()
    for film in (body["movie"], *body["alternatives"]):
        assert "Comedy" in film["genres"]
        assert "Romance" not in film["genres"]
        assert film["runtime_minutes"] <= 100
        assert 1980 <= film["year"] <= 1999
        assert "English" in film["languages"]
        assert "United States" in film["countries"]
        assert film["certificate"] in {"G", "PG", "PG-13"}
    assert body["n_unknown"] > 0


def test_the_evenings_end_is_kept_also_past_midnight(client: TestClient) -> None:
    params = {"until": "00:30", "now": "2026-11-23T22:50:00+01:00"}
    body = client.get("/movie", params=params).json()
    assert body["understood"]["minutes_left"] == 100
    assert body["movie"]["runtime_minutes"] <= 100
    assert body["ends_at"] <= "2026-11-24T00:30:00+01:00"


def test_without_a_time_of_his_own_the_viewer_gets_the_operators(
    settings: Settings, clock: FakeClock
) -> None:
    tokyo = settings.model_copy(update={"timezone": "Asia/Tokyo"})
    with TestClient(create_app(tokyo, clock)) as client:
        body = client.get("/movie", params={"until": "06:00"}).json()
    assert body["understood"]["now"] == "2026-11-24T04:00:00+09:00"
    assert body["understood"]["minutes_left"] == 120


def test_novelty_leads_to_less_known_films(client: TestClient, library: Library) -> None:
    def reviews(novelty: float) -> float:
        counts: list[int] = []
        for seed in range(10):
            client.cookies.clear()
            body = client.get("/movie", params={"novelty": novelty, "seed": seed}).json()
            counts.append(body["movie"]["n_reviews"])
        return sum(counts) / len(counts)

    assert reviews(1) < reviews(0)


def test_nothing_repeats_in_an_evening(client: TestClient) -> None:
    films = [client.get("/movie").json()["movie"]["movie_id"] for _ in range(30)]
    assert len(set(films)) == 30


def test_when_every_fitting_film_was_shown_the_round_begins_anew_and_says_so(
    client: TestClient,
) -> None:
    params: dict[str, str | int] = {"genre": "Western", "max_minutes": 80}
    n_fitting = client.get("/movie", params=params).json()["n_fitting"]
    assert 2 <= n_fitting < 40
    for _ in range(n_fitting - 1):
        assert not client.get("/movie", params=params).json()["repeated"]
    assert client.get("/movie", params=params).json()["repeated"]
    pages = [client.get("/movie", params=params, headers=BROWSER).text for _ in range(n_fitting)]
    assert sum(f"each of the {n_fitting} films that fit" in page for page in pages) == 1


def test_when_nothing_fits_the_wishes_that_would_help_are_named(client: TestClient) -> None:
    params: dict[str, str | int] = {"genre": "Western", "max_minutes": 61}
    answer = client.get("/movie", params=params)
    body = NothingFitsBody.model_validate_json(answer.content)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert body.relaxations
    way = body.relaxations[0]
    relaxed = {name: value for name, value in params.items() if name != way.parameter}
    if way.value is not None:
        relaxed[way.parameter] = way.value
    assert client.get("/movie", params=relaxed).json()["n_fitting"] == way.n_films


@pytest.mark.parametrize(
    ("headers", "query", "media_type"),
    [
        ({}, "", "application/json"),
        ({"accept": "*/*"}, "", "application/json"),
        (BROWSER, "", "text/html; charset=utf-8"),
        (BROWSER, "?format=json", "application/json"),
        ({"accept": "application/json"}, "?format=html", "text/html; charset=utf-8"),
    ],
)
def test_programs_get_json_and_browsers_a_page(
    client: TestClient, headers: dict[str, str], query: str, media_type: str
) -> None:
    assert client.get(f"/movie{query}", headers=headers).headers["content-type"] == media_type


def test_the_front_page_is_the_page_whatever_is_accepted(client: TestClient) -> None:
    answer = client.get("/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert '<main id="main"' in answer.text


@pytest.mark.parametrize("path", ["/movie?genre=Western&max_minutes=61", "/x"])
def test_browsers_get_problems_as_pages(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_what_the_form_cannot_mend_is_not_carried_on_by_it(client: TestClient) -> None:
    query = (
        "/movie?genre=Western&min_year=2000&max_year=1990&like=nothing-1900&colour=red&until=late"
    )
    answer = client.get(query, headers=BROWSER)
    assert answer.status_code == 422
    assert 'value="2000"' in answer.text
    assert 'name="colour"' not in answer.text
    assert 'name="like"' not in answer.text
    assert "late" not in answer.text.split("<article")[0]


def test_an_evening_that_is_over_is_mended_in_the_form(client: TestClient) -> None:
    query = "/movie?genre=Western&until=21:00&now=2026-11-23T22:30:00%2B00:00"
    answer = client.get(query, headers=BROWSER)
    assert answer.status_code == 422
    assert "“Over by”: 21:00 has passed: it is 22:30" in answer.text
    form = answer.text.split("<article")[0]
    assert 'value="21:00"' in form
    assert "Western" in form


def test_a_wish_that_nobody_knows_is_not_carried_on_however_long_its_name(
    client: TestClient,
) -> None:
    answer = client.get(f"/movie?genre=Western&{'y' * 101}=1", headers=BROWSER)
    assert answer.status_code == 422
    assert f'name="{"y" * 101}"' not in answer.text


def test_a_suggestion_writes_nothing_to_the_database(
    client: TestClient, settings: Settings
) -> None:
    def content() -> list[bytes]:
        return [
            (settings.data_dir / name).read_bytes() for name in ("tonight.db", "tonight.db-wal")
        ]

    client.post("/api/v1/feedback", json={"movie_id": "alien-1979", "kind": "liked"})
    before = content()
    for _ in range(5):
        client.get("/movie")
        client.get("/movie", headers=BROWSER)
    assert content() == before


def test_without_a_database_a_film_is_suggested_and_the_answer_says_what_is_missing(
    settings: Settings, clock: FakeClock
) -> None:
    with TestClient(create_app(settings, clock)) as client:
        client.post("/api/v1/feedback", json={"movie_id": "alien-1979", "kind": "liked"})
        for file in settings.data_dir.glob("tonight.db*"):
            file.unlink()
        (settings.data_dir / "tonight.db").write_bytes(b"this is no database" * 1000)
        cookies = client.cookies
    with TestClient(create_app(settings, clock), cookies=cookies) as client:
        body = client.get("/movie").json()
        assert body["remembered"] is False
        page = client.get("/movie", headers=BROWSER)
        assert page.status_code == 200
        refused = client.post("/api/v1/feedback", json={"movie_id": "heat-1995", "kind": "liked"})
        assert refused.status_code == 503
        assert refused.headers["retry-after"]
        assert refused.json()["type"] == "/problems/storage-unavailable"


@pytest.fixture
def bare(settings: Settings, clock: FakeClock) -> Callable[[], TestClient]:
    """The service without the MovieLens part, as an operator sets it."""
    return lambda: TestClient(
        create_app(settings.model_copy(update={"with_movielens": False}), clock)
    )


@pytest.mark.slow
def test_without_movielens_likes_still_steer_the_suggestion(
    bare: Callable[[], TestClient], settings: Settings
) -> None:
    (settings.data_dir / "models").unlink()
    with bare() as client:
        stranger = client.get("/movie").json()
        assert stranger["source"] == "popular"
        likes = ["alien-1979", "the-thing-1982", "the-shining-1980"]
        body = client.get("/movie", params={"like": likes}).json()
        assert body["source"] == "features"
        assert body["reason"]["films"]
        assert client.get("/version").json()["model"]
