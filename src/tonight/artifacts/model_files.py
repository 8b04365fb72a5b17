"""Publishes and loads models: one folder a version, one ``.npy`` file an array.

::

    models/
      current                           the name of the version in use
      20261123T201500Z-3f9c2ab41d07/    never changed once it is there
        manifest.json
        <array>.npy

The last part of a version's name is the digest of its manifest, and the manifest holds the
digests of the arrays: the name vouches for every byte. Nothing is ever pickled.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import Final

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from tonight.artifacts import manifest as manifests
from tonight.artifacts.errors import (
    ModelDamagedError,
    ModelForeignError,
    ModelMissingError,
    ModelTooNewError,
    ModelTruncatedError,
)
from tonight.artifacts.manifest import ArrayFile, Description, Manifest
from tonight.domain.errors import ModelArtifactError

#: How many versions stay: the one in use, and two to go back to.
KEEP: Final = 3

_CURRENT: Final = "current"
_LOCK: Final = ".publish.lock"
_MANIFEST: Final = "manifest.json"
_UNFINISHED: Final = ".unfinished"
_VERSION: Final = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{12}")
_ADVICE: Final = "Train again (`tonight train`) to replace it."


@dataclass(frozen=True, slots=True)
class ModelArtifact:
    """A loaded model.

    Attributes:
        version: The name of its folder.
        manifest: What it is.
        arrays: Read-only memory maps by name; the operating system shares their pages between
            the processes that load the same version.
    """

    version: str
    manifest: Manifest
    arrays: Mapping[str, NDArray[np.generic]]


def publish(
    models: Path,
    description: Description,
    arrays: Mapping[str, NDArray[np.generic]],
    keep: int = KEEP,
) -> str:
    """Writes a model and makes it the current one; returns the name of its version.

    One whose description says that it is refused is kept beside the others, and is not made the
    current one.

    Whoever looks at the folder meanwhile, or after the power failed, sees the model from before
    or the whole new one. Publishers wait for each other. Older versions go, but for the newest
    ``keep``; a process that has one of them mapped keeps its pages (POSIX) or its files
    (Windows, where the next publisher tries again).

    Args:
        models: The folder of all models; it is made when missing.
        description: What it is and where it comes from; its seconds are kept, not their fractions.
        arrays: At least one; any type but objects. They are written in C order.
        keep: How many versions stay, at least 1.

    Raises:
        ValueError: An argument is not as said above.
        OSError: The folder cannot be written; what was there is as it was.
    """
    _check_arguments(description, arrays, keep)
    created_at = description.created_at.astimezone(UTC).replace(microsecond=0)
    models.mkdir(parents=True, exist_ok=True)
    with FileLock(models / _LOCK), _unfinished_folder(models) as unfinished:
        manifest = Manifest(
            algorithm=description.algorithm,
            parameters=description.parameters,
            metrics=description.metrics,
            data_sha256=description.data_sha256,
            code_version=description.code_version,
            created_at=created_at,
            refused=description.refused,
            forced=description.forced,
            arrays={
                name: _write_array(unfinished / f"{name}.npy", array)
                for name, array in arrays.items()
            },
        )
        return _finish(models, unfinished, manifest, keep)


def publish_forced(
    models: Path, version: str, reason: str, algorithms: Collection[str], keep: int = KEEP
) -> str:
    """Makes a refused version the current one, as a new version whose manifest says why.

    The arrays are shared with the refused one and take no room, where the disk has hard links.

    Args:
        models: The folder of all models.
        version: The name of a version.
        reason: Why it is to be used all the same.
        algorithms: The algorithms that the caller can read.
        keep: How many versions stay, at least 1.

    Returns:
        The name of the new version.

    Raises:
        ModelArtifactError: It cannot be used.
        OSError: The folder cannot be written; what was there is as it was.
    """
    with FileLock(models / _LOCK):
        manifest = replace(load(models, version, algorithms).manifest, refused=None, forced=reason)
        with _unfinished_folder(models) as unfinished:
            for name in manifest.arrays:
                file = f"{name}.npy"
                try:
                    (unfinished / file).hardlink_to(models / version / file)
                except OSError:
                    shutil.copyfile(models / version / file, unfinished / file)
            return _finish(models, unfinished, manifest, keep)


def point_to(models: Path, version: str, algorithms: Collection[str]) -> None:
    """Makes a version that is there the current one, after every byte of it was checked.

    Raises:
        ModelArtifactError: It cannot be used; what was current still is.
        OSError: The folder cannot be written.
    """
    load(models, version, algorithms)
    with FileLock(models / _LOCK):
        _point_to(models, version)


def load_current(models: Path, algorithms: Collection[str]) -> ModelArtifact | None:
    """Loads the current model; ``None`` when none was ever published.

    Args:
        models: The folder of all models.
        algorithms: The algorithms that the caller can read.

    Raises:
        ModelArtifactError: There is one, but it cannot be used; the message says what to do.
    """
    version = current_version(models)
    while version is not None:
        try:
            return load(models, version, algorithms)
        except ModelMissingError:
            # A publisher may have replaced and pruned it between the two steps.
            newer = current_version(models)
            if newer == version:
                raise
            version = newer
    return None


def current_version(models: Path) -> str | None:
    """The name of the current version; ``None`` when none was ever published.

    Raises:
        ModelDamagedError: The pointer does not hold the name of a version.
        ModelMissingError: The folder cannot be read.
    """
    try:
        version = (models / _CURRENT).read_text("utf-8", errors="replace").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(models / _CURRENT, error) from error
    if _VERSION.fullmatch(version) is None:
        raise ModelDamagedError(f"{models / _CURRENT} does not name a model. {_ADVICE}")
    return version


def list_versions(models: Path) -> list[str]:
    """The names of all published versions, oldest first."""
    return [folder.name for folder in _folders(models) if (folder / _MANIFEST).exists()]


def read_manifest(models: Path, version: str) -> Manifest:
    """What a version is; its arrays are not looked at.

    Raises:
        ModelArtifactError: There is no such version, or its manifest cannot be used.
    """
    if _VERSION.fullmatch(version) is None:
        raise ModelMissingError(f"{version!r} is not the name of a model.")
    return _read_manifest(models / version)


def load(models: Path, version: str, algorithms: Collection[str]) -> ModelArtifact:
    """Loads one version as read-only memory maps, after every byte of it was checked.

    Checking costs about 0.65 ms a megabyte (SHA-256 where the processor has instructions for it)
    and brings the pages into memory, where the first requests need them anyway: it is always done.

    Args:
        models: The folder of all models.
        version: The name of a version.
        algorithms: The algorithms that the caller can read.

    Raises:
        ModelMissingError: There is no such version, or a file of it is gone or unreadable.
        ModelTruncatedError: A file is shorter or longer than it was.
        ModelDamagedError: A file has not the content that was published.
        ModelForeignError: The folder holds something else.
        ModelTooNewError: A newer release wrote it.
    """
    folder = models / version
    manifest = read_manifest(models, version)
    if manifest.algorithm not in algorithms:
        raise ModelForeignError(
            f"{folder} was made by the algorithm {manifest.algorithm!r}, which this release does "
            f"not know. {_ADVICE}"
        )
    arrays = {
        name: _map_array(folder / f"{name}.npy", expected)
        for name, expected in manifest.arrays.items()
    }
    return ModelArtifact(version=version, manifest=manifest, arrays=arrays)


@contextlib.contextmanager
def _unfinished_folder(models: Path) -> Iterator[Path]:
    """A folder to write a version into; what is still there in the end goes."""
    unfinished = models / _UNFINISHED
    if unfinished.exists():  # left behind by a publisher that was killed
        shutil.rmtree(unfinished)
    unfinished.mkdir()
    try:
        yield unfinished
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _finish(models: Path, unfinished: Path, manifest: Manifest, keep: int) -> str:
    encoded = manifest.encode()
    _write_synced(unfinished / _MANIFEST, encoded)
    _sync_folder(unfinished)
    version = f"{manifest.created_at:%Y%m%dT%H%M%SZ}-{manifests.digest(encoded)}"
    if not _is_intact(models, version, manifest.algorithm):
        # The same model of the same second may be there and damaged.
        shutil.rmtree(models / version, ignore_errors=True)
        unfinished.rename(models / version)
    _sync_folder(models)
    if manifest.refused is None:
        _point_to(models, version)
    _prune(models, keep)
    return version


def _check_arguments(
    description: Description, arrays: Mapping[str, NDArray[np.generic]], keep: int
) -> None:
    if keep < 1:
        raise ValueError("keep must be at least 1")
    if description.created_at.tzinfo is None:
        raise ValueError("created_at needs a time zone")
    if not arrays:
        raise ValueError("a model has at least one array")
    for name, array in arrays.items():
        if manifests.ARRAY_NAME.fullmatch(name) is None:
            raise ValueError(f"{name!r} cannot name an array")
        if array.dtype.hasobject or array.dtype.fields is not None:
            raise ValueError(f"the array {name!r} has a type that is not a plain number or text")


def _write_array(path: Path, array: NDArray[np.generic]) -> ArrayFile:
    with path.open("xb") as file:
        np.save(file, np.asarray(array, order="C"), allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    return ArrayFile(
        dtype=array.dtype.str,
        shape=array.shape,
        n_bytes=path.stat().st_size,
        sha256=_sha256(path),
    )


def _read_manifest(folder: Path) -> Manifest:
    try:
        encoded = (folder / _MANIFEST).read_bytes()
    except OSError as error:
        raise _unreadable(folder / _MANIFEST, error) from error
    if manifests.digest(encoded) != folder.name.rpartition("-")[2]:
        raise ModelDamagedError(f"{folder / _MANIFEST} was changed or damaged. {_ADVICE}")
    try:
        format_version = manifests.read_format_version(encoded)
        if format_version > manifests.FORMAT_VERSION:
            raise ModelTooNewError(
                f"{folder} is in format {format_version}, and this release reads up to "
                f"{manifests.FORMAT_VERSION}: a newer release wrote it. Update Tonight, or train "
                "again (`tonight train`)."
            )
        return manifests.decode(encoded)
    except ValueError as error:
        raise ModelForeignError(
            f"{folder / _MANIFEST} is not a model of Tonight: {error}. {_ADVICE}"
        ) from error


def _map_array(path: Path, expected: ArrayFile) -> NDArray[np.generic]:
    try:
        n_bytes = path.stat().st_size
        if n_bytes != expected.n_bytes:
            raise ModelTruncatedError(
                f"{path} has {n_bytes} bytes instead of {expected.n_bytes}. {_ADVICE}"
            )
        if _sha256(path) != expected.sha256:
            raise ModelDamagedError(f"{path} does not have its published content. {_ADVICE}")
        array: NDArray[np.generic] = np.load(path, mmap_mode="r", allow_pickle=False)
    except OSError as error:
        raise _unreadable(path, error) from error
    except (ValueError, EOFError) as error:
        raise ModelForeignError(f"{path} is not an array: {error}. {_ADVICE}") from error
    if array.dtype.str != expected.dtype or array.shape != expected.shape:
        raise ModelForeignError(
            f"{path} holds {array.dtype.str} {array.shape}, and its manifest says "
            f"{expected.dtype} {expected.shape}. {_ADVICE}"
        )
    return array


def _unreadable(path: Path, error: OSError) -> ModelMissingError:
    return ModelMissingError(f"{path} cannot be read: {error.strerror}. {_ADVICE}")


def _is_intact(models: Path, version: str, algorithm: str) -> bool:
    try:
        load(models, version, {algorithm})
    except ModelArtifactError:
        return False
    return True


def _point_to(models: Path, version: str) -> None:
    pointer = models / f"{_CURRENT}.new"
    pointer.unlink(missing_ok=True)
    _write_synced(pointer, version.encode() + b"\n")
    pointer.replace(models / _CURRENT)
    _sync_folder(models)


def _prune(models: Path, keep: int) -> None:
    """Removes what is too old; of the refused ones the newest stays, beside the others."""
    try:
        current = current_version(models)
    except ModelArtifactError:
        current = None
    refused = [version for version in list_versions(models) if _is_refused(models, version)]
    others = [version for version in list_versions(models) if version not in {current, *refused}]
    stay = {current, *others[max(0, len(others) - (keep - 1)) :], *refused[-1:]}
    for folder in _folders(models):
        if folder.name in stay:
            continue
        # The manifest first: a half-removed version is then a missing one, never a damaged one.
        # Where a mapped file cannot be removed the rest of the folder stays for the next time.
        with contextlib.suppress(OSError):
            (folder / _MANIFEST).unlink(missing_ok=True)
            shutil.rmtree(folder)


def _is_refused(models: Path, version: str) -> bool:
    try:
        return _read_manifest(models / version).refused is not None
    except ModelArtifactError:
        return False


def _folders(models: Path) -> list[Path]:
    """The folders of versions, oldest first, half-removed ones included."""
    if not models.is_dir():
        return []
    return sorted(entry for entry in models.iterdir() if _VERSION.fullmatch(entry.name))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Makes the names in a folder survive the loss of power, where the system can (not Windows)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
