"""The methods that an address takes, as the answer to another method names them."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.routing import Match, Mount

#: In the order in which they are named; HEAD follows from GET (``head_requests.py``).
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")


def allowed_methods(request: Request) -> str:
    """The value of ``Allow`` for an address: a route knows its own methods, this all of them.

    Args:
        request: It was refused for its method, so costing a look at every route is no harm.
    """
    asked = {
        **{name: request.scope[name] for name in ("type", "path", "headers")},
        # Below what is mounted the other one ends where that begins.
        "root_path": request.scope.get("app_root_path", request.scope.get("root_path", "")),
    }
    routes = [route for route in request.app.routes if not isinstance(route, Mount)]
    found = [
        method
        for method in _METHODS
        if any(route.matches({**asked, "method": method})[0] is Match.FULL for route in routes)
    ]
    # What is mounted are files, which take nothing else.
    return ", ".join(found or ["GET"]).replace("GET", "GET, HEAD")
