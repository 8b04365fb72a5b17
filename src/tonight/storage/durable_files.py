"""Files that are whole or not there, whatever happens to the process or the power."""

from __future__ import annotations

import os
from pathlib import Path


def replace_privately(path: Path, content: bytes) -> None:
    """Writes a file that only its owner can read, in one step, in place of what was there.

    Only one process at a time may do this to a file.

    Raises:
        OSError: The folder cannot be written; what was there is as it was.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder survive the loss of power, where the system can (not Windows)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
