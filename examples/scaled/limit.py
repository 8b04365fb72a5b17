"""Beyond what it can do, it says so at once: waiting in a queue helps nobody."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class Limit:
    """Answers 503 while as many requests as allowed are on their way; health always passes."""

    def __init__(self, app: ASGIApp, at_most: int) -> None:
        self._app = app
        self._free = at_most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == "/healthz":
            await self._app(scope, receive, send)
        elif self._free <= 0:
            busy = JSONResponse({"detail": "Busy."}, 503, headers={"Retry-After": "1"})
            await busy(scope, receive, send)
        else:
            self._free -= 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._free += 1
