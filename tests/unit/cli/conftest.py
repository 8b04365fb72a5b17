from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tonight.cli.app import app
from tonight.settings import Settings

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _logs_of_one_run() -> Iterator[None]:
    # A run logs to the standard error that its runner gives it and takes back.
    logger = logging.getLogger("tonight")
    before = logger.handlers[:], logger.level, logger.propagate
    logger.handlers.clear()
    yield
    logger.handlers[:], logger.level, logger.propagate = before


@pytest.fixture
def data_dir(settings: Settings) -> Path:
    """A data folder of the test's own, in which the model is already trained."""
    return settings.data_dir


@pytest.fixture
def run(data_dir: Path) -> Run:
    """Runs ``tonight`` with arguments and environment variables."""

    def invoke(*arguments: str, **environment: str) -> Result:
        variables = {"TONIGHT_DATA_DIR": str(data_dir), "TONIGHT_TIMEZONE": "UTC", **environment}
        return CliRunner(env=variables).invoke(app, arguments, prog_name="tonight")

    return invoke
