"""``tonight serve``: runs the service."""

from __future__ import annotations

import signal
import sys
from typing import Final

import typer
import uvicorn

from tonight.cli.exit_codes import FAILED
from tonight.cli.listening import why_not
from tonight.cli.messages import complain
from tonight.cli.start import read_settings

#: How long a worker that takes the place of another one may take to start, in seconds.
WORKER_START_SECONDS: Final = 60


def serve(host: str, port: int, workers: int) -> None:
    """Serves the page and the API until it is stopped.

    What can be known to be wrong is said before any process starts.

    Args:
        host: The address to listen at.
        port: The port; 0 takes a free one.
        workers: How many processes serve.

    Raises:
        typer.Exit: A setting is wrong, the address is taken, or the service cannot start.
    """
    settings = read_settings()
    problem = why_not(host, port)
    if problem is not None:
        complain(problem)
        raise typer.Exit(FAILED)
    if sys.platform != "win32":
        # A client that goes away in the middle of an answer must not end the service.
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    try:
        uvicorn.run(
            "tonight.web.app:create_app",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            server_header=False,
            # Our own logs, which name no film; see tonight.observability.logs.
            log_config=None,
            access_log=False,
            # Only the setting says whom to believe; uvicorn would believe this machine.
            proxy_headers=False,
            timeout_graceful_shutdown=settings.shutdown_seconds,
            # By default a new worker that takes more than five seconds to start, as it may on a
            # small or busy machine, ends the replacement of the workers (SIGHUP) half-way.
            timeout_worker_healthcheck=WORKER_START_SECONDS,
            # uvloop takes 7 % less of the CPU, but lets in one connection a turn of its loop: when
            # the service is full, new viewers wait for seconds where nobody can turn them away.
            loop="asyncio",
            http="tonight.web.http_protocol:BoundedHttpProtocol",
        )
    except SystemExit as stopped:
        # uvicorn's codes mean something else than ours; it has said what was wrong.
        raise typer.Exit(FAILED if stopped.code else 0) from stopped
