"""The page of a film and the page of one's own films, as browsers without a script get them."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from tests.conftest import FakeClock
from tonight.web.pages.film_view import GAP

HTML = {"Accept": "text/html"}


def say(client: TestClient, kind: str, *movie_ids: str) -> None:
    for movie_id in movie_ids:
        answer = client.post("/api/v1/feedback", json={"movie_id": movie_id, "kind": kind})
        assert answer.status_code == 201


def titles(page: str) -> list[str]:
    return re.findall(r'<h3 dir="auto"><a href="/movies/[^"]+">([^<]+)</a></h3>', page)


def test_an_alias_leads_to_the_films_one_address(client: TestClient) -> None:
    answer = client.get("/movies/tt0133093", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "/movies/the-matrix-1999")


def test_an_unknown_film_is_a_page_that_says_so(client: TestClient) -> None:
    answer = client.get("/movies/nothing-1900", headers=HTML)
    assert answer.status_code == 404
    assert "There is no such film" in answer.text


def test_a_stranger_sees_the_facts_and_is_told_that_he_is_one(client: TestClient) -> None:
    page = client.get("/movies/the-matrix-1999").text
    assert "Keanu Reeves" in page
    assert "We don’t know you yet" in page
    assert page.count('class="wall-title"') == 6


def test_a_film_says_why_it_would_suit_and_links_what_it_says_it_by(client: TestClient) -> None:
    say(client, "liked", "alien-1979", "blade-runner-1982", "heat-1995")
    page = client.get("/movies/aliens-1986").text
    assert "Very much a film for you" in page
    assert '<a href="/movies/alien-1979"><bdi>Alien (1979)</bdi></a>' in page
    widths = [
        float(width) for width in re.findall(r'<rect class="tone-[^>]*width="([0-9.]+)"', page)
    ]
    gap = GAP if "Against it" in page else 0
    assert sum(widths) == pytest.approx(100 - gap, abs=0.1)


def test_what_was_said_of_a_film_is_shown_and_can_be_taken_back(
    client: TestClient, clock: FakeClock
) -> None:
    form = {"movie_id": "heat-1995", "kind": "liked", "back": "/movies/heat-1995"}
    page = client.post("/feedback", data=form).text
    assert "you like Heat" in page
    assert "<span>You liked it</span>" in page
    assert clock.moment.strftime("%-d %B %Y") in page
    [(path, feedback_id)] = re.findall(
        r'formaction="([^"]+)" name="feedback_id" value="([^"]+)" aria-pressed="true"', page
    )
    page = client.post(path, data={"feedback_id": feedback_id, "back": "/movies/heat-1995"}).text
    assert "Taken back" in page
    assert 'aria-pressed="true"' not in page


def test_a_link_to_a_film_can_be_previewed(client: TestClient) -> None:
    page = client.get("/movies/amelie-2001").text
    address = "http://testserver/movies/amelie-2001"
    assert f'<link rel="canonical" href="{address}">' in page
    assert '<meta property="og:title" content="Amélie (2001)">' in page
    assert '<meta property="og:type" content="video.movie">' in page
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    data = json.loads(text)
    assert (data["@type"], data["name"], data["dateCreated"]) == ("Movie", "Amélie", "2001")
    assert data["duration"] == "PT122M"
    assert data["director"] == [{"@type": "Person", "name": "Jean-Pierre Jeunet"}]
    assert data["sameAs"] == "https://www.imdb.com/title/tt0211915/"
    assert data["url"] == address


def test_tonights_film_leads_to_the_pages_of_films(client: TestClient) -> None:
    page = client.get("/movie", params={"like": "alien-1979", "format": "html"}).text
    assert page.count('<h3 dir="auto"><a href="/movies/') == 3
    assert '<a href="/movies/alien-1979"><bdi>Alien (1979)</bdi></a>' in page


def test_my_films_lists_chooses_and_orders(client: TestClient, clock: FakeClock) -> None:
    for kind, movie_id in (
        ("liked", "the-matrix-1999"),
        ("disliked", "titanic-1997"),
        ("liked", "amelie-2001"),
    ):
        say(client, kind, movie_id)
        clock.advance(days=1)
    page = client.get("/my-films").text
    assert titles(page) == ["Amélie", "Titanic", "The Matrix"]
    assert "<b>3 films</b> since" in page
    assert titles(client.get("/my-films?verdict=liked").text) == ["Amélie", "The Matrix"]
    assert titles(client.get("/my-films?q=amelie").text) == ["Amélie"]
    assert titles(client.get("/my-films?sort=title").text) == ["Amélie", "The Matrix", "Titanic"]
    assert "None of your films is like that" in client.get("/my-films?q=zzz").text


def test_a_verdict_is_changed_in_place(client: TestClient) -> None:
    say(client, "okay", "heat-1995")
    page = client.get("/my-films?verdict=okay").text
    [back] = set(re.findall(r'name="back" value="([^"]+#film-heat-1995)"', page))
    form = {"movie_id": "heat-1995", "kind": "liked", "back": unescape(back)}
    answer = client.post("/feedback", data=form, follow_redirects=False)
    assert answer.headers["location"] == "/my-films?verdict=okay#film-heat-1995"
    page = client.get("/my-films").text
    assert 'class="verdict verdict-liked"' in page
    assert "Before: Okay on 23 November 2026." in page


def test_many_films_come_in_pages(client: TestClient, film_ids: list[str]) -> None:
    say(client, "seen", *film_ids[:60])
    first = client.get("/my-films").text
    assert len(titles(first)) == 50
    assert "Page 1 of 2" in first
    second = client.get("/my-films?page=2").text
    assert len(titles(second)) == 10
    assert set(titles(client.get("/my-films?page=99").text)) == set(titles(second))


@pytest.fixture
def film_ids(client: TestClient) -> list[str]:
    state = client.app.state.tonight  # type: ignore[attr-defined] # the type says ASGI app
    return [movie.movie_id for movie in state.application.library.catalogue.movies]


@pytest.mark.parametrize(
    "query", ["verdict=loved", "sort=best", "page=0", "page=x", "page=9999999", f"q={'a' * 201}"]
)
def test_a_wrong_choice_is_told_what_is_allowed(client: TestClient, query: str) -> None:
    answer = client.get(f"/my-films?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["name"] == query.partition("=")[0]


def test_the_portrait_is_drawn_from_what_was_said(client: TestClient) -> None:
    say(client, "liked", "alien-1979", "casablanca-1942", "toy-story-1995")
    say(client, "disliked", "titanic-1997")
    page = client.get("/my-films").text
    assert page.count('role="img"') == 2
    assert "s: 1 liked, 1 not for you</span>" in page  # the 1990s
    assert 'href="/posters/alien-1979.svg"' in page
    words = page[page.index("The map in words") :]
    assert re.search(r"Alien</bdi></a> \(1979\)</dt>\s*<dd>near to <a href=\"/movies/", words)


def test_nothing_known_is_said_in_words(client: TestClient) -> None:
    page = client.get("/my-films").text
    assert "Nothing is known of you." in page
    assert "Delete everything" not in page


def test_the_way_to_my_films_is_on_every_page_and_marked_on_its_own(client: TestClient) -> None:
    for path in ("/", "/movies/heat-1995", "/my-films", "/my-films/delete", "/nowhere"):
        page = client.get(path, headers=HTML).text
        assert '<a class="way-in" href="/my-films"' in page
        assert ('href="/my-films" aria-current="page"' in page) == (path == "/my-films")


def test_a_film_is_shown_when_nothing_can_be_read(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(client, "liked", "alien-1979")
    from tonight.domain.errors import StorageBusyError  # noqa: PLC0415 - only this test needs it

    def fail(*_: object) -> None:
        raise StorageBusyError("busy")

    application = client.app.state.tonight.application  # type: ignore[attr-defined]
    monkeypatch.setattr(application.unit_of_work, "reading", fail)
    answer = client.get("/movies/aliens-1986")
    assert answer.status_code == 200
    assert "can’t be read at the moment" in answer.text
    assert client.get("/my-films", headers=HTML).status_code == 503
