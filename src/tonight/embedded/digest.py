"""Names the embedded data by their content."""

from __future__ import annotations

import hashlib
import json

from tonight.embedded.files import base_folder, has_movielens, movielens_folder, read_manifest


def data_sha256(*, with_movielens: bool) -> str:
    """Return one digest of everything that a model of the embedded data depends on.

    Args:
        with_movielens: Whether the MovieLens part is used; where it is missing it never is.

    Raises:
        EmbeddedDataError: A manifest is missing or damaged.
    """
    folders = [base_folder()]
    if with_movielens and has_movielens():
        folders.append(movielens_folder())
    files = [read_manifest(folder)["files"] for folder in folders]
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
