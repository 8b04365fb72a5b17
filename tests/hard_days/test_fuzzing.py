"""Requests made up from the published contract, good and bad, and whether the answers keep it.

Every request is built by Schemathesis from the OpenAPI document and sent to the application. The
last tests plant mistakes in the application, to show that they would be found.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import requests
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, assume, given
from hypothesis import settings as hypothesis_settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup, ServerError
from schemathesis.openapi.checks import JsonSchemaError, UndefinedStatusCode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import FakeClock
from tonight.domain.movie import Movie
from tonight.services.suggest_movie import Library
from tonight.settings import Settings
from tonight.web.api import movies
from tonight.web.app import create_app

pytestmark = pytest.mark.slow

CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
CONTRACT: Final = json.loads((Path(__file__).parents[2] / "openapi.json").read_text("utf-8"))
OPERATIONS: Final = [
    (path, method) for path, methods in CONTRACT["paths"].items() for method in methods
]
BASE_URL: Final = "http://testserver"


@contextmanager
def served(app: FastAPI) -> Iterator[TestClient]:
    """A client that sees what a real one would see of a mistake: the answer, not the exception."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def has_input(operation: Any) -> bool:
    """Whether there is anything in a request that could be wrong."""
    parts = (operation.path_parameters, operation.headers, operation.query, operation.body)
    return any(len(part) > 0 for part in parts)


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")


def fuzz(client: TestClient, path: str, method: str, n_examples: int) -> None:
    """Sends made-up requests to an operation, and checks every answer."""
    contract = schemathesis.openapi.from_dict(dict(client.get("/openapi.json").json()))
    operation = contract[path][method]
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        if mode is GenerationMode.NEGATIVE and not has_input(operation):
            continue

        @given(case=operation.as_strategy(generation_mode=mode))
        @hypothesis_settings(
            max_examples=n_examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        def answers_keep_the_contract(case: schemathesis.Case[Any]) -> None:
            wire = requests.Request(**case.as_transport_kwargs(base_url=BASE_URL)).prepare()
            assert wire.method is not None
            assert wire.url is not None
            assert wire.body is None or isinstance(wire.body, str | bytes)
            # A longer address the client itself refuses to send; test_bad_queries has one by hand.
            assume(len(wire.url) < 60_000)
            answer = client.request(
                wire.method,
                wire.url,
                headers=[(_bytes(name), _bytes(value)) for name, value in wire.headers.items()],
                content=wire.body,
            )
            case.validate_response(answer, checks=CHECKS)

        answers_keep_the_contract()


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_no_request_that_can_be_made_up_breaks_the_contract(
    path: str, method: str, settings: Settings, clock: FakeClock, loaded: tuple[Library, str | None]
) -> None:
    unlimited = settings.model_copy(update={"rate_limit_per_minute": 0})
    with served(create_app(unlimited, clock, loaded)) as client:
        fuzz(client, path, method, n_examples=40)


def application(
    settings: Settings, clock: FakeClock, loaded: tuple[Library, str | None]
) -> FastAPI:
    """The application as it is; the caller has planted a mistake below it."""
    return create_app(settings.model_copy(update={"rate_limit_per_minute": 0}), clock, loaded)


def found(failures: BaseException) -> set[type[BaseException]]:
    """The kinds of failures in a group."""
    if isinstance(failures, BaseExceptionGroup):
        return set().union(*(found(failure) for failure in failures.exceptions))
    return {type(failures)}


def stumbles(library: Library, movie_id: str, limit: int) -> tuple[Movie, ...]:
    if limit > 40:
        raise ZeroDivisionError
    return ()


def answers_with_too_little(movie: Movie) -> dict[str, Any]:
    return {"movie_id": movie.movie_id}


@pytest.mark.parametrize(
    ("name", "planted", "failure"),
    [
        ("similar_movies", stumbles, ServerError),
        ("movie_body", answers_with_too_little, JsonSchemaError),
    ],
)
def test_a_planted_mistake_is_found(
    name: str,
    planted: Callable[..., object],
    failure: type[Failure],
    settings: Settings,
    clock: FakeClock,
    loaded: tuple[Library, str | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(movies, name, planted)
    with (
        served(application(settings, clock, loaded)) as client,
        pytest.raises(FailureGroup) as failures,
    ):
        fuzz(client, "/api/v1/movies/{movie_id}/similar", "get", n_examples=200)
    assert failure in found(failures.value)


def test_a_status_that_is_not_documented_is_found(
    settings: Settings, clock: FakeClock, loaded: tuple[Library, str | None]
) -> None:
    app = application(settings, clock, loaded)
    document = app.openapi()
    del document["paths"]["/api/v1/movies/{movie_id}"]["get"]["responses"]["404"]
    with served(app) as client, pytest.raises(FailureGroup) as failures:
        fuzz(client, "/api/v1/movies/{movie_id}", "get", n_examples=5)
    assert found(failures.value) == {UndefinedStatusCode}
