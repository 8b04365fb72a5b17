"""The command as a shell runs it: exit codes, pipes, signals, terminals."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TONIGHT = (sys.executable, "-m", "tonight")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def environment(trained_dir: Path, tmp_path: Path) -> dict[str, str]:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    (data_dir / "models").symlink_to(trained_dir / "models")
    plain = {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "PYTHONPATH"} or name.startswith("COVERAGE_")
    }
    return {**plain, "TONIGHT_DATA_DIR": str(data_dir), "TONIGHT_TIMEZONE": "UTC"}


def run(
    environment: dict[str, str], *arguments: str, program: tuple[str, ...] = TONIGHT
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*program, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--help",), 0, ""),
        (("suggest", "--no-such-option"), 2, "No such option"),
        (("sugest",), 2, "No such command"),
        (("suggest", "--novelty", "2"), 2, "tonight: --novelty: must be a number from 0"),
        (("suggest", "--genre", "War", "--max-minutes", "61", "--language", "French"), 3, ""),
        (("serve", "--host", "203.0.113.7"), 1, "tonight: '203.0.113.7' is no address"),
    ],
)
def test_the_exit_code_says_how_it_went_and_standard_error_why(
    environment: dict[str, str], arguments: tuple[str, ...], code: int, said: str
) -> None:
    result = run(environment, *arguments)
    assert result.returncode == code
    assert said in result.stderr
    assert (result.stderr == "") == (said == "")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["suggest", "serve", "train"])
def test_a_wrong_setting_stops_every_command_that_needs_it(
    environment: dict[str, str], command: str
) -> None:
    result = run({**environment, "TONIGHT_MAX_BODY_BYTES": "little"}, command)
    assert result.returncode == 2
    assert result.stderr.startswith("tonight: TONIGHT_MAX_BODY_BYTES: ")


def test_a_port_in_use_is_said_before_anything_starts(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = run(environment, "serve", "--port", str(port))
    assert result.returncode == 1
    assert result.stderr == (
        f"tonight: port {port} of 127.0.0.1 is in use; stop what listens there, or choose another "
        "--port\n"
    )


def test_a_data_folder_that_cannot_be_written_is_said(environment: dict[str, str]) -> None:
    result = run({**environment, "TONIGHT_DATA_DIR": "/dev/null/data"}, "train")
    assert result.returncode == 1
    assert result.stderr.startswith("tonight: /dev/null is not a folder; ")
    assert "TONIGHT_DATA_DIR" in result.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["suggest", "--json"], ["doctor"]])
def test_a_reader_that_goes_away_ends_the_command_quietly(
    environment: dict[str, str], arguments: list[str]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.run(
        [*TONIGHT, *arguments],
        env=environment,
        stdout=writer,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writer)
    assert process.returncode == -signal.SIGPIPE
    assert process.stderr == b""


@pytest.fixture(autouse=True)
def _heed_interrupts() -> Iterator[None]:
    """What a shell starts in the background has deaf ears, and so would have all our children."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_interrupting_the_training_is_quiet_and_leaves_no_model(
    environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "untrained"
    with subprocess.Popen(
        [*TONIGHT, "train"],
        env={**environment, "TONIGHT_DATA_DIR": str(folder)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Training the model")
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert process.returncode == 130
    assert "Traceback" not in rest
    assert not (folder / "models" / "current").exists()


@pytest.mark.slow
def test_interrupting_the_service_ends_it_without_a_traceback(environment: dict[str, str]) -> None:
    with subprocess.Popen(
        [*TONIGHT, "serve", "--port", "0"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "Application startup complete" in line:
                break
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert process.returncode == 0
    assert "Traceback" not in rest


def in_terminal(environment: dict[str, str], *arguments: str) -> str:
    """What a command prints in a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*TONIGHT, *arguments],
        env={**environment, "TERM": "xterm-256color", "COLUMNS": "80"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    printed = bytearray()
    while True:
        try:
            chunk = os.read(ours, 65_536)
        except OSError:  # Linux says so that the other end was closed
            break
        if not chunk:
            break
        printed += chunk
    os.close(ours)
    assert process.wait(timeout=60) == 0
    return printed.decode().replace("\r\n", "\n")


def test_colours_are_for_terminals_and_no_color_is_heeded(environment: dict[str, str]) -> None:
    arguments = ("suggest", "--seed", "1", "--now", "2026-11-23T20:15:00Z")
    in_colour = in_terminal(environment, *arguments)
    without = in_terminal({**environment, "NO_COLOR": "1"}, *arguments)
    piped = run(environment, *arguments).stdout
    colour = re.compile(r"\x1b\[[0-9;]*3[0-7]m")
    assert colour.search(in_colour)
    assert not colour.search(without)
    assert "\x1b" not in piped
    assert COLOUR.sub("", in_colour) == COLOUR.sub("", without) == piped


def test_output_that_has_no_letter_for_a_title_is_still_output(
    environment: dict[str, str],
) -> None:
    result = run({**environment, "PYTHONIOENCODING": "ascii"}, "suggest", "--seed", "1")
    assert result.returncode == 0
    assert result.stdout.isascii()


@pytest.mark.parametrize(
    ("line", "completed"),
    [
        ("tonight su", "suggest"),
        ("tonight suggest --max-c", "--max-certificate"),
        ("tonight suggest --genre Ho", "Horror"),
        ("tonight suggest --max-certificate PG-", "PG-13"),
    ],
)
def test_the_shell_completes_commands_options_and_values(
    environment: dict[str, str], line: str, completed: str
) -> None:
    asked = {
        "COMP_WORDS": line,
        "COMP_CWORD": str(line.count(" ")),
        "_TONIGHT_COMPLETE": "complete_bash",
    }
    # The name of the installed command decides the variable.
    program = (str(Path(sys.executable).with_name("tonight")),)
    assert run({**environment, **asked}, program=program).stdout == f"{completed}\n"


def test_the_help_does_not_wait_for_what_only_commands_need(environment: dict[str, str]) -> None:
    heavy = {"numpy", "scipy", "pydantic", "sqlalchemy", "fastapi", "uvicorn", "rich"}
    program = "import json, sys, tonight.cli.app; print(json.dumps(list(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=True
    )
    assert heavy & set(json.loads(result.stdout)) == set()


@pytest.mark.slow
def test_the_service_bounds_the_head_of_a_request(environment: dict[str, str]) -> None:
    with subprocess.Popen(
        [*TONIGHT, "serve", "--port", "0"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        address = re.compile(r"running on http://127\.0\.0\.1:(\d+)")
        found = (address.search(line) for line in process.stderr)
        port = next(int(match[1]) for match in found if match)
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Filler: " + b"a" * 200_000)
            answer = client.recv(65_536)
        process.send_signal(signal.SIGINT)
        process.stderr.read()
    assert answer.startswith(b"HTTP/1.1 431 ")
