"""The second step of a change of the schema: what no release uses any more is removed.

A migration that removes says which release was the last to need it::

    contracts_after = "0.4.0"

It may run where every release in use is later than that, and is the end of the way back: to 0.4.0
and older ones nothing leads any more. ``doc/release.md`` says how it is released.
"""

from __future__ import annotations

import ast
import re
from typing import Final

from tools.release.migrations import adds_or_drops, dropped, incompatible

MARK: Final = "contracts_after"

_VERSION: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)")


def is_later(version: str, than: str) -> bool:
    """Whether a release is later than another; never where one of them is no ``X.Y.Z``."""
    first, second = (_VERSION.fullmatch(each) for each in (version, than))
    if first is None or second is None:
        return False
    return [int(part) for part in first.groups()] > [int(part) for part in second.groups()]


def contracts_after(source: str) -> str | None:
    """The last release that needs what a migration removes; ``None`` where it has no mark.

    Args:
        source: The migration's text.
    """
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == MARK:
            return str(node.value.value) if isinstance(node.value, ast.Constant) else ""
    return None


def not_for(version: str, source: str) -> list[str]:
    """What in a migration a release cannot live with, a sentence each.

    Args:
        version: The release that is in use, or was the last.
        source: The migration's text.
    """
    found, after = incompatible(source), contracts_after(source)
    if after is None:
        return found
    if not found:
        return [f"it removes nothing: leave {MARK} out"]
    if not _VERSION.fullmatch(after):
        return [f'{MARK} must be a release, such as {MARK} = "0.4.0"']
    if not is_later(version, after):
        return [f"it removes what {after} needs, and {version} is no later release"]
    return adds_or_drops(source)


def still_used(source: str, schema: str) -> list[str]:
    """What a migration drops although a release has it among its tables.

    Args:
        source: The migration's text.
        schema: The text of that release's ``schema.py``.
    """
    used = columns(schema)
    return [name for name in dropped(source) if name in used]


def columns(schema: str) -> set[str]:
    """The tables that a ``schema.py`` has, and their columns as ``table.column``."""
    found = set()
    for table in _calls(ast.parse(schema), "Table"):
        name = _first(table)
        found |= {name} | {f"{name}.{_first(each)}" for each in _calls(table, "Column")}
    return found


def _calls(tree: ast.AST, function: str) -> list[ast.Call]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [call for call in calls if ast.unparse(call.func).rpartition(".")[2] == function]


def _first(call: ast.Call) -> str:
    argument = call.args[0]
    return str(argument.value) if isinstance(argument, ast.Constant) else ast.unparse(argument)
