"""Reads the built site: every link and anchor leads somewhere, and nothing is loaded from afar.

The generator checks links too, in Markdown. This looks at what a reader gets, whatever made it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

#: Links that lead from one document to another; anything else that has an address is loaded.
_LEADS: Final = {"a", "area"}
#: What ``<link>`` says of a document without loading anything.
_RELATIONS: Final = {"canonical", "alternate", "prev", "next", "edit", "license", "author"}
_LOADED_BY_STYLE: Final = re.compile(r"(?:url\(|@import)\s*['\"]?(https?:|//)[^)'\"\s]*")


class Document(HTMLParser):
    """What a page refers to, and what can be referred to in it.

    Attributes:
        anchors: The ids and names in it.
        links: Addresses that a reader can follow.
        loads: Addresses that a browser fetches by itself.
    """

    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes note of a tag."""
        values = {name: value for name, value in attrs if value is not None}
        self.anchors.update(values[name] for name in ("id", "name") if name in values)
        if tag in _LEADS:
            self.links.extend([values["href"]] if "href" in values else [])
        elif tag == "link":
            if not _RELATIONS & set(values.get("rel", "").split()):
                self.loads.append(values.get("href", ""))
        else:
            self.loads.extend(
                values[name] for name in ("src", "data", "poster") if values.get(name)
            )
            self.loads.extend(
                each.split()[0] for each in values.get("srcset", "").split(",") if each.strip()
            )
        self.loads.extend(found[0] for found in _LOADED_BY_STYLE.finditer(values.get("style", "")))


@cache
def read(path: Path) -> Document:
    """What a page refers to."""
    document = Document()
    document.feed(path.read_text("utf-8"))
    return document


def problems(site: Path) -> Iterator[str]:
    """What is wrong with a built site, each with the page on which it is."""
    read.cache_clear()
    for path in sorted(site.rglob("*.html")):
        page = path.relative_to(site).as_posix()
        document = read(path)
        for address in dict.fromkeys(document.links):
            wrong = _is_wrong(site, path, address)
            if wrong:
                yield f"{page}: {wrong}"
        for address in dict.fromkeys(document.loads):
            parts = urlsplit(address)
            if parts.scheme != "data" and (parts.scheme or parts.netloc):
                yield f"{page}: loads {address}"
            elif parts.scheme != "data" and (wrong := _is_wrong(site, path, address)):
                yield f"{page}: {wrong}"
        for found in _LOADED_BY_STYLE.finditer(path.read_text("utf-8")):
            yield f"{page}: loads {found[0]}"
    for path in sorted(site.rglob("*.css")):
        for found in _LOADED_BY_STYLE.finditer(path.read_text("utf-8")):
            yield f"{path.relative_to(site).as_posix()}: loads {found[0]}"


def _is_wrong(site: Path, page: Path, address: str) -> str | None:
    """What is wrong with an address on a page, if anything is."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None  # somebody else's: the reader decides whether to follow it
    base = site if parts.path.startswith("/") else page.parent
    path = (base / unquote(parts.path).lstrip("/")).resolve() if parts.path else page
    if path.is_dir():
        path /= "index.html"
    if site.resolve() not in path.resolve().parents or not path.is_file():
        return f"there is no {address}"
    anchor = unquote(parts.fragment)
    if anchor and path.suffix == ".html" and anchor not in read(path).anchors:
        return f"there is no {address}"
    return None
