"""HEAD, which FastAPI's routes leave out; link checkers and monitors ask for nothing more."""

from __future__ import annotations

from collections.abc import Awaitable

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadRequests:
    """Answers HEAD like GET, without the body (RFC 9110, section 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Handles one connection, or the start and stop of the application."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            return self._without_body(scope, receive, send)
        # Handed on as it is: every other request would pay for a coroutine that only waits.
        return self._app(scope, receive, send)

    async def _without_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # A copy: the server looks at its own to know that no body follows.
        asked = {**scope, "method": "GET"}
        try:
            await self._app(asked, receive, send_head)
        finally:
            # What is counted and logged further out goes by the route.
            if "route" in asked:
                scope["route"] = asked["route"]
