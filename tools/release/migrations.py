"""Whether the release before can live with a migration: it runs beside it, and comes back to it.

During a deploy both releases use one database, and a rollback leaves the newer schema in place. So
a migration may only add; ``contracts.py`` says when one may drop. What it does must be seen in its
text: what cannot be read is refused.
"""

from __future__ import annotations

import ast
import re
from typing import Final

#: Operations of Alembic that only add.
_ADDS: Final = frozenset(
    (
        *("create_table", "create_index", "add_column", "batch_alter_table", "execute"),
        *("f", "get_bind", "get_context"),
    )
)

#: Operations that drop what their arguments name; all else that takes away is told too little of.
_DROPS: Final = frozenset(("drop_table", "drop_column"))

#: Statements that add nothing, or forbid what was allowed, in SQL that a migration executes.
_TAKES_AWAY: Final = re.compile(
    r"\b(DROP|RENAME|TRUNCATE|DELETE|SET\s+NOT\s+NULL|ADD\s+CONSTRAINT|CREATE\s+UNIQUE"
    r"|ALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE)\b",
    re.IGNORECASE,
)

#: Ways to execute SQL, whatever has them.
_EXECUTES: Final = frozenset(("execute", "exec_driver_sql", "executemany", "executescript"))


def incompatible(source: str) -> list[str]:
    """What in a migration the release before cannot live with, a sentence each.

    Args:
        source: The migration's text.
    """
    return _beyond(_ADDS, source)


def adds_or_drops(source: str) -> list[str]:
    """What a migration does beyond adding and dropping tables and columns, a sentence each."""
    unread = [
        f"line {call.lineno}: what is dropped does not stand there; write it out"
        for call, name in _drops(_nodes(source))
        if name is None
    ]
    return _beyond(_ADDS | _DROPS, source) + unread


def dropped(source: str) -> list[str]:
    """What a migration drops: ``table``, or ``table.column``; only what is written out."""
    return [name for _, name in _drops(_nodes(source)) if name is not None]


def _nodes(source: str) -> list[ast.AST]:
    # Only a downgrade is left out: nothing is ever downgraded in use.
    parts = [part for part in ast.parse(source).body if getattr(part, "name", "") != "downgrade"]
    return [node for part in parts for node in ast.walk(part)]


def _drops(nodes: list[ast.AST]) -> list[tuple[ast.Call, str | None]]:
    """The calls that drop, with what they drop where it is written out."""
    tables: dict[str, str | None] = {}
    for name, table in (each for node in nodes for each in _named_by_a_batch(node).items()):
        # One name for two tables does not say which of them loses something.
        tables[name] = table if tables.get(name, table) == table else None
    found: list[tuple[ast.Call, str | None]] = []
    for call in (node for node in nodes if isinstance(node, ast.Call)):
        function = call.func
        if not isinstance(function, ast.Attribute) or function.attr not in _DROPS:
            continue
        names = [_written_out(argument) for argument in call.args]
        if isinstance(function.value, ast.Name) and function.value.id in tables:
            names.insert(0, tables[function.value.id])
        n_named = 1 if function.attr == "drop_table" else 2
        named = [name for name in names if name is not None]
        found.append((call, ".".join(named) if len(named) == len(names) == n_named else None))
    return found


def _beyond(allowed: frozenset[str], source: str) -> list[str]:
    nodes = _nodes(source)
    operations = {"op", "batch_op", *(name for node in nodes for name in _named_by_a_batch(node))}
    calls = sorted(
        (node for node in nodes if isinstance(node, ast.Call)), key=lambda call: call.lineno
    )
    found = [
        f"line {node.lineno}: write `from alembic import op`, so that what is done with it is seen"
        for node in nodes
        if isinstance(node, (ast.Import, ast.ImportFrom)) and _hides_op(node)
    ]
    each_call = (_incompatible(call, operations, allowed) for call in calls)
    return found + [each for each in each_call if each is not None]


def _hides_op(node: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import gives Alembic's operations another name than ``op``."""
    if isinstance(node, ast.Import):
        return any(each.name.partition(".")[0] == "alembic" for each in node.names)
    if node.module == "alembic":
        return any(each.name == "op" and each.asname not in (None, "op") for each in node.names)
    return node.module == "alembic.op"


def _named_by_a_batch(node: ast.AST) -> dict[str, str | None]:
    """What ``with op.batch_alter_table(...) as`` names, with the table where it is written out."""
    if not isinstance(node, ast.With):
        return {}
    return {
        item.optional_vars.id: _written_out(item.context_expr)
        for item in node.items
        if isinstance(item.optional_vars, ast.Name) and "batch_alter_table" in ast.dump(item)
    }


def _incompatible(call: ast.Call, operations: set[str], allowed: frozenset[str]) -> str | None:
    function = call.func
    if not isinstance(function, ast.Attribute):
        return None
    line = f"line {call.lineno}"
    if function.attr in _EXECUTES:
        return _incompatible_sql(call, line)
    if not isinstance(function.value, ast.Name) or function.value.id not in operations:
        return None
    why = _not_adding(call, function.attr, allowed)
    return why and f"{line}: {why}"


def _not_adding(call: ast.Call, operation: str, allowed: frozenset[str]) -> str | None:
    """What one of Alembic's operations does beyond adding."""
    if operation not in allowed:
        return f"{operation} does not only add"
    options = {each.arg: each.value for each in call.keywords}
    if operation == "create_index" and not _is_false(options.get("unique")):
        return "a unique index refuses what the release before may write"
    if operation == "add_column" and _is_required(call):
        return "a column that must be given breaks who does not know it; give a default"
    return None


def _incompatible_sql(call: ast.Call, line: str) -> str | None:
    text = _written_out(call.args[0]) if call.args else None
    if text is None:
        return f"{line}: what is executed does not stand there; write it out"
    taken = _TAKES_AWAY.search(text)
    return taken and f"{line}: {taken[0].upper()} does not only add"


def _written_out(node: ast.expr) -> str | None:
    """A text, or that in a call such as ``sa.text(...)``; ``None`` where it is put together."""
    if isinstance(node, ast.Call):
        return _written_out(node.args[0]) if node.args else None
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _is_false(value: ast.expr | None) -> bool:
    """Whether an option was left out, or is said to be off."""
    return value is None or (isinstance(value, ast.Constant) and not value.value)


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
