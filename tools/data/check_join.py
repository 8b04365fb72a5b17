"""Check the join of MovieLens and the CC0 source against MovieLens's own IMDb ids.

The ids are in ``links.csv`` of the zip that GroupLens publishes (a later edition of the same data
set, with the same film numbers). They serve to check and are not shipped:

    python -m tools.data.check_join --movielens-zip ml-latest-small.zip
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.data import sources
from tools.data.build import OUR_FILES, read_inputs
from tools.data.films import SourceFilm
from tools.data.join import JoinedFilm, join_films

REQUIRED_SHARE: Final = 0.995


@dataclass(frozen=True, slots=True)
class JoinCheck:
    """What the ids say of the join.

    Attributes:
        right: Joins that the ids confirm.
        wrong: Joins that the ids contradict: the entries and the true id.
        missed: Entries that were not joined although the CC0 source has their id.
    """

    right: int
    wrong: tuple[tuple[SourceFilm, SourceFilm, str], ...]
    missed: tuple[tuple[SourceFilm, SourceFilm], ...]

    @property
    def share_right(self) -> float:
        """The share of the joins that ids can check which are right, 0 to 1."""
        return self.right / (self.right + len(self.wrong))


def read_imdb_ids(movielens_zip: Path) -> dict[str, str]:
    """Return the IMDb id of each MovieLens entry by its key."""
    with zipfile.ZipFile(movielens_zip) as archive:
        (member,) = (name for name in archive.namelist() if name.endswith("/links.csv"))
        text = io.StringIO(archive.read(member).decode("utf-8"))
    return {f"movielens:{row['movieId']}": f"tt{row['imdbId']}" for row in csv.DictReader(text)}


def check_join(joined: Iterable[JoinedFilm], imdb_ids: Mapping[str, str]) -> JoinCheck:
    """Return what ``imdb_ids`` (by MovieLens key) say of the joins with the CC0 source."""
    joined = list(joined)
    by_imdb_id = {film.cc0.imdb_id: film.cc0 for film in joined if film.cc0 is not None}
    right, wrong, missed = 0, [], []
    for film in joined:
        for entry in film.movielens:
            true_id = imdb_ids.get(entry.key)
            if true_id is None:
                continue
            if film.cc0 is None:
                if true_id in by_imdb_id:
                    missed.append((entry, by_imdb_id[true_id]))
            elif film.cc0.imdb_id == true_id:
                right += 1
            else:
                wrong.append((entry, film.cc0, true_id))
    return JoinCheck(right, tuple(wrong), tuple(missed))


def write_summary(checks: Mapping[str, JoinCheck], path: Path) -> None:
    """Write the counts of each check, by its name, for the page about the data."""
    rows = [
        f"{name},{check.right},{len(check.wrong)},{len(check.missed)}"
        for name, check in checks.items()
    ]
    path.write_text("\n".join(("join,right,wrong,missed", *rows, "")), encoding="utf-8")


def main() -> None:
    """Print and note down what the ids say of the join; fail below the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movielens-zip", type=Path, required=True)
    parser.add_argument("--wheels", type=Path, help="a folder that has the two wheels already")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wheels: Path | None = arguments.wheels
        if wheels is None:
            wheels = Path(folder)
            sources.download(wheels)
        inputs = read_inputs(wheels, OUR_FILES)
    imdb_ids = read_imdb_ids(arguments.movielens_zip)
    check = check_join(inputs.joined(), imdb_ids)
    by_rule = check_join(
        join_films(inputs.cc0, inputs.our_files.films, inputs.movielens, aliases={}), imdb_ids
    )
    for entry, joined_with, true_id in check.wrong:
        print(
            f"wrong: {entry.key} {entry.title} ({entry.year}) is {true_id}, joined with "
            f"{joined_with.title} ({joined_with.year}) {joined_with.imdb_id}"
        )
    for entry, film in check.missed:
        print(
            f"missed: {entry.key} {entry.title} ({entry.year}) is "
            f"{film.title} ({film.year}) {film.imdb_id}"
        )
    checks = {"by the rule alone": by_rule, "with the aliases": check}
    write_summary(checks, OUR_FILES / "join_check.csv")
    for name, counted in checks.items():
        print(
            f"{name}: {counted.right} joins right, {len(counted.wrong)} wrong: "
            f"{counted.share_right:.3%}; {len(counted.missed)} missed"
        )
    if check.share_right < REQUIRED_SHARE:
        sys.exit(1)


if __name__ == "__main__":
    main()
