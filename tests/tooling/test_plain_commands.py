"""Without make: ``pip install -r requirements.txt``, ``uvicorn main:app --reload``, GET /movie."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tools.ports import free_port

ROOT = Path(__file__).parents[2]
NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist", "var")
PATIENCE_SECONDS = 90


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the project, in a path with spaces."""
    copy = tmp_path / "a path with spaces"
    shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
    return copy


@pytest.fixture
def commands(tmp_path: Path, tree: Path) -> Path:
    """The folder of the commands of an environment made with pip alone, outside of the tree."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "environment"], check=True)
    folder = tmp_path / "environment" / "bin"
    subprocess.run(
        [folder / "pip", "install", "--quiet", "-r", "requirements.txt"], cwd=tree, check=True
    )
    return folder


@contextlib.contextmanager
def served(tree: Path, commands: Path, data_dir: Path, port: int) -> Iterator[Path]:
    """Serves the tree with ``--reload`` and yields the file of its output."""
    output = data_dir.with_suffix(".log")
    with output.open("w") as file:
        process = subprocess.Popen(
            [commands / "uvicorn", "main:app", "--reload", "--port", str(port)],
            cwd=tree,
            env={**os.environ, "TONIGHT_DATA_DIR": str(data_dir)},
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield output
    finally:
        # The reloader and the server that it has started form one group.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def reason_that(starts_with: str, port: int, output: Path) -> str:
    """The reason of a suggestion, as soon as it starts as it should.

    Raises:
        AssertionError: It never did; shows the last answer and what the server printed.
    """
    url = f"http://127.0.0.1:{port}/movie"
    answer: Any = None
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=10) as response:
                answer = json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                answer = error.read().decode()
            break
        except OSError as error:  # not there yet, or just starting again
            answer = error
        else:
            text: str = answer["reason"]["text"]
            if text.startswith(starts_with):
                return text
        time.sleep(0.1)
    pytest.fail(f"the last answer was {answer!r}; the server printed:\n{output.read_text()}")


@pytest.mark.slow
def test_an_edited_source_file_is_served_at_once(
    tmp_path: Path, tree: Path, commands: Path
) -> None:
    port = free_port()
    with served(tree, commands, tmp_path / "data", port) as output:
        reason_that("Widely liked", port, output)
        source = tree / "src" / "tonight" / "services" / "reason.py"
        text = source.read_text("utf-8")
        assert '"Widely liked' in text
        source.write_text(text.replace('"Widely liked', '"Edited: widely liked'), "utf-8")
        reason_that("Edited: widely liked", port, output)
    assert "Traceback" not in output.read_text()
