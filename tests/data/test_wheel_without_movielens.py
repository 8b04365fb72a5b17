"""The wheel without MovieLens's data."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tools.data.build import ROOT
from tools.data.wheel_without_movielens import (
    build_wheel,
    copy_without_movielens,
    without_movielens,
)

USE = """
from tonight.embedded import has_movielens, load_catalogue, load_ratings

assert not has_movielens()
assert load_ratings() is None
films = load_catalogue(with_movielens=True)
assert films == load_catalogue(with_movielens=False)
assert "the-matrix-1999" in {film.movie_id for film in films}
print(len(films))
"""


def test_its_licence_is_apache_alone_and_its_version_tells_it_apart() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    before, after = (tomllib.loads(part)["project"] for part in (text, without_movielens(text)))
    assert before["license"] == "Apache-2.0 AND LicenseRef-MovieLens"
    assert after["license"] == "Apache-2.0"
    assert after["version"] == f"{before['version']}+without.movielens"
    assert after["dependencies"] == before["dependencies"]


def test_a_project_file_of_another_form_is_refused() -> None:
    text = '[project]\nversion = "1"\nlicense = "MIT"\n[tool.x]\nversion = "1"\n'
    with pytest.raises(ValueError, match="one line version"):
        without_movielens(text)


def test_nothing_of_movielens_is_copied(tmp_path: Path) -> None:
    copy_without_movielens(tmp_path)
    embedded = tmp_path / "src" / "tonight" / "embedded"
    assert (embedded / "catalogue.jsonl.gz").is_file()
    assert not (embedded / "movielens").exists()
    assert "MovieLens" not in (tmp_path / "NOTICE").read_text("utf-8")
    assert "Apache License" in (tmp_path / "NOTICE").read_text("utf-8")


@pytest.mark.slow
def test_the_wheel_has_a_catalogue_and_no_ratings(tmp_path: Path) -> None:
    try:
        wheel = build_wheel(tmp_path / "dist")
    except subprocess.CalledProcessError:
        if backend_can_be_had(tmp_path):
            raise
        pytest.skip("the build backend cannot be had from here")
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(wheel) as archive:
        assert [name for name in archive.namelist() if "embedded/movielens" in name] == []
        archive.extractall(unpacked)
    done = subprocess.run(
        [sys.executable, "-c", USE],
        cwd=tmp_path,
        env={"PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert int(done.stdout) > 9_000


def backend_can_be_had(folder: Path) -> bool:
    """Whether pip finds what builds the wheel."""
    backend = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--dest", str(folder), *backend["requires"]]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
