"""Finds code that nobody uses, with vulture; the page's templates count as users.

What a template reads of the page's view-model is used, but vulture sees only Python. The names in
the templates are therefore handed to it as a whitelist, its own means for such things.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Final

from jinja2 import Environment, nodes

ROOT: Final = Path(__file__).resolve().parent.parent
TEMPLATES: Final = ROOT / "src" / "tonight" / "web" / "pages" / "templates"


def names_in_templates(folder: Path) -> set[str]:
    """Every attribute that a template of a folder reads, and every name that it calls."""
    parser = Environment(autoescape=True)
    names: set[str] = set()
    for template in sorted(folder.rglob("*.html*")):
        tree = parser.parse(template.read_text("utf-8"))
        names.update(node.attr for node in tree.find_all(nodes.Getattr))
        names.update(node.name for node in tree.find_all(nodes.Name))
    return names


def main() -> None:
    """Ends with vulture's own exit code: 3 when something is unused."""
    paths = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["vulture"]["paths"]
    with tempfile.TemporaryDirectory() as folder:
        whitelist = Path(folder) / "templates.py"
        lines = [f"_.{name}\n" for name in sorted(names_in_templates(TEMPLATES))]
        whitelist.write_text("".join(lines), "utf-8")
        vulture = [sys.executable, "-m", "vulture", *paths, str(whitelist)]
        sys.exit(subprocess.run(vulture, cwd=ROOT, check=False).returncode)


if __name__ == "__main__":
    main()
