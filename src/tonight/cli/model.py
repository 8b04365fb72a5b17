"""``tonight model``: which versions there are, and which one is used."""

from __future__ import annotations

import json
import sys
from typing import Any, Final

import typer

from tonight.artifacts.errors import ModelRefusedError
from tonight.artifacts.model_files import current_version, list_versions, load, read_manifest
from tonight.bootstrap import ALGORITHM, MODELS, publish_version, roll_back
from tonight.cli.exit_codes import FAILED, REFUSED
from tonight.cli.messages import complain
from tonight.cli.start import read_settings
from tonight.domain.errors import ModelArtifactError

#: The columns of the list: heading, name of the metric.
_COLUMNS: Final = (
    ("nDCG@100", "ndcg_at_100"),
    ("popularity", "popularity_ndcg_at_100"),
    ("coverage", "coverage"),
)


def list_models(*, as_json: bool) -> None:
    """Prints the versions, the newest first."""
    models = read_settings().data_dir / MODELS
    current = current_version(models)
    rows = [_row(version, current) for version in reversed(list_versions(models))]
    if as_json:
        print(json.dumps(rows, indent=2))
        return
    print(f"{'version':<29} {'state':<8}", *(f"{name:>10}" for name, _ in _COLUMNS), " release")
    for row in rows:
        figures = (row.get("metrics", {}).get(name) for _, name in _COLUMNS)
        texts = (f"{'-' if figure is None else format(figure, '.4f'):>10}" for figure in figures)
        print(f"{row['version']:<29} {row['state']:<8}", *texts, "", row.get("code_version", "-"))


def show(version: str | None, *, as_json: bool) -> None:
    """Prints what a version is.

    Raises:
        typer.Exit: There is no model.
        ModelArtifactError: It cannot be used.
    """
    models = read_settings().data_dir / MODELS
    current = current_version(models)
    wanted = version or current
    if wanted is None:
        complain("there is no model yet; `tonight train` makes one")
        raise typer.Exit(FAILED)
    load(models, wanted, {ALGORITHM})
    row = _row(wanted, current)
    if as_json:
        print(json.dumps(row, indent=2))
        return
    for name, value in row.items():
        if isinstance(value, dict):
            print(f"{name}:")
            for inner, one in value.items():
                print(f"  {inner}: {one if isinstance(one, float | int) else json.dumps(one)}")
        else:
            print(f"{name}: {value}")


def publish(version: str, force: str | None, *, as_json: bool) -> None:
    """Makes a version the current one.

    Raises:
        typer.Exit: It is worse.
        ModelArtifactError: It cannot be used.
    """
    try:
        _say_current(publish_version(read_settings(), version, force), as_json=as_json)
    except ModelRefusedError as error:
        complain(str(error))
        raise typer.Exit(REFUSED) from error


def rollback(version: str | None, *, as_json: bool) -> None:
    """Makes an earlier version the current one.

    Raises:
        ModelArtifactError: There is none that can be used.
    """
    _say_current(roll_back(read_settings(), version), as_json=as_json)


def weigh(*, as_json: bool) -> None:
    """Measures and keeps the weight of the viewers' own feedback.

    Raises:
        typer.Exit: Too few viewers have said enough.
        StorageError: The feedback cannot be read.
    """
    # Imported here: the other commands need no training.
    from tonight.retraining import choose_weight  # noqa: PLC0415

    def progress(step: str) -> None:
        print(step, file=sys.stderr, flush=True)

    try:
        found = choose_weight(read_settings(), progress)
    except ValueError as error:
        complain(str(error))
        raise typer.Exit(FAILED) from error
    if as_json:
        figures = {"validation": found.validation, "test": found.test}
        print(json.dumps({"weight": found.weight, **figures}, indent=2))
        return
    print(f"{'weight':>6} {'validation':>11} {'test':>7}   nDCG@100")
    for weight, figure in found.validation.items():
        tested = f"{found.test[weight]:>7.4f}" if weight in found.test else f"{'-':>7}"
        print(f"{weight:>6g} {figure:>11.4f} {tested}{'   <- chosen' * (weight == found.weight)}")


def _say_current(version: str, *, as_json: bool) -> None:
    print(json.dumps({"current": version}) if as_json else f"The current model is {version}.")


def _row(version: str, current: str | None) -> dict[str, Any]:
    """What is known of a version, as JSON has it."""
    models = read_settings().data_dir / MODELS
    row: dict[str, Any] = {"version": version, "is_current": version == current}
    try:
        manifest = read_manifest(models, version)
    except ModelArtifactError as error:
        return {**row, "state": "damaged", "problem": str(error)}
    state = "current" if version == current else "refused" if manifest.refused else "kept"
    return {
        **row,
        "state": state,
        "refused": manifest.refused,
        "forced": manifest.forced,
        "created_at": manifest.created_at.isoformat(),
        "code_version": manifest.code_version,
        "algorithm": manifest.algorithm,
        "data_sha256": manifest.data_sha256,
        "metrics": dict(manifest.metrics),
        "parameters": dict(manifest.parameters),
    }
