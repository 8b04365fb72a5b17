"""Verified reading of the embedded files."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from tonight.domain.errors import EmbeddedDataError

#: The format of the files that this reader understands.
FORMAT_VERSION: Final = 1
MANIFEST: Final = "manifest.json"


def base_folder() -> Traversable:
    """Return the folder of the catalogue."""
    return files("tonight.embedded")


def movielens_folder() -> Traversable:
    """Return the folder of everything that comes from MovieLens; it may be missing."""
    return base_folder() / "movielens"


def has_movielens() -> bool:
    """Whether the MovieLens part is there."""
    return (movielens_folder() / MANIFEST).is_file()


def read_manifest(folder: Traversable) -> dict[str, Any]:
    """Return the manifest of ``folder``.

    Raises:
        EmbeddedDataError: It is missing, damaged, or of a format that is not ours.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        version = manifest["format_version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EmbeddedDataError(_message(MANIFEST, "cannot be read")) from error
    if version != FORMAT_VERSION:
        problem = f"has format {version}, this release reads format {FORMAT_VERSION}"
        raise EmbeddedDataError(_message(MANIFEST, problem))
    return dict(manifest)


def read_text(folder: Traversable, name: str) -> str:
    """Return the uncompressed text of a file after checking it against the manifest.

    Raises:
        EmbeddedDataError: The file is missing, damaged, or not the one in the manifest.
    """
    entry = read_manifest(folder)["files"].get(name)
    if entry is None:
        raise EmbeddedDataError(_message(name, "is not in the manifest"))
    try:
        content = gzip.decompress((folder / name).read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise EmbeddedDataError(_message(name, "cannot be read")) from error
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise EmbeddedDataError(_message(name, "is not the file that its manifest names"))
    return content.decode("utf-8")


def _message(name: str, problem: str) -> str:
    return f"embedded data: {name} {problem}; install the package again or run 'make data'"
