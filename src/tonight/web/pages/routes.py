"""The routes for people: forms, posters, and what a problem's name means."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from tonight.domain.errors import InvalidParameter, InvalidRequestError, MovieNotFoundError
from tonight.domain.feedback import Feedback, FeedbackKind
from tonight.web import memory
from tonight.web.pages.forms import read_form, read_now
from tonight.web.pages.notice import leave_notice
from tonight.web.pages.posters import poster_svg
from tonight.web.pages.view import PAGE_PATH
from tonight.web.problems import KINDS, NOT_FOUND, Problem, problem_response
from tonight.web.state import state_of

router = APIRouter(include_in_schema=False)

#: A path of our own, with nothing that a browser could read as another host.
_LOCAL_PATH: Final = re.compile(
    r"/(?:[A-Za-z0-9._~!$&'()*+,;=:@%?-][A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?(?:#[A-Za-z0-9._-]*)?"
)
_KINDS: Final = frozenset(kind.value for kind in FeedbackKind)
_MAX_BACK: Final = 16_384


@router.post("/feedback")
async def post_feedback(request: Request) -> Response:
    """Saves what the page's form says, and goes back to the page."""
    form = await read_form(request)
    kind = form.get("kind", "")
    if kind not in _KINDS:
        message = f"must be one of {', '.join(FeedbackKind)}"
        raise InvalidRequestError((InvalidParameter("kind", message),))
    now = read_now(form)
    feedback, profile_id = await memory.save(
        request, form.get("movie_id", "")[:200], FeedbackKind(kind), now
    )
    response = _back(form, feedback)
    memory.remember(request, response, profile_id)
    return response


@router.post("/feedback/undo")
async def post_undo(request: Request) -> Response:
    """Takes back what was said, and goes back to the page."""
    form = await read_form(request)
    return _back(form, await memory.undo(request, form.get("feedback_id", "")[:64]))


@router.get("/posters/{name}.svg")
async def get_poster(request: Request, name: Annotated[str, Path(max_length=200)]) -> Response:
    """Answers with the drawn poster of a film."""
    catalogue = state_of(request).application.library.catalogue
    index = catalogue.find(name)
    if index is None:
        raise MovieNotFoundError(name)
    return Response(
        poster_svg(catalogue.movies[index]),
        media_type="image/svg+xml",
        headers={"Cache-Control": "public, max-age=86400"},
    )


@router.get("/problems/{name}")
async def get_problem(name: Annotated[str, Path(max_length=100)]) -> Response:
    """Answers with what a problem's ``type`` means."""
    kind = KINDS.get(name)
    if kind is None:
        return problem_response(Problem(NOT_FOUND, "There is no problem of this name."), html=False)
    return PlainTextResponse(
        kind.documentation(), headers={"Cache-Control": "public, max-age=3600"}
    )


def _back(form: dict[str, str], feedback: Feedback) -> RedirectResponse:
    back = form.get("back", PAGE_PATH)
    if len(back) > _MAX_BACK or not _LOCAL_PATH.fullmatch(back):
        back = PAGE_PATH
    response = RedirectResponse(back, status_code=303, headers={"Cache-Control": "no-store"})
    leave_notice(response, feedback)
    return response
