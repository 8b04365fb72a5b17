"""The films, for programs."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse
from starlette.requests import Request
from starlette.responses import Response

from tonight.services.answers import movie_body
from tonight.services.similar_movies import similar_movies
from tonight.web.api.bodies import (
    InvalidRequestBody,
    MovieBody,
    ProblemBody,
    SimilarBody,
)
from tonight.web.api.strict_query import only_known_parameters
from tonight.web.state import state_of

router = APIRouter(prefix="/api/v1", tags=["films"], dependencies=[Depends(only_known_parameters)])

#: Facts change with a release only.
_HEADERS: Final = {"Cache-Control": "public, max-age=3600"}

_MovieId = Annotated[
    str,
    Path(
        min_length=1,
        max_length=200,
        description="The film's id, or its IMDb id.",
        examples=["the-matrix-1999"],
    ),
]
_NOT_FOUND: Final = {"model": ProblemBody, "description": "There is no such film."}
_INVALID: Final = {"model": InvalidRequestBody, "description": "Something is out of range."}
_TOO_MANY: Final = {"model": ProblemBody, "description": "Too many requests from this address."}


@router.get(
    "/movies/{movie_id}",
    operation_id="get_film",
    summary="A film",
    response_model=MovieBody,
    responses={404: _NOT_FOUND, 422: _INVALID, 429: _TOO_MANY},
)
async def get_film(request: Request, movie_id: _MovieId) -> Response:
    """Answers with the film's facts."""
    catalogue = state_of(request).application.library.catalogue
    return JSONResponse(movie_body(catalogue.movies[catalogue.index(movie_id)]), headers=_HEADERS)


@router.get(
    "/movies/{movie_id}/similar",
    operation_id="get_similar_films",
    summary="Films that resemble a film",
    response_model=SimilarBody,
    responses={404: _NOT_FOUND, 422: _INVALID, 429: _TOO_MANY},
)
async def get_similar(
    request: Request,
    movie_id: _MovieId,
    limit: Annotated[int, Query(ge=1, le=50, description="How many at most.")] = 10,
) -> Response:
    """Answers with the most similar films."""
    movies = similar_movies(state_of(request).application.library, movie_id, limit)
    return JSONResponse({"movies": [movie_body(movie) for movie in movies]}, headers=_HEADERS)
