"""Whether all that one JSON schema allows, another allows too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]

_ALL_TYPES: Final = ("array", "boolean", "null", "number", "object", "string")
#: What makes a schema narrower the higher it is, and what the lower.
_LOWEST: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_HIGHEST: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
#: What makes a schema narrower by being there; a different value counts as narrower too.
_AS_IT_IS: Final = ("pattern", "format", "multipleOf", "contentMediaType")
_KNOWN: Final = {
    *("type", "enum", "const", "anyOf", "oneOf", "properties", "required", "items"),
    *("additionalProperties", "uniqueItems", "$ref"),
    *_LOWEST,
    *_HIGHEST,
    *_AS_IT_IS,
    # They say something, and forbid nothing.
    *("title", "description", "default", "example", "examples", "deprecated", "$defs"),
    *("readOnly", "writeOnly"),
}
#: How deep schemas are followed; those that contain themselves have no end.
_DEEPEST: Final = 12


class Pair:
    """Two schemas with the documents in which their references lead somewhere.

    ``fields_may_come`` says that whoever reads ignores the fields that he does not know, even
    where the second schema has no place for them.
    """

    def __init__(
        self,
        wide: Schema,
        wide_in: Schema,
        tight: Schema,
        tight_in: Schema,
        *,
        fields_may_come: bool = False,
    ) -> None:
        self.wide = resolved(wide, wide_in)
        self.wide_in = wide_in
        self.tight = resolved(tight, tight_in)
        self.tight_in = tight_in
        self.fields_may_come = fields_may_come

    def inner(self, wide: Schema, tight: Schema) -> Pair:
        """A pair of parts of these."""
        come = self.fields_may_come
        return Pair(wide, self.wide_in, tight, self.tight_in, fields_may_come=come)


def resolved(schema: Schema | bool, document: Schema) -> dict[str, Any]:
    """A schema without a reference at its top; ``True`` allows everything, ``False`` nothing."""
    if isinstance(schema, bool):
        return {} if schema else {"enum": []}
    seen: set[str] = set()
    out = dict(schema)
    while "$ref" in out and out["$ref"] not in seen:
        seen.add(out["$ref"])
        target: Any = document
        for part in out.pop("$ref").removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        out = {**target, **out}
    return out


def lost(pair: Pair, place: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """What the first schema allows and the second does not: places and what is lost there.

    Nothing is only answered when nothing is lost. What is not understood counts as lost when it
    differs, so the answer may be too careful, and says so.
    """
    if depth > _DEEPEST:
        return
    wide, tight = pair.wide, pair.tight
    if any(key in wide or key in tight for key in ("anyOf", "oneOf")):
        yield from _lost_variants(pair, place, depth)
        return
    yield from _lost_values(wide, tight, place)
    yield from _lost_bounds(wide, tight, place)
    for key in sorted({*wide, *tight} - _KNOWN):
        if not key.startswith("x-") and wide.get(key) != tight.get(key):
            yield place, f"`{key}` differs, and what that means is not known here"
    if "object" in _types(wide):
        yield from _lost_properties(pair, place, depth)
    if "array" in _types(wide) and "items" in tight:
        inner = pair.inner(wide.get("items", {}), tight["items"])
        yield from lost(inner, f"{place}[]", depth + 1)


def _types(schema: Schema) -> tuple[str, ...]:
    named = schema.get("type", _ALL_TYPES)
    return (named,) if isinstance(named, str) else tuple(named)


def _lost_values(wide: Schema, tight: Schema, place: str) -> Iterator[tuple[str, str]]:
    allowed = set(_types(tight))
    if "number" in allowed:
        allowed.add("integer")
    if "enum" not in wide and "const" not in wide:
        for gone in (name for name in _types(wide) if name not in allowed):
            yield place, f"type {gone}"
    before, after = _values(wide), _values(tight)
    if before is not None:
        own = {*_types(wide)} | ({"integer"} if "number" in _types(wide) else set())
        before = {text for text in before if _type_of(json.loads(text)) in own}
        fitting = {text for text in before if _type_of(json.loads(text)) in allowed}
        for value in sorted(before - (fitting if after is None else fitting & after)):
            yield place, f"value {value}"
    elif after is not None:
        yield place, f"every value but {', '.join(sorted(after)) or 'none'}"


def _values(schema: Schema) -> set[str] | None:
    if "const" in schema:
        return {json.dumps(schema["const"])}
    if "enum" in schema:
        return {json.dumps(value) for value in schema["enum"]}
    return None


def _type_of(value: object) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer"}
    return names.get(type(value), "null" if value is None else "number")


def _lost_bounds(wide: Schema, tight: Schema, place: str) -> Iterator[tuple[str, str]]:
    for key in _LOWEST:
        if key in tight and wide.get(key, float("-inf")) < tight[key]:
            yield place, f"less than {key} {tight[key]:g} (was {wide.get(key, 'free')})"
    for key in _HIGHEST:
        if key in tight and wide.get(key, float("inf")) > tight[key]:
            yield place, f"more than {key} {tight[key]:g} (was {wide.get(key, 'free')})"
    for key in _AS_IT_IS:
        if key in tight and wide.get(key) != tight[key]:
            yield place, f"what has not the {key} {tight[key]} (was {wide.get(key, 'free')})"
    if tight.get("uniqueItems") and not wide.get("uniqueItems"):
        yield place, "items that are the same"


def _lost_properties(pair: Pair, place: str, depth: int) -> Iterator[tuple[str, str]]:
    wide, tight = pair.wide, pair.tight
    for name in sorted({*tight.get("required", ())} - {*wide.get("required", ())}):
        yield f"{place}.{name}", "being left out"
    others = tight.get("additionalProperties", True)
    if others is False and pair.fields_may_come:
        others = True
    known = tight.get("properties", {})
    for name, schema in wide.get("properties", {}).items():
        inner = pair.inner(schema, known.get(name, others))
        if name not in known and others is False:
            yield f"{place}.{name}", "being there"
        else:
            yield from lost(inner, f"{place}.{name}", depth + 1)
    unnamed = wide.get("additionalProperties", True)
    if unnamed is not False:
        for name in sorted({*known} - {*wide.get("properties", {})}):
            yield from lost(pair.inner(unnamed, known[name]), f"{place}.{name}", depth + 1)
        if others is False:
            yield place, "fields of other names"
            return
        yield from lost(pair.inner(unnamed, others), f"{place}.*", depth + 1)


def _lost_variants(pair: Pair, place: str, depth: int) -> Iterator[tuple[str, str]]:
    for variant in _variants(pair.wide, pair.wide_in):
        shortest: list[tuple[str, str]] | None = None
        for candidate in _variants(pair.tight, pair.tight_in):
            found = list(lost(pair.inner(variant, candidate), place, depth + 1))
            if shortest is None or len(found) < len(shortest):
                shortest = found
        yield from shortest if shortest is not None else [(place, "everything")]


def _variants(schema: Schema, document: Schema) -> list[Schema]:
    """The alternatives that a schema names; one that names none is its own."""
    for key in ("anyOf", "oneOf"):
        if key in schema:
            rest = {name: value for name, value in schema.items() if name != key}
            return [
                inner
                for each in schema[key]
                for inner in _variants({**rest, **resolved(each, document)}, document)
            ]
    named = schema.get("type", ())
    if isinstance(named, list):
        return [{**schema, "type": name} for name in named]
    return [schema]
