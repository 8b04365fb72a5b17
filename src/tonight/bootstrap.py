"""The composition root: makes a wired application of the settings."""

from __future__ import annotations

import logging
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from importlib.metadata import version
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from filelock import FileLock

from tonight.artifacts.errors import ModelForeignError, ModelRefusedError
from tonight.artifacts.model_files import (
    ModelArtifact,
    current_version,
    list_versions,
    load,
    load_current,
    point_to,
    publish_forced,
    read_manifest,
)
from tonight.domain.errors import ModelArtifactError, SigningKeyError, StorageError
from tonight.embedded import data_sha256, load_catalogue
from tonight.recsys.acceptance import why_refused
from tonight.recsys.handover import Handover
from tonight.recsys.interactions import Interactions
from tonight.recsys.questions import make_panel
from tonight.services.catalogue import Catalogue
from tonight.services.ports import UnitOfWork
from tonight.services.suggest_movie import Library
from tonight.services.train_model import train_model
from tonight.settings import PREFIX, Settings
from tonight.storage.memory import Memory
from tonight.storage.migration import migrate, newest_revision
from tonight.storage.signing_keys import load_or_create_keys
from tonight.storage.sqlite import QuickReader, open_engine
from tonight.storage.unit_of_work import PoolState, SqlUnitOfWork

logger = logging.getLogger(__name__)

#: Names the code that can read a model's arrays; changes when their meaning does.
ALGORITHM: Final = "handover-4"

DATABASE: Final = "tonight.db"
SIGNING_KEYS: Final = "signing-keys"
MODELS: Final = "models"

#: The name of the array, beside the model's own, that says which films are well known.
WELL_KNOWN: Final = "well_known"

#: How the names of the arrays begin that say who liked and disliked what.
PEOPLE: Final = "people_"

_TRAINING_SECONDS: Final = 300

#: How long a read that answers at once may wait for another process all the same.
_QUICK_READ_SECONDS: Final = 0.02


@dataclass(slots=True)
class Application:
    """Everything below the front doors.

    Attributes:
        version: The release.
        library: The films and the model.
        model_version: The model's version; ``None`` for the fallback that needs no training.
        unit_of_work: What viewers have said.
        signing_keys: For the cookies, the newest first.
        clock: Tells the present moment in UTC.
        zone: The viewers' zone; ``None`` is the machine's own.
        is_saving: Whether the last use of the storage went well.
        schema: The database's schema that this release works with.
        close: Gives back what the application holds.
        pool_state: The connections to the database: in use, idle, and at most.
        on_storage_error: Is told of every error of the storage. For metrics.
    """

    version: str
    library: Library
    model_version: str | None
    unit_of_work: UnitOfWork
    signing_keys: tuple[str, ...]
    clock: Callable[[], datetime]
    zone: tzinfo | None
    is_saving: bool
    schema: str | None = None
    close: Callable[[], None] = field(default=lambda: None)
    pool_state: Callable[[], PoolState] = field(default=lambda: PoolState(0, 0, 0))
    on_storage_error: Callable[[StorageError], None] = field(default=lambda _: None)

    def note_storage_error(self, error: StorageError) -> None:
        """Logs that the storage has failed, once until it works again."""
        self.on_storage_error(error)
        if self.is_saving:
            self.is_saving = False
            logger.warning(
                "nothing can be saved or read: %s", error, extra={"event": "database_away"}
            )

    @contextmanager
    def storage_errors_noted(self) -> Iterator[None]:
        """Notes whether the storage works, from what happens inside the block."""
        try:
            yield
        except StorageError as error:
            self.note_storage_error(error)
            raise
        if not self.is_saving:
            self.is_saving = True
            logger.info("saving works again", extra={"event": "database_back"})


def build(
    settings: Settings,
    clock: Callable[[], datetime] | None = None,
    loaded: tuple[Library, str | None] | None = None,
) -> Application:
    """Wires the application; at the first start this trains the model.

    What is broken below does not stop the start as long as a film can be suggested: without a
    database nothing is saved, without a model the fallback suggests.

    Args:
        settings: What the operator has set.
        clock: Tells the present moment in UTC; the machine's clock by default.
        loaded: What ``load_library`` gave, where it has been called already.

    Raises:
        EmbeddedDataError: The catalogue is missing or damaged.
    """
    clock = clock or utc_now
    library, model_version = loaded or load_library(settings)
    keys, key_problem = _signing_keys(settings)

    def open_store() -> SqlUnitOfWork:
        if key_problem is not None:
            # What is saved under a key that dies with the process would be lost with it.
            raise StorageError(str(key_problem))
        return _open_postgres(settings) if settings.database_url else _open_sqlite(settings, clock)

    memory = Memory(open_store, clock)
    application = Application(
        version=version("tonight"),
        library=library,
        model_version=model_version,
        unit_of_work=memory,
        signing_keys=keys,
        clock=clock,
        zone=ZoneInfo(settings.timezone) if settings.timezone else None,
        is_saving=True,
        schema=newest_revision(),
        close=memory.close,
        pool_state=memory.pool_state,
    )
    try:
        memory.open()
    except StorageError as error:
        application.note_storage_error(error)
    return application


def _open_sqlite(settings: Settings, clock: Callable[[], datetime]) -> SqlUnitOfWork:
    database = settings.data_dir / DATABASE
    migrate(database, clock(), newer_will_do=True)
    return SqlUnitOfWork(open_engine(database), QuickReader(database, _QUICK_READ_SECONDS))


def _open_postgres(settings: Settings) -> SqlUnitOfWork:
    # Imported here: the driver takes time and memory that SQLite does not need.
    from tonight.storage.postgres_store import open_postgres_store  # noqa: PLC0415

    assert settings.database_url is not None  # noqa: S101 - tells mypy
    return open_postgres_store(
        settings.database_url.get_secret_value(),
        pool_size=settings.database_pool_size,
        timeout_seconds=settings.database_timeout_seconds,
        migrates=settings.migrate_at_start,
        copies_beside=settings.data_dir / DATABASE,
    )


def load_library(settings: Settings) -> tuple[Library, str | None]:
    """The films and the current model, which is trained first where there is none.

    Returns:
        The library, and the model's version or ``None`` for the fallback.

    Raises:
        EmbeddedDataError: The catalogue is missing or damaged.
    """
    catalogue = Catalogue(load_catalogue(with_movielens=settings.with_movielens))
    found = _current_or_trained(settings, catalogue)
    if found is None:
        fallback = train_model(catalogue, None)
        panel = make_panel(fallback.people)
        return Library(catalogue, fallback.model, fallback.well_known, panel), None
    return found


def publish_version(settings: Settings, wanted: str, force: str | None = None) -> str:
    """Makes a version that is kept the current one, if it is good enough.

    Args:
        settings: Where the data folder is, and whether MovieLens is used.
        wanted: The name of the version.
        force: Why it is published even if it is worse.

    Returns:
        The version that is current now: another one where it was forced, whose manifest holds
        the reason.

    Raises:
        ModelRefusedError: It is worse than popularity or the one in use.
        ModelArtifactError: It cannot be used.
        OSError: The data folder cannot be written.
    """
    models = settings.data_dir / MODELS
    manifest = _usable(settings, wanted).manifest
    if wanted == _version_in_use(settings):
        return wanted
    refusal = why_refused(manifest.metrics, metrics_in_use(settings)) or manifest.refused
    if refusal is not None and manifest.forced is None:
        if force is None:
            raise ModelRefusedError(f"{wanted} is {refusal}; --force REASON publishes it")
        return publish_forced(models, wanted, force, {ALGORITHM})
    point_to(models, wanted, {ALGORITHM})
    return wanted


def roll_back(settings: Settings, wanted: str | None = None) -> str:
    """Makes an earlier version the current one, without asking whether it is better.

    Args:
        settings: Where the data folder is, and whether MovieLens is used.
        wanted: The version; by default the newest one before the current one that is whole, and
            was not refused.

    Returns:
        The version that is current now.

    Raises:
        ModelArtifactError: There is none that can be used.
        OSError: The data folder cannot be written.
    """
    models = settings.data_dir / MODELS
    if wanted is not None:
        _usable(settings, wanted)
        point_to(models, wanted, {ALGORITHM})
        return wanted
    in_use = _version_in_use(settings)
    for earlier in reversed(list_versions(models)):
        if in_use is not None and earlier >= in_use:
            continue
        try:
            if _usable(settings, earlier).manifest.refused is not None:
                continue
        except ModelArtifactError as error:
            logger.warning("%s is passed over: %s", earlier, error)
            continue
        point_to(models, earlier, {ALGORITHM})
        return earlier
    raise ModelArtifactError("there is no earlier model to go back to; `tonight train` makes one")


def take_version(settings: Settings, catalogue: Catalogue, wanted: str) -> Library:
    """The films of a running service with another version of their model.

    Raises:
        ModelArtifactError: It cannot be used.
    """
    return _library(catalogue, _usable(settings, wanted))


def _usable(settings: Settings, wanted: str) -> ModelArtifact:
    artifact = load(settings.data_dir / MODELS, wanted, {ALGORITHM})
    if artifact.manifest.data_sha256 != data_sha256(with_movielens=settings.with_movielens):
        raise ModelForeignError(
            f"{wanted} was trained on other data than those of this release. "
            "Train again (`tonight train`)."
        )
    return artifact


def _version_in_use(settings: Settings) -> str | None:
    try:
        return current_version(settings.data_dir / MODELS)
    except ModelArtifactError:
        return None


def metrics_in_use(settings: Settings) -> Mapping[str, float] | None:
    """What was measured of the current model; ``None`` where that says nothing of these data."""
    in_use = _version_in_use(settings)
    if in_use is None:
        return None
    try:
        manifest = read_manifest(settings.data_dir / MODELS, in_use)
    except ModelArtifactError:
        return None
    wanted = data_sha256(with_movielens=settings.with_movielens)
    return manifest.metrics if manifest.data_sha256 == wanted else None


def _current_or_trained(settings: Settings, catalogue: Catalogue) -> tuple[Library, str] | None:
    """The model of the embedded data; trained in a child process when there is none yet.

    Workers that start together wait for one of them to train.
    """
    models = settings.data_dir / MODELS
    found = _current(settings, catalogue)
    if found is not None:
        return found
    try:
        # Both for their owner only: the mode counts for the last folder of a path, not its parents.
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        models.mkdir(mode=0o700, exist_ok=True)
        with FileLock(models / ".training.lock", timeout=_TRAINING_SECONDS):
            found = _current(settings, catalogue)
            if found is not None:
                return found
            _train_in_child(settings)
            return _current(settings, catalogue)
    except (OSError, subprocess.SubprocessError) as error:
        logger.warning("no model can be trained, so suggestions rest on popularity: %s", error)
        return None


def _current(settings: Settings, catalogue: Catalogue) -> tuple[Library, str] | None:
    """The published model, else the one that came with the program.

    Neither counts unless it was trained on the embedded data of this release.
    """
    wanted = data_sha256(with_movielens=settings.with_movielens)
    for models in (settings.data_dir / MODELS, settings.default_models_dir):
        if models is None:
            continue
        try:
            artifact = load_current(models, {ALGORITHM})
            if artifact is not None and artifact.manifest.data_sha256 == wanted:
                return _library(catalogue, artifact), artifact.version
        except ModelArtifactError as error:
            logger.warning("the model in %s cannot be used: %s", models, error)
    return None


def _library(catalogue: Catalogue, artifact: ModelArtifact) -> Library:
    """The films with their model.

    Raises:
        ModelArtifactError: The arrays are whole, but they are not those of our algorithm.
    """
    # Plain views of the mapped pages: each slice of a np.memmap costs ten times as much.
    arrays = {name: np.asarray(array) for name, array in artifact.arrays.items()}
    try:
        well_known = arrays.pop(WELL_KNOWN).astype(np.bool_)
        people = Interactions.from_arrays(
            {
                name.removeprefix(PEOPLE): arrays.pop(name)
                for name in list(arrays)
                if name.startswith(PEOPLE)
            },
            n_items=len(catalogue),
        )
        model = Handover.from_arrays(arrays, dict(artifact.manifest.parameters))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelArtifactError(f"{artifact.version} holds another kind of model") from error
    if not len(catalogue) == model.n_items == len(well_known):
        raise ModelArtifactError(f"{artifact.version} is of another catalogue")
    return Library(catalogue, model, well_known, make_panel(people))


def _train_in_child(settings: Settings) -> None:
    """Trains in a child process, which gives all its memory back."""
    environment = {
        **os.environ,
        f"{PREFIX}DATA_DIR": str(settings.data_dir),
        f"{PREFIX}WITH_MOVIELENS": str(settings.with_movielens),
        f"{PREFIX}LOG_LEVEL": settings.log_level,
        # Two threads that wait for each other by spinning make a busy machine ten times slower,
        # and an idle one hardly faster.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    subprocess.run(
        [sys.executable, "-m", "tonight", "train"],
        env=environment,
        check=True,
        timeout=_TRAINING_SECONDS,
        stdin=subprocess.DEVNULL,
    )


def _signing_keys(settings: Settings) -> tuple[tuple[str, ...], SigningKeyError | None]:
    if settings.signing_keys is not None:
        return tuple(key.get_secret_value() for key in settings.signing_keys), None
    try:
        return load_or_create_keys(settings.data_dir / SIGNING_KEYS), None
    except SigningKeyError as error:
        logger.warning("cookies are signed with a key that dies with this process: %s", error)
        return (secrets.token_urlsafe(32),), error


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)
