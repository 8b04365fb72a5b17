"""The stages are what doc/evolution.md says of them; their costs it measures on demand."""

from __future__ import annotations

import ast
import json
import sys
from dataclasses import asdict
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from examples import processes
from tools.evolution.__main__ import FIGURES, PAGE, written
from tools.evolution.page import CHART
from tools.evolution.stages import EXAMPLES, installed_by, size_of, size_of_tonight, stages

STAGES = [stage.name for stage in stages()]
#: What the name in an import is called where it is installed from.
DISTRIBUTIONS = {"prometheus_client": "prometheus-client"}
#: FastAPI's own foundation, which it passes on by name.
PASSED_ON = {"starlette"}


def test_every_stage_has_its_folder_and_every_folder_its_stage() -> None:
    folders = {path.parent.name for path in EXAMPLES.glob("*/main.py")}
    assert folders == set(STAGES)


def test_the_page_and_the_chart_are_those_of_the_last_run() -> None:
    text, picture = written(json.loads(FIGURES.read_text("utf-8")))
    assert PAGE.read_text("utf-8") == text, "run: make evolution ARGS=--no-run"
    assert (PAGE.parent / CHART).read_text("utf-8") == picture
    assert ET.fromstring(picture).tag.endswith("svg")


def test_the_sizes_of_the_page_are_nearly_those_of_today() -> None:
    then, now = json.loads(FIGURES.read_text("utf-8"))["tonight"], asdict(size_of_tonight())
    grown = {part: now[part] for part in now if now[part] != pytest.approx(then[part], rel=0.2)}
    assert grown == {}, "run: make evolution"


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_declares_what_it_imports_and_nothing_else(stage: str) -> None:
    files = [path for path in (EXAMPLES / stage).glob("*.py") if "test" not in path.name]
    imported: set[str] = {"uvicorn"}  # by its command
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).partition(".")[0])
            elif isinstance(node, ast.Import):
                imported |= {each.name.partition(".")[0] for each in node.names}
    imported -= sys.stdlib_module_names | PASSED_ON | {"examples"}
    declared = (EXAMPLES / stage / "requirements.txt").read_text("utf-8").split()
    assert declared == sorted(DISTRIBUTIONS.get(name, name) for name in imported)


def test_a_stage_imports_of_the_examples_only_itself() -> None:
    for stage in STAGES:
        for file in (EXAMPLES / stage).glob("*.py"):
            if not file.name.startswith("test_"):
                text = file.read_text("utf-8")
                assert text.count("from examples.") == text.count(f"from examples.{stage}."), file


def test_ten_lines_are_ten_lines() -> None:
    assert size_of("hello").program <= 10


def test_what_a_package_brings_along_is_counted_and_its_extras_only_when_asked() -> None:
    plain = installed_by(["psycopg"])
    assert {"psycopg", "typing-extensions"} <= plain
    assert "psycopg-binary" not in plain
    assert "psycopg-binary" in installed_by(["psycopg[binary]"])
    assert installed_by(["uvicorn; sys_platform == 'nowhere'"]) == set()


def test_a_stage_without_a_command_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    (tmp_path / "examples" / "mute").mkdir(parents=True)
    (tmp_path / "examples" / "mute" / "main.py").write_text('"""Nothing."""\n')
    monkeypatch.setattr(processes, "ROOT", tmp_path)
    with pytest.raises(ValueError, match="mute: the first line"):
        processes.command_of("mute")
