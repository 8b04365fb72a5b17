"""What the docs name exists: files, folders, make targets, packages; records have their parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECORDS = sorted((ROOT / "doc" / "decisions").glob("[0-9]*.md"))
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    # What the page on the data names lies in the packages that they come from.
    *sorted({*(ROOT / "doc").rglob("*.md")} - {ROOT / "doc" / "model" / "data.md"}),
    ROOT / "clients" / "python" / "README.md",
    ROOT / "tools" / "checklist" / "README.md",
]
#: Where a path in the docs may start.
BASES = (ROOT, ROOT / "doc", ROOT / "src" / "tonight")
#: A name without a folder may be that of any file of the project.
FILE_NAMES = {path.name for path in ROOT.iterdir()} | {
    path.name
    for folder in ("clients", "data", "deploy", "doc", "examples", "src", "tests", "tools")
    for path in (ROOT / folder).rglob("*")
}

PATH = re.compile(r"`([\w.*-]+(?:/[\w.*-]+)+/?|[\w-]+\.(?:py|md|toml|lock|txt|json|csv|html))`")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
TARGET = re.compile(r"`make ([a-z][a-z-]*)|^make ([a-z][a-z-]*)", re.MULTILINE)

#: Made when the project is set up or run, so not in the repository.
MADE_LATER = re.compile(
    r"^(\.venvs?|var|dist|build|site|deploy/secrets|deploy/live)(/|$)|^models/|^tonight\.db$|^(last|feedback-weight)\.json$"
)


def name_of(page: Path) -> str:
    """The page as the test's name shows it."""
    return page.relative_to(ROOT).as_posix()


def exists(path: str, page: Path) -> bool:
    """Whether a path in a page leads to a file or folder."""
    return path in FILE_NAMES or any(
        list(base.glob(path.rstrip("/"))) for base in (*BASES, page.parent)
    )


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    named = {path for path in PATH.findall(page.read_text("utf-8")) if not MADE_LATER.match(path)}
    assert sorted(path for path in named if not exists(path, page)) == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_inside_of_the_project_leads_somewhere(page: Path) -> None:
    links = set(LINK.findall(page.read_text("utf-8")))
    assert sorted(link for link in links if not (page.parent / link).exists()) == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):.* ## ", makefile, re.MULTILINE))
    named = {first or second for first, second in TARGET.findall(page.read_text("utf-8"))}
    assert named <= targets


def test_every_package_has_its_row_in_the_architecture() -> None:
    package = ROOT / "src" / "tonight"
    parts = {
        path.stem
        for path in package.iterdir()
        if not path.name.startswith("_") and (path / "__init__.py").exists()
    } | {path.stem for path in package.glob("[a-z]*.py")}
    table = (ROOT / "doc" / "architecture.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == parts


def test_records_have_numbers_of_their_own() -> None:
    numbers = [record.name[:4] for record in RECORDS]
    assert sorted(set(numbers)) == numbers


@pytest.mark.parametrize("record", RECORDS, ids=name_of)
def test_a_record_says_rule_consequence_and_rejected_option_on_one_page(record: Path) -> None:
    text = record.read_text("utf-8")
    assert text.startswith(f"# {record.name[:4]}. ")
    for part in ("Rule", "Consequence", "Rejected"):
        assert f"**{part}.**" in text
    assert len(text.splitlines()) <= 70
