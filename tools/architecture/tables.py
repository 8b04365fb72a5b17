"""The tables of the database, read from what the migrations are held to."""

from __future__ import annotations

from typing import Final

from sqlalchemy import MetaData, Table, UniqueConstraint

from tools.architecture.drawing import MARGIN, WIDTH, box, line, picture, text

_ROW: Final = 24.0
_HEAD: Final = 34.0
_GAP: Final = 26.0


def tables_picture(metadata: MetaData) -> str:
    """Each table with its columns, one below the other; a foreign key is a line at the side."""
    parts: list[str] = []
    rows: dict[str, float] = {}
    y = float(MARGIN)
    left, right = MARGIN + 26.0, float(WIDTH - MARGIN)
    for table in metadata.sorted_tables:
        height = _HEAD + _ROW * len(table.columns) + 8
        parts.append(box(left, y, right - left, height))
        parts.append(text(left + 12, y + 22, table.name, "name code"))
        parts.append(line(left, y + _HEAD - 3, right, y + _HEAD - 3))
        for number, column in enumerate(table.columns):
            at = y + _HEAD + _ROW * number
            rows[f"{table.name}.{column.name}"] = at + 12
            parts.append(text(left + 12, at + 16, column.name, "code small"))
            kind = str(column.type).lower() + ("" if column.nullable else ", not null")
            parts.append(text(left + 168, at + 16, kind, "small soft"))
            parts.append(text(right - 12, at + 16, _role(table, column.name), "small mark", "end"))
        y += height + _GAP
    for number, (source, target) in enumerate(_references(metadata)):
        x = left - 14 - 8 * number
        (a, b) = (rows[source], rows[target])
        parts.append(f'<path class="line" d="M{left:g} {a:g}H{x:g}V{b:g}H{left - 7:g}"/>')
        parts.append(f'<path class="tip" d="M{left - 8:g} {b - 4.5:g}v9L{left:g} {b:g}z"/>')
    return picture("The tables of the database", y - _GAP + MARGIN, parts)


def _role(table: Table, name: str) -> str:
    """What a column is beside a value."""
    column = table.columns[name]
    said = ["key"] if column.primary_key else []
    said += [f"→ {each.target_fullname}" for each in column.foreign_keys]
    together = [
        [each.name for each in unique.columns]
        for unique in sorted(table.constraints, key=lambda each: str(each.name))
        if isinstance(unique, UniqueConstraint) and name in unique.columns
    ]
    for names in together:
        others = [each for each in names if each != name]
        if not others:
            said.append("unique")
        elif names[-1] == name:
            said.append(f"unique with {', '.join(others)}")
    return "; ".join(said)


def _references(metadata: MetaData) -> list[tuple[str, str]]:
    return [
        (f"{table.name}.{column.name}", key.target_fullname)
        for table in metadata.sorted_tables
        for column in table.columns
        for key in sorted(column.foreign_keys, key=lambda each: each.target_fullname)
    ]
