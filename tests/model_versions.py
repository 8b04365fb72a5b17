"""Versions of the trained model for tests that change them; the arrays take no room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from tonight.artifacts.manifest import Description
from tonight.artifacts.model_files import current_version, load, publish
from tonight.bootstrap import ALGORITHM


def link_model(source: Path, target: Path) -> None:
    """Gives a new folder of models the current version of another one."""
    version = current_version(source)
    assert version is not None
    (target / version).mkdir(parents=True)
    for file in (source / version).iterdir():
        (target / version / file.name).hardlink_to(file)
    (target / "current").write_text(f"{version}\n", "utf-8")


def publish_again(
    models: Path,
    *,
    refused: str | None = None,
    metrics: Mapping[str, float] | None = None,
    data_sha256: str | None = None,
) -> str:
    """The current model as another version, trained a second later; returns its name."""
    version = current_version(models)
    assert version is not None
    artifact = load(models, version, {ALGORITHM})
    manifest = artifact.manifest
    description = Description(
        algorithm=manifest.algorithm,
        parameters=manifest.parameters,
        metrics=manifest.metrics if metrics is None else metrics,
        data_sha256=data_sha256 or manifest.data_sha256,
        code_version=manifest.code_version,
        created_at=manifest.created_at + timedelta(seconds=1),
        refused=refused,
    )
    return publish(models, description, artifact.arrays)
