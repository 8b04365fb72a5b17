"""Every linter is alive under the project's own configuration: it catches its known-bad sample."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tools import openapi_lint

ROOT = Path(__file__).parents[2]
KNOWN_BAD = Path(__file__).with_name("known_bad")
#: vulture ends with 3, the others with 1; 2 and more means that a tool could not run at all.
FOUND_SOMETHING = {1, 3}

#: A contract of pyproject.toml, a module, and a line in it that breaks the contract.
BROKEN_CONTRACTS = [
    ("layers", "domain/movie.py", "import tonight.services"),
    ("layers", "recsys/top_k.py", "import tonight.domain"),
    ("layers", "artifacts/manifest.py", "import tonight.settings"),
    ("layers", "a_package_without_a_place/__init__.py", ""),
    ("core-without-frameworks", "services/catalogue.py", "import fastapi"),
    ("core-without-frameworks", "recsys/top_k.py", "import sqlalchemy"),
    ("front-doors-without-database", "web/__init__.py", "import sqlalchemy"),
    ("ports-only", "artifacts/manifest.py", "import tonight.services.catalogue"),
    ("data-knows-the-domain-only", "embedded/catalogue.py", "import tonight.recsys"),
    ("front-doors-without-database", "cli/train.py", "import alembic"),
    ("leaves", "settings.py", "import tonight.domain"),
    ("leaves", "observability/logs.py", "import tonight.services"),
]


def run_tool(name: str, *arguments: str | Path, cwd: Path = ROOT, stdin: str = "") -> str:
    """Runs a tool of this environment; it must complain. Returns all that it printed."""
    command = [str(Path(sys.executable).with_name(name)), *map(str, arguments)]
    done = subprocess.run(
        command,
        cwd=cwd,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode in FOUND_SOMETHING, done.stdout
    return done.stdout


def ruff_codes(sample: str) -> set[str]:
    """The codes that ruff reports for a sample, as if it were a file of the product."""
    text = (KNOWN_BAD / sample).read_text("utf-8")
    options = ("--quiet", "--output-format", "json", "--stdin-filename", "src/tonight/sample.py")
    return {found["code"] for found in json.loads(run_tool("ruff", "check", *options, stdin=text))}


@pytest.mark.parametrize(
    ("sample", "code"),
    [
        pytest.param("unsorted_imports.py", "I001", id="isort"),
        pytest.param("unused_variable.py", "F841", id="flake8-unused-variable"),
        pytest.param("undefined_name.py", "F821", id="flake8-undefined-name"),
        pytest.param("long_line.py", "E501", id="flake8-long-line"),
    ],
)
def test_ruff_catches_what_isort_and_flake8_would(sample: str, code: str) -> None:
    assert ruff_codes(sample) == {code}


def test_ruff_formats_what_black_would() -> None:
    text = (KNOWN_BAD / "unformatted.py").read_text("utf-8")
    difference = run_tool(
        "ruff", "format", "--diff", "--stdin-filename", "src/tonight/sample.py", "-", stdin=text
    )
    added = [line[1:] for line in difference.splitlines() if line[:1] == "+"]
    assert 'RUNTIMES = {"The Matrix": 136, "Metropolis": 153}' in added
    assert "def longest(runtimes):" in added


def test_mypy_is_strict_in_source_and_tests_alike() -> None:
    printed = run_tool("mypy", KNOWN_BAD / "wrong_types.py")
    assert "[return-value]" in printed
    assert "[no-untyped-def]" in printed


def test_vulture_finds_a_function_that_nobody_calls(tmp_path: Path) -> None:
    sample = shutil.copy(KNOWN_BAD / "dead_code.py", tmp_path)
    assert "unused function 'runtime_nobody_asks_for'" in run_tool("vulture", sample)


def test_deptry_finds_undeclared_and_misplaced_dependencies(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    package = tmp_path / "src" / "tonight"
    package.mkdir(parents=True)
    shutil.copy(KNOWN_BAD / "undeclared_imports.py", package / "sample.py")
    printed = run_tool("deptry", "src", "--no-ansi", cwd=tmp_path)
    assert "DEP001 'a_package_that_nobody_declared' imported but missing" in printed
    assert "DEP004 'pandas' imported but declared as a dev dependency" in printed
    assert "DEP002 'fastapi' defined as a dependency but not used" in printed


@pytest.mark.slow
def test_hadolint_finds_what_is_wrong_with_a_dockerfile_and_nothing_in_ours() -> None:
    environment = ROOT / "tools" / "environment.py"
    subprocess.run([sys.executable, environment, "container"], check=True)
    hadolint = ROOT / ".venvs" / "container" / "bin" / "hadolint"
    found = {}
    for file in (ROOT / "Dockerfile", KNOWN_BAD / "Dockerfile"):
        command = [str(hadolint), "--format=json", str(file)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        found[file.parent.name] = {each["code"] for each in json.loads(done.stdout)}
    assert found == {
        ROOT.name: set(),
        "known_bad": {"DL3002", "DL3006", "DL3025", "DL3042", "DL3066"},
    }


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("npm") is None and "CI" not in os.environ, reason="Spectral comes by npm"
)
def test_spectral_finds_what_is_wrong_with_a_contract_and_nothing_in_ours() -> None:
    assert openapi_lint.main([]) == 0
    installed = str(openapi_lint.installed())
    ruleset = f"--ruleset={ROOT / '.spectral.yaml'}"
    command = [installed, "lint", ruleset, "--format=json", str(KNOWN_BAD / "openapi.json")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert {each["code"] for each in json.loads(done.stdout)} == {
        "oas3-api-servers",
        "oas3-schema",
        "operation-tag-defined",
        "path-params",
        "tonight-deprecations-have-dates",
        "tonight-operation-ids",
        "tonight-parameters-are-described",
        "tonight-problems",
        "tonight-says-what-it-does",
    }


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the package with its contracts, in which a test may break one."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        ROOT / "src" / "tonight",
        tmp_path / "tonight",
        ignore=lambda _folder, names: {n for n in names if "." in n and not n.endswith(".py")},
    )
    return tmp_path


@pytest.mark.parametrize(("contract", "module", "line"), BROKEN_CONTRACTS)
def test_import_linter_catches(house: Path, contract: str, module: str, line: str) -> None:
    broken = house / "tonight" / module
    broken.parent.mkdir(exist_ok=True)
    with broken.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    printed = run_tool("lint-imports", "--no-cache", "--contract", contract, cwd=house)
    assert "0 kept, 1 broken" in printed
    offender = module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    assert offender in printed


def test_every_contract_has_a_case_that_breaks_it() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = {each["id"] for each in pyproject["tool"]["importlinter"]["contracts"]}
    assert contracts == {contract for contract, _module, _line in BROKEN_CONTRACTS}
