"""The composition root: makes a wired application of the settings."""

from __future__ import annotations

import logging
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from importlib.metadata import version
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from filelock import FileLock

from tonight.artifacts.manifest import Description
from tonight.artifacts.model_files import ModelArtifact, load_current, publish
from tonight.domain.errors import ModelArtifactError, SigningKeyError, StorageError
from tonight.embedded import data_sha256, load_catalogue, load_ratings
from tonight.recsys.handover import Handover
from tonight.recsys.interactions import Interactions
from tonight.recsys.questions import make_panel
from tonight.services.catalogue import Catalogue
from tonight.services.ports import FeedbackStore, UnitOfWork
from tonight.services.suggest_movie import Library
from tonight.services.train_model import Ratings as TrainingRatings
from tonight.services.train_model import train_model
from tonight.settings import PREFIX, Settings
from tonight.storage.migration import migrate
from tonight.storage.signing_keys import load_or_create_keys
from tonight.storage.sqlite import open_engine
from tonight.storage.unit_of_work import SqlUnitOfWork

logger = logging.getLogger(__name__)

#: Names the code that can read a model's arrays; changes when their meaning does.
ALGORITHM: Final = "handover-4"

DATABASE: Final = "tonight.db"
SIGNING_KEYS: Final = "signing-keys"
MODELS: Final = "models"

#: The name of the array, beside the model's own, that says which films are well known.
_WELL_KNOWN: Final = "well_known"

#: How the names of the arrays begin that say who liked and disliked what.
_PEOPLE: Final = "people_"

_TRAINING_SECONDS: Final = 300
_RETRY_SECONDS: Final = 5


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
        close: Gives back what the application holds.
    """

    version: str
    library: Library
    model_version: str | None
    unit_of_work: UnitOfWork
    signing_keys: tuple[str, ...]
    clock: Callable[[], datetime]
    zone: tzinfo | None
    is_saving: bool
    close: Callable[[], None] = field(default=lambda: None)

    def note_storage_error(self, error: StorageError) -> None:
        """Logs that the storage has failed, once until it works again."""
        if self.is_saving:
            self.is_saving = False
            logger.warning("nothing can be saved or read: %s", error)

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
            logger.info("saving works again")


class Memory:
    """The units of work on a database that may come back later.

    A database that cannot be opened must not prevent the start, and its return must not need
    one: until it has been opened, every use tries again, at most once in a few seconds.
    """

    def __init__(
        self, open_store: Callable[[], SqlUnitOfWork], clock: Callable[[], datetime]
    ) -> None:
        self._open_store = open_store
        self._clock = clock
        self._lock = threading.Lock()
        self._store: SqlUnitOfWork | None = None
        self._failed: tuple[datetime, StorageError] | None = None

    def open(self) -> SqlUnitOfWork:
        """The opened store.

        Raises:
            StorageError: It cannot be opened now.
        """
        with self._lock:
            if self._store is not None:
                return self._store
            now = self._clock()
            if self._failed is not None:
                failed_at, error = self._failed
                if abs((now - failed_at).total_seconds()) < _RETRY_SECONDS:
                    raise error
            try:
                self._store = self._open_store()
            except StorageError as error:
                self._failed = (now, error)
                raise
            return self._store

    def writing(self) -> AbstractContextManager[FeedbackStore]:
        """A transaction that may change something."""
        return self.open().writing()

    def reading(self) -> AbstractContextManager[FeedbackStore]:
        """A transaction that only reads."""
        return self.open().reading()

    def forget(self, profile_id: str) -> int:
        """Deletes a viewer's profile and everything that he has said."""
        return self.open().forget(profile_id)

    def close(self) -> None:
        """Closes the connections."""
        with self._lock:
            if self._store is not None:
                self._store.close()
                self._store = None


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
    clock = clock or _utc_now
    library, model_version = loaded or load_library(settings)
    keys, key_problem = _signing_keys(settings)

    def open_store() -> SqlUnitOfWork:
        if key_problem is not None:
            # What is saved under a key that dies with the process would be lost with it.
            raise StorageError(str(key_problem))
        database = settings.data_dir / DATABASE
        migrate(database, clock())
        return SqlUnitOfWork(open_engine(database))

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
        close=memory.close,
    )
    try:
        memory.open()
    except StorageError as error:
        application.note_storage_error(error)
    return application


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


def train_and_publish(settings: Settings, progress: Callable[[str], None]) -> str:
    """Trains the model from the embedded data and makes it the current one.

    Args:
        settings: Where the data folder is, and whether MovieLens is used.
        progress: Is told the name of each step as it begins.

    Returns:
        The new version.

    Raises:
        EmbeddedDataError: The embedded data are missing or damaged.
        OSError: The data folder cannot be written.
    """
    catalogue = Catalogue(load_catalogue(with_movielens=settings.with_movielens))
    ratings = load_ratings() if settings.with_movielens else None
    training = None
    if ratings is not None:
        training = TrainingRatings(
            catalogue.indices(ratings.movie_ids)[ratings.movie_position],
            ratings.user_index,
            ratings.value,
            len(ratings.user_ids),
        )
    trained = train_model(catalogue, training, progress)
    description = Description(
        algorithm=ALGORITHM,
        parameters=trained.model.parameters(),
        metrics={},
        data_sha256=data_sha256(with_movielens=settings.with_movielens),
        code_version=version("tonight"),
        created_at=_utc_now(),
    )
    people = trained.people.to_arrays()
    arrays = {
        **trained.model.to_arrays(),
        **{_PEOPLE + name: array for name, array in people.items()},
        _WELL_KNOWN: trained.well_known,
    }
    progress("saving")
    return publish(settings.data_dir / MODELS, description, arrays)


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
    """The published model, if it was trained on the embedded data of this release."""
    wanted = data_sha256(with_movielens=settings.with_movielens)
    try:
        artifact = load_current(settings.data_dir / MODELS, {ALGORITHM})
        if artifact is None or artifact.manifest.data_sha256 != wanted:
            return None
        return _library(catalogue, artifact), artifact.version
    except ModelArtifactError as error:
        logger.warning("the model cannot be used and is trained anew: %s", error)
        return None


def _library(catalogue: Catalogue, artifact: ModelArtifact) -> Library:
    """The films with their model.

    Raises:
        ModelArtifactError: The arrays are whole, but they are not those of our algorithm.
    """
    # Plain views of the mapped pages: each slice of a np.memmap costs ten times as much.
    arrays = {name: np.asarray(array) for name, array in artifact.arrays.items()}
    try:
        well_known = arrays.pop(_WELL_KNOWN).astype(np.bool_)
        people = Interactions.from_arrays(
            {
                name.removeprefix(_PEOPLE): arrays.pop(name)
                for name in list(arrays)
                if name.startswith(_PEOPLE)
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


def _utc_now() -> datetime:
    return datetime.now(UTC)
