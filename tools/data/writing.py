"""The canonical files: equal content is equal bytes, on any machine, at any time."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tonight.domain.movie import Movie
from tools.data.catalogue import Addition


def json_lines(entries: Iterable[Movie | Addition]) -> bytes:
    """Return one JSON object a line, keys sorted, unknown facts left out, UTF-8."""
    lines = (
        canonical_json({name: value for name, value in asdict(entry).items() if _is_known(value)})
        for entry in entries
    )
    return "".join(f"{line}\n" for line in lines).encode()


def _is_known(value: Any) -> bool:
    return value not in (None, (), "") and value is not False


def canonical_json(value: Any) -> str:
    """Return ``value`` as JSON on one line, keys sorted, every script readable."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def csv_lines(header: str, rows: Iterable[tuple[object, ...]]) -> bytes:
    """Return a CSV file of cells that need no quotes."""
    lines = (",".join(str(cell) for cell in row) for row in rows)
    return "".join(f"{line}\n" for line in (header, *lines)).encode()


def write_gzip(path: Path, content: bytes, rows: int) -> dict[str, Any]:
    """Write ``content`` compressed to ``path`` and return the file's entry in the manifest.

    The header holds neither name nor time, so that equal content gives an equal file.
    """
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, compresslevel=9, mtime=0) as file:
        file.write(content)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue())
    return {"rows": rows, "sha256": hashlib.sha256(content).hexdigest()}


def write_manifest(path: Path, manifest: dict[str, Any]) -> None:
    """Write a manifest, indented for readers, keys sorted."""
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=2)
    path.write_text(f"{text}\n", encoding="utf-8")
