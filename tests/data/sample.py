"""Wheels and files of a small world, in the formats of the real sources."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from pathlib import Path

import pandas as pd

from tools.data.build import OUR_FILES
from tools.data.merge_drafts import COLUMNS
from tools.data.sources import CC0, CC0_MEMBER, MOVIELENS, MOVIELENS_MEMBER

FILMS = (
    # item, imdb id, title, year, certificate, runtime, genres, director, cast, language, country
    (
        1,
        "tt0000001",
        "The Matrix",
        1999,
        "R",
        136.0,
        "Sci-Fi, Action",
        "Lana Wachowski",
        "Carrie-Anne Moss, Harry Connick, Jr., Keanu Reeves",
        "American English",
        "Australia, United States",
    ),
    (2, "tt0000002", "Rare", 2001, None, None, "", "", "", "", ""),
    (3, "tt0000003", "A Short", 2002, None, 30.0, "Comedy", "Nick Park", "", "English", ""),
    (4, "tt0000004", "Nobody's Film", 2003, "X", 90.0, "Drama", "", "", "", ""),
    (
        5,
        "tt0000005",
        "Faust (2011 film)",
        2011,
        "GP",
        140.2,
        "Drama",
        "Alexander Sokurov",
        "",
        "German",
        "Russia",
    ),
    (6, "tt0000005", "Faust", 2011, None, 140.0, "Drama", "", "", "", ""),
)
REVIEWS = ((1, 83, 209), (2, 50, 4), (3, 90, 40), (4, 10, 5), (5, 65, 70), (6, 60, 10))
RATINGS = (
    # film, title, year, genres, user, rating, timestamp
    (10, "Matrix, The", 1999.0, "Action|Sci-Fi|IMAX", 1, 4.5, 100),
    (10, "Matrix, The", 1999.0, "Action|Sci-Fi|IMAX", 2, 2.0, 101),
    (11, "Rare", 2001.0, "(no genres listed)", 1, 4.0, 102),
    (12, "Only Here (Nur hier)", 1995.0, "Children|Drama", 2, 5.0, 103),
    (13, "Disliked", 1996.0, "Drama", 2, 1.0, 104),
    (14, None, float("nan"), "Comedy", 2, 5.0, 105),
)


def write_wheels(folder: Path) -> None:
    """Write both wheels to ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    database, table = folder / "movies.db", folder / "table"
    connection = sqlite3.connect(database)
    connection.execute(
        'CREATE TABLE omdb (ID, imdbID, Title, Year, Rating, Runtime, Genre, Director, "Cast",'
        " Language, Country)"
    )
    connection.execute("CREATE TABLE tomatoes (ID, Meter, Reviews)")
    connection.executemany(f"INSERT INTO omdb VALUES ({','.join('?' * 11)})", FILMS)
    connection.executemany("INSERT INTO tomatoes VALUES (?, ?, ?)", REVIEWS)
    connection.commit()
    connection.close()
    columns = ["movieId", "title", "year", "genres", "userId", "rating", "timestamp"]
    pd.DataFrame(RATINGS, columns=columns).to_pickle(table, compression="xz")
    for source, member, path in (
        (CC0, CC0_MEMBER, database),
        (MOVIELENS, MOVIELENS_MEMBER, table),
    ):
        with zipfile.ZipFile(folder / source["wheel"], "w") as archive:
            archive.write(path, member)
        path.unlink()


def write_our_files(folder: Path) -> None:
    """Write a set of our own files to ``folder``; the mapping tables are the real ones."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("genres", "languages", "countries", "certificates"):
        shutil.copy2(OUR_FILES / f"{name}.csv", folder)
    header = ",".join(COLUMNS)
    for name, text in {
        "modern": f"{header}\nParasite,2019,기생충,132,Thriller,Bong Joon-ho,,Korean,,R\n",
        "supplement": f"{header}\n",
        "aliases": "movielens_title,year,same_as\n",
        "corrections": "title,year,fact,value,reason\nRare,2001,runtime_minutes,95,missing\n",
        "exclusions": "title,year,reason\n",
        "movie_ids": "key,movie_id\n",
        "modern_agreement": "fact,agreed,disagreed,one_sided\ngenres,1,0,0\n",
        "join_check": "join,right,wrong,missed\nby the rule alone,2,0,0\n",
    }.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
