"""What every answer to bad input must be."""

from __future__ import annotations

from typing import Any

import httpx2 as httpx

from tonight.web.problems import KINDS


def told(answer: httpx.Response, name: str) -> dict[str, Any]:
    """The problem document of an answer, once it is sure that it is a whole one of that kind."""
    kind = KINDS[name]
    assert answer.status_code == kind.status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["type"] == f"/problems/{name}"
    assert document["title"] == kind.title
    assert document["status"] == kind.status
    assert document["detail"]
    assert "Traceback" not in answer.text
    return document


def reasons(answer: httpx.Response) -> dict[str, str]:
    """What is wrong with a request, by name."""
    errors = told(answer, "invalid-request")["errors"]
    return {error["name"]: error["message"] for error in errors}
