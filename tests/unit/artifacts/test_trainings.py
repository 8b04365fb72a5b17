"""Trainings that fail are counted, whatever becomes of their process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tonight.artifacts.trainings import counted_training, failed_trainings

_TRAINING = """
import sys
from pathlib import Path
from tonight.artifacts.trainings import counted_training
with counted_training(Path(sys.argv[1])):
    print("begun", flush=True)
    sys.stdin.read()
"""


def test_no_training_has_failed_where_none_began(tmp_path: Path) -> None:
    assert failed_trainings(tmp_path) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_training_that_ends_well_or_is_interrupted_is_not_counted(tmp_path: Path) -> None:
    with counted_training(tmp_path / "new"):
        pass
    with pytest.raises(KeyboardInterrupt), counted_training(tmp_path / "new"):
        raise KeyboardInterrupt
    assert failed_trainings(tmp_path / "new") == 0


def test_each_training_that_raises_is_counted_once(tmp_path: Path) -> None:
    for n in (1, 2, 3):
        with pytest.raises(MemoryError), counted_training(tmp_path):
            raise MemoryError
        assert failed_trainings(tmp_path) == n


@pytest.mark.parametrize("state", ["", "[]", '{"failures": "many"}'])
def test_a_damaged_count_begins_anew(tmp_path: Path, state: str) -> None:
    (tmp_path / "trainings.json").write_text(state)
    assert failed_trainings(tmp_path) == 0
    with pytest.raises(ValueError, match="bad"), counted_training(tmp_path):
        raise ValueError("bad")
    assert failed_trainings(tmp_path) == 1


@pytest.mark.skipif(os.name != "posix", reason="kills a process")
def test_a_training_that_was_killed_is_counted_once_and_not_while_it_runs(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _TRAINING, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as training:
        assert training.stdout is not None
        assert training.stdout.readline() == b"begun\n"
        assert failed_trainings(tmp_path) == 0
        training.send_signal(signal.SIGKILL)
    assert failed_trainings(tmp_path) == 1
    with counted_training(tmp_path):
        assert failed_trainings(tmp_path) == 1
    assert failed_trainings(tmp_path) == 1
