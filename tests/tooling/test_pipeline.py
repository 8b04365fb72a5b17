"""The pipeline calls what a person calls, with no more rights than it needs."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.coverage import branch_share

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
BIN = ROOT / ".venvs" / "pipeline" / "bin"

#: What a step may run beside make: signing, and telling what the others came to.
NOT_MAKE = ("cosign ", "gh release create ", 'echo "$RESULTS"')


def jobs(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text("utf-8"))["jobs"])


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in jobs(path).values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_step_is_a_make_target_that_is_there(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    commands = [step["run"] for step in steps(path) if "run" in step]
    assert commands
    for command in commands:
        if command.startswith(NOT_MAKE):
            continue
        found = re.fullmatch(r"make ([a-z-]+)( [A-Z]+=(\"[^\"]*\"|[^ ]+))*", command)
        assert found, command
        assert found[1] in targets, command


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_and_rights_are_given_one_by_one(path: Path) -> None:
    text = path.read_text("utf-8")
    for used in re.findall(r"uses: (.+)", text):
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used), used
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    for job in jobs(path).values():
        assert job["timeout-minutes"] <= 60
        assert "pull_request_target" not in text
    for step in steps(path):
        if "checkout" in step.get("uses", ""):
            # Only the release pushes: its tag.
            assert step["with"]["persist-credentials"] is (path.stem == "release")


def test_the_one_required_check_waits_for_all_others_and_is_the_branchs_rule() -> None:
    change = jobs(ROOT / ".github" / "workflows" / "change.yml")
    required = change["required"]
    assert set(required["needs"]) == set(change) - {"required"}
    # Without this it would be skipped when another one fails, and skipped counts as passed.
    assert required["if"] == "always()"
    rules = json.loads((ROOT / ".github" / "rulesets" / "main.json").read_text("utf-8"))["rules"]
    checks = next(rule for rule in rules if rule["type"] == "required_status_checks")
    assert checks["parameters"]["required_status_checks"] == [{"context": required["name"]}]


@pytest.mark.parametrize(
    ("results", "passes"),
    [
        ("success success", True),
        ("success skipped", True),
        ("success failure", False),
        ("cancelled success", False),
    ],
)
def test_the_required_check_fails_with_any_of_the_others(results: str, *, passes: bool) -> None:
    (step,) = jobs(ROOT / ".github" / "workflows" / "change.yml")["required"]["steps"]
    done = subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        env={"RESULTS": results},
        check=False,
        capture_output=True,
    )
    assert (done.returncode == 0) == passes


def test_the_tests_run_on_every_python_that_is_supported() -> None:
    matrix = jobs(ROOT / ".github" / "workflows" / "change.yml")["test"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert 'requires-python = ">=3.11,<3.15"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_owners_are_named_for_folders_that_are_there() -> None:
    for line in (ROOT / ".github" / "CODEOWNERS").read_text("utf-8").splitlines():
        if line.startswith("/"):
            assert (ROOT / line.split()[0].lstrip("/")).exists(), line


def make(target: str) -> None:
    subprocess.run(["make", "--no-print-directory", target], cwd=ROOT, check=True)


def complaints(*command: str | Path, stdin: str | None = None) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_actionlint_and_zizmor_catch_a_bad_workflow(tmp_path: Path) -> None:
    make("env-pipeline")
    bad = tmp_path / ".github" / "workflows" / "bad.yml"
    bad.parent.mkdir(parents=True)
    bad.write_text((ROOT / "tests/tooling/known_bad/workflow.yml").read_text("utf-8"), "utf-8")
    assert 'property "python" is not defined' in complaints(BIN / "actionlint", "-no-color", bad)
    found = complaints(BIN / "zizmor", "--offline", "--no-progress", "--format", "json", bad)
    rules = {each["ident"] for each in json.loads(found[found.index("[") : found.rindex("]") + 1])}
    assert {"unpinned-uses", "template-injection", "dangerous-triggers"} <= rules


def test_gitleaks_catches_a_key(tmp_path: Path) -> None:
    make("env-pipeline")
    # Put together here, or the project would hold what it looks for.
    (tmp_path / "settings.py").write_text('AWS_KEY = "AKIA' + "Z7QF3LX2MNOP4RST" + '"\n', "utf-8")
    options = ("--no-banner", "--redact", "--config", ROOT / ".gitleaks.toml")
    assert "leaks found: 1" in complaints(BIN / "gitleaks", "dir", *options, tmp_path)


def test_the_share_of_branches_is_read_from_the_report() -> None:
    report = '<coverage branches-valid="200" branches-covered="191"></coverage>'
    assert branch_share(report) == pytest.approx(0.955)
    with pytest.raises(ValueError, match="no branches"):
        branch_share('<coverage branches-valid="0" branches-covered="0"></coverage>')


def test_the_image_of_a_commit_is_told_which_run_builds_it() -> None:
    workflow = ROOT / ".github" / "workflows" / "commit.yml"
    (step,) = [step for step in steps(workflow) if step.get("run") == "make image"]
    parts = ("server_url", "repository", "run_id")
    assert all(f"github.{part}" in step["env"]["BUILD_URL"] for part in parts)
