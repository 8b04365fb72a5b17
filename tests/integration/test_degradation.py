"""What is broken below does not keep a film from being suggested."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.conftest import FakeClock
from tonight.artifacts.model_files import current_version
from tonight.bootstrap import MODELS
from tonight.settings import Settings
from tonight.web.app import create_app
from tools.ports import free_port

LIKED = {"movie_id": "alien-1979", "kind": "liked"}

pytestmark = pytest.mark.slow


@pytest.fixture
def own_model(settings: Settings, trained_dir: Path) -> Iterator[Settings]:
    """A data folder with a copy of the model that the test may damage."""
    models = settings.data_dir / MODELS
    models.unlink()
    shutil.copytree(trained_dir / MODELS, models)
    yield settings
    shutil.rmtree(models)


def largest_array(models: Path) -> Path:
    version = current_version(models)
    assert version is not None
    return max((models / version).glob("*.npy"), key=lambda path: path.stat().st_size)


def truncate(models: Path) -> None:
    array = largest_array(models)
    with array.open("r+b") as file:
        file.truncate(array.stat().st_size // 2)


def flip_a_byte(models: Path) -> None:
    with largest_array(models).open("r+b") as file:
        file.seek(-100, 2)
        byte = file.read(1)
        file.seek(-100, 2)
        file.write(bytes([byte[0] ^ 1]))


def remove_an_array(models: Path) -> None:
    largest_array(models).unlink()


def point_nowhere(models: Path) -> None:
    (models / "current").write_text("no version of ours\n")


@pytest.mark.parametrize("damage", [truncate, flip_a_byte, remove_an_array, point_nowhere])
def test_a_model_that_cannot_be_used_is_trained_anew(
    own_model: Settings, clock: FakeClock, damage: Callable[[Path], None]
) -> None:
    damage(own_model.data_dir / MODELS)
    with TestClient(create_app(own_model, clock)) as client:
        assert client.get("/movie", params={"like": "alien-1979"}).json()["reason"]["films"]
        assert client.get("/version").json()["model"] == current_version(
            own_model.data_dir / MODELS
        )


def test_a_model_that_came_with_the_program_is_used_where_there_is_no_other(
    settings: Settings, trained_dir: Path, clock: FakeClock
) -> None:
    (settings.data_dir / MODELS).unlink()
    with_default = settings.model_copy(update={"default_models_dir": trained_dir / MODELS})
    with TestClient(create_app(with_default, clock)) as client:
        assert client.get("/version").json()["model"] == current_version(trained_dir / MODELS)
    # It was not trained, and not even copied.
    assert not (settings.data_dir / MODELS).exists()


def test_without_a_data_folder_films_are_suggested_and_nothing_is_saved(
    tmp_path: Path, clock: FakeClock
) -> None:
    (tmp_path / "file").write_text("in the way of the data folder")
    settings = Settings(data_dir=tmp_path / "file" / "data", timezone="UTC")
    with TestClient(create_app(settings, clock)) as client:
        assert client.get("/movie").status_code == 200
        assert client.get("/version").json()["model"] is None
        refused = client.post("/api/v1/feedback", json=LIKED)
        assert refused.status_code == 503
        assert not client.cookies.get("tonight_viewer")


def test_without_a_folder_for_temporary_files_there_are_films_and_no_metrics(
    settings: Settings, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("tempfile._candidate_tempdir_list", lambda: ["/a folder that is not there"])
    watched = settings.model_copy(update={"metrics_port": free_port()})
    with TestClient(create_app(watched, clock)) as client:
        assert client.get("/movie").status_code == 200


def test_without_a_usable_key_nothing_is_saved_that_would_be_lost(
    settings: Settings, clock: FakeClock
) -> None:
    keys = settings.data_dir / "signing-keys"
    keys.write_text("k" * 40 + "\n")
    keys.chmod(0o644)
    with TestClient(create_app(settings, clock)) as client:
        assert client.get("/movie").status_code == 200
        assert client.post("/api/v1/feedback", json=LIKED).status_code == 503
    assert keys.read_text() == "k" * 40 + "\n"


def test_a_database_that_comes_back_is_used_without_a_restart(
    settings: Settings, clock: FakeClock
) -> None:
    database = settings.data_dir / "tonight.db"
    database.write_bytes(b"this is no database" * 1000)
    with TestClient(create_app(settings, clock)) as client:
        assert client.post("/api/v1/feedback", json=LIKED).status_code == 503
        database.unlink()
        clock.advance(seconds=10)
        assert client.post("/api/v1/feedback", json=LIKED).status_code == 201
        assert len(client.get("/api/v1/history").json()["feedback"]) == 1
