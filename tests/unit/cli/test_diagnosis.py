"""Each thing that can be wrong is found, and the finding says how to mend it."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import time
from collections import namedtuple
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.databases import PostgresDatabases
from tests.unit.cli.conftest import Run
from tonight.bootstrap import DATABASE, MODELS, SIGNING_KEYS
from tonight.cli import diagnosis
from tonight.cli.diagnosis import (
    LITTLE_SPACE,
    NO_SPACE,
    Finding,
    check_data_folder,
    check_database_file,
    check_embedded_data,
    check_model,
    check_port,
    check_postgres,
    check_signing_keys,
    check_time_zone,
)
from tonight.domain.errors import EmbeddedDataError
from tonight.settings import Settings
from tonight.storage.migration import migrate
from tonight.storage.signing_keys import load_or_create_keys

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


def assert_told(finding: Finding, state: str, problem: str, remedy: str) -> None:
    assert finding.state == state
    assert problem in finding.message
    assert remedy in finding.remedy


def test_a_folder_in_which_nothing_is_yet_is_all_right_and_stays_empty(
    run: Run, tmp_path: Path
) -> None:
    empty = tmp_path / "new" / "folder"
    result = run("doctor", "--json", "--port", "0", TONIGHT_DATA_DIR=str(empty))
    body = json.loads(result.stdout)
    assert result.exit_code == 0
    assert body["ok"]
    assert {check["name"]: check["state"] for check in body["checks"]} == {
        "settings": "ok",
        "time zone": "ok",
        "data folder": "ok",
        "embedded data": "ok",
        "model": "ok",
        "database": "ok",
        "signing key": "ok",
        "port": "ok",
    }
    assert not empty.parent.exists()


def test_what_fails_is_in_the_exit_code_and_printed_with_its_remedy(
    run: Run, data_dir: Path
) -> None:
    (data_dir / DATABASE).write_text("no database\n" * 100)
    result = run("doctor", "--port", "0")
    text = " ".join(result.stdout.split())
    assert result.exit_code == 1
    assert "fail database the file is not a database mend it: put a copy in its place" in text
    assert "Traceback" not in result.output


def test_wrong_settings_are_each_a_finding_and_the_rest_is_looked_at(run: Run) -> None:
    result = run(
        "doctor", "--json", "--port", "0", TONIGHT_TIMEZONE="Mars", TONIGHT_LOG_LEVEL="loud"
    )
    checks = json.loads(result.stdout)["checks"]
    assert result.exit_code == 1
    assert [check["name"] for check in checks] == ["settings", "settings", "embedded data", "port"]
    assert checks[0]["message"].startswith("TONIGHT_TIMEZONE: ")


def test_the_viewers_zone_is_shown_with_its_time() -> None:
    finding = check_time_zone("Europe/Berlin", NOW)
    assert (finding.state, finding.message) == ("ok", "Europe/Berlin, where it is 14:00 (CEST)")


@pytest.mark.parametrize(("machine", "state"), [("UTC0", "warn"), ("CET-1", "ok")])
def test_a_machine_in_utc_leaves_the_viewers_time_in_doubt(
    monkeypatch: pytest.MonkeyPatch, machine: str, state: str
) -> None:
    monkeypatch.setenv("TZ", machine)
    time.tzset()
    try:
        finding = check_time_zone(None, NOW)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert finding.state == state
    assert ("TONIGHT_TIMEZONE" in finding.remedy) == (state == "warn")


def test_a_data_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    finding = check_data_folder(tmp_path / "data")
    assert_told(finding, "fail", "is not a folder", "TONIGHT_DATA_DIR")


def test_a_data_folder_that_cannot_be_written_is_told() -> None:
    finding = check_data_folder(Path("/proc/tonight"))
    assert_told(finding, "fail", "/proc cannot be written", "TONIGHT_DATA_DIR")


def test_a_data_folder_that_all_can_write_is_doubtful(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    assert_told(check_data_folder(tmp_path), "warn", "every user", f"chmod o-w '{tmp_path}'")


@pytest.mark.parametrize(
    ("free", "state"), [(LITTLE_SPACE - 1, "warn"), (NO_SPACE - 1, "fail"), (LITTLE_SPACE, "ok")]
)
def test_little_space_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: str
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 10**12 - free, free))
    assert check_data_folder(tmp_path).state == state


def test_embedded_data_are_counted_with_and_without_movielens() -> None:
    assert "ratings" in check_embedded_data(with_movielens=True).message
    without = check_embedded_data(with_movielens=False)
    assert without.state == "ok"
    assert "ratings" not in without.message


def test_a_trained_model_is_named(data_dir: Path) -> None:
    finding = check_model(data_dir / MODELS, with_movielens=True)
    assert finding.state == "ok"
    assert (data_dir / MODELS / finding.message).is_dir()


def test_a_model_of_other_data_is_told(data_dir: Path) -> None:
    finding = check_model(data_dir / MODELS, with_movielens=False)
    assert_told(finding, "warn", "other data", "tonight train")


def test_a_damaged_model_is_told(data_dir: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(data_dir / MODELS, copy)
    array = next(copy.glob("*/*.npy"))
    array.write_bytes(array.read_bytes()[:-1])
    assert_told(
        check_model(copy, with_movielens=True), "warn", "bytes instead of", "`tonight train`"
    )


def test_a_whole_database_is_all_right(data_dir: Path) -> None:
    migrate(data_dir / DATABASE, NOW)
    assert check_database_file(data_dir / DATABASE).state == "ok"


def test_a_newer_database_is_told(data_dir: Path) -> None:
    migrate(data_dir / DATABASE, NOW)
    with closing(sqlite3.connect(data_dir / DATABASE, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        finding = check_database_file(data_dir / DATABASE)
        assert_told(finding, "warn", "a newer release wrote it", "go forward again")
        connection.execute("ALTER TABLE feedback RENAME COLUMN kind TO what")
    assert_told(check_database_file(data_dir / DATABASE), "fail", "9999", "Update Tonight")


def test_a_held_database_is_told(data_dir: Path) -> None:
    migrate(data_dir / DATABASE, NOW)
    with closing(sqlite3.connect(data_dir / DATABASE, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        finding = check_database_file(data_dir / DATABASE)
    assert_told(finding, "warn", "another process holds the database", "try again")


def test_a_postgresql_is_told_with_what_to_run(postgres: PostgresDatabases) -> None:
    assert check_postgres(postgres.migrated()).state == "ok"

    finding = check_postgres(postgres.empty())
    assert (finding.state, finding.remedy) == ("fail", "run: tonight db upgrade")


def test_a_key_that_others_can_read_is_told(data_dir: Path) -> None:
    load_or_create_keys(data_dir / SIGNING_KEYS)
    settings = Settings(data_dir=data_dir)
    assert check_signing_keys(settings).state == "ok"
    (data_dir / SIGNING_KEYS).chmod(0o644)
    assert_told(check_signing_keys(settings), "fail", "has the mode 0644", "chmod 600")


def test_keys_of_the_settings_are_counted(data_dir: Path) -> None:
    settings = Settings.model_validate(
        {"data_dir": data_dir, "signing_keys": f"{'a' * 32},{'b' * 32}"}
    )
    assert check_signing_keys(settings).message == "2 from the settings"


def test_a_port_in_use_by_something_else_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        finding = check_port("127.0.0.1", server.getsockname()[1])
    assert_told(finding, "fail", "is in use", "choose another --port")


def test_embedded_data_that_are_damaged_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*, with_movielens: bool) -> object:
        raise EmbeddedDataError("embedded data: films.jsonl is not the one in its manifest")

    monkeypatch.setattr(diagnosis, "load_catalogue", damaged)
    finding = check_embedded_data(with_movielens=True)
    assert_told(finding, "fail", "films.jsonl is not the one", "install the package again")


def test_a_package_without_movielens_is_all_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "load_ratings", lambda: None)
    monkeypatch.setattr(diagnosis, "has_movielens", lambda: False)
    finding = check_embedded_data(with_movielens=True)
    assert finding.state == "ok"
    assert "comes without the MovieLens part" in finding.message


def test_a_model_cannot_be_compared_with_damaged_data(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*, with_movielens: bool) -> str:
        raise EmbeddedDataError("embedded data: no manifest")

    monkeypatch.setattr(diagnosis, "data_sha256", damaged)
    finding = check_model(data_dir / MODELS, with_movielens=True)
    assert_told(finding, "fail", "cannot be compared", "mend those first")


def test_the_model_that_comes_with_the_image_is_the_one_looked_at(
    run: Run, data_dir: Path, tmp_path: Path
) -> None:
    version = (data_dir / MODELS / "current").read_text("utf-8").strip()
    result = run(
        *("doctor", "--json", "--port", "0"),
        TONIGHT_DATA_DIR=str(tmp_path / "new"),
        TONIGHT_DEFAULT_MODELS_DIR=str(data_dir / MODELS),
    )
    (found,) = [one for one in json.loads(result.stdout)["checks"] if one["name"] == "model"]
    assert found["message"] == version


def test_a_postgresql_of_the_settings_is_asked_instead_of_the_file(run: Run) -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    result = run("doctor", "--json", "--port", "0", TONIGHT_DATABASE_URL=url)
    (found,) = [one for one in json.loads(result.stdout)["checks"] if one["name"] == "database"]
    assert found["state"] == "fail"
    assert "Connection refused" in found["remedy"]


def test_a_database_and_a_key_below_a_file_cannot_be_reached(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refused)
    remedy = "give this user the right to read its folder"
    assert_told(check_database_file(data_dir / DATABASE), "fail", "Permission denied", remedy)
    keys = check_signing_keys(Settings(data_dir=data_dir, timezone="UTC"))
    assert_told(keys, "fail", "Permission denied", remedy)


def test_a_port_at_which_tonight_answers_is_all_right(address: str) -> None:
    port = int(address.rpartition(":")[2])
    finding = check_port("127.0.0.1", port)
    assert finding == Finding("port", "ok", f"Tonight 1.2.3 answers at port {port} of 127.0.0.1")
