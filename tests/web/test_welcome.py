from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from tests.conftest import FakeClock
from tonight.services.suggest_movie import Library
from tonight.settings import Settings
from tonight.web.app import create_app

BROWSER = {"Accept": "text/html"}


def ask(client: TestClient, path: str = "/welcome") -> str:
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    return answer.text


def question(page: str) -> str:
    found = re.search(
        r'action="/welcome/answer".*?name="movie_id" value="([^"]+)"', page, re.DOTALL
    )
    assert found is not None, "there is no question"
    return found[1]


def pick(page: str) -> str:
    found = re.search(r'name="pick" value="([^"]+)"', page)
    assert found is not None, "there is no pick"
    return found[1]


def number(page: str) -> str:
    found = re.search(r"Question \d of \d", page)
    return found[0] if found else "over"


def steps(page: str) -> list[str]:
    return re.findall(r'class="step step-(\w+)"', page)


def tap(client: TestClient, *answers: str) -> str:
    """Answers the open questions one by one, as the form does; gives the page that follows."""
    page = ask(client)
    for answer in answers:
        form = {"movie_id": question(page), "pick": pick(page), "answer": answer}
        followed = client.post("/welcome/answer", data=form, headers=BROWSER)
        assert followed.status_code == 200, followed.text
        page = followed.text
    return page


def said(client: TestClient) -> dict[str, str]:
    entries = client.get("/api/v1/history").json()["feedback"]
    return {entry["movie_id"]: entry["kind"] for entry in entries}


def test_a_newcomer_is_asked_the_first_of_eight_questions(client: TestClient) -> None:
    page = ask(client)
    assert number(page) == "Question 1 of 8"
    assert steps(page) == ["now", *["ahead"] * 7]
    assert question(page) != pick(page)


def test_looking_at_the_page_saves_nothing(client: TestClient) -> None:
    first, again = ask(client), ask(client)
    assert not client.cookies
    assert (question(first), pick(first)) == (question(again), pick(again))


def test_the_answers_are_saved_as_feedback(client: TestClient) -> None:
    liked = question(ask(client))
    disliked = question(tap(client, "liked"))
    page = tap(client, "disliked", "unseen")
    assert said(client) == {liked: "liked", disliked: "disliked"}
    assert steps(page)[:4] == ["liked", "disliked", "unseen", "now"]


@pytest.mark.parametrize("answer", ["liked", "disliked", "unseen"])
def test_question_and_pick_change_with_every_tap(client: TestClient, answer: str) -> None:
    questions, picks = [], []
    for _ in range(7):
        page = ask(client)
        questions.append(question(page))
        picks.append(pick(page))
        tap(client, answer)
    assert len(set(questions)) == 7
    assert len(set(picks)) == 7


def test_the_reason_names_what_was_liked(client: TestClient, library: Library) -> None:
    film = library.catalogue.movies[library.catalogue.index(question(ask(client)))]
    page = tap(client, "liked")
    assert f"{film.title} ({film.year})" in html.unescape(page)


def test_the_main_page_shows_the_film_that_stood_beside_the_question(client: TestClient) -> None:
    page = tap(client, "liked", "unseen", "liked")
    address = re.search(r'href="(/movie\?[^"]+)"', page)
    assert address is not None
    url = html.unescape(address[1])
    assert set(parse_qs(urlsplit(url).query)) == {"seed", "exclude"}
    shown = client.get(url, headers={"Accept": "application/json"}).json()
    assert shown["movie"]["movie_id"] == pick(page)


def test_after_eight_questions_it_is_over_and_can_go_on(client: TestClient) -> None:
    asked = []
    for answer in ("liked", "unseen") * 4:
        asked.append(question(ask(client)))
        tap(client, answer)
    page = ask(client)
    assert number(page) == "over"
    assert steps(page) == ["liked", "unseen"] * 4
    assert "Take this one" in page
    more = ask(client, "/welcome?more=1")
    assert number(more) == "Question 1 of 8"
    assert question(more) not in asked


def test_what_was_not_seen_is_not_asked_again_this_evening(
    client: TestClient, clock: FakeClock
) -> None:
    first = question(ask(client))
    asked = set()
    for _ in range(7):
        tap(client, "unseen")
        asked.add(question(ask(client)))
    assert first not in asked
    clock.advance(hours=12)
    assert question(ask(client)) == first


def test_one_back_takes_the_answer_back_and_asks_again(client: TestClient) -> None:
    for answer in ("liked", "unseen"):
        film = question(ask(client))
        tap(client, answer)
        page = client.post("/welcome/back", data={"movie_id": film}, headers=BROWSER).text
        assert question(page) == film
        assert number(page) == "Question 1 of 8"
        assert said(client) == {}


def test_one_back_of_what_was_never_said_changes_nothing(client: TestClient) -> None:
    tap(client, "liked")
    before = said(client)
    answer = client.post("/welcome/back", data={"movie_id": "gone-1900"}, headers=BROWSER)
    assert answer.status_code == 200
    assert said(client) == before


def test_a_favourite_is_found_and_noted(client: TestClient) -> None:
    page = ask(client, "/welcome?q=metropolis")
    assert 'value="metropolis-1927"' in page
    form = {"movie_id": "metropolis-1927", "kind": "liked", "back": "/welcome"}
    page = client.post("/feedback", data=form, headers=BROWSER).text
    assert "Noted: you like Metropolis" in page
    assert number(page) == "Question 1 of 8"
    assert 'name="movie_id" value="metropolis-1927"' in page
    assert "Metropolis (1927)" in page


@pytest.mark.parametrize("query", ["qqqqqqqq", "x" * 10_000, "\x00", "<script>alert(1)</script>"])
def test_any_query_is_answered(client: TestClient, query: str) -> None:
    answer = client.get("/welcome", params={"q": query}, headers=BROWSER)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_the_first_visit_leads_here(client: TestClient) -> None:
    assert "Tell your taste in a minute" in client.get("/").text
    tap(client, "liked")
    page = client.get("/").text
    assert "Tell your taste in a minute" not in page
    assert 'href="/welcome"' in page


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"movie_id": "alien-1979", "answer": "okay"}, 422),
        ({"movie_id": "alien-1979"}, 422),
        ({"movie_id": "nowhere-1900", "answer": "liked"}, 404),
        ({"movie_id": "nowhere-1900", "answer": "unseen"}, 404),
        ({"answer": "liked"}, 404),
        ({"movie_id": "alien-1979", "answer": "liked", "now": "soon"}, 422),
    ],
)
def test_a_wrong_answer_is_refused_and_nothing_is_noted(
    client: TestClient, form: dict[str, str], status: int
) -> None:
    answer = client.post("/welcome/answer", data=form, headers=BROWSER)
    assert answer.status_code == status
    assert not client.cookies


def test_an_unknown_pick_is_passed_over(client: TestClient) -> None:
    form = {"movie_id": "alien-1979", "answer": "unseen", "pick": "nowhere-1900"}
    answer = client.post("/welcome/answer", data=form, headers=BROWSER)
    assert answer.status_code == 200
    assert "tonight_shown" not in client.cookies
    assert steps(answer.text)[0] == "unseen"


def test_another_site_cannot_answer(client: TestClient) -> None:
    headers = BROWSER | {"Sec-Fetch-Site": "cross-site"}
    form = {"movie_id": "alien-1979", "answer": "liked"}
    assert client.post("/welcome/answer", data=form, headers=headers).status_code == 403


def test_without_a_database_there_are_questions_that_cannot_be_answered_with_an_opinion(
    settings: Settings, clock: FakeClock, loaded: tuple[Library, str | None]
) -> None:
    (settings.data_dir / "tonight.db").mkdir()
    with TestClient(create_app(settings, clock, loaded)) as client:
        page = ask(client)
        assert "Saving is off" in page
        assert re.search(r'value="liked"[^>]* disabled', page)
        form = {"movie_id": question(page), "answer": "liked"}
        assert client.post("/welcome/answer", data=form, headers=BROWSER).status_code == 503
        assert number(tap(client, "unseen")) == "Question 2 of 8"


def test_without_ratings_there_are_questions_too(settings: Settings, clock: FakeClock) -> None:
    bare = settings.model_copy(
        update={"with_movielens": False, "data_dir": settings.data_dir / "bare"}
    )
    with TestClient(create_app(bare, clock)) as client:
        page = tap(client, "liked", "disliked", "unseen")
        assert steps(page)[:3] == ["liked", "disliked", "unseen"]


def test_deleting_everything_forgets_what_was_asked(client: TestClient) -> None:
    tap(client, "liked", "unseen")
    client.post("/my-films/delete", headers=BROWSER)
    assert number(ask(client)) == "Question 1 of 8"
