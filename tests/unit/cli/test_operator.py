"""What the operator's commands say when there is nobody to ask."""

from __future__ import annotations

import pytest

from tests.unit.cli.conftest import Run
from tools.ports import free_port


@pytest.mark.parametrize("command", [("status",), ("log-level", "DEBUG")])
def test_without_a_listener_it_says_which_setting_has_none(
    run: Run, command: tuple[str, ...]
) -> None:
    result = run(*command, TONIGHT_METRICS_PORT="0")
    assert result.exit_code != 0
    assert "TONIGHT_METRICS_PORT is 0" in result.stderr


@pytest.mark.parametrize("command", [("status",), ("log-level", "DEBUG")])
def test_without_a_service_it_says_where_nobody_answers(run: Run, command: tuple[str, ...]) -> None:
    port = free_port()
    result = run(*command, TONIGHT_METRICS_PORT=str(port))
    assert result.exit_code != 0
    assert f"no service answers at http://127.0.0.1:{port}/" in result.stderr
