"""What a viewer says about films, for programs."""

from __future__ import annotations

from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Path
from fastapi.responses import JSONResponse
from starlette.requests import Request
from starlette.responses import Response

from tonight.domain.errors import InvalidParameter, InvalidRequestError
from tonight.domain.feedback import Feedback
from tonight.services.answers import feedback_body
from tonight.web import memory
from tonight.web.api.bodies import (
    FeedbackBody,
    FeedbackRequest,
    HistoryBody,
    InvalidRequestBody,
    ProblemBody,
)
from tonight.web.api.strict_query import only_known_parameters
from tonight.web.negotiation import require_media_type
from tonight.web.state import state_of

router = APIRouter(prefix="/api/v1", tags=["memory"], dependencies=[Depends(only_known_parameters)])

_NO_STORE: Final = {"Cache-Control": "private, no-store", "Vary": "Cookie"}

_STORAGE: Final[dict[int | str, dict[str, Any]]] = {
    503: {"model": ProblemBody, "description": "Nothing can be saved or read at the moment."},
}
_COMMON: Final[dict[int | str, dict[str, Any]]] = {
    **_STORAGE,
    403: {"model": ProblemBody, "description": "The request came from another site."},
    408: {"model": ProblemBody, "description": "The body did not arrive in time."},
    413: {"model": ProblemBody, "description": "The body is too large."},
    422: {"model": InvalidRequestBody, "description": "The request cannot be understood."},
    429: {"model": ProblemBody, "description": "Too many requests from this address."},
}


def _json_once(request: Request) -> None:
    """Makes sure that the body is JSON and that there are not two keys to choose from."""
    require_media_type(request, "application/json")
    if len(request.headers.getlist("idempotency-key")) > 1:
        raise InvalidRequestError((InvalidParameter("idempotency-key", "may be given only once"),))


@router.get(
    "/history",
    operation_id="get_history",
    summary="What you have said",
    description="Everything that you have said and not taken back, the newest first.",
    response_model=HistoryBody,
    responses={**_STORAGE, 422: _COMMON[422], 429: _COMMON[429]},
)
async def get_history(request: Request) -> Response:
    """Answers with the viewer's statements; a viewer without a profile has none."""
    state = state_of(request)
    application = state.application
    profile_id = state.cookies.profile_id(request)

    def read() -> list[Feedback]:
        if profile_id is None:
            return []
        with application.storage_errors_noted(), application.unit_of_work.reading() as store:
            return store.history(profile_id)

    statements = await to_thread.run_sync(read)
    body = {"feedback": [feedback_body(statement) for statement in reversed(statements)]}
    return JSONResponse(body, headers=_NO_STORE)


@router.post(
    "/feedback",
    operation_id="give_feedback",
    summary="Say something about a film",
    description=(
        "Saves a statement. The answer means that it is on the disk. The first one makes an "
        "anonymous profile, which the cookie `tonight_viewer` names: send it with what follows."
    ),
    status_code=201,
    response_model=FeedbackBody,
    responses={
        **_COMMON,
        404: {"model": ProblemBody, "description": "There is no such film."},
        409: {"model": ProblemBody, "description": "The idempotency key was used otherwise."},
        415: {"model": ProblemBody, "description": "The body is not declared to be JSON."},
    },
    dependencies=[Depends(_json_once)],
)
async def post_feedback(
    request: Request,
    body: FeedbackRequest,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            pattern=r"^[\x21-\x7e]+$",
            description="Any text of yours: the same request with the same key is saved once.",
            examples=["3f0c2d5e-5d7e-4d0b-9a39-1f3a4c1f8f7e"],
        ),
    ] = None,
) -> Response:
    """Saves a statement."""
    feedback, profile_id = await memory.save(
        request, body.movie_id, body.kind, body.now, idempotency_key
    )
    response = JSONResponse(feedback_body(feedback), status_code=201, headers=_NO_STORE)
    memory.remember(request, response, profile_id)
    return response


@router.delete(
    "/feedback/{feedback_id}",
    operation_id="undo_feedback",
    summary="Take something back",
    description="Undoes one statement; what you said about the film before counts again.",
    response_model=FeedbackBody,
    responses={**_COMMON, 404: {"model": ProblemBody, "description": "You have not said this."}},
)
async def delete_feedback(
    request: Request,
    feedback_id: Annotated[
        str,
        Path(
            description="What the answer to the statement has called it.",
            min_length=1,
            max_length=64,
            pattern="^[A-Za-z0-9_-]+$",
            examples=["WU5ez7ruDUUBgJXbtYxJrw"],
        ),
    ],
) -> Response:
    """Takes a statement back."""
    feedback = await memory.undo(request, feedback_id)
    return JSONResponse(feedback_body(feedback), headers=_NO_STORE)
