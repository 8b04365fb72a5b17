"""Versions of the model, at the command line and in a service that runs."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.hard_days.service import running
from tests.model_versions import link_model, publish_again
from tonight.artifacts.manifest import Description
from tonight.artifacts.model_files import current_version, load, publish
from tonight.artifacts.trainings import failed_trainings
from tonight.bootstrap import ALGORITHM, MODELS
from tools.gameday.faults import damage_published_model
from tools.ports import free_port

pytestmark = pytest.mark.slow


@pytest.fixture
def data_dir(trained_dir: Path, tmp_path: Path) -> Path:
    """A data folder of its own with a trained model, whose arrays take no room."""
    link_model(trained_dir / "models", tmp_path / "data" / "models")
    return tmp_path / "data"


def tonight(
    data_dir: Path, *arguments: str, file_bytes: int = -1, **settings: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tonight", *arguments],
        env={**os.environ, "TONIGHT_DATA_DIR": str(data_dir), **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        # What a full disk does to a file that grows, without one.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes)),
    )


def metric(port: int, name: str) -> float:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(name))


def wait_until(holds: Callable[[], bool], what: str, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def test_the_versions_are_listed_published_forced_and_taken_back(data_dir: Path) -> None:
    first = current_version(data_dir / "models")
    worse = publish_again(
        data_dir / MODELS, refused="worse than popularity", metrics={"coverage": 0.5}
    )
    assert current_version(data_dir / "models") == first

    rows = json.loads(tonight(data_dir, "model", "list", "--json").stdout)
    assert [(row["version"], row["state"]) for row in rows] == [
        (worse, "refused"),
        (first, "current"),
    ]
    assert rows[1]["metrics"]["coverage"] == 1
    assert rows[1]["metrics"]["ndcg_at_100"] > rows[1]["metrics"]["popularity_ndcg_at_100"]

    done = tonight(data_dir, "model", "publish", worse)
    assert (done.returncode, current_version(data_dir / "models")) == (4, first)
    assert "covers fewer films" in done.stderr

    done = tonight(data_dir, "model", "publish", worse, "--force", "a drill", "--json")
    forced = json.loads(done.stdout)["current"]
    assert current_version(data_dir / "models") == forced
    shown = json.loads(tonight(data_dir, "model", "show", "--json").stdout)
    assert (shown["forced"], shown["refused"], shown["state"]) == ("a drill", None, "current")

    assert tonight(data_dir, "model", "rollback").returncode == 0
    assert current_version(data_dir / "models") == first
    done = tonight(data_dir, "model", "rollback")
    assert done.returncode == 1
    assert "no earlier model" in done.stderr


def test_two_workers_take_a_new_model_under_load_without_one_failed_request(
    data_dir: Path, tmp_path: Path
) -> None:
    port = free_port()
    environment = {
        "TONIGHT_METRICS_PORT": str(port),
        "TONIGHT_RATE_LIMIT_PER_MINUTE": "0",
        "WEB_CONCURRENCY": "2",
    }
    first = current_version(data_dir / "models")
    with running(data_dir, tmp_path / "log", environment=environment) as service:
        stopping = threading.Event()
        statuses: list[int | str] = []

        def ask() -> None:
            while not stopping.is_set():
                request = urllib.request.Request(
                    f"{service.url}/movie?like=alien-1979", headers={"Accept": "application/json"}
                )
                try:
                    with urllib.request.urlopen(request, timeout=10) as answer:
                        answer.read()
                        statuses.append(answer.status)
                except OSError as error:
                    statuses.append(str(error))

        def versions() -> set[str]:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
                lines = answer.read().decode().splitlines()
            return {
                line.partition('version="')[2].partition('"')[0]
                for line in lines
                if line.startswith("tonight_model_info{")
            }

        wait_until(lambda: metric(port, "tonight_workers ") == 2, "two workers answer")
        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            second = publish_again(data_dir / MODELS)
            wait_until(
                lambda: metric(port, "tonight_model_reloads_total ") == 2, "both have taken it"
            )
            assert versions() == {second}

            damage_published_model(data_dir / "models")
            refused = 'tonight_model_refused_total{reason="damaged"}'
            wait_until(lambda: metric(port, refused) == 2, "both have refused it")
            assert versions() == {second}

            assert tonight(data_dir, "model", "rollback", str(first)).returncode == 0
            wait_until(lambda: versions() == {str(first)}, "both have gone back")
            # One that was measured to be worse is not taken, and shows.
            publish_again(data_dir / MODELS, refused="worse than popularity", metrics={})
            worse = 'tonight_model_refused_total{reason="worse"}'
            wait_until(lambda: metric(port, worse) == 2, "both have seen that it is worse")
        finally:
            stopping.set()
            for thread in threads:
                thread.join()
        assert len(statuses) > 100
        assert set(statuses) == {200}


def test_the_time_of_a_version_is_when_it_was_trained(data_dir: Path) -> None:
    version = current_version(data_dir / "models")
    assert version is not None
    manifest = load(data_dir / "models", version, {ALGORITHM}).manifest
    assert version.startswith(f"{manifest.created_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-")
    assert manifest.created_at < datetime.now(UTC) + timedelta(days=1)


def test_a_training_that_fails_or_is_killed_is_counted_by_the_running_service(
    data_dir: Path, tmp_path: Path
) -> None:
    port = free_port()
    current = current_version(data_dir / "models")
    environment = {"TONIGHT_METRICS_PORT": str(port), "WEB_CONCURRENCY": "2"}
    with running(data_dir, tmp_path / "log", environment=environment):
        wait_until(lambda: metric(port, "tonight_workers ") == 2, "two workers answer")
        assert metric(port, "tonight_training_failures_total ") == 0

        # Without the embedded ratings training takes two seconds, and the arrays are as real.
        done = tonight(data_dir, "train", file_bytes=100_000, TONIGHT_WITH_MOVIELENS="false")
        assert done.returncode == 1, done.stderr
        assert "the model cannot be saved" in done.stderr
        assert metric(port, "tonight_training_failures_total ") == 1

        with subprocess.Popen(
            [sys.executable, "-m", "tonight", "train"],
            env={**os.environ, "TONIGHT_DATA_DIR": str(data_dir)},
            stderr=subprocess.PIPE,
            text=True,
        ) as training:
            assert training.stderr is not None
            while "few likes" not in training.stderr.readline():
                assert training.poll() is None
            # One that goes on has not failed.
            assert metric(port, "tonight_training_failures_total ") == 1
            training.kill()
        assert metric(port, "tonight_training_failures_total ") == 2
    assert current_version(data_dir / "models") == current


def test_a_training_that_is_worse_is_refused_and_can_be_forced(data_dir: Path) -> None:
    measured = {"coverage": 1.0, "ndcg_at_100": 0.9}
    better = publish_again(data_dir / MODELS, metrics=measured)

    done = tonight(data_dir, "train")
    assert done.returncode == 4
    assert "worse than the model in use by more than 0.01" in done.stderr
    assert current_version(data_dir / "models") == better
    assert failed_trainings(data_dir) == 1
    (refused,) = (
        row["version"]
        for row in json.loads(tonight(data_dir, "model", "list", "--json").stdout)
        if row["state"] == "refused"
    )
    assert refused in done.stderr

    done = tonight(data_dir, "train", "--force", "the figures of the old one were wrong")
    assert done.returncode == 0, done.stderr
    shown = json.loads(tonight(data_dir, "model", "show", "--json").stdout)
    assert shown["version"] not in {better, refused}
    assert (shown["state"], shown["refused"]) == ("current", None)
    assert shown["forced"] == "the figures of the old one were wrong"
    assert failed_trainings(data_dir) == 1


def test_a_model_of_another_algorithm_is_refused_while_running_and_the_old_one_answers(
    data_dir: Path, tmp_path: Path
) -> None:
    port = free_port()
    models = data_dir / "models"
    first = current_version(models)
    assert first is not None

    def refused_are(n: int) -> bool:
        return metric(port, 'tonight_model_refused_total{reason="incompatible"}') == n

    with running(
        data_dir, tmp_path / "log", environment={"TONIGHT_METRICS_PORT": str(port)}
    ) as service:
        for number, changed in enumerate(
            ({"algorithm": "handover-1"}, {"data_sha256": "0" * 64}), start=1
        ):
            artifact = load(models, first, {ALGORITHM})
            manifest = artifact.manifest
            description: dict[str, Any] = {
                "algorithm": manifest.algorithm,
                "parameters": manifest.parameters,
                "metrics": manifest.metrics,
                "data_sha256": manifest.data_sha256,
                "code_version": manifest.code_version,
                "created_at": manifest.created_at + timedelta(seconds=number),
            }
            publish(models, Description(**description | changed), artifact.arrays)
            wait_until(partial(refused_are, number), "it is refused as incompatible")
            assert (
                metric(port, f'tonight_model_info{{algorithm="{ALGORITHM}",version="{first}"') == 1
            )
            with urllib.request.urlopen(f"{service.url}/movie?format=json") as answer:
                assert answer.status == 200
        log = (tmp_path / "log").read_text("utf-8")
        assert log.count('"event": "model_refused"') == 2
        assert metric(port, "tonight_model_reloads_total ") == 0
