"""What is known of a viewer, to take along or to delete."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from starlette.requests import Request
from starlette.responses import Response

from tonight.services.export_history import export_for_letterboxd, export_history
from tonight.web import memory
from tonight.web.api.bodies import DeletedBody, ExportBody, InvalidRequestBody, ProblemBody
from tonight.web.api.strict_query import only_known_parameters
from tonight.web.state import state_of

router = APIRouter(prefix="/api/v1", tags=["memory"], dependencies=[Depends(only_known_parameters)])

_HEADERS: Final = {"Cache-Control": "private, no-store", "Vary": "Cookie"}
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    422: {"model": InvalidRequestBody, "description": "The request cannot be understood."},
    429: {"model": ProblemBody, "description": "Too many requests from this address."},
    503: {"model": ProblemBody, "description": "Nothing can be read or deleted at the moment."},
}


@router.get(
    "/export",
    operation_id="export_everything",
    summary="Everything that is known of you",
    description=(
        "Every statement with every moment, also those that you have taken back. Of what is kept "
        "of you only the idempotency keys that programs have sent are left out."
    ),
    response_model=ExportBody,
    responses=_PROBLEMS,
)
async def get_export(request: Request) -> Response:
    """Answers with everything; a viewer without a profile has nothing."""
    state = state_of(request)
    application = state.application
    body = export_history(
        application.library.catalogue,
        state.cookies.profile_id(request),
        await memory.everything(request),
        application.clock(),
    )
    return JSONResponse(body, headers=_HEADERS | _attachment("tonight.json"))


@router.get(
    "/export/letterboxd",
    operation_id="export_for_letterboxd",
    summary="The films you have seen, for Letterboxd",
    description=(
        "CSV for Letterboxd's importer: `imdbID`, `Title`, `Year`, `Directors`, `Rating`. Liked "
        "becomes 4 stars, okay 3, disliked 2; a film that you only said to have seen has none. "
        "There is no `WatchedDate`: when you saw a film is not known."
    ),
    response_class=Response,
    responses={
        **_PROBLEMS,
        200: {
            "description": "The films, one a line.",
            "content": {"text/csv": {"schema": {"type": "string"}}},
        },
    },
)
async def get_export_for_letterboxd(request: Request) -> Response:
    """Answers with the films that the viewer has seen."""
    catalogue = state_of(request).application.library.catalogue
    text = export_for_letterboxd(catalogue, await memory.everything(request))
    headers = _HEADERS | _attachment("tonight-letterboxd.csv")
    return Response(text, headers=headers, media_type="text/csv; charset=utf-8")


@router.delete(
    "/history",
    operation_id="delete_everything",
    summary="Delete everything that is known of you",
    description=(
        "Deletes your profile and everything that you have ever said, from the database and from "
        "its copies, so that no byte of it is left in the files; the cookies are taken back. It "
        "cannot be undone. When it fails, ask again: something may be left."
    ),
    response_model=DeletedBody,
    responses={
        **_PROBLEMS,
        403: {"model": ProblemBody, "description": "The request came from another site."},
    },
)
async def delete_history(request: Request) -> Response:
    """Deletes everything; for a viewer without a profile there is nothing to do."""
    response = JSONResponse({"n_deleted": await memory.forget(request)}, headers=_HEADERS)
    memory.forget_viewer(response)
    return response


def _attachment(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
