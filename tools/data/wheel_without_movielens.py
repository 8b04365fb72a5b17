"""Build a wheel without the MovieLens part, so under Apache-2.0 alone.

    python -m tools.data.wheel_without_movielens --output dist/without-movielens

The wheel is built from a copy of the project in which the folder with MovieLens's data is missing
and the licence metadata say so. Its version bears the local label ``without.movielens``, so that
nobody takes one wheel for the other.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Final

from tools.data.build import EMBEDDED, ROOT

LICENSE: Final = "Apache-2.0"
LABEL: Final = "without.movielens"

_FILES: Final = ("pyproject.toml", "README.md", "LICENSE", "NOTICE")
#: What only a paragraph about MovieLens's data says.
_MOVIELENS_WORDS: Final = ("movielens", "Harper")


def copy_without_movielens(target: Path) -> None:
    """Copy what a wheel is made from to ``target``, without the MovieLens part.

    Raises:
        ValueError: ``pyproject.toml`` does not state its version or licence as expected.
    """
    for name in _FILES:
        shutil.copy2(ROOT / name, target / name)
    source = ROOT / "src"
    shutil.copytree(source, target / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(target / EMBEDDED.relative_to(ROOT) / "movielens")
    pyproject = target / "pyproject.toml"
    pyproject.write_text(without_movielens(pyproject.read_text("utf-8")), "utf-8")
    notice = target / "NOTICE"
    paragraphs = notice.read_text("utf-8").strip().split("\n\n")
    kept = [
        paragraph
        for paragraph in paragraphs
        if not any(word.casefold() in paragraph.casefold() for word in _MOVIELENS_WORDS)
    ]
    notice.write_text("\n\n".join(kept) + "\n", "utf-8")


def without_movielens(pyproject: str) -> str:
    """Return the text of ``pyproject.toml`` for the wheel without MovieLens's data.

    Raises:
        ValueError: It does not state its version or licence as expected.
    """
    project = tomllib.loads(pyproject)["project"]
    for fact, value in (("license", LICENSE), ("version", f"{project['version']}+{LABEL}")):
        line = f'{fact} = "{project[fact]}"'
        if pyproject.count(line) != 1:
            message = f"pyproject.toml should have one line {line}"
            raise ValueError(message)
        pyproject = pyproject.replace(line, f'{fact} = "{value}"')
    return pyproject


def build_wheel(output: Path) -> Path:
    """Return the path of a new wheel without MovieLens's data in the folder ``output``.

    Raises:
        subprocess.CalledProcessError: pip could not build it; its message is on stderr.
    """
    with tempfile.TemporaryDirectory() as folder:
        tree, wheels = Path(folder) / "tree", Path(folder) / "wheels"
        tree.mkdir()
        copy_without_movielens(tree)
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--wheel-dir", str(wheels), str(tree)]
        subprocess.run(command, check=True)
        (wheel,) = wheels.glob("*.whl")
        output.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy2(wheel, output / wheel.name))


def main() -> None:
    """Build the wheel and print where it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "dist" / "without-movielens")
    print(build_wheel(parser.parse_args().output))


if __name__ == "__main__":
    main()
