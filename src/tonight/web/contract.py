"""The published contract: FastAPI's document, with every problem and an example of every answer."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

from fastapi import FastAPI

from tonight.web import problems
from tonight.web.problems import MEDIA_TYPE, Problem, ProblemKind

_METHODS: Final = ("get", "put", "post", "delete", "patch")
_PROBLEM_REFERENCE: Final = "#/components/schemas/ProblemBody"

#: Asked for so often and answered so cheaply that its rate is not limited.
_UNLIMITED: Final = "/healthz"

#: The kinds of problem by their status; a missing thing is told apart by the path.
_BY_STATUS: Final = {
    kind.status: kind for kind in reversed(problems.KINDS.values()) if kind.status != 404
}


class ContractApp(FastAPI):
    """An application whose OpenAPI document says what FastAPI cannot know.

    FastAPI describes every response with a model as plain JSON, knows nothing of what the
    middleware answers, and has no examples of whole answers.
    """

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        if self.openapi_schema is None:
            document = super().openapi()
            for path, operations in document["paths"].items():
                for method in _METHODS:
                    if method in operations:
                        _complete(path, operations[method]["responses"])
        return super().openapi()


@cache
def examples() -> dict[str, Any]:
    """An answer of the service for each body, by the name of its model."""
    text = (files("tonight.web.api") / "examples.json").read_text("utf-8")
    return dict(json.loads(text))


def _complete(path: str, responses: dict[str, Any]) -> None:
    for status, description in (
        ("429", "Too many requests from this address."),
        ("500", "The service has made a mistake."),
    ):
        if status == "500" or path != _UNLIMITED:
            schema = {"schema": {"$ref": _PROBLEM_REFERENCE}}
            responses.setdefault(
                status, {"description": description, "content": {"application/json": schema}}
            )
    # Where the answer can be a page, so can a problem.
    page = responses.get("200", {}).get("content", {}).get("text/html")
    for status, response in responses.items():
        content = response.get("content", {})
        if page is not None and int(status) >= 400:
            content["text/html"] = page
        if int(status) >= 400 and "application/json" in content:
            content[MEDIA_TYPE] = content.pop("application/json")
        for media in content.values():
            reference = media.get("schema", {}).get("$ref", "")
            if reference == _PROBLEM_REFERENCE:
                media["example"] = _problem(path, int(status)).document()
            elif reference:
                media["example"] = examples()[reference.rpartition("/")[2]]


def _problem(path: str, status: int) -> Problem:
    kind = _kind(path, status)
    return Problem(kind, kind.remedy)


def _kind(path: str, status: int) -> ProblemKind:
    if status != 404:
        return _BY_STATUS[status]
    if path.endswith("{feedback_id}"):
        return problems.FEEDBACK_NOT_FOUND
    return problems.MOVIE_NOT_FOUND
