"""Trains the model of the embedded ratings and of what the installation's own viewers have said."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from tonight.artifacts.errors import ModelRefusedError
from tonight.artifacts.feedback_weight import chosen_weight, save_weight
from tonight.artifacts.manifest import Description
from tonight.artifacts.model_files import publish
from tonight.artifacts.trainings import counted_training
from tonight.bootstrap import (
    ALGORITHM,
    DATABASE,
    MODELS,
    PEOPLE,
    WELL_KNOWN,
    metrics_in_use,
    utc_now,
)
from tonight.domain.errors import StorageError
from tonight.embedded import data_sha256, load_catalogue, load_ratings
from tonight.recsys.acceptance import why_refused
from tonight.recsys.interactions import Viewers
from tonight.recsys.weighing import MIN_VIEWERS, Weighed, weigh
from tonight.services.catalogue import Catalogue
from tonight.services.item_features import item_features
from tonight.services.own_feedback import MIN_VIEWERS as MIN_VIEWERS_TO_LEARN
from tonight.services.own_feedback import OwnFeedback, own_feedback
from tonight.services.train_model import Ratings, rated, train_model
from tonight.settings import Settings
from tonight.storage.opinions import opinions_in_postgres, opinions_in_sqlite

#: How much a viewer counts, where a rater counts 1, until it is measured on the installation's own
#: viewers (`tonight model weigh`): what `python -m tools.evaluate.feedback` finds.
DEFAULT_WEIGHT: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Learnt:
    """What a training has of the installation's own viewers, and what the manifest says of it."""

    viewers: Viewers | None
    parameters: dict[str, Any]


def train_and_publish(
    settings: Settings, progress: Callable[[str], None], force: str | None = None
) -> str:
    """Trains the model and makes it the current one, if it is good enough.

    It learns from the embedded ratings, and from the installation's own feedback as far as that
    can be read: a database that is away leaves the ratings alone, and is told by ``progress``.

    Args:
        settings: Where the data folder and the database are, and whether MovieLens is used.
        progress: Is told the name of each step as it begins.
        force: Why it is published even if it is worse; the manifest keeps the reason.

    Returns:
        The new version.

    Raises:
        ModelRefusedError: It is worse. It is kept beside the others, and is not the current one.
        EmbeddedDataError: The embedded data are missing or damaged.
        OSError: The data folder cannot be written.
    """
    with counted_training(settings.data_dir):
        return _train_and_publish(settings, progress, force)


def _train_and_publish(
    settings: Settings, progress: Callable[[str], None], force: str | None
) -> str:
    catalogue = Catalogue(load_catalogue(with_movielens=settings.with_movielens))
    learnt = _learnt(settings, catalogue, progress)
    start = time.perf_counter()
    trained = train_model(
        catalogue, _ratings(settings, catalogue), progress, viewers=learnt.viewers, measured=True
    )
    refusal = why_refused(trained.metrics, metrics_in_use(settings))
    description = Description(
        algorithm=ALGORITHM,
        parameters={**trained.model.parameters(), "feedback": learnt.parameters},
        metrics={
            **trained.metrics,
            "training_seconds": round(time.perf_counter() - start, 3),
        },
        data_sha256=data_sha256(with_movielens=settings.with_movielens),
        code_version=version("tonight"),
        created_at=utc_now(),
        refused=refusal if force is None else None,
        forced=None if refusal is None else force,
    )
    people = trained.people.to_arrays()
    arrays = {
        **trained.model.to_arrays(),
        **{PEOPLE + name: array for name, array in people.items()},
        WELL_KNOWN: trained.well_known,
    }
    progress("saving")
    published = publish(settings.data_dir / MODELS, description, arrays)
    if description.refused is not None:
        raise ModelRefusedError(
            f"{published} was not published: it is {refusal}. To use it all the same: "
            f"tonight model publish {published} --force REASON"
        )
    return published


def choose_weight(settings: Settings, progress: Callable[[str], None]) -> Weighed:
    """Measures how much the installation's viewers should count, and keeps it for the trainings.

    Args:
        settings: As for ``train_and_publish``.
        progress: Is told what each weight reaches.

    Raises:
        ValueError: Too few viewers have said enough; what was chosen before stays.
        StorageError: The feedback cannot be read.
        OSError: The data folder cannot be written.
    """
    catalogue = Catalogue(load_catalogue(with_movielens=settings.with_movielens))
    own = _own_feedback(settings, catalogue)
    if own is None:
        raise ValueError(f"too few viewers have said enough; {MIN_VIEWERS} are needed to measure")
    weighed = weigh(
        rated(catalogue, _ratings(settings, catalogue)),
        item_features(catalogue.movies),
        own.interactions,
        progress=progress,
    )
    save_weight(
        settings.data_dir,
        weighed.weight,
        {
            "viewers": own.interactions.n_users,
            "opinions": own.n_opinions,
            "sha256": own.sha256,
            "validation_ndcg_at_100": {f"{k:g}": v for k, v in weighed.validation.items()},
            "test_ndcg_at_100": {f"{k:g}": v for k, v in weighed.test.items()},
            "chosen_at": utc_now().isoformat(timespec="seconds"),
        },
    )
    return weighed


def _learnt(settings: Settings, catalogue: Catalogue, progress: Callable[[str], None]) -> _Learnt:
    weight = chosen_weight(settings.data_dir)
    parameters: dict[str, Any] = {
        "viewers": 0,
        "opinions": 0,
        "sha256": None,
        "weight": DEFAULT_WEIGHT if weight is None else weight,
        "weight_was_measured": weight is not None,
    }
    try:
        own = _own_feedback(settings, catalogue)
    except StorageError as error:
        progress(f"without the feedback, which cannot be read: {error}")
        return _Learnt(None, {**parameters, "unread": type(error).__name__})
    if own is None:
        progress(f"without feedback: fewer than {MIN_VIEWERS_TO_LEARN} viewers have said enough")
        return _Learnt(None, parameters)
    if parameters["weight"] == 0:
        progress("without feedback: it was measured to be of no use (tonight model weigh)")
        return _Learnt(None, parameters)
    n_viewers = own.interactions.n_users
    progress(f"with {own.n_opinions} opinions of {n_viewers} viewers")
    parameters |= {"viewers": n_viewers, "opinions": own.n_opinions, "sha256": own.sha256}
    return _Learnt(Viewers(own.interactions, parameters["weight"]), parameters)


def _own_feedback(settings: Settings, catalogue: Catalogue) -> OwnFeedback | None:
    opinions: AbstractContextManager[Any]
    if settings.database_url is None:
        opinions = opinions_in_sqlite(settings.data_dir / DATABASE)
    else:
        opinions = opinions_in_postgres(settings.database_url.get_secret_value())
    with opinions as found:
        return own_feedback(found, catalogue)


def _ratings(settings: Settings, catalogue: Catalogue) -> Ratings | None:
    ratings = load_ratings() if settings.with_movielens else None
    if ratings is None:
        return None
    return Ratings(
        catalogue.indices(ratings.movie_ids)[ratings.movie_position],
        ratings.user_index,
        ratings.value,
        len(ratings.user_ids),
    )
