"""What is going to be taken away, and when: said in the contract and in every answer.

A route is given the dates with ``**deprecated(...)``. The contract then has ``deprecated``,
``x-deprecated-since`` and ``x-sunset``; the answers have ``Deprecation`` (RFC 9745), ``Sunset``
(RFC 8594) and a link to what to do instead, problems included.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from typing import Any, Final

from fastapi import FastAPI
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Who relies on something gets at least so long to leave it.
NOTICE: Final = timedelta(days=90)

_SINCE: Final = "x-deprecated-since"
_SUNSET: Final = "x-sunset"
_INSTEAD: Final = "x-deprecation-link"


def deprecated(since: date, sunset: date, instead: str) -> dict[str, Any]:
    """The arguments that make a route a deprecated one.

    Args:
        since: From when on nobody should begin to use it.
        sunset: From when on it may be gone.
        instead: The address of the page that says what to use instead.

    Raises:
        ValueError: There is less time between the two than was promised.
    """
    if sunset - since < NOTICE:
        raise ValueError(f"between {since} and {sunset} there are less than {NOTICE.days} days")
    dates = {_SINCE: since.isoformat(), _SUNSET: sunset.isoformat(), _INSTEAD: instead}
    return {"deprecated": True, "openapi_extra": dates}


def announce(app: FastAPI, routes: Iterable[BaseRoute]) -> None:
    """Lets an application say what is deprecated; where nothing is, requests pay nothing."""
    if any(getattr(route, "deprecated", None) for route in routes):
        app.add_middleware(Deprecations)


class Deprecations:
    """Puts the headers on the answers of deprecated routes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection, or the start and stop of the application."""

        async def send_announced(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = getattr(scope.get("route"), "openapi_extra", None) or {}
                if _SUNSET in extra:
                    message["headers"] = [*message.get("headers", ()), *_headers(extra)]
            await send(message)

        await self._app(scope, receive, send_announced)


def _headers(extra: dict[str, Any]) -> list[tuple[bytes, bytes]]:
    since, sunset = (
        datetime.combine(date.fromisoformat(extra[key]), time(), UTC) for key in (_SINCE, _SUNSET)
    )
    return [
        (b"deprecation", f"@{since.timestamp():.0f}".encode()),
        (b"sunset", format_datetime(sunset, usegmt=True).encode()),
        (b"link", f'<{extra[_INSTEAD]}>; rel="deprecation"'.encode()),
    ]
