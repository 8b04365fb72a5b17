"""The site of the documentation is built strictly, and loads nothing from anywhere else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.site import check
from tools.site.__main__ import BUILT, build
from tools.site.generated import decisions
from tools.site.pages import navigation

ROOT = Path(__file__).parents[2]
KNOWN_BAD = Path(__file__).with_name("known_bad") / "site"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site() -> Path:
    """The site of this project, without anything wrong."""
    subprocess.run([sys.executable, ROOT / "tools" / "environment.py", "docs"], check=True)
    assert build() == []
    return ROOT / BUILT


def test_whatever_is_wrong_with_a_page_fails_the_build_and_is_named(
    site: Path, tmp_path: Path
) -> None:
    root = tmp_path / "known_bad"
    shutil.copytree(KNOWN_BAD, root)
    problems = sorted(build(root))
    # What the navigation leads to is wrong on every page.
    assert "404.html: there is no /nowhere.md" in problems
    assert [problem for problem in problems if not problem.endswith("/nowhere.md")] == [
        "doc/index.md:5: there is no ../src/missing.py",
        "doc/index.md:5: there is no missing.md",
        "doc/other.md:8: a list needs an empty line before it",
        "index.html: there is no ../src/missing.py",
        "index.html: there is no missing.html",
        "index.html: there is no other.html#third",
        "mkdocs.yml: the page nowhere.md is in the navigation and nowhere else",
        "mkdocs.yml: the page orphan.md is not in the navigation",
        "other.html: loads https://example.org/picture.png",
    ]


def test_the_generator_itself_is_strict(site: Path, tmp_path: Path) -> None:
    root = tmp_path / "known_bad"
    shutil.copytree(KNOWN_BAD, root)
    build(root)
    command = [str(ROOT / ".venvs" / "docs" / "bin" / "zensical"), "build", "--strict"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "anchor does not exist" in done.stdout + done.stderr


def test_every_page_of_the_navigation_is_a_page_of_the_site(site: Path) -> None:
    pages = navigation(ROOT)
    assert len(pages) > 50
    assert [page for page in pages if not (site / page).with_suffix(".html").is_file()] == []


def test_a_link_to_a_file_of_the_project_leads_to_a_page_that_shows_it(site: Path) -> None:
    shown = (site / "source/src/tonight/web/health.py.html").read_text("utf-8")
    assert "get_readiness" in shown
    assert "source/src/tonight/web/health.py.html" in (site / "checklist.html").read_text("utf-8")


def test_a_block_with_more_than_a_language_is_a_block(site: Path) -> None:
    # "sh mend" in the playbook: what comes after it would otherwise be a part of it.
    assert "tonightshedding" in check.read(site / "playbook.html").anchors


def test_files_that_are_shown_are_not_searched(site: Path) -> None:
    index = (site / "search.json").read_text("utf-8")
    assert '"location":"runbook.html' in index
    assert '"location":"source/' not in index


@pytest.mark.parametrize(
    ("html", "loads"),
    [
        ('<script src="https://cdn.example/x.js"></script>', True),
        ('<link rel="stylesheet" href="//fonts.example/css">', True),
        ('<link rel="preconnect" href="https://fonts.example">', True),
        ('<p style="background: url(https://example.org/x.png)">', True),
        ("<style>@import 'https://example.org/x.css';</style>", True),
        ('<img srcset="https://example.org/x.png 2x">', True),
        ('<a href="https://example.org/">somebody else</a>', False),
        ('<link rel="canonical" href="https://example.org/">', False),
        ('<img src="data:image/png;base64,AA">', False),
    ],
)
def test_what_a_browser_would_load_from_elsewhere_is_found(
    tmp_path: Path, html: str, loads: bool
) -> None:
    (tmp_path / "index.html").write_text(html, "utf-8")
    assert any("loads" in problem for problem in check.problems(tmp_path)) is loads


def test_the_list_of_decisions_has_each_with_its_rule() -> None:
    rows = decisions(ROOT / "doc" / "decisions").splitlines()[6:]
    records = [path.name for path in (ROOT / "doc" / "decisions").glob("[0-9]*.md")]
    assert len(rows) == len(records) - 1  # without the template
    assert all(len(row.split(" | ")[1]) > 40 for row in rows)
