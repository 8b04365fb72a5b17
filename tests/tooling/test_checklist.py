"""The checklist holds what it has proved, and nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from tools.checklist import tonight_checklist as tool

ROOT = Path(__file__).parents[2]
OURS = ROOT / "checklist.toml"
HEAD = 'title = "Ready?"\npage = "doc/page.md"\n[[pillar]]\nname = "Stability"\n'


def row(question: str, **parts: object) -> str:
    """A row in TOML; JSON's strings, lists and numbers are TOML's too."""
    values = {"kind": "action", "question": question, "answer": "Yes. Always.", **parts}
    return "[[pillar.row]]\n" + "".join(f"{k} = {json.dumps(v)}\n" for k, v in values.items())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    (tmp_path / "here").touch()
    return tmp_path


def given(*rows: str) -> None:
    Path("checklist.toml").write_text(HEAD + "".join(rows), "utf-8")


def page() -> str:
    return Path("doc/page.md").read_text("utf-8")


def test_what_is_proved_is_held_and_the_page_says_how(folder: Path) -> None:
    given(row("Is it here?", files=["here"], proof="grep -q '' here || [ -f here ]"))
    assert tool.run([]) == 0
    assert "| Stability | 1 | 1 | 0 | 0 | 0 | 0 |" in page()
    assert "### Is it here?\n\n*Action. Held.*\n\nYes. Always." in page()
    assert "[`here`](../here)" in page()
    assert tool.run(["--check"]) == 0


def test_a_row_whose_proof_fails_fails_and_says_what_was_printed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given(
        row("Is it well?", files=["here"], proof="echo it is ill >&2; false"),
        row("And this?", files=["here"], proof="cmp here here"),
    )
    assert tool.run([]) == 1
    assert "| Stability | 2 | 1 | 1 | 0 | 0 | 0 |" in page()
    told = capsys.readouterr()
    assert "it is ill" in told.out
    assert told.err == "\nNot held: Is it well?\n"


def test_a_failure_in_the_middle_of_a_pipe_is_a_failure(folder: Path) -> None:
    given(row("All of it?", files=["here"], proof="false | cat"))
    assert tool.run([]) == 1


def test_what_cannot_be_proved_does_not_count_and_fails_nothing(folder: Path) -> None:
    given(
        row("Is there a cluster?", unproven="There is none here."),
        row("With a tool?", files=["here"], proof="no-such-tool x", needs=["no-such-tool"]),
        row("For hours?", files=["here"], proof="false", heavy=True),
    )
    assert tool.run([]) == 0
    assert "| Stability | 3 | 0 | 0 | 1 | 1 | 1 |" in page()
    assert "Why there is no proof: There is none here." in page()
    assert tool.run(["--heavy"]) == 1


def test_a_missing_tool_fails_a_pipeline(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    given(row("With a tool?", files=["here"], proof="no-such-tool x", needs=["no-such-tool"]))
    assert tool.run([]) == 1


def test_a_heavy_proof_counts_in_its_run_and_leaves_the_page_as_a_quick_one_would(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given(row("For hours?", files=["here"], proof="cmp here here", heavy=True))
    assert tool.run(["--heavy"]) == 0
    assert capsys.readouterr().out.rstrip().splitlines()[-1].split() == [
        *("All", "1", "1", "0", "0", "0", "0")
    ]
    assert tool.run(["--check"]) == 0


def test_a_proof_that_hangs_is_ended_with_all_that_it_started(folder: Path) -> None:
    proof = "sleep 1000 & echo $! > child; wait"
    given(row("Does it end?", files=["here"], proof=proof, timeout_seconds=5))
    assert tool.run([]) == 1
    stat = Path(f"/proc/{Path('child').read_text().strip()}/stat")
    end = time.monotonic() + 60
    # A zombie at most, until somebody asks after it.
    while stat.exists() and stat.read_text().rpartition(") ")[2][0] != "Z":
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_command_that_several_rows_name_runs_once(folder: Path) -> None:
    proof = "echo once >> count"
    parts = {"files": ["here"], "proof": f"{proof}; cmp here here"}
    given(row("First?", **parts), row("Second?", **parts))
    assert tool.run([]) == 0
    assert Path("count").read_text() == "once\n"


@pytest.mark.parametrize(
    ("proof", "status"), [("[ -e tried ] || { touch tried; false; }", 0), ("false", 1)]
)
def test_what_fails_can_be_tried_once_more_and_both_are_printed(
    folder: Path, capsys: pytest.CaptureFixture[str], proof: str, status: int
) -> None:
    given(
        row("Is it well?", files=["here"], proof=proof),
        row("Once?", files=["here"], proof="echo >> once; [ -s once ]"),
    )
    assert tool.run(["--once-more"]) == status
    assert capsys.readouterr().out.count("Is it well?") == 2
    assert Path("once").read_text("utf-8") == "\n"
    assert ("*Action. Held.*" in page().split("### Once?")[0]) is (status == 0)


def test_some_rows_can_be_run_alone_and_the_page_stays(folder: Path) -> None:
    given(
        row("Is the moon up?", files=["here"], proof="cmp here here"),
        row("The sun?", files=["here"], proof="false"),
    )
    assert tool.run(["--only", "MOON"]) == 0
    assert not Path("doc/page.md").exists()
    assert tool.run(["--only", "stars"]) == 1


@pytest.mark.parametrize(
    ("parts", "complaint"),
    [
        ({"proof": "true"}, "'true' proves nothing"),
        ({"proof": "echo well"}, "'echo well' proves nothing"),
        ({"proof": "test -f here"}, "'test -f here' proves nothing"),
        ({"proof": "/bin/true"}, "'/bin/true' proves nothing"),
        ({"proof": "cmp a b || true"}, "'cmp a b || true' proves nothing"),
        ({"proof": "cmp a b", "unproven": "why"}, "either a proof, or unproven"),
        ({}, "either a proof, or unproven"),
        ({"proof": "cmp a b", "files": []}, "no file holds it"),
        ({"proof": "cmp a b", "files": ["there"]}, "there does not exist"),
        ({"proof": "cmp a b", "answer": " "}, "answer is missing"),
        ({"proof": "cmp a b", "kind": "wish"}, "kind is none of"),
        ({"proof": "cmp a b", "prof": "x"}, "prof is not known"),
        ({"proof": "cmp a b", "files": "here"}, "files is not a list of texts"),
        ({"proof": "cmp a b", "heavy": "false"}, "heavy is not true or false"),
        ({"proof": "cmp a b", "needs": "docker"}, "needs is not a list of texts"),
        ({"proof": ["cmp"]}, "proof is not text"),
        ({"proof": "cmp a b", "timeout_seconds": "soon"}, "timeout_seconds is no number above 0"),
        ({"proof": "cmp a b", "timeout_seconds": -1}, "timeout_seconds is no number above 0"),
    ],
)
def test_mistakes_in_the_file_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str], parts: dict[str, object], complaint: str
) -> None:
    given(row("Ready?", **{"files": ["here"], **parts}))
    assert tool.run([]) == 1
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("pillar = 1", "[[pillar]] begins each pillar"),
        ('[pillar]\nname = "Stability"', "[[pillar]] begins each pillar"),
        ("[[pillar]]\nrow = 3", "[[pillar.row]] begins each row"),
        ("title = 5", "title is missing, or no text"),
        ('page = "../page.md"', "page is no file beside or below this one"),
        ('page = "."', "page is no file beside or below this one"),
        ("page = ", "Invalid value"),
    ],
)
def test_a_file_that_is_no_checklist_is_told_in_words(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, complaint: str
) -> None:
    Path("checklist.toml").write_text(text, "utf-8")
    assert tool.run([]) == 1
    assert complaint in capsys.readouterr().err


def test_no_proof_at_a_time_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        tool.run(["--jobs", "0"])
    assert "--jobs: at least 1" in capsys.readouterr().err


def test_a_page_that_is_not_what_the_file_says_is_told(folder: Path) -> None:
    given(row("Is it here?", files=["here"], proof="cmp here here"))
    assert tool.run(["--check"]) == 1
    assert tool.run([]) == 0
    given(row("Is it there?", files=["here"], proof="cmp here here"))
    assert tool.run(["--check"]) == 1


def test_ctrl_c_ends_the_proofs_that_run_and_begins_no_other(folder: Path) -> None:
    proofs = [f"touch began{n}; cat began{n}; sleep 60; touch ended{n}" for n in range(3)]
    given(*(row(f"For {n} minutes?", files=["here"], proof=p) for n, p in enumerate(proofs)))
    # A pipeline that was started in the background has its children ignore Ctrl-C.
    command = ["env", "--default-signal=INT", sys.executable, tool.__file__, "--jobs", "2"]
    with subprocess.Popen(command, cwd=folder) as process:
        deadline = time.monotonic() + 20
        while not all(Path(f"began{n}").exists() for n in (0, 1)) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
    assert not Path("began2").exists()
    assert not Path("doc/page.md").exists()


def test_every_answer_of_ours_is_two_sentences() -> None:
    for each in tool.read(OURS).rows():
        ends = each.answer.replace("99.5 %", "").replace("127.0.0.1", "").replace("doc/", "")
        assert ends.count(". ") + ends.endswith(".") == 2, each.question


def test_ours_asks_about_every_pillar() -> None:
    assert [pillar.name for pillar in tool.read(OURS).pillars] == [
        *("Developer experience", "Automation", "Documentation", "Observability", "Stability")
    ]


@pytest.mark.slow
def test_it_stands_alone(tmp_path: Path) -> None:
    """Built as a package, in a Python that knows nothing of this project."""
    source = ROOT / "tools" / "checklist"
    built = tmp_path / "wheel"
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", f"--wheel-dir={built}"]
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run([*command, str(source)], check=True, env=environment)
    with zipfile.ZipFile(next(built.glob("tonight_checklist-*.whl"))) as wheel:
        wheel.extractall(tmp_path / "installed")
    (tmp_path / "checklist.toml").write_text(
        HEAD + row("Is it here?", files=["wheel"], proof="ls wheel | grep -q whl")
    )
    alone = [sys.executable, "-I", "-S", str(tmp_path / "installed" / "tonight_checklist.py")]
    done = subprocess.run(alone, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "doc" / "page.md").exists()
