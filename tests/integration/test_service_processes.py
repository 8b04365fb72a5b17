"""The real service in real processes: started together, killed, and looked over the shoulder."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.hard_days.service import end
from tools.ports import free_port

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@contextmanager
def running(
    command: list[str], data_dir: Path, log: Path
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The service on a free port, from its first answer on; killed with all its children."""
    port = free_port()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "--port", str(port)],
            cwd=ROOT,
            env={
                **os.environ,
                "TONIGHT_DATA_DIR": str(data_dir),
                "TONIGHT_RATE_LIMIT_PER_MINUTE": "0",
            },
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    base_url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                httpx.get(f"{base_url}/healthz", timeout=5)
                break
            except httpx.TransportError:
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
        yield base_url, process
    finally:
        end(process)


def test_two_workers_that_start_together_train_once_and_share_what_they_save(
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"
    with running(["tonight", "serve", "--workers", "2"], tmp_path / "data", log) as (base_url, _):
        with httpx.Client(base_url=base_url) as client:
            said = client.post("/api/v1/feedback", json={"movie_id": "alien-1979", "kind": "liked"})
            cookie = said.cookies["tonight_viewer"]
        for _ in range(20):
            # A new connection each time, so that either worker may get it.
            answer = httpx.get(
                f"{base_url}/api/v1/history", headers={"cookie": f"tonight_viewer={cookie}"}
            )
            assert [entry["movie_id"] for entry in answer.json()["feedback"]] == ["alien-1979"]
    assert len(re.findall(r"Trained in", log.read_text())) == 1


def test_what_was_acknowledged_survives_the_kill_of_the_service(
    trained_dir: Path, tmp_path: Path
) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    (data_dir / "models").symlink_to(trained_dir / "models")
    films = ["alien-1979", "heat-1995", "the-matrix-1999", "casablanca-1942"]
    cookie = ""
    acknowledged: list[str] = []
    for _ in range(3):
        with running(["uvicorn", "main:app"], data_dir, tmp_path / "log") as (base_url, process):

            def write(base_url: str = base_url) -> None:
                nonlocal cookie
                headers = {"cookie": f"tonight_viewer={cookie}"} if cookie else {}
                with httpx.Client(base_url=base_url, headers=headers) as client:
                    while True:
                        body = {"movie_id": films[len(acknowledged) % 4], "kind": "liked"}
                        try:
                            answer = client.post("/api/v1/feedback", json=body)
                        except httpx.TransportError:
                            return
                        acknowledged.append(answer.json()["feedback_id"])
                        cookie = answer.cookies["tonight_viewer"]

            writer = threading.Thread(target=write)
            writer.start()
            n_before = len(acknowledged)
            while len(acknowledged) < n_before + 25:
                time.sleep(0.01)
            os.killpg(process.pid, signal.SIGKILL)
            writer.join()
    with running(["uvicorn", "main:app"], data_dir, tmp_path / "log") as (base_url, _):
        answer = httpx.get(
            f"{base_url}/api/v1/history", headers={"cookie": f"tonight_viewer={cookie}"}
        )
    saved = [entry["feedback_id"] for entry in answer.json()["feedback"]]
    assert len(acknowledged) >= 75
    assert set(acknowledged) <= set(saved)
    assert len(saved) == len(set(saved))
    # At most the one statement of each round that was saved and not yet acknowledged.
    assert len(saved) <= len(acknowledged) + 3


def test_the_literal_uvicorn_command_prints_nobodys_taste(
    trained_dir: Path, tmp_path: Path
) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    (data_dir / "models").symlink_to(trained_dir / "models")
    log = tmp_path / "log"
    with running(["uvicorn", "main:app"], data_dir, log) as (base_url, _):
        assert httpx.get(f"{base_url}/movie?like=casablanca-1942").status_code == 200
        assert httpx.get(f"{base_url}/posters/casablanca-1942.svg").status_code == 200
        assert httpx.get(f"{base_url}/movies/casablanca-1942").status_code == 200
    printed = log.read_text()
    assert '"route": "/movie", "status": 200' in printed
    assert "casablanca" not in printed
