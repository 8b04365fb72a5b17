"""The newcomer's page: eight taps, and the pick beside them changes with each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tonight.domain.errors import InvalidParameter, InvalidRequestError, NothingFitsError
from tonight.domain.feedback import FeedbackKind, Taste
from tonight.domain.movie import Movie
from tonight.domain.wishes import Wishes
from tonight.services.ask_taste import N_QUESTIONS, ask_taste
from tonight.services.search_movies import search_movies
from tonight.services.suggest_movie import Library, suggest_movie
from tonight.web import memory
from tonight.web.pages.fill import reason_of
from tonight.web.pages.forms import read_form, read_now
from tonight.web.pages.notice import forget_notice, read_notice
from tonight.web.pages.render import render_welcome_page
from tonight.web.pages.view import Film, film_of
from tonight.web.pages.welcome_view import WELCOME_PATH, Answer, Pick, WelcomePage
from tonight.web.state import WebState, read_taste, state_of

router = APIRouter(include_in_schema=False)

HEADERS: Final = {"Cache-Control": "private, no-store", "Vary": "Cookie"}

N_FOUND: Final = 6
N_LIKED: Final = 12
_MAX_QUERY: Final = 200
_ANSWERS: Final = frozenset(Answer)


@router.get(WELCOME_PATH)
async def get_welcome(request: Request) -> Response:
    """Answers with the next question, and with tonight's film as it stands."""
    state = state_of(request)
    application = state.application
    library = application.library
    now = memory.viewers_now(request, None)
    known = await read_taste(state, state.cookies.profile_id(request), now)
    taste = known or Taste()
    asked = state.cookies.asked(request, now)
    query = request.query_params.get("q", "").strip()[:_MAX_QUERY]
    is_new_round = len(asked) % N_QUESTIONS == 0
    is_over = is_new_round and bool(asked) and "more" not in request.query_params
    # Some ten milliseconds of arithmetic, which other requests need not wait for.
    following = await to_thread.run_sync(ask_taste, library, taste, asked)
    question = None if is_over else following
    this_round = asked[-N_QUESTIONS:] if is_over else asked[len(asked) - len(asked) % N_QUESTIONS :]
    page = WelcomePage(
        question=None if question is None else film_of(question),
        answers=tuple(_answer(taste, movie_id) for movie_id in this_round),
        n_questions=N_QUESTIONS,
        last_asked=asked[-1] if asked else None,
        pick=_pick(library, taste, asked, question, state.cookies.shown(request, now), now),
        liked=_films(library, taste.liked[: -N_LIKED - 1 : -1]),
        n_liked=len(taste.liked),
        query=query,
        found=await to_thread.run_sync(_found, state, query) if query else None,
        is_saving=known is not None and application.is_saving,
        may_go_on=is_over and following is not None,
        notice=read_notice(request, library.catalogue),
    )
    response = HTMLResponse(render_welcome_page(page), headers=HEADERS)
    forget_notice(request, response)
    return response


@router.post(f"{WELCOME_PATH}/answer")
async def post_answer(request: Request) -> Response:
    """Notes an answer, and goes on to the next question."""
    form = await read_form(request)
    answer = form.get("answer", "")
    if answer not in _ANSWERS:
        message = f"must be one of {', '.join(Answer)}"
        raise InvalidRequestError((InvalidParameter("answer", message),))
    state = state_of(request)
    catalogue = state.application.library.catalogue
    movie_id = catalogue.movies[catalogue.index(form.get("movie_id", "")[:_MAX_QUERY])].movie_id
    now = memory.viewers_now(request, read_now(form))
    response = _to_next()
    if answer != Answer.UNSEEN:
        _, profile_id = await memory.save(request, movie_id, FeedbackKind(answer), now)
        memory.remember(request, response, profile_id)
    asked = state.cookies.asked(request, now)
    state.cookies.set_asked(request, response, [*_without(asked, movie_id), movie_id], now)
    pick = catalogue.find(form.get("pick", "")[:_MAX_QUERY])
    if pick is not None:
        # It stood beside the question: the next one is another.
        pick_id = catalogue.movies[pick].movie_id
        shown = _without(state.cookies.shown(request, now), pick_id)
        state.cookies.set_shown(request, response, [*shown, pick_id], now)
    return response


@router.post(f"{WELCOME_PATH}/back")
async def post_back(request: Request) -> Response:
    """Takes an answer back, so that the film can be asked about again."""
    form = await read_form(request)
    movie_id = form.get("movie_id", "")[:_MAX_QUERY]
    state = state_of(request)
    now = memory.viewers_now(request, read_now(form))
    response = _to_next()
    standing = [
        statement
        for statement in await memory.everything(request)
        if statement.movie_id == movie_id
        and statement.undone_at is None
        and statement.kind in (FeedbackKind.LIKED, FeedbackKind.DISLIKED)
    ]
    if standing:
        await memory.undo(request, standing[-1].feedback_id)
    asked = state.cookies.asked(request, now)
    state.cookies.set_asked(request, response, _without(asked, movie_id), now)
    return response


def _to_next() -> RedirectResponse:
    return RedirectResponse(WELCOME_PATH, status_code=303, headers={"Cache-Control": "no-store"})


def _answer(taste: Taste, movie_id: str) -> Answer:
    if movie_id in taste.liked:
        return Answer.LIKED
    return Answer.DISLIKED if movie_id in taste.disliked else Answer.UNSEEN


def _pick(
    library: Library,
    taste: Taste,
    asked: Sequence[str],
    question: Movie | None,
    shown: Sequence[str],
    now: datetime,
) -> Pick | None:
    """Tonight's film: the one that the main page shows for the same wishes."""
    seed = len(asked) + len(taste.liked) + len(taste.disliked)
    # What is just being asked about would be a strange suggestion.
    exclude = () if question is None else (question.movie_id,)
    try:
        suggestion = suggest_movie(library, Wishes(exclude=exclude, seed=seed), taste, shown, now)
    except NothingFitsError:
        return None
    query = (("seed", str(seed)), *(("exclude", movie_id) for movie_id in exclude))
    return Pick(film_of(suggestion.movie), reason_of(suggestion.reason), query)


def _without(movie_ids: Sequence[str], movie_id: str) -> list[str]:
    return [other for other in movie_ids if other != movie_id]


def _films(library: Library, movie_ids: Sequence[str]) -> tuple[Film, ...]:
    catalogue = library.catalogue
    return tuple(film_of(catalogue.movies[index]) for index in catalogue.indices(movie_ids))


def _found(state: WebState, query: str) -> tuple[Film, ...]:
    return tuple(film_of(movie) for movie in search_movies(state.search(), query, N_FOUND))
