"""The search over all titles, for programs and for the field that completes what is typed."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tonight.domain.errors import InvalidParameter, InvalidRequestError
from tonight.domain.movie import Movie
from tonight.services.search_movies import search_movies
from tonight.web.api.bodies import Body, InvalidRequestBody, MovieId, ProblemBody
from tonight.web.api.strict_query import only_known_parameters
from tonight.web.state import state_of

router = APIRouter(prefix="/api/v1", tags=["films"], dependencies=[Depends(only_known_parameters)])

MAX_LETTERS: Final = 200

#: The same words find the same films until the next release or training.
_HEADERS: Final = {"Cache-Control": "public, max-age=300"}

#: What nobody types: control characters, halves of characters, and what stands for broken ones.
_BROKEN: Final = frozenset({"Cc", "Cs"})
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


class FoundMovieBody(Body):
    """A film, as far as one needs to know it in a list."""

    movie_id: MovieId
    title: Annotated[str, Field(examples=["The Matrix"])]
    original_title: str | None
    year: Annotated[int, Field(examples=[1999])]
    directors: list[str]
    poster: Annotated[str, Field(examples=["/posters/the-matrix-1999.svg"])]


class FoundBody(Body):
    """The films that may be meant, the likeliest first; none when nothing is near enough."""

    movies: Annotated[list[FoundMovieBody], Field(max_length=20)]


@router.get(
    "/search",
    operation_id="search_films",
    summary="Find films by what is typed",
    description=(
        "Titles in any language that is known, original and alternative ones too, years, and "
        "names of directors and actors. Case, accents, articles, `&`, numerals and spaces make "
        "no difference, typing errors little, and the last word may be unfinished."
    ),
    response_model=FoundBody,
    responses={
        422: {"model": InvalidRequestBody, "description": "There is nothing to look for."},
        429: {"model": ProblemBody, "description": "Too many requests from this address."},
    },
)
async def get_search(
    request: Request,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=MAX_LETTERS,
            description="What has been typed so far.",
            examples=["shawshank redemtion"],
        ),
    ],
    limit: Annotated[int, Query(ge=1, le=20, description="How many films at most.")] = 8,
) -> Response:
    """Answers with the films that may be meant."""
    if _REPLACEMENT in q or any(unicodedata.category(letter) in _BROKEN for letter in q):
        raise _invalid("must be text in UTF-8 without control characters")
    if q.isspace():
        raise _invalid("must have a letter or digit")
    state = state_of(request)
    # In a thread, for the first search also makes what all of them look things up in.
    movies = await to_thread.run_sync(lambda: search_movies(state.search(), q, limit))
    return JSONResponse({"movies": [_found(movie) for movie in movies]}, headers=_HEADERS)


def _invalid(message: str) -> InvalidRequestError:
    return InvalidRequestError((InvalidParameter("q", message),))


def _found(movie: Movie) -> dict[str, Any]:
    return {
        "movie_id": movie.movie_id,
        "title": movie.title,
        "original_title": movie.original_title,
        "year": movie.year,
        "directors": movie.directors,
        "poster": f"/posters/{movie.movie_id}.svg",
    }
