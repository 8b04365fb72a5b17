"""What the world is told when something goes wrong: one table, one form (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tonight.domain.errors import (
    FeedbackNotFoundError,
    IdempotencyConflictError,
    InvalidParameter,
    InvalidRequestError,
    MovieNotFoundError,
    NothingFitsError,
    StorageError,
    TonightError,
)
from tonight.web.negotiation import wants_html
from tonight.web.pages.render import render_problem_page
from tonight.web.pages.view import ProblemPage

MEDIA_TYPE: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One kind of problem.

    Attributes:
        name: The last part of its ``type`` URI, which is stable and documented.
        status: The HTTP status.
        title: What it is, in a few words; the same for every occurrence.
        headers: Headers of every answer of this kind.
    """

    name: str
    status: int
    title: str
    headers: Mapping[str, str] | None = None

    @property
    def type_uri(self) -> str:
        """The URI reference that names the kind; it can be fetched from the service."""
        return f"/problems/{self.name}"


INVALID_REQUEST: Final = ProblemKind("invalid-request", 422, "The request cannot be understood")
NOT_FOUND: Final = ProblemKind("not-found", 404, "There is nothing at this address")
METHOD_NOT_ALLOWED: Final = ProblemKind(
    "method-not-allowed", 405, "This address does not take this method"
)
MOVIE_NOT_FOUND: Final = ProblemKind("movie-not-found", 404, "There is no such film")
NOTHING_FITS: Final = ProblemKind("nothing-fits", 404, "No film fits all the wishes")
FEEDBACK_NOT_FOUND: Final = ProblemKind("feedback-not-found", 404, "There is no such feedback")
IDEMPOTENCY_CONFLICT: Final = ProblemKind(
    "idempotency-conflict", 409, "This idempotency key was used for something else"
)
CROSS_SITE: Final = ProblemKind("cross-site", 403, "The request came from another site")
BODY_TOO_LARGE: Final = ProblemKind("body-too-large", 413, "The request's body is too large")
QUERY_TOO_LONG: Final = ProblemKind("query-too-long", 414, "The request's address is too long")
TOO_MANY_REQUESTS: Final = ProblemKind(
    "too-many-requests", 429, "Too many requests from this address"
)
STORAGE_UNAVAILABLE: Final = ProblemKind(
    "storage-unavailable", 503, "Nothing can be saved at the moment", {"Retry-After": "10"}
)
INTERNAL_ERROR: Final = ProblemKind("internal-error", 500, "The service has made a mistake")

#: Every kind there is.
KINDS: Final = {
    kind.name: kind
    for kind in (
        INVALID_REQUEST,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        MOVIE_NOT_FOUND,
        NOTHING_FITS,
        FEEDBACK_NOT_FOUND,
        IDEMPOTENCY_CONFLICT,
        CROSS_SITE,
        BODY_TOO_LARGE,
        QUERY_TOO_LONG,
        TOO_MANY_REQUESTS,
        STORAGE_UNAVAILABLE,
        INTERNAL_ERROR,
    )
}

_OF_ERRORS: Final[tuple[tuple[type[TonightError], ProblemKind], ...]] = (
    (InvalidRequestError, INVALID_REQUEST),
    (MovieNotFoundError, MOVIE_NOT_FOUND),
    (NothingFitsError, NOTHING_FITS),
    (FeedbackNotFoundError, FEEDBACK_NOT_FOUND),
    (IdempotencyConflictError, IDEMPOTENCY_CONFLICT),
    (StorageError, STORAGE_UNAVAILABLE),
)

_OF_STATUSES: Final = {404: NOT_FOUND, 405: METHOD_NOT_ALLOWED}


@dataclass(frozen=True, slots=True)
class Problem:
    """One occurrence of a problem.

    Attributes:
        kind: What kind it is.
        detail: What happened this time and what can be done.
        members: Further members of the document.
    """

    kind: ProblemKind
    detail: str
    members: Mapping[str, Any] | None = None

    def document(self) -> dict[str, Any]:
        """The problem document."""
        return {
            "type": self.kind.type_uri,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            **(self.members or {}),
        }

    def encoded(self) -> bytes:
        """The problem document as JSON."""
        return json.dumps(self.document(), ensure_ascii=False).encode()


def problem_response(
    problem: Problem, *, html: bool, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer that tells a client of a problem: a document, or a page with the same facts."""
    all_headers = {"Cache-Control": "no-store", **(problem.kind.headers or {}), **(headers or {})}
    if html:
        page = ProblemPage(
            status=problem.kind.status, title=problem.kind.title, detail=problem.detail
        )
        return HTMLResponse(
            render_problem_page(page), status_code=problem.kind.status, headers=all_headers
        )
    return Response(
        problem.encoded(),
        status_code=problem.kind.status,
        headers=all_headers,
        media_type=MEDIA_TYPE,
    )


def problem_of(error: TonightError) -> Problem:
    """The problem that an error of the product is to a client."""
    kind = next((kind for of, kind in _OF_ERRORS if isinstance(error, of)), INTERNAL_ERROR)
    if isinstance(error, InvalidRequestError):
        return invalid_request(error.errors)
    if isinstance(error, StorageError):
        # What the driver said names files: it is for the log.
        detail = "What you said was not saved, and the rest works on. Try again in a moment."
        return Problem(kind, detail)
    if kind is INTERNAL_ERROR:
        return internal_error()
    return Problem(kind, f"{str(error)[:1].upper()}{str(error)[1:]}.")


def invalid_request(errors: tuple[InvalidParameter, ...]) -> Problem:
    """The problem of a request that cannot be understood, with every reason."""
    detail = "; ".join(f"{error.name}: {error.message}" for error in errors)
    members = {"errors": [{"name": error.name, "message": error.message} for error in errors]}
    return Problem(INVALID_REQUEST, detail, members)


def internal_error() -> Problem:
    """The problem of a mistake of ours, which tells the client nothing about it."""
    return Problem(INTERNAL_ERROR, "It was not your fault, and it has been noted. Try again.")


async def on_tonight_error(request: Request, error: Exception) -> Response:
    """Answers an error of the product."""
    assert isinstance(error, TonightError)  # noqa: S101 - registered for it
    return problem_response(problem_of(error), html=wants_html(request))


async def on_validation_error(request: Request, error: Exception) -> Response:
    """Answers a body or parameter that FastAPI could not read."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    errors = tuple(
        InvalidParameter(
            ".".join(str(part) for part in detail["loc"] if part != "body")[:100] or "body",
            str(detail["msg"]),
        )
        for detail in error.errors()
    )
    return problem_response(invalid_request(errors), html=wants_html(request))


async def on_http_exception(request: Request, error: Exception) -> Response:
    """Answers an address or method that does not exist."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    kind = _OF_STATUSES.get(error.status_code)
    if kind is None:
        kind = ProblemKind("about:blank", error.status_code, str(error.detail))
    detail = {
        404: "Check the address; the ways in are / for people and /openapi.json for programs.",
        405: f"Allowed here: {(error.headers or {}).get('Allow', 'another method')}.",
    }.get(error.status_code, str(error.detail))
    return problem_response(Problem(kind, detail), html=wants_html(request), headers=error.headers)


async def on_any_error(request: Request, _: Exception) -> Response:
    """Answers a mistake of ours; the server logs it."""
    return problem_response(internal_error(), html=wants_html(request))
