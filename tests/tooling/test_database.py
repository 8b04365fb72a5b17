"""`make db` and `make psql`: a PostgreSQL to develop with, by the machine's own programs."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import programs_or_skip
from tools import containers, database, engine
from tools.ports import free_port


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where its data are, beside those of whoever develops here; no Docker is at hand."""
    programs_or_skip()
    port = free_port()
    # Not in pytest's own folder, which the user postgres cannot enter when root runs the tests.
    with tempfile.TemporaryDirectory(prefix="tonight-postgres-") as folder:
        monkeypatch.setattr(database, "PORT", port)
        monkeypatch.setattr(database, "URL", f"postgresql://postgres@127.0.0.1:{port}/postgres")
        monkeypatch.setattr(database, "_FOLDER", Path(folder))
        monkeypatch.setattr(database, "docker_works", lambda: False)
        monkeypatch.delenv("TONIGHT_DATABASE_URL", raising=False)
        try:
            yield Path(folder)
        finally:
            database.stop()
            shutil.rmtree(Path(folder) / "data", ignore_errors=True)


def asked(capfd: pytest.CaptureFixture[str], statement: str) -> str:
    """What psql prints of a statement."""
    capfd.readouterr()
    with pytest.raises(SystemExit) as ended:
        database.psql(["--no-psqlrc", "--tuples-only", "--no-align", f"--command={statement}"])
    told = capfd.readouterr()
    assert ended.value.code == 0, told.err
    return told.out.strip()


def test_a_server_starts_takes_statements_and_keeps_them(
    place: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    database.start()
    assert f"export TONIGHT_DATABASE_URL={database.URL}" in capfd.readouterr().out
    assert asked(capfd, "create table said (film text)") == "CREATE TABLE"
    assert asked(capfd, "insert into said values ('Alien')") == "INSERT 0 1"
    database.stop()
    database.start()
    assert asked(capfd, "select film from said") == "Alien"


def test_it_listens_on_this_machine_only(place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    database.start()
    assert asked(capfd, "show listen_addresses") == "127.0.0.1"


def test_without_docker_and_without_programs_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database, "docker_works", lambda: False)
    monkeypatch.setattr(database, "find_programs", lambda: None)
    with pytest.raises(SystemExit, match=r"apt-get install postgresql"):
        database.start()


def test_the_folder_of_its_data_is_nobody_elses(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    database.make_own(folder)
    folder.chmod(0o755)
    database.make_own(folder)
    # Root lets the user postgres pass, and nobody look.
    assert stat.S_IMODE(folder.stat().st_mode) == (0o700 if os.geteuid() else 0o711)


def test_a_folder_of_another_user_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = os.geteuid() + 1
    monkeypatch.setattr(database, "_FOLDER", tmp_path)
    monkeypatch.setattr(database, "find_programs", lambda: tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    with pytest.raises(SystemExit, match=r"not a folder of yours alone .*remove it"):
        database.server()


def test_a_folder_that_others_may_write_to_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(SystemExit, match="others may write"):
        database.make_own(tmp_path)


def test_a_link_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "ours")
    with pytest.raises(SystemExit, match="is a link"):
        database.make_own(tmp_path / "link")


def test_the_engine_that_make_engine_has_started_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    docker = tmp_path / "docker"
    docker.write_text(
        f"""#!/bin/sh
[ "$*" = "compose version" ] && exit 0
[ "$DOCKER_HOST" = "{engine.OWN}" ] && echo "$@" >>"{said}"
"""
    )
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr(containers, "_found", engine.find)
    database.start()
    last = said.read_text().splitlines()[-1]
    assert last == "compose --profile=development up --detach --wait postgres"
