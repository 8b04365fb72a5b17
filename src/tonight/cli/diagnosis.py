"""What the service needs, looked at part by part. Nothing is changed."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from tonight.artifacts.model_files import current_version, load_current
from tonight.bootstrap import ALGORITHM, DATABASE, MODELS, SIGNING_KEYS
from tonight.cli.listening import version_of, why_not
from tonight.domain.errors import (
    EmbeddedDataError,
    ModelArtifactError,
    SigningKeyError,
    StorageBusyError,
    StorageError,
    StorageSchemaError,
)
from tonight.embedded import data_sha256, has_movielens, load_catalogue, load_ratings
from tonight.settings import PREFIX, Settings, SettingsError
from tonight.storage.integrity import check_database
from tonight.storage.migration import is_newer_and_will_do
from tonight.storage.signing_keys import read_keys

#: In bytes: a model that is trained, its predecessors and a database that grows.
LITTLE_SPACE: Final = 200_000_000
NO_SPACE: Final = 20_000_000

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one part.

    Attributes:
        name: The part.
        state: ``ok``; ``warn``: it works, but not as well as it could; ``fail``: it does not.
        message: What was found.
        remedy: How to mend it; empty where nothing is wrong.
    """

    name: str
    state: State
    message: str
    remedy: str = ""


def diagnose(host: str, port: int) -> Iterator[Finding]:
    """Looks at every part in turn.

    Without settings that can be read, only what does not depend on them is looked at.

    Args:
        host: Where the service will listen.
        port: Its port.
    """
    settings: Settings | None = None
    try:
        settings = Settings.read()
    except SettingsError as error:
        for line in str(error).splitlines():
            yield Finding("settings", "fail", line, "change or unset the variable")
    if settings is not None:
        names = sorted(name for name in os.environ if name.startswith(PREFIX))
        yield Finding("settings", "ok", f"set: {', '.join(names)}" if names else "all by default")
        yield check_time_zone(settings.timezone, datetime.now(UTC))
        yield check_data_folder(settings.data_dir)
    yield check_embedded_data(with_movielens=settings is None or settings.with_movielens)
    if settings is not None:
        yield check_model(_models_in_use(settings), with_movielens=settings.with_movielens)
        if settings.database_url is None:
            yield check_database_file(settings.data_dir / DATABASE)
        else:
            yield check_postgres(settings.database_url.get_secret_value())
        yield check_signing_keys(settings)
    yield check_port(host, port)


def check_time_zone(name: str | None, now: datetime) -> Finding:
    """Whether the viewers' clock is known."""
    there = now.astimezone(ZoneInfo(name) if name else None)
    message = f"{name or 'the machine'}, where it is {there:%H:%M} ({there:%Z})"
    if name is None and there.utcoffset() == timedelta(0):
        return Finding(
            "time zone",
            "warn",
            f"{PREFIX}TIMEZONE is not set, and this machine's clock runs in UTC",
            f"set {PREFIX}TIMEZONE to the viewers' zone, such as Europe/Berlin; programs that do "
            "not send their time are otherwise understood in UTC",
        )
    return Finding("time zone", "ok", message)


def check_data_folder(folder: Path) -> Finding:
    """Whether the data folder, or the one in which it will be made, can be written."""
    name = "data folder"
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    choose = f"or set {PREFIX}DATA_DIR to a folder that can be written"
    if not place.is_dir():
        return Finding(name, "fail", f"{place} is not a folder", f"move it away, {choose}")
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"\0" * 4096)
        free = shutil.disk_usage(place).free
    except OSError as error:
        return Finding(
            name,
            "fail",
            f"{place} cannot be written: {error.strerror}",
            f"give this user the right to write there and free some space, {choose}",
        )
    if free < NO_SPACE or free < LITTLE_SPACE:
        state: State = "fail" if free < NO_SPACE else "warn"
        return Finding(
            name, state, f"{_megabytes(free)} are left for {folder}", f"free some space, {choose}"
        )
    if os.name == "posix" and stat.S_IMODE(place.stat().st_mode) & 0o002 and place == folder:
        return Finding(
            name, "warn", f"every user of this machine can write {folder}", f"chmod o-w '{folder}'"
        )
    later = "" if place == folder else ", which the first start will make"
    return Finding(name, "ok", f"{folder}{later}; {_megabytes(free)} are left")


def check_embedded_data(*, with_movielens: bool) -> Finding:
    """Whether the embedded files are those that their manifests name."""
    name = "embedded data"
    try:
        n_films = len(load_catalogue(with_movielens=with_movielens))
        ratings = load_ratings() if with_movielens else None
    except EmbeddedDataError as error:
        problem = str(error).removeprefix("embedded data: ")
        return _of_error(name, "fail", problem, "install the package again")
    if ratings is not None:
        return Finding(name, "ok", f"{n_films:,} films, {len(ratings.value):,} ratings")
    if with_movielens and not has_movielens():
        message = f"{n_films:,} films; this package comes without the MovieLens part"
        return Finding(name, "ok", message)
    return Finding(name, "ok", f"{n_films:,} films; MovieLens is switched off")


def _models_in_use(settings: Settings) -> Path:
    own = settings.data_dir / MODELS
    with contextlib.suppress(ModelArtifactError):
        if settings.default_models_dir is not None and current_version(own) is None:
            return settings.default_models_dir
    return own


def check_model(models: Path, *, with_movielens: bool) -> Finding:
    """Whether there is a model of this release's data, and it is whole."""
    try:
        artifact = load_current(models, {ALGORITHM})
        wanted = data_sha256(with_movielens=with_movielens)
    except ModelArtifactError as error:
        return _of_error("model", "warn", error, "train again: tonight train")
    except EmbeddedDataError:
        return Finding(
            "model", "fail", "cannot be compared with the embedded data", "mend those first"
        )
    if artifact is None:
        return Finding("model", "ok", "none yet; the first start trains it")
    if artifact.manifest.data_sha256 != wanted:
        return Finding(
            "model",
            "warn",
            f"{artifact.version} was trained on other data than this release's",
            "train again: tonight train (else the next start does)",
        )
    return Finding("model", "ok", artifact.version)


def check_database_file(database: Path) -> Finding:
    """Whether the database is whole, of a schema of ours, and can be written now."""
    try:
        if not database.exists():
            return Finding("database", "ok", "none yet; the first start makes it")
        migrates = check_database(database)
    except StorageBusyError as error:
        return _of_error("database", "warn", error, "try again in a moment")
    except StorageError as error:
        return _of_unusable(database, error)
    except OSError as error:
        return Finding(
            "database",
            "fail",
            f"{database} cannot be reached: {error.strerror}",
            "give this user the right to read its folder",
        )
    if migrates:
        return Finding("database", "ok", "whole; the next start copies it and changes its schema")
    return Finding("database", "ok", f"whole, {_megabytes(database.stat().st_size)}")


def _of_unusable(database: Path, error: StorageError) -> Finding:
    if isinstance(error, StorageSchemaError) and is_newer_and_will_do(database):
        message = "a newer release wrote it; this one works on it, and makes no backup of it"
        return Finding("database", "warn", message, "go forward again when you can")
    return _of_error("database", "fail", error, "put a copy in its place")


def check_postgres(url: str) -> Finding:
    """Whether PostgreSQL answers, and has a schema that this release can work with."""
    # Imported here: the driver takes time that SQLite does not need.
    from tonight.storage.postgres import without_password  # noqa: PLC0415
    from tonight.storage.postgres_store import open_postgres_store  # noqa: PLC0415

    try:
        open_postgres_store(url, pool_size=1, timeout_seconds=5).close()
    except StorageError as error:
        return _of_error("database", "fail", error, "see that PostgreSQL runs")
    return Finding("database", "ok", f"{without_password(url)} answers, and its schema fits")


def check_signing_keys(settings: Settings) -> Finding:
    """Whether the keys that sign the cookies can be used."""
    if settings.signing_keys is not None:
        return Finding("signing key", "ok", f"{len(settings.signing_keys)} from the settings")
    path = settings.data_dir / SIGNING_KEYS
    try:
        if not path.exists():
            return Finding("signing key", "ok", "none yet; the first start makes it")
        keys = read_keys(path)
    except SigningKeyError as error:
        return _of_error("signing key", "fail", error, "give this user the right to read it")
    except OSError as error:
        return Finding(
            "signing key",
            "fail",
            f"{path} cannot be reached: {error.strerror}",
            "give this user the right to read its folder",
        )
    return Finding("signing key", "ok", f"{len(keys)} in {path}")


def check_port(host: str, port: int) -> Finding:
    """Whether a service can listen, or listens already."""
    problem = why_not(host, port)
    if problem is None:
        return Finding("port", "ok", f"{port} of {host} is free")
    running = version_of(f"http://{f'[{host}]' if ':' in host else host}:{port}")
    if running is not None:
        return Finding("port", "ok", f"Tonight {running} answers at port {port} of {host}")
    return _of_error("port", "fail", problem, "choose another --port")


def _of_error(name: str, state: State, error: object, remedy: str) -> Finding:
    """What an error says is wrong, and how to mend it: its own advice, or else ``remedy``."""
    problem, *advice = re.split(r"; |\. ", str(error).rstrip("."), maxsplit=1)
    return Finding(name, state, problem, advice[0] if advice else remedy)


def _megabytes(n_bytes: int) -> str:
    return f"{n_bytes / 1e9:,.1f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:,.1f} MB"
