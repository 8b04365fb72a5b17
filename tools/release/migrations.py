"""Whether the release before can live with a migration: it runs beside it, and comes back to it.

During a deploy both releases use one database, and a rollback leaves the newer schema in place. So
a migration may only add. What nobody uses any more is taken away a release later.
"""

from __future__ import annotations

import ast
import re
from typing import Final

#: Operations of Alembic that only add.
_ADDS: Final = frozenset(
    ("create_table", "create_index", "add_column", "batch_alter_table", "get_bind", "f", "execute")
)

#: Statements that add nothing, in SQL that a migration executes.
_TAKES_AWAY: Final = re.compile(
    r"\b(DROP|RENAME|TRUNCATE|DELETE|SET\s+NOT\s+NULL)\b", re.IGNORECASE
)


def incompatible(source: str) -> list[str]:
    """What in a migration the release before cannot live with, a sentence each.

    Args:
        source: The migration's text.
    """
    tree = ast.parse(source)
    upgrades = [
        each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == "upgrade"
    ]
    calls = [call for each in upgrades for call in ast.walk(each) if isinstance(call, ast.Call)]
    found = (_incompatible(call) for call in sorted(calls, key=lambda call: call.lineno))
    return [each for each in found if each is not None]


def _incompatible(call: ast.Call) -> str | None:
    function = call.func
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return None
    if function.value.id not in ("op", "batch_op"):
        return None
    line = f"line {call.lineno}"
    if function.attr not in _ADDS:
        return f"{line}: {function.attr} does not only add"
    if function.attr == "execute":
        text = " ".join(
            each.value
            for each in ast.walk(call)
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        )
        taken = _TAKES_AWAY.search(text)
        return taken and f"{line}: {taken[0].upper()} does not only add"
    if function.attr == "add_column" and _is_required(call):
        return f"{line}: a column that must be given breaks who does not know it; give a default"
    return None


def _is_required(call: ast.Call) -> bool:
    """Whether a new column may not be left out."""
    for column in (each for each in ast.walk(call) if isinstance(each, ast.Call)):
        options = {each.arg: each.value for each in column.keywords}
        nullable = options.get("nullable")
        if (
            isinstance(nullable, ast.Constant)
            and nullable.value is False
            and "server_default" not in options
        ):
            return True
    return False
