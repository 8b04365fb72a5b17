"""Pages that are in no file: the list of decisions, and the operations of ``openapi.json``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

_RULE = re.compile(r"\*\*Rule\.\*\* (.+?)\n\n", re.DOTALL)


def generated(root: Path) -> dict[str, Callable[[], str]]:
    """What writes each of these pages, by its path on the site."""
    return {
        "decisions/index.md": partial(decisions, root / "doc" / "decisions"),
        "reference/operations.md": partial(operations, root / "openapi.json"),
    }


def decisions(folder: Path) -> str:
    """All records with their rules, the newest first."""
    lines = [
        "# Decisions",
        "",
        "What was decided and is hard to take back, each on one page with what was rejected.",
        "",
        "| Record | Rule |",
        "|---|---|",
    ]
    for path in sorted(folder.glob("[0-9]*.md"), reverse=True):
        if path.name.startswith("0000-"):
            continue
        text = path.read_text("utf-8")
        title = text.partition("\n")[0].removeprefix("# ")
        rule = _RULE.search(text)
        said = " ".join(rule[1].split()).replace("|", "\\|") if rule else ""
        lines.append(f"| [{title}]({path.name}) | {said} |")
    return "\n".join(lines) + "\n"


def operations(contract: Path) -> str:
    """Every operation of the contract: what it takes and what it answers."""
    document = json.loads(contract.read_text("utf-8"))
    lines = [
        "# Operations",
        "",
        f"All of [openapi.json](../../openapi.json), version {document['info']['version']}.",
        "[The HTTP interface](api.md) says what of it you can rely on.",
        "",
    ]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            lines += _operation(document, path, method, operation)
    lines += ["## Bodies", ""]
    for name, schema in document["components"]["schemas"].items():
        lines += [f"### {name}", "", *_paragraph(schema.get("description"))]
        if "properties" in schema:
            lines += ["| Field | Type | Meaning |", "|---|---|---|"]
            lines += [
                f"| `{field}` | {_type(each)} | {_cell(each.get('description'))} |"
                for field, each in schema["properties"].items()
            ]
        else:
            lines += [f"{_type(schema)}."]
        lines += [""]
    return "\n".join(lines)


def _operation(document: Any, path: str, method: str, operation: Any) -> Iterator[str]:
    yield from (f"## {method.upper()} {path}", "", f"**{operation['summary']}.**", "")
    yield from _paragraph(operation.get("description"))
    parameters = [_followed(document, each) for each in operation.get("parameters", [])]
    if parameters:
        yield from ("| Parameter | In | Type | Meaning |", "|---|---|---|---|")
        for each in parameters:
            name = f"`{each['name']}`{' (needed)' if each.get('required') else ''}"
            yield (
                f"| {name} | {each['in']} | {_type(each.get('schema', {}))} "
                f"| {_cell(each.get('description'))} |"
            )
        yield ""
    if "requestBody" in operation:
        kinds = _followed(document, operation["requestBody"])["content"]
        yield from (f"Takes {_content(kinds)}.", "")
    yield from ("| Answer | With | When |", "|---|---|---|")
    for status, each in operation["responses"].items():
        answer = _followed(document, each)
        yield (
            f"| {status} | {_content(answer.get('content', {}))} | {_cell(answer['description'])} |"
        )
    yield ""


def _paragraph(text: str | None) -> list[str]:
    return [text, ""] if text else []


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


def _content(kinds: dict[str, Any]) -> str:
    return ", ".join(
        f"`{kind}`" + (f" {_type(each['schema'])}" if "$ref" in each.get("schema", {}) else "")
        for kind, each in kinds.items()
    )


def _followed(document: Any, value: Any) -> Any:
    """What a reference leads to, or the value itself."""
    if "$ref" not in value:
        return value
    for part in value["$ref"].removeprefix("#/").split("/"):
        document = document[part]
    return document


def _type(schema: Any) -> str:
    """A schema in a word or two; a named one leads to its section."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " or ".join(dict.fromkeys(_type(each) for each in schema[key]))
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    kind = schema.get("format") or schema.get("type") or "anything"
    return str(kind)
