"""Is it alive, does it take requests, and what is it?

Dockerflow's names (``/__lbheartbeat__`` and so on) lead to the same answers. They are not in the
OpenAPI document: a client needs each operation once.
"""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.requests import Request
from starlette.responses import Response

from tonight.web import problems
from tonight.web.api.bodies import HealthBody, ProblemBody, ReadyBody, VersionBody
from tonight.web.problems import Problem, problem_response
from tonight.web.state import state_of

router = APIRouter(tags=["operation"])

_NO_STORE: Final = {"Cache-Control": "no-store"}


@router.get("/__lbheartbeat__", include_in_schema=False)
@router.get(
    "/healthz",
    operation_id="get_health",
    summary="Whether the process is alive",
    response_model=HealthBody,
)
async def get_health() -> Response:
    """Answers as long as the process can; it asks nobody else."""
    return JSONResponse({"status": "ok"}, headers=_NO_STORE)


@router.get("/__heartbeat__", include_in_schema=False)
@router.get(
    "/readyz",
    operation_id="get_readiness",
    summary="Whether new requests should be sent here",
    description=(
        "200 once the model is loaded, until the service is told to stop. A database that is away "
        "is reported and is no reason to send nobody: films are suggested without it."
    ),
    response_model=ReadyBody,
    responses={503: {"model": ProblemBody, "description": "The service is about to stop."}},
)
async def get_readiness(request: Request) -> Response:
    """Answers whether new requests should be sent here.

    The server listens once the model is loaded, so that whoever gets an answer need not ask.
    """
    state = state_of(request)
    if state.capacity.is_draining:
        detail = "It was told to stop. Send new requests elsewhere."
        return problem_response(Problem(problems.NOT_READY, detail), html=False)
    body = {
        "status": "ready",
        "model": state.application.model_version,
        "database": "ok" if state.application.is_saving else "away",
    }
    return JSONResponse(body, headers=_NO_STORE)


@router.get("/__version__", include_in_schema=False)
@router.get(
    "/version",
    operation_id="get_version",
    summary="What is running",
    response_model=VersionBody,
)
async def get_version(request: Request) -> Response:
    """Answers with the release, where it is from, the model's version and the database's schema."""
    state = state_of(request)
    body = {
        "version": state.application.version,
        "commit": state.origin.commit,
        "source": state.origin.source,
        "build": state.origin.build,
        "model": state.application.model_version,
        "schema": state.application.schema,
    }
    return JSONResponse(body, headers=_NO_STORE)
