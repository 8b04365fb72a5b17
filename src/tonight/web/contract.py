"""The published contract: FastAPI's document, with every problem and an example of every answer."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

from fastapi import FastAPI

from tonight.web import problems
from tonight.web.capacity import HEALTH_PATHS
from tonight.web.problems import MEDIA_TYPE, Problem, ProblemKind

_METHODS: Final = ("get", "put", "post", "delete", "patch")
_PROBLEM_REFERENCE: Final = "#/components/schemas/ProblemBody"

#: The kinds of problem by their status, where there is one.
_BY_STATUS: Final = {kind.status: kind for kind in problems.KINDS.values()}


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
    kinds = _kinds(path, may_fail_to_save="503" in responses)
    for status, description in (
        ("429", "Too many requests from this address."),
        ("500", "The service has made a mistake."),
        ("503", "The service is full at the moment."),
    ):
        if status == "500" or path not in HEALTH_PATHS:
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
                kind = kinds[int(status)]
                media["example"] = Problem(kind, kind.remedy).document()
            elif reference:
                media["example"] = examples()[reference.rpartition("/")[2]]


def _kinds(path: str, *, may_fail_to_save: bool) -> dict[int, ProblemKind]:
    """The kind of problem that each status is an example of."""
    missing = (
        problems.FEEDBACK_NOT_FOUND if path.endswith("{feedback_id}") else problems.MOVIE_NOT_FOUND
    )
    unavailable = problems.STORAGE_UNAVAILABLE if may_fail_to_save else problems.OVERLOADED
    if path in HEALTH_PATHS:
        unavailable = problems.NOT_READY
    return {**_BY_STATUS, 404: missing, 503: unavailable}
