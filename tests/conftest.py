"""Fixtures that several kinds of tests need."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import settings as hypothesis_settings

from tests.databases import PostgresDatabases, started_postgres
from tonight.bootstrap import MODELS, load_library
from tonight.services.suggest_movie import Library
from tonight.settings import PREFIX, Settings
from tonight.web.app import create_app

# A busy machine takes its time over an example, which says nothing of the code.
hypothesis_settings.register_profile("any-machine", deadline=None)
hypothesis_settings.load_profile("any-machine")


@dataclass(slots=True)
class FakeClock:
    """A clock that stands still until it is moved."""

    moment: datetime = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **parts: float) -> None:
        self.moment += timedelta(**parts)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def trained_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the model of the embedded data, trained once for all tests."""
    folder = tmp_path_factory.mktemp("trained")
    _, version = load_library(Settings(data_dir=folder, timezone="UTC"))
    assert version is not None
    return folder


@pytest.fixture(scope="session")
def loaded(trained_dir: Path) -> tuple[Library, str | None]:
    """The embedded catalogue with its trained model and the model's version."""
    return load_library(Settings(data_dir=trained_dir, timezone="UTC"))


@pytest.fixture(scope="session")
def library(loaded: tuple[Library, str | None]) -> Library:
    """The embedded catalogue with its trained model."""
    return loaded[0]


@pytest.fixture
def settings(trained_dir: Path, tmp_path: Path) -> Settings:
    """Settings with a data folder of the test's own, in which the model is already trained."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    (data_dir / MODELS).symlink_to(trained_dir / MODELS)
    return Settings(data_dir=data_dir, timezone="UTC", metrics_port=0)


@pytest.fixture
def clock() -> FakeClock:
    """A clock in the hands of the test: Monday, 23 November 2026, 19:00 UTC."""
    return FakeClock()


@pytest.fixture
def client(
    settings: Settings, clock: FakeClock, loaded: tuple[Library, str | None]
) -> Iterator[TestClient]:
    """A program that talks to the service and keeps its cookies."""
    with TestClient(create_app(settings, clock, loaded)) as client:
        yield client


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresDatabases]:
    """A real PostgreSQL of the tests' own, which gives each test databases of its own."""
    with started_postgres() as databases:
        yield databases
