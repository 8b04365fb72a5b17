from __future__ import annotations

import pytest

from tonight.domain.feedback import Taste
from tonight.recsys.questions import make_panel
from tonight.services.ask_taste import N_QUESTIONS, ask_taste
from tonight.services.suggest_movie import Library
from tonight.services.train_model import train_model

ALL_THE_SAME = ("+" * N_QUESTIONS, "-" * N_QUESTIONS, "?" * N_QUESTIONS)


def answered(liked: tuple[str, ...] = (), disliked: tuple[str, ...] = ()) -> Taste:
    return Taste(liked, disliked, frozenset((*liked, *disliked)))


def conversation(library: Library, answers: str) -> list[str]:
    """The films asked about; of the answers + is liked, - not for me, ? not seen."""
    liked: list[str] = []
    disliked: list[str] = []
    asked: list[str] = []
    for answer in answers:
        film = ask_taste(library, answered(tuple(liked), tuple(disliked)), asked)
        assert film is not None
        asked.append(film.movie_id)
        if answer != "?":
            (liked if answer == "+" else disliked).append(film.movie_id)
    return asked


@pytest.fixture(scope="module")
def without_people(library: Library) -> Library:
    """The films without anybody's ratings."""
    trained = train_model(library.catalogue, None)
    return Library(library.catalogue, trained.model, trained.well_known, make_panel(trained.people))


@pytest.mark.parametrize("answers", [*ALL_THE_SAME, "+?-+?+-+"])
def test_eight_questions_are_about_eight_films(library: Library, answers: str) -> None:
    assert len(set(conversation(library, answers))) == N_QUESTIONS


@pytest.mark.parametrize("answers", [*ALL_THE_SAME, "+?-+?+-+"])
def test_without_people_to_compare_with_there_are_questions_too(
    without_people: Library, answers: str
) -> None:
    asked = conversation(without_people, answers)
    assert len(set(asked)) == N_QUESTIONS
    known = without_people.well_known[without_people.catalogue.indices(asked)]
    assert known.all()


def test_the_questions_depend_on_the_answers(library: Library) -> None:
    first, second, third = (conversation(library, answers) for answers in ALL_THE_SAME)
    assert first[0] == second[0] == third[0]
    assert len({*first[1:]} & {*second[1:]}) <= 3
    assert len({*first[1:]} & {*third[1:]}) <= 3


def test_a_question_can_be_asked_again_the_same(library: Library) -> None:
    taste = answered(("alien-1979",), ("notting-hill-1999",))
    first, again = (ask_taste(library, taste, ["heat-1995"]) for _ in range(2))
    assert first == again


def test_a_favourite_of_ones_own_changes_the_question(library: Library) -> None:
    first = ask_taste(library, Taste(), ())
    favourites = ("metropolis-1927", "the-seventh-seal-1957", "rashomon-1950")
    assert ask_taste(library, answered(favourites), ()) != first


def test_what_the_viewer_said_anything_about_is_not_asked(library: Library) -> None:
    said: set[str] = set()
    for _ in range(5):
        film = ask_taste(library, Taste(excluded=frozenset(said)), ())
        assert film is not None
        assert film.movie_id not in said
        said.add(film.movie_id)


def test_the_parts_of_a_series_are_not_asked_one_after_the_other(library: Library) -> None:
    rings = "the-lord-of-the-rings-the-fellowship-of-the-ring-2001"
    asked: list[str] = []
    for _ in range(N_QUESTIONS):
        film = ask_taste(library, answered((rings,)), asked)
        assert film is not None
        asked.append(film.movie_id)
    assert not any("lord-of-the-rings" in movie_id for movie_id in asked)


def test_ten_thousand_likes_are_no_more_work_than_a_hundred(library: Library) -> None:
    movie_ids = tuple(movie.movie_id for movie in library.catalogue.movies)
    asked_about = library.panel.pool[:10].tolist()
    spared = {movie_ids[index] for index in asked_about}
    liked = tuple(movie_id for movie_id in movie_ids[:10_000] if movie_id not in spared)
    last = Taste(liked[-100:], (), frozenset(liked))
    film = ask_taste(library, answered(liked), ())
    assert film is not None
    assert film == ask_taste(library, last, ())


def test_films_that_have_left_the_catalogue_are_passed_over(library: Library) -> None:
    gone = Taste(("gone-1900",), ("lost-1901",), frozenset({"gone-1900", "lost-1901"}))
    assert ask_taste(library, gone, ["away-1902"]) == ask_taste(library, Taste(), ())


def test_when_everything_is_known_nothing_is_asked(library: Library) -> None:
    everything = frozenset(movie.movie_id for movie in library.catalogue.movies)
    assert ask_taste(library, Taste(excluded=everything), ()) is None
