"""The keys that sign the cookies: made at the first start, shared by all workers, rotatable.

The file holds one key a line, the newest first. The newest one signs; the others still verify,
so that a rotation forgets nobody.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock

from tonight.domain.errors import SigningKeyError
from tonight.storage.durable_files import replace_privately

#: The least length of a key; in base64 that is 192 bits.
MIN_CHARACTERS: Final = 32

#: How many keys a rotation leaves in the file.
KEEP: Final = 3

_N_BYTES: Final = 32


def load_or_create_keys(path: Path) -> tuple[str, ...]:
    """The keys of the file, the newest first; the first process to come makes the file.

    A file that others can read is refused and not mended: whoever may have read the key can sign
    cookies with it, and that is for the operator to judge.

    (Mind that itsdangerous wants the newest key *last*.)

    Raises:
        SigningKeyError: The file cannot be read or written, others can read it, or it does not
            hold keys; the message says what to do.
    """
    with _alone(path):
        if not path.exists():
            _write(path, [secrets.token_urlsafe(_N_BYTES)])
        return read_keys(path)


def rotate_keys(path: Path, keep: int = KEEP) -> tuple[str, ...]:
    """Puts a new key before those of the file and drops all but ``keep``.

    Workers that run go on with the keys that they have read: restart them, the sooner the
    better, since they do not know the new key yet.

    Returns:
        The keys, the newest first.

    Raises:
        SigningKeyError: As in ``load_or_create_keys``.
    """
    with _alone(path):
        old = read_keys(path) if path.exists() else ()
        _write(path, [secrets.token_urlsafe(_N_BYTES), *old][:keep])
        return read_keys(path)


def read_keys(path: Path) -> tuple[str, ...]:
    """The keys of an existing file, the newest first.

    Raises:
        SigningKeyError: As in ``load_or_create_keys``.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        content = path.read_text("ascii", errors="replace")
    except OSError as error:
        raise SigningKeyError(f"{path} cannot be read: {error.strerror}") from error
    if os.name == "posix" and mode & 0o077:
        raise SigningKeyError(
            f"{path} has the mode {mode:04o}, so that others than its owner may have read the "
            f"keys. If nobody did, run: chmod 600 '{path}'. Else remove it: a new key is made at "
            "the next start, and viewers begin anew"
        )
    try:
        return _checked(content.split("\n")[:-1])
    except SigningKeyError as error:
        raise SigningKeyError(
            f"{path} does not hold keys: {error}. Put a copy in its place, or remove it: a new "
            "key is made at the next start, and viewers begin anew"
        ) from error


def _checked(keys: Sequence[str]) -> tuple[str, ...]:
    """The keys, if they can be used; the message of the error never holds one."""
    if not keys:
        raise SigningKeyError("there is no whole line")
    for position, key in enumerate(keys, start=1):
        if len(key) < MIN_CHARACTERS or not key.isascii() or not key.isprintable() or " " in key:
            raise SigningKeyError(
                f"key {position} is not {MIN_CHARACTERS} or more letters, digits and signs"
            )
    if len(set(keys)) < len(keys):
        raise SigningKeyError("the same key stands there twice")
    return tuple(keys)


def _write(path: Path, keys: Sequence[str]) -> None:
    replace_privately(path, "".join(f"{key}\n" for key in keys).encode("ascii"))


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(path.with_name(f"{path.name}.lock")):
            yield
    except OSError as error:
        raise SigningKeyError(f"{path} cannot be written: {error.strerror}") from error
