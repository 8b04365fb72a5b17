"""``GET /movie``: one film for tonight, for programs and for people."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tonight.domain.errors import InvalidRequestError, NothingFitsError
from tonight.domain.feedback import Taste
from tonight.domain.suggestion import Suggestion
from tonight.observability import metrics
from tonight.observability.request import sampled_trace_id, step_reporter
from tonight.services.answers import nothing_fits_detail, nothing_fits_members
from tonight.services.movie_query import MovieQuery
from tonight.services.suggest_movie import suggest_movie
from tonight.web import problems
from tonight.web.api.bodies import (
    InvalidRequestBody,
    NothingFitsBody,
    ProblemBody,
    SuggestionBody,
)
from tonight.web.api.movie_parameters import openapi_parameters
from tonight.web.negotiation import wants_html
from tonight.web.pages.fill import movie_page, nothing_fits_page, wrong_wishes_page
from tonight.web.pages.notice import all_shown, forget_notice, read_notice
from tonight.web.pages.render import render_movie_page, render_problem_page
from tonight.web.pages.view import ProblemPage
from tonight.web.problems import Problem, problem_of, problem_response
from tonight.web.state import read_taste, state_of


class PlainRoute(APIRoute):
    """A route whose handler takes the request and gives the response, and nothing else.

    FastAPI resolves the parameters of every handler anew for each request; these handlers read
    theirs themselves (``movie_query``), and have nothing to resolve.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler."""
        endpoint: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return endpoint


router = APIRouter(tags=["tonight"], route_class=PlainRoute)

#: The answer is one viewer's alone, and another one a moment later.
HEADERS: Final = {"Cache-Control": "private, no-store", "Vary": "Accept, Cookie"}


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of a request besides its wishes.

    Attributes:
        taste: What the viewer has said before; ``None`` when it could not be read.
        shown: The films that were shown this evening.
    """

    taste: Taste | None
    shown: list[str]


RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "model": SuggestionBody,
        "description": "One film, with its reason and three alternatives.",
        "content": {"text/html": {"schema": {"type": "string"}}},
        "headers": {
            "Set-Cookie": {
                "description": "What was shown this evening, signed, so that nothing repeats.",
                "schema": {"type": "string"},
            }
        },
    },
    404: {"model": NothingFitsBody, "description": "No film fits; says which wish to relax."},
    414: {"model": ProblemBody, "description": "The query is too long."},
    422: {"model": InvalidRequestBody, "description": "A parameter cannot be understood."},
    429: {"model": ProblemBody, "description": "Too many requests from this address."},
}


@router.get(
    "/movie",
    operation_id="get_movie",
    summary="One film for tonight",
    description=(
        "Suggests one film that fits the wishes. Nothing is saved: the films shown this evening "
        "travel in a short-lived cookie. Browsers get a page, programs JSON."
    ),
    response_class=Response,
    responses=RESPONSES,
    openapi_extra={"parameters": openapi_parameters()},
)
async def get_movie(request: Request) -> Response:
    """Answers with one film."""
    return await answer(request, html_by_default=False)


@router.get("/", include_in_schema=False)
async def get_front_page(request: Request) -> Response:
    """Answers with the page, whatever the client accepts."""
    return await answer(request, html_by_default=True)


async def answer(request: Request, *, html_by_default: bool) -> Response:
    """Makes the suggestion and the answer, as a page or as JSON."""
    state = state_of(request)
    application = state.application
    try:
        asked = state.queries(request.scope["query_string"])
        query = asked.at(application.clock, application.zone)
    except InvalidRequestError as error:
        if html_by_default or wants_html(request):
            return _wrong_wishes(request, error)
        raise
    html = (
        html_by_default or wants_html(request) if query.format is None else (query.format == "html")
    )
    profile_id = state.cookies.profile_id(request)
    step = step_reporter()
    step("read taste")
    visit = Visit(
        await read_taste(state, profile_id, query.now), state.cookies.shown(request, query.now)
    )
    begin = perf_counter()
    try:
        suggestion = suggest_movie(
            application.library,
            query.wishes,
            visit.taste or Taste(),
            visit.shown,
            query.now,
            remembered=visit.taste is not None,
            step=step,
        )
    except NothingFitsError as error:
        step("answer")
        metrics.NOTHING_FITS.add()
        response = _nothing_fits(request, query, error, html=html)
    else:
        metrics.SUGGESTION_SECONDS.observe(perf_counter() - begin, trace_id=sampled_trace_id())
        step("answer")
        _count(suggestion, has_model=application.model_version is not None)
        response = _one_fits(request, query, visit, suggestion, html=html)
        shown = [film for film in visit.shown if film != suggestion.movie.movie_id]
        if suggestion.repeated:
            # Everything that fits has been shown: the round begins anew.
            shown = []
        state.cookies.set_shown(request, response, [*shown, suggestion.movie.movie_id], query.now)
    if html:
        forget_notice(request, response)
    return response


def _count(suggestion: Suggestion, *, has_model: bool) -> None:
    metrics.SUGGESTIONS.add(suggestion.source.value)
    if not has_model:
        metrics.FALLBACKS.add("no_model")
    if not suggestion.remembered:
        metrics.FALLBACKS.add("no_database")
        metrics.WITHOUT_MEMORY.add()


def _one_fits(
    request: Request, query: MovieQuery, visit: Visit, suggestion: Suggestion, *, html: bool
) -> Response:
    if html:
        state = state_of(request)
        page = movie_page(
            suggestion,
            query,
            request.query_params.multi_items(),
            state.choices,
            n_likes=len(visit.taste.liked if visit.taste else ()) + len(query.wishes.like),
            zone_known=query.now_given or state.application.zone is not None,
            is_saving=visit.taste is not None and state.application.is_saving,
            notice=read_notice(request, state.application.library.catalogue)
            or (all_shown(suggestion.n_fitting) if suggestion.repeated else None),
        )
        return HTMLResponse(render_movie_page(page), headers=HEADERS)
    body = state_of(request).films_as_json.encoded(suggestion, query.now)
    return Response(body.encode(), headers=HEADERS, media_type="application/json")


def _wrong_wishes(request: Request, error: InvalidRequestError) -> Response:
    problem = problem_of(error)
    kind = problem.kind
    page = wrong_wishes_page(
        ProblemPage(kind.status, kind.title, problem.detail),
        error.errors,
        request.query_params.multi_items(),
        state_of(request).choices,
    )
    return HTMLResponse(render_problem_page(page), status_code=kind.status, headers=HEADERS)


def _nothing_fits(
    request: Request, query: MovieQuery, error: NothingFitsError, *, html: bool
) -> Response:
    state = state_of(request)
    if html:
        page = nothing_fits_page(
            error.report,
            request.query_params.multi_items(),
            state.choices,
            read_notice(request, state.application.library.catalogue),
        )
        return HTMLResponse(render_problem_page(page), status_code=404, headers=HEADERS)
    members = nothing_fits_members(error.report, query.now)
    problem = Problem(problems.NOTHING_FITS, nothing_fits_detail(error.report), members)
    return problem_response(problem, html=False, headers=HEADERS)
