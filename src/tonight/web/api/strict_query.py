"""Refuses query parameters that an address does not know or that come twice."""

from __future__ import annotations

from collections import Counter

from fastapi.routing import APIRoute
from starlette.requests import Request

from tonight.domain.errors import InvalidParameter, InvalidRequestError


def only_known_parameters(request: Request) -> None:
    """A dependency of whole routers: what is misspelt is said, never silently left out.

    Raises:
        InvalidRequestError: A parameter is not declared by the route, or is given twice.
    """
    if not request.scope["query_string"]:
        return
    route = request.scope["route"]
    assert isinstance(route, APIRoute)  # noqa: S101 - only our own routers depend on this
    known = {field.alias for field in route.dependant.query_params}
    errors = [
        InvalidParameter(
            name[:100], "unknown parameter" if name not in known else "may be given only once"
        )
        for name, count in Counter(key for key, _ in request.query_params.multi_items()).items()
        if name not in known or count > 1
    ]
    if errors:
        raise InvalidRequestError(errors)
