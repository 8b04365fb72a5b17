"""``tonight serve``: runs the service."""

from __future__ import annotations

from typing import Annotated

import typer
import uvicorn

from tonight.settings import Settings


def serve(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen at.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that serve.")] = 1,
) -> None:
    """Serve the page and the API."""
    Settings.read()  # a wrong setting is said here, before any process starts
    uvicorn.run(
        "tonight.web.app:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        server_header=False,
    )
