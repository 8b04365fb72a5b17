"""The page of one film."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tonight.domain.errors import StorageError
from tonight.domain.feedback import Feedback, standing, taste_of
from tonight.services.explain_movie import explain_movie
from tonight.services.list_my_films import list_my_films
from tonight.services.similar_movies import similar_movies
from tonight.web import memory
from tonight.web.pages.film_view import film_page
from tonight.web.pages.notice import forget_notice, read_notice
from tonight.web.pages.render import render_film_page
from tonight.web.pages.view import film_url
from tonight.web.state import state_of

router = APIRouter(include_in_schema=False)

N_SIMILAR: Final = 6

#: What it says of the viewer is his alone, and changes with his next word.
HEADERS: Final = {"Cache-Control": "private, no-store", "Vary": "Cookie"}


@router.get("/movies/{movie_id}")
async def get_film_page(
    request: Request, movie_id: Annotated[str, Path(max_length=200)]
) -> Response:
    """Answers with a film's page; an alias leads to its one address."""
    application = state_of(request).application
    catalogue = application.library.catalogue
    movie = catalogue.movies[catalogue.index(movie_id)]
    if movie.movie_id != movie_id:
        return RedirectResponse(film_url(movie.movie_id), status_code=308)
    now = application.clock()
    is_saving = application.is_saving
    statements: list[Feedback] = []
    try:
        statements = await memory.everything(request)
    except StorageError:
        is_saving = False
    own = [statement for statement in statements if statement.movie_id == movie_id]
    page = film_page(
        movie,
        next(iter(list_my_films(catalogue, own, now)), None),
        explain_movie(application.library, movie_id, taste_of(standing(statements), now)),
        similar_movies(application.library, movie_id, N_SIMILAR),
        application.zone,
        site=str(request.base_url).rstrip("/"),
        is_saving=is_saving,
        notice=read_notice(request, catalogue),
    )
    response = HTMLResponse(render_film_page(page), headers=HEADERS)
    forget_notice(request, response)
    return response
