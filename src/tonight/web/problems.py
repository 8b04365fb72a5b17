"""What the world is told when something goes wrong: one table, one form (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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
    StorageSchemaError,
    TonightError,
)
from tonight.web.allowed_methods import allowed_methods
from tonight.web.negotiation import wants_html
from tonight.web.observation import HEADERS
from tonight.web.pages.render import render_problem_page
from tonight.web.pages.view import ProblemPage
from tonight.web.security_headers import SECURITY_HEADERS

MEDIA_TYPE: Final = "application/problem+json"

_NO_KIND: Final = "about:blank"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One kind of problem.

    Attributes:
        name: The last part of its ``type`` URI, which is stable and documented.
        status: The HTTP status.
        title: What it is, in a few words; the same for every occurrence.
        remedy: What has happened and what a client can do about it: the documentation.
        headers: Headers of every answer of this kind.
    """

    name: str
    status: int
    title: str
    remedy: str
    headers: Mapping[str, str] | None = None

    @property
    def type_uri(self) -> str:
        """The URI reference that names the kind; it can be fetched from the service."""
        # RFC 9457's name of problems that are no more than their status.
        return self.name if self.name == _NO_KIND else f"/problems/{self.name}"

    def documentation(self) -> str:
        """What stands at the ``type`` URI."""
        return f"{self.title} (HTTP {self.status})\n\n{self.remedy}\n"


INVALID_REQUEST: Final = ProblemKind(
    "invalid-request",
    422,
    "The request cannot be understood",
    "A parameter, a header or the body is not what the address takes. `errors` lists everything "
    "that is wrong by its name, with what is allowed. Sending the same again will not help.",
)
NOT_FOUND: Final = ProblemKind(
    "not-found",
    404,
    "There is nothing at this address",
    "The path is misspelt or has never been there. `/openapi.json` lists every address.",
)
METHOD_NOT_ALLOWED: Final = ProblemKind(
    "method-not-allowed",
    405,
    "This address does not take this method",
    "The header `Allow` names the methods that the address takes.",
)
MOVIE_NOT_FOUND: Final = ProblemKind(
    "movie-not-found",
    404,
    "There is no such film",
    "No film of the catalogue has this id. A film has an id of ours, such as `the-matrix-1999`, "
    "and mostly an IMDb id, such as `tt0133093`.",
)
NOTHING_FITS: Final = ProblemKind(
    "nothing-fits",
    404,
    "No film fits all the wishes",
    "`relaxations` lists the wishes of which one alone, relaxed, leads to films: by how much, and "
    "to how many. When the list is empty, take back two wishes.",
)
FEEDBACK_NOT_FOUND: Final = ProblemKind(
    "feedback-not-found",
    404,
    "There is no such feedback",
    "This viewer has not said what is to be taken back. Another viewer's cookie, or none, leads "
    "to the same answer.",
)
BODY_TOO_SLOW: Final = ProblemKind(
    "body-too-slow",
    408,
    "The request took too long to arrive",
    "The connection was closed before the whole request was there, and nothing was saved. Send it "
    "again in one go.",
)
IDEMPOTENCY_CONFLICT: Final = ProblemKind(
    "idempotency-conflict",
    409,
    "This idempotency key was used for something else",
    "The same `Idempotency-Key` came before with another film or another kind, and that is what "
    "was saved. Take a new key for every new statement.",
)
CROSS_SITE: Final = ProblemKind(
    "cross-site",
    403,
    "The request came from another site",
    "The page of another site has sent the viewer's browser here. Saving works from the pages of "
    "this service, and from programs that send neither `Origin` nor `Sec-Fetch-Site`.",
)
BODY_TOO_LARGE: Final = ProblemKind(
    "body-too-large",
    413,
    "The request's body is too large",
    "What can be sent here is small, so the rest was not read. `detail` says how much is allowed; "
    "the operator can set it with TONIGHT_MAX_BODY_BYTES.",
)
QUERY_TOO_LONG: Final = ProblemKind(
    "query-too-long",
    414,
    "The request's address is too long",
    "`detail` says how much is allowed; the operator can set it with TONIGHT_MAX_QUERY_BYTES. "
    "Films that a viewer likes for good need not be in the address: `POST /api/v1/feedback`.",
)
UNSUPPORTED_MEDIA_TYPE: Final = ProblemKind(
    "unsupported-media-type",
    415,
    "The body's type is not the one that is read here",
    "The API reads `Content-Type: application/json`, the page's forms are sent as "
    "`application/x-www-form-urlencoded`. The header `Accept` of the answer names the right one.",
)
TOO_MANY_REQUESTS: Final = ProblemKind(
    "too-many-requests",
    429,
    "Too many requests from this address",
    "Wait for as many seconds as `Retry-After` says. The operator can set how many are allowed "
    "with TONIGHT_RATE_LIMIT_PER_MINUTE.",
)
HEADERS_TOO_LARGE: Final = ProblemKind(
    "headers-too-large",
    431,
    "The request's headers are too large",
    "Mostly that is a heap of cookies: delete those of this site.",
)
INTERNAL_ERROR: Final = ProblemKind(
    "internal-error",
    500,
    "The service has made a mistake",
    "It was not the client's fault, and it has been logged. Nothing of the request was saved.",
)
STORAGE_UNAVAILABLE: Final = ProblemKind(
    "storage-unavailable",
    503,
    "Nothing can be saved at the moment",
    "The database is busy, full, damaged, away or of another release. What was saved before is "
    "kept, suggestions work on, and the log tells the operator what to do. "
    "Try again after `Retry-After` seconds.",
    {"Retry-After": "10"},
)
OVERLOADED: Final = ProblemKind(
    "overloaded",
    503,
    "The service is full at the moment",
    "More requests came at once than the worker answers in good time, so it has turned this one "
    "away unread. Nothing is wrong with it: send it again after `Retry-After` seconds, a change "
    "with the same `Idempotency-Key`.",
    {"Retry-After": "2"},
)
NOT_READY: Final = ProblemKind(
    "not-ready",
    503,
    "The service is about to stop",
    "It finishes what it has begun, and still answers for a moment; send new requests elsewhere. "
    "Only `/readyz` says so.",
)
#: What the server itself cannot read never becomes a request.
MALFORMED_HTTP: Final = ProblemKind(
    "malformed-http",
    400,
    "This is not HTTP",
    "The bytes on the connection are not a request of HTTP/1.1: a control character in a header, "
    "two lengths that differ, an address beyond 64 KiB. The connection was closed.",
)

#: Every kind there is.
KINDS: Final = {
    kind.name: kind
    for kind in (
        MALFORMED_HTTP,
        CROSS_SITE,
        NOT_FOUND,
        MOVIE_NOT_FOUND,
        NOTHING_FITS,
        FEEDBACK_NOT_FOUND,
        METHOD_NOT_ALLOWED,
        BODY_TOO_SLOW,
        IDEMPOTENCY_CONFLICT,
        BODY_TOO_LARGE,
        QUERY_TOO_LONG,
        UNSUPPORTED_MEDIA_TYPE,
        INVALID_REQUEST,
        TOO_MANY_REQUESTS,
        HEADERS_TOO_LARGE,
        INTERNAL_ERROR,
        STORAGE_UNAVAILABLE,
        OVERLOADED,
        NOT_READY,
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

#: Statuses that the frameworks raise themselves.
_OF_STATUSES: Final = {
    404: NOT_FOUND,
    405: METHOD_NOT_ALLOWED,
    415: UNSUPPORTED_MEDIA_TYPE,
}

#: Where FastAPI found a value, which is no part of the name that the client knows.
_PLACES: Final = frozenset({"body", "cookie", "header", "path", "query"})

#: More reasons than these help nobody.
MAX_ERRORS: Final = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One occurrence of a problem.

    Attributes:
        kind: What kind it is.
        detail: What happened this time and what can be done.
        members: Further members of the document.
        headers: Headers of this answer.
    """

    kind: ProblemKind
    detail: str
    members: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None

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
    all_headers = {
        "Cache-Control": "no-store",
        **(problem.kind.headers or {}),
        **(problem.headers or {}),
        **(headers or {}),
    }
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
        if isinstance(error, StorageSchemaError):
            detail = (
                "What you said was not saved, and the rest works on. The database's schema is not "
                "this release's: the operator runs `tonight db upgrade`."
            )
        return Problem(kind, detail)
    if kind is INTERNAL_ERROR:
        return internal_error()
    return Problem(kind, f"{str(error)[:1].upper()}{str(error)[1:]}.")


def invalid_request(errors: Sequence[InvalidParameter]) -> Problem:
    """The problem of a request that cannot be understood, with every reason (within reason)."""
    listed = list(errors[:MAX_ERRORS])
    if len(errors) > MAX_ERRORS:
        listed[-1] = InvalidParameter("...", f"and {len(errors) - MAX_ERRORS + 1} more")
    detail = "; ".join(f"{error.name}: {error.message}" for error in listed)
    members = {"errors": [{"name": error.name, "message": error.message} for error in listed]}
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
    errors = [_invalid_parameter(detail) for detail in error.errors()]
    return problem_response(invalid_request(errors), html=wants_html(request))


async def on_http_exception(request: Request, error: Exception) -> Response:
    """Answers an address, method or type of body that does not exist here."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    html = wants_html(request)
    if error.status_code == 400:
        # FastAPI's word for a body that it cannot decode, nest or count: no valid request, as
        # any other JSON that is wrong.
        return problem_response(invalid_request([_NOT_JSON]), html=html)
    kind = _OF_STATUSES.get(error.status_code)
    if kind is None:
        kind = ProblemKind(_NO_KIND, error.status_code, str(error.detail), "")
    detail, headers = str(error.detail), error.headers
    if error.status_code == 404:
        detail = "Check the address; the ways in are / for people and /openapi.json for programs."
    elif error.status_code == 405:
        allowed = allowed_methods(request)
        detail, headers = f"Allowed here: {allowed}.", {"Allow": allowed}
    return problem_response(Problem(kind, detail), html=html, headers=headers)


async def on_any_error(request: Request, _: Exception) -> Response:
    """Answers a mistake of ours; the server logs it."""
    # This answer passes by the middleware that puts these headers on all others.
    passed_by = (*SECURITY_HEADERS, *request.scope.get(HEADERS, ()))
    headers = {name.decode(): value.decode() for name, value in passed_by}
    return problem_response(internal_error(), html=wants_html(request), headers=headers)


_NOT_JSON: Final = InvalidParameter("body", "must be JSON in UTF-8, not nested deeply")


def _invalid_parameter(detail: Mapping[str, Any]) -> InvalidParameter:
    """What pydantic found wrong, by the name that the client gave the value."""
    if detail["type"] == "json_invalid":
        place = detail["loc"][-1]
        return InvalidParameter("body", f"must be JSON: {detail['ctx']['error']} at {place}")
    place, *path = (str(part) for part in detail["loc"])
    name = ".".join(path if place in _PLACES else [place, *path])
    message = str(detail["msg"]).removeprefix("Value error, ")
    return InvalidParameter(name[:100] or place, message)
