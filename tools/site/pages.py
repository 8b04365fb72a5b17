"""Puts the pages of the site together: ``doc/`` and what lies outside of it, links included.

The Markdown is written for whoever reads it in the repository, where a link is a path between
files. Here each such link is followed to its file: one that is a page of the site leads to it, any
other file gets a page that shows it (``source/…``), so that the site is whole without a network.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

#: Pages that lie outside of doc/, and where they are on the site.
OUTSIDE: Final = {
    "README.md": "overview.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "clients/python/README.md": "client.md",
    "tools/checklist/README.md": "checklist-tool.md",
}
#: What begins the path of a page that shows a file of the repository.
SOURCE: Final = "source"

_CODE_OR_LINK: Final = re.compile(
    r"(?P<code>^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[ \t]*$|`[^`\n]+`)"
    r"|(?P<before>\]\()(?P<target>[^)\s]+)(?P<after>\))",
    re.MULTILINE | re.DOTALL,
)
_MORE_THAN_A_LANGUAGE: Final = re.compile(r"\A((?:`{3,}|~{3,})[\w-]*)[ \t][^\n`]*")
_LIST_IN_PARAGRAPH: Final = re.compile(
    r"^(?P<before>(?!- |\d+\. |\s|\||#|>)[^\n]+)\n(?=- |\d+\. )", re.MULTILINE
)
_ELSEWHERE: Final = re.compile(r"[a-z][a-z0-9+.-]*:|#")
_PICTURES: Final = {".png", ".svg"}
#: What a highlighter calls a kind of file, where it is not the suffix.
_LANGUAGES: Final = {
    ".py": "python",
    ".yml": "yaml",
    ".yaml": "yaml",
    ".toml": "toml",
    ".json": "json",
    ".sh": "bash",
    ".conf": "nginx",
    ".service": "ini",
    ".timer": "ini",
    "Makefile": "make",
    "Dockerfile": "docker",
}


@dataclass(frozen=True, slots=True)
class Site:
    """What the site is made of.

    Attributes:
        root: The root of the project.
        pages: Where each page is on the site, by its path in the project.
        generated: What writes a page that is in no file, by its path on the site.
    """

    root: Path
    pages: dict[str, str]
    generated: dict[str, Callable[[], str]]


@dataclass(slots=True)
class Staged:
    """The pages with their links made good, and what could not be.

    Attributes:
        texts: Markdown by its path on the site.
        files: Pictures and the like by their path on the site.
        origins: Where in the project a page comes from, by its path on the site.
        problems: What is wrong, each with its place.
    """

    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def site_of(root: Path, generated: dict[str, Callable[[], str]]) -> Site:
    """The site of a project: each Markdown file in ``doc/``, and those of ``OUTSIDE`` it has."""
    pages = {
        path.relative_to(root).as_posix(): path.relative_to(root / "doc").as_posix()
        for path in sorted((root / "doc").rglob("*.md"))
        if not path.name.startswith("0000-")
    }
    pages |= {name: to for name, to in OUTSIDE.items() if (root / name).is_file()}
    return Site(root, pages, generated)


def stage(site: Site) -> Staged:
    """Reads all pages and makes their links those of the site."""
    staged = Staged()
    for name, page in site.pages.items():
        text = (site.root / name).read_text("utf-8")
        staged.origins[page] = name
        staged.texts[page] = _with_links(site, staged, name, page, text)
        staged.problems += _hidden_lists(name, text)
    for page, write in site.generated.items():
        # Written as if it lay in doc/, so that its links are those of its neighbours.
        staged.origins[page] = f"doc/{page}"
        staged.texts[page] = _with_links(site, staged, f"doc/{page}", page, write())
    staged.problems += _not_in_navigation(site.root, set(staged.texts) - _sources(staged))
    return staged


def write(staged: Staged, folder: Path) -> None:
    """Writes what has changed, so that whoever watches the folder builds no more than that."""
    wanted = {name: text.encode() for name, text in staged.texts.items()}
    wanted |= {name: path.read_bytes() for name, path in staged.files.items()}
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in wanted:
            path.unlink()
    for name, content in wanted.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


class _Names(yaml.SafeLoader):
    """Reads what names pages, and nothing that a tag tells the generator to load."""


_Names.add_multi_constructor("", lambda _loader, _tag, _node: None)


def navigation(root: Path) -> list[str]:
    """The pages that ``mkdocs.yml`` puts into the navigation, in its order."""
    config = yaml.load((root / "mkdocs.yml").read_text("utf-8"), _Names)  # noqa: S506 - it is safe
    return list(_leaves(config["nav"]))


def _leaves(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
        return
    for each in entry.values() if isinstance(entry, dict) else entry:
        yield from _leaves(each)


def _not_in_navigation(root: Path, pages: set[str]) -> Iterator[str]:
    listed = navigation(root)
    for page in sorted(pages - set(listed)):
        yield f"mkdocs.yml: the page {page} is not in the navigation"
    for page in sorted(set(listed) - pages):
        yield f"mkdocs.yml: the page {page} is in the navigation and nowhere else"
    for page in sorted({page for page in listed if listed.count(page) > 1}):
        yield f"mkdocs.yml: the page {page} is in the navigation twice"


def _hidden_lists(name: str, text: str) -> Iterator[str]:
    """Lists that a hosting service shows and the generator takes for words of a paragraph."""
    blank = _CODE_OR_LINK.sub(lambda found: re.sub(r"[^\n]", "x", found[0]), text)
    for found in _LIST_IN_PARAGRAPH.finditer(blank):
        line = text.count("\n", 0, found.end("before")) + 2
        yield f"{name}:{line}: a list needs an empty line before it"


def _sources(staged: Staged) -> set[str]:
    return {page for page in staged.texts if page.startswith(f"{SOURCE}/")}


def _with_links(site: Site, staged: Staged, name: str, page: str, text: str) -> str:
    """The text of a page whose links are those of the site."""

    def replaced(match: re.Match[str]) -> str:
        if match["code"]:
            # The generator knows no more of a block than its language.
            return _MORE_THAN_A_LANGUAGE.sub(r"\1", match[0])
        target = match["target"]
        if _ELSEWHERE.match(target):
            return match[0]
        path, _, anchor = target.partition("#")
        to = _place(site, staged, os.path.normpath(Path(name).parent / path))
        if to is None:
            line = text.count("\n", 0, match.start("target")) + 1
            staged.problems.append(f"{name}:{line}: there is no {target}")
            return match[0]
        link = os.path.relpath(to, Path(page).parent)
        return f"{match['before']}{link}{'#' + anchor if anchor else ''}{match['after']}"

    return _CODE_OR_LINK.sub(replaced, text)


def _place(site: Site, staged: Staged, name: str) -> str | None:
    """Where on the site a file or folder of the project is; none where there is no such thing."""
    if name in site.pages:
        return site.pages[name]
    index = os.path.relpath(f"{name}/index.md", "doc")
    if index in site.generated or f"{name}/index.md" in site.pages:
        return index
    path = site.root / name
    if name.startswith("..") or not path.exists():
        return None
    if path.suffix in _PICTURES:
        place = os.path.relpath(name, "doc") if name.startswith("doc/") else f"{SOURCE}/{name}"
        staged.files[place] = path
        return place
    # The generator leaves out what begins with a dot.
    shown = re.sub(r"(^|/)\.", r"\1dot-", name)
    page = f"{SOURCE}/{shown}{'/index' if path.is_dir() else ''}.md"
    if page not in staged.texts:
        staged.texts[page] = ""  # before it is made: folders and their files refer to each other
        staged.origins[page] = name
        staged.texts[page] = (
            _folder_page(site, staged, name, page) if path.is_dir() else _file_page(path, name)
        )
    return page


def _head(name: str) -> str:
    return f"---\ntitle: {name}\nhide: [toc]\nsearch:\n  exclude: true\n---\n\n# `{name}`\n\n"


def _file_page(path: Path, name: str) -> str:
    """A page that shows a file."""
    text = path.read_text("utf-8").rstrip("\n")
    language = _LANGUAGES.get(path.suffix or path.name, "text")
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`{3,}", text))])
    return f"{_head(name)}{fence}{language}\n{text}\n{fence}\n"


def _folder_page(site: Site, staged: Staged, name: str, page: str) -> str:
    """A page that lists a folder."""
    lines = []
    for path in sorted((site.root / name).iterdir()):
        if path.name.startswith(("__pycache__", ".")) or path.suffix == ".pyc":
            continue
        place = _place(site, staged, f"{name}/{path.name}")
        if place is not None:
            lines.append(f"- [`{path.name}`]({os.path.relpath(place, Path(page).parent)})\n")
    return _head(name) + "".join(lines)
