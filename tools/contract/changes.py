"""What breaks between two OpenAPI documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tools.contract.schemas import Pair, lost, resolved

Document = Mapping[str, Any]

_METHODS: Final = ("get", "put", "post", "delete", "patch", "head", "options")


@dataclass(frozen=True, slots=True)
class Break:
    """Something that a client may rely on, and that is no more.

    Attributes:
        operation_id: The operation as consumers name it.
        operation: The same as people read it: ``GET /movie``.
        what: What is lost.
    """

    operation_id: str
    operation: str
    what: str


def breaks(before: Document, after: Document, today: date) -> list[Break]:
    """Everything that a client of the first document can no longer rely on in the second.

    What was marked as deprecated, and whose ``x-sunset`` has come, may go.
    """
    found: list[Break] = []
    for path, item in before["paths"].items():
        for method in _METHODS:
            if method not in item:
                continue
            operation = item[method]
            new = after["paths"].get(path, {}).get(method)
            name = f"{method.upper()} {path}"
            if new is None:
                if not _may_go(operation, today):
                    found.append(Break(operation.get("operationId", name), name, "is gone"))
                continue
            found += (
                Break(operation.get("operationId", name), name, what)
                for what in _lost_in(operation, new, before, after, today)
            )
    return found


def _may_go(part: Document, today: date) -> bool:
    sunset = part.get("x-sunset")
    return bool(part.get("deprecated") and sunset and date.fromisoformat(sunset) <= today)


def _lost_in(
    old: Document, new: Document, before: Document, after: Document, today: date
) -> Iterator[str]:
    if old.get("operationId") != new.get("operationId"):
        yield f"its operationId was {old.get('operationId')}: generated clients name it so"
    yield from _lost_parameters(old, new, before, after, today)
    yield from _lost_body(old, new, before, after)
    yield from _lost_responses(old, new, before, after)


def _lost_parameters(
    old: Document, new: Document, before: Document, after: Document, today: date
) -> Iterator[str]:
    known, now = _parameters(old, before), _parameters(new, after)
    for key, parameter in known.items():
        said = f"{key[0]} parameter `{key[1]}`"
        if key not in now:
            if not _may_go(parameter, today):
                yield f"{said} is gone"
            continue
        if now[key].get("required") and not parameter.get("required"):
            yield f"{said} is required now"
        yield from (
            f"{said}{what}" for what in _lost_in_parameter(parameter, now[key], before, after)
        )
    for key, parameter in now.items():
        if key not in known and parameter.get("required"):
            yield f"{key[0]} parameter `{key[1]}` is new and required"


def _lost_in_parameter(
    old: Document, new: Document, before: Document, after: Document
) -> Iterator[str]:
    schema, other = old.get("schema", {}), new.get("schema", {})
    for place, what in lost(Pair(schema, before, other, after)):
        yield f"{place} no longer takes: {what}"
    default, later = schema.get("default"), other.get("default")
    if default != later:
        yield f" had the default {default!r}, now {later!r}"
    for style in ("style", "explode"):
        if old.get(style) != new.get(style):
            yield f" is written in another way ({style})"


def _parameters(operation: Document, document: Document) -> dict[tuple[str, str], Document]:
    parameters = (resolved(each, document) for each in operation.get("parameters", ()))
    return {(each["in"], each["name"]): each for each in parameters}


def _lost_body(old: Document, new: Document, before: Document, after: Document) -> Iterator[str]:
    body, now = old.get("requestBody"), new.get("requestBody")
    if now is not None and now.get("required") and not (body or {}).get("required"):
        yield "a body is required now"
    if body is None:
        return
    if now is None:
        yield "a body is no longer taken"
        return
    for media, content in body["content"].items():
        if media not in now["content"]:
            yield f"a body as {media} is no longer taken"
            continue
        pair = Pair(
            content.get("schema", {}), before, now["content"][media].get("schema", {}), after
        )
        for place, what in lost(pair):
            yield f"the body{place} no longer takes: {what}"


def _lost_responses(
    old: Document, new: Document, before: Document, after: Document
) -> Iterator[str]:
    for status, response in old["responses"].items():
        if status not in new["responses"]:
            yield f"it no longer answers {status}"
            continue
        now = resolved(new["responses"][status], after)
        for header in resolved(response, before).get("headers", {}):
            if header not in now.get("headers", {}):
                yield f"{status} has no header {header} any more"
        for media, content in resolved(response, before).get("content", {}).items():
            if media not in now.get("content", {}):
                yield f"{status} is no longer answered as {media}"
                continue
            schema, other = content.get("schema", {}), now["content"][media].get("schema", {})
            # The other way round: a client copes with what it was told, and with nothing more.
            pair = Pair(other, after, schema, before, fields_may_come=True)
            for place, what in lost(pair):
                yield f"{status} {media}{place} may now be what it never was: {what}"
            for place in _gone(schema, before, other, after):
                yield f"{status} {media}{place} is gone"


def _gone(
    schema: Document, before: Document, other: Document, after: Document, depth: int = 0
) -> Iterator[str]:
    """Fields of an answer that are described no more, whether or not they always were there."""
    if depth > 8:
        return
    old, new = resolved(schema, before), resolved(other, after)
    for name, field in old.get("properties", {}).items():
        if name in new.get("properties", {}):
            inner = new["properties"][name]
            for place in _gone(field, before, inner, after, depth + 1):
                yield f".{name}{place}"
        elif new.get("properties") is not None and name not in old.get("required", ()):
            yield f".{name}"
    if "items" in old and "items" in new:
        for place in _gone(old["items"], before, new["items"], after, depth + 1):
            yield f"[]{place}"
