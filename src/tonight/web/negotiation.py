"""What a client sends and wants: a person's browser or a program, JSON or a form."""

from __future__ import annotations

from functools import lru_cache

from starlette.exceptions import HTTPException
from starlette.requests import Request


def wants_html(request: Request) -> bool:
    """Whether the client would rather have a page than JSON; ``*/*`` means JSON."""
    return prefers_html(request.headers.get("accept", "")[:1_000])


def require_media_type(request: Request, media_type: str) -> None:
    """Makes sure that a body is what it will be read as; a body without a type is not.

    Raises:
        HTTPException: It is something else (415).
    """
    sent = request.headers.get("content-type", "")
    if sent.partition(";")[0].strip().lower() == media_type:
        return
    raise HTTPException(
        415,
        f"Send the body as Content-Type: {media_type}.",
        headers={"Accept": media_type},
    )


@lru_cache(maxsize=128)
def prefers_html(accept: str) -> bool:
    """Whether an ``Accept`` header prefers HTML to JSON (RFC 9110, 12.5.1).

    Of equal qualities the more specific range decides, and JSON where both are named alike.
    """
    ranges: dict[str, float] = {}
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    quality = float(parameter[2:])
                except ValueError:
                    quality = 0.0
        ranges[name] = max(quality, ranges.get(name, 0.0))
    html = _best(ranges, ("text/html", "application/xhtml+xml"), "text/*")
    json = _best(ranges, ("application/json", "application/problem+json"), "application/*")
    return html[0] > 0 and html > json


def _best(ranges: dict[str, float], names: tuple[str, ...], family: str) -> tuple[float, int]:
    named = [ranges[name] for name in names if name in ranges]
    if named:
        return max(named), 2
    if family in ranges:
        return ranges[family], 1
    return ranges.get("*/*", 0.0), 0
