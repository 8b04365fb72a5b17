"""The parameters of ``GET /movie``: read from its query string, and listed for its document."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl

from tonight.domain.errors import InvalidParameter, InvalidRequestError
from tonight.services.catalogue import Catalogue
from tonight.services.movie_query import TimelessQuery, read_movie_query
from tonight.services.query_parameters import PARAMETERS

_N_KEPT: Final = 256


def read_query_string(query: bytes) -> dict[str, list[str]]:
    """The values of each parameter by its name, in the order of the query string.

    Parameters with an empty value count as not given: that is what a form sends for a field that
    was left alone.

    Raises:
        InvalidRequestError: It is not percent-encoded UTF-8.
    """
    texts: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(query.decode("ascii"), errors="strict")
    except ValueError:
        error = InvalidParameter("query", "must be percent-encoded UTF-8")
        raise InvalidRequestError((error,)) from None
    for name, text in pairs:
        texts.setdefault(name, []).append(text)
    return texts


def queries_of(catalogue: Catalogue) -> Callable[[bytes], TimelessQuery]:
    """Understands query strings; the last few hundred are kept, as viewers repeat themselves.

    Returns:
        Takes a query string; raises ``InvalidRequestError`` with every reason at once.
    """

    @lru_cache(maxsize=_N_KEPT)
    def read(query: bytes) -> TimelessQuery:
        return read_movie_query(read_query_string(query), catalogue)

    return read


def openapi_parameters() -> list[dict[str, Any]]:
    """The parameters as the OpenAPI document lists them."""
    return [
        {
            "name": parameter.name,
            "in": "query",
            "required": False,
            "description": parameter.description,
            "schema": {
                "type": "array",
                "items": dict(parameter.schema),
                "maxItems": parameter.max_values,
            }
            if parameter.repeatable
            else dict(parameter.schema),
            "example": parameter.example,
        }
        for parameter in PARAMETERS
    ]
