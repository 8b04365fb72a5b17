"""A running service takes a new model, in each worker by itself, between two requests."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from anyio import to_thread

from tonight.artifacts.errors import ModelDamagedError, ModelMissingError
from tonight.artifacts.model_files import current_version, list_versions, read_manifest
from tonight.bootstrap import MODELS, Application, take_version
from tonight.domain.errors import ModelArtifactError
from tonight.observability import metrics
from tonight.settings import Settings

logger = logging.getLogger(__name__)

#: How often a worker looks which model is the current one: one small file is read.
_LOOK_SECONDS: Final = 2.0

#: Stands for a current model whose name cannot be read.
_NO_NAME: Final = ""


async def take_new_models(application: Application, settings: Settings) -> None:
    """Takes each model that becomes the current one; one that cannot be used is refused.

    The new model is loaded and checked beside the old one, in a thread. Requests that have begun
    end with the one that they began with. Never returns.
    """
    refused: str | None = None
    worse = await to_thread.run_sync(_refused_in_training, settings)
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        now_worse = await to_thread.run_sync(_refused_in_training, settings)
        for name in now_worse - worse:
            _refuse(name, "worse", "it was measured to be worse")
        worse = now_worse
        try:
            version: str | None = await to_thread.run_sync(_current, settings)
        except ModelArtifactError as error:
            if refused != _NO_NAME:
                refused = _NO_NAME
                _refuse("the current model", "damaged", str(error))
            continue
        if version in (None, application.model_version, refused):
            if version == application.model_version:
                refused = None
            continue
        assert version is not None  # noqa: S101 - tells mypy
        try:
            library = await to_thread.run_sync(
                take_version, settings, application.library.catalogue, version
            )
        except ModelArtifactError as error:
            refused = version
            is_damaged = isinstance(error, ModelDamagedError | ModelMissingError)
            _refuse(version, "damaged" if is_damaged else "incompatible", str(error))
            continue
        except Exception as error:  # noqa: BLE001 - the old model goes on, whatever it is
            refused = version
            _refuse(version, "other", str(error))
            continue
        # No request sees one without the other: nothing is awaited in between.
        application.library, application.model_version = library, version
        refused = None
        metrics.MODEL_RELOADS.add()
        logger.info("the model is %s now", version, extra={"event": "model_taken"})


def _current(settings: Settings) -> str | None:
    return current_version(settings.data_dir / MODELS)


def _refused_in_training(settings: Settings) -> frozenset[str]:
    """The versions that were measured to be worse."""
    models = settings.data_dir / MODELS
    found = set()
    for version in list_versions(models):
        try:
            if read_manifest(models, version).refused is not None:
                found.add(version)
        except ModelArtifactError:
            continue  # whoever loads it says so
    return frozenset(found)


def _refuse(version: str, reason: str, why: str) -> None:
    metrics.MODEL_REFUSED.add(reason)
    logger.error(
        "%s is not taken, and the model before it stays: %s",
        version,
        why,
        extra={"event": "model_refused", "fields": {"reason": reason}},
    )
