"""A service whose folder, disk, database, model, data, port or settings are not as they should be.

Each is the real service in a process of its own: it starts where a film can be suggested, its log
says what to do in a line, and what was saved before is there when the trouble is over.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2 as httpx
import numpy as np
import pytest
from fastapi.testclient import TestClient

from tests.conftest import FakeClock
from tests.hard_days.problems import told
from tests.hard_days.service import ROOT, UVICORN, Service, failing, running
from tonight.artifacts.manifest import Description
from tonight.artifacts.model_files import current_version, publish
from tonight.bootstrap import ALGORITHM, DATABASE, MODELS
from tonight.embedded import data_sha256
from tonight.settings import Settings
from tonight.web.app import create_app
from tools.ports import free_port

LIKED = {"movie_id": "alien-1979", "kind": "liked"}
KEY = {"TONIGHT_SIGNING_KEYS": "k" * 40}

pytestmark = pytest.mark.slow


@pytest.fixture
def data_dir(settings: Settings) -> Path:
    """A data folder with a trained model."""
    return settings.data_dir


def save(service: Service, cookie: str = "") -> httpx.Response:
    headers = {"cookie": f"tonight_viewer={cookie}"} if cookie else {}
    return httpx.post(f"{service.url}/api/v1/feedback", json=LIKED, headers=headers, timeout=30)


def n_saved(service: Service, cookie: str) -> int:
    headers = {"cookie": f"tonight_viewer={cookie}"}
    answer = httpx.get(f"{service.url}/api/v1/history", headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    return len(answer.json()["feedback"])


def suggests(service: Service, cookie: str = "") -> bool:
    """Whether there is a film, for a program and on the page."""
    headers = {"cookie": f"tonight_viewer={cookie}"} if cookie else {}
    answers = [
        httpx.get(f"{service.url}/movie?format={form}", headers=headers, timeout=30)
        for form in ("json", "html")
    ]
    return [answer.status_code for answer in answers] == [200, 200]


def said_plainly(log: Path, words: str) -> bool:
    """Whether the log says something, and no traceback."""
    printed = log.read_text()
    assert "Traceback" not in printed, printed
    assert words in printed, printed
    return True


def unprivileged() -> tuple[str, ...]:
    """The start of a command that file permissions bind, root's too."""
    if os.name != "posix" or os.getuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root is bound by no permissions, and there is no setpriv")
    kept = "-dac_override,-dac_read_search"
    return ("setpriv", f"--bounding-set={kept}", f"--inh-caps={kept}")


def test_in_a_folder_that_cannot_be_written_films_are_suggested_and_nothing_is_saved(
    data_dir: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    data_dir.chmod(0o500)
    try:
        with running(data_dir, log, command=(*unprivileged(), *UVICORN)) as service:
            assert suggests(service)
            told(save(service), "storage-unavailable")
            assert said_plainly(log, "cannot be written: Permission denied")
    finally:
        data_dir.chmod(0o700)


def test_a_database_that_cannot_be_written_is_read_and_kept(data_dir: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with running(data_dir, log, environment=KEY) as service:
        cookie = save(service).cookies["tonight_viewer"]
    for path in (*data_dir.glob("tonight.db*"), data_dir):
        path.chmod(0o500)
    command = (*unprivileged(), *UVICORN)
    with running(data_dir, log, command=command, environment=KEY) as service:
        assert suggests(service, cookie)
        told(save(service, cookie), "storage-unavailable")
        for path in (data_dir, *data_dir.glob("tonight.db*")):
            path.chmod(0o700)
    with running(data_dir, log, environment=KEY) as service:
        assert n_saved(service, cookie) == 1


def test_a_missing_folder_is_made(trained_dir: Path, tmp_path: Path) -> None:
    data_dir = tmp_path / "not" / "there"
    with running(data_dir, tmp_path / "log") as service:
        assert suggests(service)
        assert save(service).status_code == 201
    assert (data_dir.stat().st_mode & 0o077) == 0


def test_a_folder_that_vanishes_is_told_and_nothing_is_acknowledged_that_is_lost(
    data_dir: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with running(data_dir, log) as service:
        cookie = save(service).cookies["tonight_viewer"]
        data_dir.rename(tmp_path / "elsewhere")
        told(save(service, cookie), "storage-unavailable")
        assert suggests(service, cookie)
        (tmp_path / "elsewhere").rename(data_dir)
        assert save(service, cookie).status_code == 201
        assert n_saved(service, cookie) == 2
        assert said_plainly(log, "check that its file and folder are there")


def save_until_refused(service: Service, cookie: str) -> int:
    for n_more in range(5_000):
        answer = save(service, cookie)
        if answer.status_code != 201:
            told(answer, "storage-unavailable")
            return n_more
    raise AssertionError("the disk was never full")


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of its own that is full soon."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("a small disk needs the right to mount one")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_on_a_full_disk_nothing_saved_is_lost_and_saving_works_when_there_is_room(
    trained_dir: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with small_disk(tmp_path / "disk", "400k") as disk:
        (disk / MODELS).symlink_to(trained_dir / MODELS)
        ballast = disk / "ballast"
        with running(disk, log, environment=KEY) as service:
            cookie = save(service).cookies["tonight_viewer"]
            with ballast.open("wb", buffering=0) as file:
                file.write(bytes(100_000))
            n_saved_before = 1 + save_until_refused(service, cookie)
            assert suggests(service, cookie)
            assert n_saved(service, cookie) == n_saved_before
            ballast.unlink()
            assert save(service, cookie).status_code == 201
        with running(disk, log, environment=KEY) as service:
            assert n_saved(service, cookie) == n_saved_before + 1
        assert said_plainly(log, "there is no room left for the database; free some space")


def test_a_disk_that_is_full_from_the_start_does_not_keep_films_away(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with small_disk(tmp_path / "disk", "64k") as disk:
        (disk / "ballast").write_bytes(bytes(60_000))
        with running(disk, log) as service:
            assert suggests(service)
            told(save(service), "storage-unavailable")
            assert httpx.get(f"{service.url}/version").json()["model"] is None
    assert said_plainly(log, "no room left for the database; free some space")


def test_files_that_may_not_grow_are_like_a_full_disk(data_dir: Path, tmp_path: Path) -> None:
    if shutil.which("prlimit") is None:
        pytest.skip("there is no prlimit")
    log = tmp_path / "log"
    command = ("prlimit", "--fsize=200000", *UVICORN)
    # What is measured of the code would not fit either.
    unmeasured = {**KEY, "COVERAGE_PROCESS_CONFIG": ""}
    with running(data_dir, log, command=command, environment=unmeasured) as service:
        cookie = save(service).cookies["tonight_viewer"]
        n_saved_before = 1 + save_until_refused(service, cookie)
        assert suggests(service, cookie)
        assert n_saved(service, cookie) == n_saved_before
    with running(data_dir, log, environment=KEY) as service:
        assert n_saved(service, cookie) == n_saved_before
        assert save(service, cookie).status_code == 201
    assert said_plainly(log, "nothing can be saved")


def test_a_locked_database_keeps_no_film_away_and_saving_works_after_it(
    data_dir: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with running(data_dir, log) as service:
        cookie = save(service).cookies["tonight_viewer"]
        with closing(sqlite3.connect(data_dir / DATABASE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            told(save(service, cookie), "storage-unavailable")
            assert suggests(service, cookie)
            assert n_saved(service, cookie) == 1
            other.execute("ROLLBACK")
        assert save(service, cookie).status_code == 201
        assert said_plainly(log, "another process holds the database")


def test_a_damaged_database_keeps_no_film_away_and_a_copy_brings_everything_back(
    data_dir: Path, tmp_path: Path
) -> None:
    log, database, copy = tmp_path / "log", data_dir / DATABASE, tmp_path / "copy.db"
    with running(data_dir, log) as service:
        cookie = save(service).cookies["tonight_viewer"]
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(database, copy)
    content = bytearray(database.read_bytes())
    content[4_096:] = os.urandom(len(content) - 4_096)  # the schema is whole, the rows are not
    database.write_bytes(content)
    with running(data_dir, log) as service:
        assert suggests(service, cookie)
        told(save(service, cookie), "storage-unavailable")
        assert said_plainly(log, "put a copy in its place")
    assert database.read_bytes()[4_096:] == content[4_096:]  # kept for whoever can mend it
    shutil.copy(copy, database)
    with running(data_dir, log) as service:
        assert n_saved(service, cookie) == 1


def test_a_database_of_a_newer_release_is_not_touched(data_dir: Path, tmp_path: Path) -> None:
    log, database = tmp_path / "log", data_dir / DATABASE
    with running(data_dir, log) as service:
        cookie = save(service).cookies["tonight_viewer"]
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("ALTER TABLE feedback RENAME COLUMN kind TO what")
    with running(data_dir, log) as service:
        assert suggests(service, cookie)
        told(save(service, cookie), "storage-unavailable")
        assert said_plainly(log, "a newer release wrote it. Update Tonight")
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM feedback").fetchone() == (1,)


def test_after_a_rollback_the_service_saves_on_a_newer_schema_that_has_only_more(
    data_dir: Path, tmp_path: Path
) -> None:
    log, database = tmp_path / "log", data_dir / DATABASE
    with running(data_dir, log) as service:
        cookie = save(service).cookies["tonight_viewer"]
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("ALTER TABLE feedback ADD COLUMN mood TEXT")
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with running(data_dir, log) as service:
        assert n_saved(service, cookie) == 1
        assert save(service, cookie).status_code == 201
        assert n_saved(service, cookie) == 2
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_a_whole_model_of_another_kind_is_trained_anew(
    settings: Settings, trained_dir: Path, clock: FakeClock
) -> None:
    models = settings.data_dir / MODELS
    models.unlink()
    description = Description(
        algorithm=ALGORITHM,
        parameters={},
        metrics={},
        data_sha256=data_sha256(with_movielens=True),
        code_version="0",
        created_at=clock(),
    )
    foreign = publish(models, description, {"weights": np.zeros(3)})
    with TestClient(create_app(settings, clock)) as client:
        assert client.get("/movie", params={"like": "alien-1979"}).json()["reason"]["films"]
    assert current_version(models) != foreign


def without(tmp_path: Path, name: str) -> dict[str, str]:
    """The environment of a package from which an embedded file is missing."""
    package = tmp_path / "package"
    shutil.copytree(ROOT / "src" / "tonight", package / "tonight")
    (package / "tonight" / "embedded" / name).unlink()
    return {"PYTHONPATH": str(package)}


#: As UVICORN, but it finds the package by its name and not by this folder.
ELSEWHERE = (*UVICORN[:3], "tonight.web.app:create_app", "--factory")


@pytest.mark.parametrize("name", ["catalogue.jsonl.gz", "manifest.json"])
def test_without_its_catalogue_the_service_says_so_and_ends(
    data_dir: Path, tmp_path: Path, name: str
) -> None:
    code, printed = failing(
        data_dir, command=ELSEWHERE, cwd=tmp_path, environment=without(tmp_path, name)
    )
    assert code == 3
    assert "Traceback" not in printed
    assert f"embedded data: {name} cannot be read; install the package again" in printed


def test_without_the_ratings_films_are_suggested(tmp_path: Path) -> None:
    log = tmp_path / "log"
    environment = without(tmp_path, "movielens/ratings.csv.gz")
    with running(
        tmp_path / "data", log, command=ELSEWHERE, cwd=tmp_path, environment=environment
    ) as service:
        assert suggests(service)
        assert save(service).status_code == 201
    assert said_plainly(log, "embedded data: ratings.csv.gz cannot be read")


@pytest.mark.parametrize("command", [UVICORN, (sys.executable, "-m", "tonight", "serve")])
def test_a_port_in_use_is_said_and_the_other_service_goes_on(
    data_dir: Path, command: tuple[str, ...]
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", free_port()))
        listener.listen()
        port = listener.getsockname()[1]
        code, printed = failing(data_dir, command=command, port=port)
    assert code != 0
    assert "Traceback" not in printed
    assert "in use" in printed
    assert str(port) in printed


@pytest.mark.parametrize("command", [UVICORN, (sys.executable, "-m", "tonight", "serve")])
def test_a_wrong_setting_is_said_with_its_name_and_what_is_allowed(
    data_dir: Path, command: tuple[str, ...]
) -> None:
    wrong = {"TONIGHT_TIMEZONE": "Mars/Olympus", "TONIGHT_MAX_BODY_BYTES": "plenty"}
    code, printed = failing(data_dir, command=command, environment=wrong)
    assert code in {1, 2}
    assert "Traceback" not in printed
    assert "TONIGHT_TIMEZONE: must be an IANA time zone such as Europe/Berlin" in printed
    assert "TONIGHT_MAX_BODY_BYTES: " in printed
    assert "Mars" not in printed
