"""``make`` lists its commands, names a wrong Python, and checks what the hooks check."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs make in the root of the project."""
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def listed_targets() -> dict[str, str]:
    """What the bare ``make`` prints: targets and their descriptions."""
    return dict(re.findall(r"^  ([a-z-]+) +(\S.*)$", make().stdout, re.MULTILINE))


def phony_targets() -> set[str]:
    """Every command of the Makefile, without those that only put an environment in place."""
    joined = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ")
    variables = dict(re.findall(r"^(\w+) := (.*)$", joined, re.MULTILINE))
    names: set[str] = set()
    for line in re.findall(r"^\.PHONY: (.*)$", joined, re.MULTILINE):
        names.update(re.sub(r"\$\((\w+)\)", lambda name: variables[name[1]], line).split())
    return {name for name in names if name != "python" and not name.startswith("env-")}


def test_bare_make_lists_every_command_with_a_description() -> None:
    assert set(listed_targets()) == phony_targets()


def test_in_the_pipeline_what_fails_is_tried_once_more_and_elsewhere_not(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    (tmp_path / "python").write_text(
        f'#!/bin/sh\necho "$*" >> "{calls}"\nexit $(cat "{tmp_path}/codes/$(wc -l < "{calls}")")\n'
    )
    (tmp_path / "python").chmod(0o755)
    (tmp_path / "codes").mkdir()
    for ci, codes, passes, n_calls in (
        ("true", (0,), True, 1),
        ("true", (1, 0), True, 2),
        ("true", (1, 1), False, 2),
        ("true", (2,), False, 1),
        ("", (1,), False, 1),
    ):
        calls.unlink(missing_ok=True)
        for number, code in enumerate(codes, 1):
            (tmp_path / "codes" / str(number)).write_text(str(code))
        quiet = ("-o", "env-dev", "-o", "test-setup")
        done = make("test", *quiet, f"CI={ci}", f"BIN={tmp_path}", "ARGS=x")
        assert (done.returncode == 0) == passes
        made = calls.read_text().splitlines()
        assert made == ["-m pytest x", "-m pytest --last-failed x"][:n_calls]


def test_the_hooks_before_a_commit_are_the_parts_of_make_check() -> None:
    hooks = re.findall(r"directory (check-\S+)", (ROOT / ".pre-commit-config.yaml").read_text())
    parts = [name for name in listed_targets() if name.startswith("check-")]
    assert hooks == parts
    # What is read is what is written: of a key that is there twice the last one counts.
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [hook["id"] for hook in local["hooks"]] == parts


def test_each_check_runs_once_in_the_pipeline_as_part_of_make_check_or_of_the_tests() -> None:
    checks = {name for name in listed_targets() if name.startswith("check-")}
    makefile = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ")
    (parts,) = re.findall(r"^CHECKS := (.*)$", makefile, re.MULTILINE)
    by_tests = {"check-chart", "check-openapi-lint", "check-monitoring"}
    assert checks - set(parts.split()) == by_tests
    assert not by_tests & set(parts.split())
    for module, called in (
        ("tooling/test_linters.py", "openapi_lint"),
        ("chart/test_chart.py", "chart.main()"),
        ("monitoring/test_rules.py", "check.run_tools()"),
        ("monitoring/test_rules.py", "check.problems()"),
        ("monitoring/test_dashboards.py", "rendered("),
    ):
        assert called in (ROOT / "tests" / module).read_text("utf-8")


def test_the_pipeline_ends_with_the_command_by_which_the_readme_tests() -> None:
    steps = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    targets = ("check", "checklist", "release-rehearsal", "test")
    assert steps[-4:] == [f"make --no-print-directory {target}" for target in targets]
    assert re.search(r"^make test\b", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)


def test_what_is_said_to_the_checklist_is_not_said_to_its_proofs(tmp_path: Path) -> None:
    row = {"kind": "action", "question": "?", "answer": "Yes.", "files": ["checklist.toml"]}
    row["proof"] = f"make --no-print-directory --dry-run -C {ROOT} test | tee said"
    lines = [f"{name} = {json.dumps(value)}" for name, value in row.items()]
    text = "\n".join(['title = "T"', 'page = "page.md"', "[[pillar]]", "[[pillar.row]]", *lines])
    (tmp_path / "checklist.toml").write_text(text, "utf-8")
    done = make("checklist", f"ARGS=--heavy --file={tmp_path}/checklist.toml")
    assert done.returncode == 0, done.stdout
    said = (tmp_path / "said").read_text("utf-8")
    assert "pytest" in said
    assert "--heavy" not in said


@pytest.mark.parametrize("target", ["image-push", "deploy", "publish"])
def test_the_name_of_an_image_is_no_command(target: str) -> None:
    done = make("--dry-run", target, 'IMAGE="; touch stolen; "')
    assert done.returncode == 0, done.stderr
    assert "stolen" not in done.stdout
    assert '"$IMAGE"' in done.stdout


def test_a_python_that_is_too_old_is_named_with_what_is_needed(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit\nexit 1\n')
    old.chmod(0o755)
    done = make("run", f"PYTHON={old}")
    assert done.returncode != 0
    assert "Python 3.11 to 3.14 is needed" in done.stderr
    assert "is Python 3.9.2" in done.stderr


def test_a_python_that_is_missing_is_named(tmp_path: Path) -> None:
    done = make("test", f"PYTHON={tmp_path / 'python9'}")
    assert done.returncode != 0
    assert f"{tmp_path / 'python9'} is" in done.stderr
    assert "make PYTHON=" in done.stderr
