"""What is asked and answered has a type, and what does not fit is said."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from examples.typed.main import Film, app


def test_the_answer_is_a_film() -> None:
    assert Film.model_validate(TestClient(app).get("/movie").json()).year > 1900


@pytest.mark.parametrize(("max_minutes", "status"), [("soon", 422), ("0", 422), ("1", 404)])
def test_what_crashed_is_now_answered(max_minutes: str, status: int) -> None:
    answer = TestClient(app).get("/movie", params={"max_minutes": max_minutes})
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_the_types_are_the_documentation() -> None:
    operation = TestClient(app).get("/openapi.json").json()["paths"]["/movie"]["get"]
    assert operation["parameters"][0]["schema"]["maximum"] == 999
    assert set(operation["responses"]) == {"200", "404", "422"}


def test_the_pain_whoever_changes_it_finds_out_in_production() -> None:
    # The choice is drawn inside of the route: which film comes, no test can say.
    titles = {TestClient(app).get("/movie").json()["title"] for _ in range(50)}
    assert len(titles) > 1
