"""Is it alive, and what is it?"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.requests import Request
from starlette.responses import Response

from tonight.web.api.bodies import HealthBody, VersionBody
from tonight.web.state import state_of

router = APIRouter(tags=["operation"])


@router.get(
    "/healthz",
    operation_id="get_health",
    summary="Whether the process is alive",
    response_model=HealthBody,
)
async def get_health() -> Response:
    """Answers as long as the process can; it asks nobody else."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@router.get(
    "/version",
    operation_id="get_version",
    summary="What is running",
    response_model=VersionBody,
)
async def get_version(request: Request) -> Response:
    """Answers with the release and the model's version."""
    application = state_of(request).application
    return JSONResponse(
        {"version": application.version, "model": application.model_version},
        headers={"Cache-Control": "no-store"},
    )
