"""The wheel holds all that the product needs, and says under which terms."""

from __future__ import annotations

import email.message
import email.parser
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_COPIED = shutil.ignore_patterns("__pycache__")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by pip as for anyone who installs from the source."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(ROOT / "src", source / "src", ignore=NOT_COPIED)
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder)]
    subprocess.run([*pip, str(source)], check=True)
    (built,) = folder.glob("*.whl")
    return built


def names_in(wheel: Path) -> set[str]:
    """The names of the files in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def member(wheel: Path, ending: str) -> str:
    """The text of the only file whose name ends so."""
    (name,) = (name for name in names_in(wheel) if name.endswith(ending))
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(name).decode()


@pytest.mark.slow
def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    source = ROOT / "src"
    expected = {
        file.relative_to(source).as_posix()
        for file in (source / "tonight").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    packed = {name for name in names_in(wheel) if ".dist-info/" not in name}
    assert packed == expected


@pytest.mark.slow
def test_the_metadata_name_the_licences_and_carry_their_texts(wheel: Path) -> None:
    metadata: email.message.Message = email.parser.Parser().parsestr(member(wheel, "/METADATA"))
    assert metadata["License-Expression"] == "Apache-2.0 AND LicenseRef-MovieLens"
    texts = set(metadata.get_all("License-File", []))
    assert {"LICENSE", "NOTICE"} < texts
    assert any(text.endswith("/LICENSE-MovieLens.txt") for text in texts)
    packed = {name.partition(".dist-info/licenses/")[2] for name in names_in(wheel)}
    assert texts <= packed


@pytest.mark.slow
def test_the_wheel_brings_the_tonight_command(wheel: Path) -> None:
    assert "tonight=tonight.cli.app:main" in member(wheel, "/entry_points.txt").splitlines()
