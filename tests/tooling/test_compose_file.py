"""What compose.yaml lets in, and where its secrets come from, as Compose itself reads it."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tools import compose
from tools.deploy import live, records
from tools.deploy.records import Entry, Release

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def stack() -> dict[str, Any]:
    """The file with all its profiles, as Compose understands it."""
    environment = [sys.executable, str(ROOT / "tools" / "environment.py"), "container"]
    subprocess.run(environment, check=True)
    program = ROOT / ".venvs" / "container" / "bin" / "docker-compose"
    profiles = [f"--profile={name}" for name in (*compose.PROFILES, "development")]
    command = [str(program), *profiles, "config", "--format=json"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def test_nothing_can_be_reached_from_another_machine(stack: dict[str, Any]) -> None:
    for name, service in stack["services"].items():
        for port in service.get("ports", []):
            assert port["host_ip"] == "127.0.0.1", name


def test_the_database_can_be_reached_by_the_service_only(stack: dict[str, Any]) -> None:
    database = stack["services"]["database"]
    assert "ports" not in database
    assert list(database["networks"]) == ["database"]
    assert stack["networks"]["database"]["internal"] is True
    with_it = {
        name for name, service in stack["services"].items() if "database" in service["networks"]
    }
    assert with_it == {"database", "migrations", "tonight", "tonight-b", "backup"}


def test_secrets_are_files_and_no_password_is_known(stack: dict[str, Any]) -> None:
    assert all(set(secret) >= {"file"} for secret in stack["secrets"].values())
    for name, service in stack["services"].items():
        settings = service.get("environment") or {}
        for variable, value in settings.items():
            is_secret = any(word in variable for word in ("PASSWORD", "URL", "KEY"))
            if is_secret and variable != "TONIGHT_TRACES_URL":
                assert variable.endswith("_FILE"), (name, variable)
                assert str(value).startswith("/run/secrets/")
        # The one to develop with has no password, and is in no profile of the others.
        is_open = settings.get("POSTGRES_HOST_AUTH_METHOD") == "trust"
        assert is_open == (service["profiles"] == ["development"]), name


def test_our_containers_may_do_nothing_that_they_need_not(stack: dict[str, Any]) -> None:
    for name in ("tonight", "tonight-b", "migrations", "backup"):
        service = stack["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_service_is_given_the_time_to_stop(stack: dict[str, Any]) -> None:
    assert stack["services"]["tonight"]["stop_grace_period"] == "40s"


def test_the_slots_differ_in_how_many_of_them_run_only(stack: dict[str, Any]) -> None:
    a, b = (dict(stack["services"][name]) for name in live.SERVICES.values())
    assert b.pop("scale") == 0
    assert a == b


def test_what_is_in_use_is_read_by_the_proxy_and_prometheus_and_changed_by_neither(
    stack: dict[str, Any],
) -> None:
    with_it = {
        name: volume["read_only"]
        for name, service in stack["services"].items()
        for volume in service.get("volumes", [])
        if volume["target"].endswith("/live")
    }
    assert with_it == {"proxy": True, "prometheus": True}


def test_after_a_rollback_the_older_release_is_brought_up_and_the_newer_one_migrates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONIGHT_LIVE", str(tmp_path))
    old, new = (Release(f"sha256:{each}", "", f"{each}.0", each * 40) for each in "12")
    entry = Entry("2026-11-28T18:00:00", "deploy", "migrated", "b", old, new)
    records.append(tmp_path, entry)
    records.append(tmp_path, replace(entry, step="ended", outcome="in use"))
    records.append(
        tmp_path,
        replace(
            entry, kind="rollback", step="ended", slot="a", before=new, to=old, outcome="in use"
        ),
    )
    assert compose.deployed() == {
        "TONIGHT_LIVE": str(tmp_path),
        "TONIGHT_IMAGE": old.image,
        "TONIGHT_SCHEMA_IMAGE": new.image,
    }


def test_secrets_are_made_once_for_their_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONIGHT_SECRETS", str(tmp_path / "secrets"))
    compose.make_secrets()
    made = {file.name: file.read_text() for file in compose.folder().iterdir()}
    assert set(made) == {"database-password", "database-url", "signing-keys"}
    assert made["database-password"].strip() in made["database-url"]
    assert len(made["signing-keys"].strip()) >= 32
    assert stat.S_IMODE(compose.folder().stat().st_mode) == 0o700
    compose.make_secrets()
    assert {file.name: file.read_text() for file in compose.folder().iterdir()} == made
    assert os.access(compose.folder() / "signing-keys", os.R_OK)
