"""The page of a viewer's own films, and the one that deletes everything."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tonight.bootstrap import Application
from tonight.domain.errors import InvalidParameter, InvalidRequestError
from tonight.domain.feedback import Feedback
from tonight.services.list_my_films import (
    VERDICTS,
    MyFilm,
    Order,
    choose,
    in_order,
    list_my_films,
)
from tonight.services.portray_taste import by_decade, by_genre, map_of_taste
from tonight.services.suggest_movie import Library
from tonight.web import memory
from tonight.web.pages.my_films_view import (
    MAX_GENRES,
    MY_FILMS_PATH,
    PAGE_SIZE,
    Choice,
    DeletePage,
    MyFilmsPage,
    Portrait,
    bars_of,
    count_verdicts,
    first_day,
    row_of,
)
from tonight.web.pages.notice import forget_notice, leave_notice_of_deletion, read_notice
from tonight.web.pages.render import render_delete_page, render_my_films_page
from tonight.web.pages.taste_map import TALL, WIDE, draw_map
from tonight.web.pages.view import Notice
from tonight.web.state import state_of

router = APIRouter(include_in_schema=False)

HEADERS: Final = {"Cache-Control": "private, no-store", "Vary": "Cookie"}

_MAX_TEXT: Final = 200
_MAX_PAGE_DIGITS: Final = 6


@router.get(MY_FILMS_PATH)
async def get_my_films(request: Request) -> Response:
    """Answers with everything that the viewer has said, film by film."""
    application = state_of(request).application
    choice = read_choice(request)
    statements = await memory.everything(request)
    notice = read_notice(request, application.library.catalogue)
    # In a thread of its own: ten thousand statements and a map take longer than other requests.
    html = await to_thread.run_sync(_draw, application, statements, choice, notice)
    response = HTMLResponse(html, headers=HEADERS)
    forget_notice(request, response)
    return response


def _draw(
    application: Application, statements: list[Feedback], choice: Choice, notice: Notice | None
) -> str:
    films = list_my_films(application.library.catalogue, statements, application.clock())
    chosen = in_order(
        choose(films, verdict=choice.verdict or None, text=choice.text), Order(choice.order)
    )
    n_pages = max(1, -(-len(chosen) // PAGE_SIZE))
    page = min(choice.page, n_pages)
    shown = chosen[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return render_my_films_page(
        MyFilmsPage(
            n_films=len(films),
            n_by_verdict=count_verdicts(films),
            since=first_day(films, application.zone),
            portrait=portrait(application.library, films),
            choice=replace(choice, page=page),
            rows=tuple(row_of(film, application.zone) for film in shown),
            n_chosen=len(chosen),
            n_pages=n_pages,
            is_saving=application.is_saving,
            notice=notice,
        )
    )


@router.get(f"{MY_FILMS_PATH}/delete")
async def ask_before_deleting(request: Request) -> Response:
    """Answers with the question whether everything is to be deleted."""
    statements = await memory.everything(request)
    n_films = len({statement.movie_id for statement in statements})
    return HTMLResponse(render_delete_page(DeletePage(n_films)), headers=HEADERS)


@router.post(f"{MY_FILMS_PATH}/delete")
async def delete_everything(request: Request) -> Response:
    """Deletes everything that is known of the viewer, and lets the browser forget him."""
    await memory.forget(request)
    response = RedirectResponse(
        MY_FILMS_PATH, status_code=303, headers={"Cache-Control": "no-store"}
    )
    memory.forget_viewer(response)
    leave_notice_of_deletion(response)
    return response


def read_choice(request: Request) -> Choice:
    """What the viewer looks for, from the address.

    Raises:
        InvalidRequestError: A value is not one that can be chosen.
    """
    parameters = request.query_params
    text = parameters.get("q", "").strip()
    verdict = parameters.get("verdict", "")
    order = parameters.get("sort") or Order.NEWEST.value
    page = parameters.get("page") or "1"
    errors = []
    if len(text) > _MAX_TEXT:
        errors.append(InvalidParameter("q", f"may have {_MAX_TEXT} characters"))
    if verdict and verdict not in VERDICTS:
        errors.append(InvalidParameter("verdict", f"must be one of {', '.join(VERDICTS)}"))
    if order not in set(Order):
        errors.append(InvalidParameter("sort", f"must be one of {', '.join(Order)}"))
    is_number = page.isascii() and page.isdigit() and len(page) <= _MAX_PAGE_DIGITS
    if not is_number or int(page) < 1:
        errors.append(InvalidParameter("page", "must be a whole number from 1"))
    if errors:
        raise InvalidRequestError(errors)
    return Choice(text, verdict, order, int(page))


def portrait(library: Library, films: tuple[MyFilm, ...]) -> Portrait:
    """The viewer's taste at a glance."""
    places = map_of_taste(library, films, WIDE.n_liked, WIDE.n_neighbours)
    return Portrait(
        decades=bars_of(by_decade(films)),
        genres=bars_of(by_genre(films)[:MAX_GENRES]),
        maps=tuple(draw_map(places, sheet) for sheet in (WIDE, TALL)) if places else (),
    )
