"""The manifest of a model: what it is, where it comes from, what its files must be."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

#: The layout of the folder and of the manifest; raised when older code could misread a newer one.
FORMAT_VERSION: Final = 1

#: Names become file names: nothing that a file system could take for a path or fold together.
ARRAY_NAME: Final = re.compile(r"[a-z][a-z0-9_]*(?:[.-][a-z0-9_]+)*")


@dataclass(frozen=True, slots=True)
class ArrayFile:
    """What one array's file must be.

    Attributes:
        dtype: NumPy's name of the type with its byte order (``<f4``).
        shape: The lengths of the axes.
        n_bytes: The size of the file, header included.
        sha256: The hexadecimal digest of the file.
    """

    dtype: str
    shape: tuple[int, ...]
    n_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a model is and where it comes from.

    Attributes:
        algorithm: Which code can read the arrays.
        parameters: Every constant of the model, as JSON values.
        metrics: What was measured when it was trained.
        data_sha256: The digest of the data that it was trained on.
        code_version: The release that trained it.
        created_at: When it was trained, with a time zone.
        refused: Why it was not published when it was trained, if so.
        forced: Why somebody published it although it was refused, if so.
    """

    algorithm: str
    parameters: Mapping[str, object]
    metrics: Mapping[str, float]
    data_sha256: str
    code_version: str
    created_at: datetime
    refused: str | None = None
    forced: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest(Description):
    """A model's description, and what its files must be.

    Attributes:
        arrays: The files by the name of the array.
        format_version: The layout that it was written in.
    """

    arrays: Mapping[str, ArrayFile]
    format_version: int = FORMAT_VERSION

    def encode(self) -> bytes:
        """The manifest as canonical JSON: equal manifests give equal bytes.

        Raises:
            ValueError: A parameter or a metric is no JSON value, or not finite.
            TypeError: Likewise.
        """
        document: dict[str, object] = {
            "format_version": self.format_version,
            "algorithm": self.algorithm,
            "parameters": dict(self.parameters),
            "metrics": dict(self.metrics),
            "data_sha256": self.data_sha256,
            "code_version": self.code_version,
            "created_at": self.created_at.isoformat(),
            "arrays": {
                name: {
                    "dtype": array.dtype,
                    "shape": list(array.shape),
                    "n_bytes": array.n_bytes,
                    "sha256": array.sha256,
                }
                for name, array in self.arrays.items()
            },
        }
        reasons = {"refused": self.refused, "forced": self.forced}
        document |= {name: reason for name, reason in reasons.items() if reason is not None}
        text = json.dumps(document, allow_nan=False, ensure_ascii=False, indent=2, sort_keys=True)
        return text.encode() + b"\n"


def digest(encoded: bytes) -> str:
    """The twelve hexadecimal digits that end the name of a version."""
    return hashlib.sha256(encoded).hexdigest()[:12]


def read_format_version(encoded: bytes) -> int:
    """Which layout a manifest was written in.

    Raises:
        ValueError: It is no manifest at all.
    """
    document = json.loads(encoded)
    match document:
        case {"format_version": int(version)} if not isinstance(version, bool):
            return version
    raise ValueError("it has no format_version")


def decode(encoded: bytes) -> Manifest:
    """Reads a manifest of this layout.

    Raises:
        ValueError: A field is missing or of the wrong kind.
    """
    document = json.loads(encoded)
    match document:
        case {
            "format_version": int(format_version),
            "algorithm": str(algorithm),
            "parameters": dict(parameters),
            "metrics": dict(metrics),
            "data_sha256": str(data_sha256),
            "code_version": str(code_version),
            "created_at": str(created_at),
            "arrays": dict(arrays),
        }:
            return Manifest(
                algorithm=algorithm,
                parameters=parameters,
                metrics=metrics,
                data_sha256=data_sha256,
                code_version=code_version,
                created_at=datetime.fromisoformat(created_at),
                arrays={name: _array_file(name, entry) for name, entry in arrays.items()},
                format_version=format_version,
                refused=_reason(document, "refused"),
                forced=_reason(document, "forced"),
            )
    raise ValueError("a field is missing or of the wrong kind")


def _reason(document: Mapping[str, object], name: str) -> str | None:
    reason = document.get(name)
    if reason is None or isinstance(reason, str):
        return reason
    raise ValueError(f"{name} is no text")


def _array_file(name: str, entry: object) -> ArrayFile:
    if ARRAY_NAME.fullmatch(name) is None:
        raise ValueError(f"{name!r} cannot name an array")
    match entry:
        case {
            "dtype": str(dtype),
            "shape": list(shape),
            "n_bytes": int(n_bytes),
            "sha256": str(sha256),
        } if all(isinstance(length, int) for length in shape):
            return ArrayFile(dtype=dtype, shape=tuple(shape), n_bytes=n_bytes, sha256=sha256)
    raise ValueError(f"the entry of the array {name!r} is not complete")
