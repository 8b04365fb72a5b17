"""Films of the three sources, as short as the tests allow."""

from __future__ import annotations

from typing import Any

from tools.data.films import SourceFilm


def cc0(title: str, year: int, item: int = 1, **facts: Any) -> SourceFilm:
    """A film of the CC0 source."""
    facts = {"imdb_id": f"tt{item:07}", "n_reviews": 100, **facts}
    return SourceFilm(key=f"wikidata:Q{item}", title=title, year=year, **facts)


def ours(title: str, year: int, **facts: Any) -> SourceFilm:
    """A film of our own files."""
    return SourceFilm(key=f"tonight:{title} ({year})", title=title, year=year, **facts)


def movielens(title: str, year: int, number: int = 1, **facts: Any) -> SourceFilm:
    """A film of MovieLens."""
    return SourceFilm(key=f"movielens:{number}", title=title, year=year, **facts)
