"""``tonight serve`` tells its server where to listen, and ends with our exit codes."""

from __future__ import annotations

from typing import Any

import pytest
import uvicorn

from tests.unit.cli.conftest import Run
from tonight.cli.exit_codes import FAILED


def test_the_server_gets_the_address_the_workers_and_the_bounded_protocol(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, Any] = {}
    monkeypatch.setattr(uvicorn, "run", lambda app, **options: told.update(options, app=app))
    result = run("serve", "--host", "localhost", "--port", "0", "--workers", "3")
    assert result.exit_code == 0
    assert (told["host"], told["port"], told["workers"]) == ("localhost", 0, 3)
    assert told["app"] == "tonight.web.app:create_app"
    assert told["loop"] == "asyncio"
    assert told["timeout_graceful_shutdown"] == 30
    assert told["timeout_worker_healthcheck"] == 60
    assert told["http"] == "tonight.web.http_protocol:BoundedHttpProtocol"


@pytest.mark.parametrize(("servers", "ours"), [(3, FAILED), (1, FAILED), (0, 0)])
def test_a_service_that_cannot_start_has_failed(
    run: Run, monkeypatch: pytest.MonkeyPatch, servers: int, ours: int
) -> None:
    def end(*_: object, **__: object) -> None:
        raise SystemExit(servers)

    monkeypatch.setattr(uvicorn, "run", end)
    assert run("serve", "--port", "0").exit_code == ours
