"""What ``tonight model`` prints for people, and what it says when there is nothing to print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.model_versions import link_model, publish_again
from tests.unit.cli.conftest import Run
from tonight.artifacts.model_files import current_version


@pytest.fixture
def models(data_dir: Path, trained_dir: Path) -> Path:
    """The trained model in a folder of the test's own, whose versions it may change."""
    target = data_dir / "models"
    target.unlink()
    link_model(trained_dir / "models", target)
    return target


def test_the_list_has_a_line_for_each_version_with_its_state_and_figures(
    run: Run, models: Path
) -> None:
    first = current_version(models)
    worse = publish_again(models, refused="worse than popularity")
    header, *lines = run("model", "list").stdout.splitlines()
    assert header.split()[:2] == ["version", "state"]
    assert [line.split()[:2] for line in lines] == [[worse, "refused"], [first, "current"]]
    assert all(0 < float(line.split()[2]) < 1 for line in lines)


def test_a_version_that_cannot_be_read_is_listed_as_damaged(run: Run, models: Path) -> None:
    later = publish_again(models, refused="worse than popularity")
    (models / later / "manifest.json").write_text("{}", "utf-8")
    assert run("model", "list").stdout.splitlines()[1].split()[:2] == [later, "damaged"]
    assert json.loads(run("model", "list", "--json").stdout)[0]["problem"]


def test_a_reason_that_says_nothing_forces_nothing(run: Run, models: Path) -> None:
    first = current_version(models)
    worse = publish_again(models, refused="worse than popularity")
    done = run("model", "publish", worse, "--force", " ")
    assert (done.exit_code, current_version(models)) == (2, first)
    assert "say why" in done.stderr


def test_a_version_is_shown_with_its_parameters_and_figures(run: Run, models: Path) -> None:
    lines = run("model", "show").stdout.splitlines()
    assert lines[0] == f"version: {current_version(models)}"
    assert "metrics:" in lines
    assert "parameters:" in lines


def test_without_a_model_there_is_nothing_to_show_and_it_says_what_to_do(
    run: Run, tmp_path: Path
) -> None:
    result = run("model", "show", TONIGHT_DATA_DIR=str(tmp_path / "empty"))
    assert result.exit_code != 0
    assert "`tonight train` makes one" in result.stderr


def test_the_version_in_use_is_published_again_without_a_change(run: Run, models: Path) -> None:
    version = current_version(models)
    assert version is not None
    assert run("model", "publish", version).stdout == f"The current model is {version}.\n"


def test_one_of_other_data_is_neither_published_nor_gone_back_to(run: Run, models: Path) -> None:
    first = current_version(models)
    assert first is not None
    foreign = publish_again(models, data_sha256="0" * 64)
    (models / "current").write_text(f"{first}\n", "utf-8")
    result = run("model", "publish", foreign)
    assert result.exit_code != 0
    assert "other data than those of this release" in result.stderr
    assert run("model", "rollback", foreign).exit_code != 0
    assert current_version(models) == first


def test_going_back_passes_over_what_was_refused_or_cannot_be_used(run: Run, models: Path) -> None:
    first = current_version(models)
    refused = publish_again(models, refused="worse than popularity")
    (models / "current").write_text(f"{refused}\n", "utf-8")
    foreign = publish_again(models, data_sha256="0" * 64)
    (models / "current").write_text(f"{foreign}\n", "utf-8")
    newest = publish_again(models)
    assert current_version(models) == newest
    assert run("model", "rollback").stdout == f"The current model is {first}.\n"
    result = run("model", "rollback")
    assert result.exit_code != 0
    assert "there is no earlier model" in result.stderr


def test_going_back_to_a_version_by_its_name(run: Run, models: Path) -> None:
    first = current_version(models)
    assert first is not None
    publish_again(models)
    assert run("model", "rollback", first).stdout == f"The current model is {first}.\n"
    assert current_version(models) == first
