"""Measures the search: how often the film that is meant comes first, and what a query costs.

``python -m tools.measure_search`` trains the model in a folder of its own and prints the figures of
``doc/reference/search.md``. The list of queries in ``tests/quality/search_queries.csv`` was written
before the search; the titles that are damaged here at random are a second sample that nobody has
looked at while writing either.
"""

from __future__ import annotations

import csv
import random
import string
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from tonight.bootstrap import load_library
from tonight.services.search_index import SearchIndex, index_library, index_movies
from tonight.services.search_movies import search_movies
from tonight.settings import Settings

QUERIES: Final = Path(__file__).parent.parent / "tests" / "quality" / "search_queries.csv"
SEED: Final = 2016
N_DAMAGED: Final = 1_000
#: The best known films are the ones that people look for.
N_LOOKED_FOR: Final = 2_000
N_ROUNDS: Final = 5


@dataclass(frozen=True, slots=True)
class Query:
    """What is typed, and the film that is meant.

    Attributes:
        text: What is typed.
        movie_id: The film.
        kind: What is wrong or special with the text.
    """

    text: str
    movie_id: str
    kind: str


@dataclass(frozen=True, slots=True)
class Answers:
    """How the search answered some queries.

    Attributes:
        ranks: The place of the film that was meant, from 1; 0 where it is not among the first
            eight; one for each query.
        milliseconds: What each query cost of this thread's time.
    """

    ranks: tuple[int, ...]
    milliseconds: tuple[float, ...]

    def within(self, n: int) -> float:
        """The share of queries whose film is among the first n."""
        return sum(1 <= rank <= n for rank in self.ranks) / len(self.ranks)

    def percentile(self, share: int) -> float:
        """The milliseconds that this share of the queries, in per cent, stays below."""
        return float(np.percentile(self.milliseconds, share))


def read_queries() -> list[Query]:
    """The list of misspelt and partial queries."""
    with QUERIES.open(encoding="utf-8", newline="") as lines:
        return [Query(row["query"], row["movie_id"], row["kind"]) for row in csv.DictReader(lines)]


def ask(index: SearchIndex, queries: Sequence[Query]) -> Answers:
    """Searches for each query."""
    ranks: list[int] = []
    milliseconds: list[float] = []
    for query in queries:
        start = time.thread_time()
        found = search_movies(index, query.text, 8)
        milliseconds.append(1_000 * (time.thread_time() - start))
        ids = [movie.movie_id for movie in found]
        ranks.append(ids.index(query.movie_id) + 1 if query.movie_id in ids else 0)
    return Answers(tuple(ranks), tuple(milliseconds))


def damaged(index: SearchIndex, n: int, seed: int) -> Iterator[Query]:
    """Titles of well-known films with one random error: a letter lost, added, wrong or swapped.

    Of films with the same title the best known is meant.
    """
    rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
    best_known: dict[str, str] = {}
    order = np.argsort(-index.prominence, kind="stable")[:N_LOOKED_FOR].tolist()
    for film in order:
        best_known.setdefault(index.movies[film].title.lower(), index.movies[film].movie_id)
    long_enough = [title for title in best_known if len(title) >= 5]
    for _ in range(n):
        title = rng.choice(long_enough)
        kind = rng.choice(("missing letter", "extra letter", "wrong letter", "transposed letters"))
        yield Query(_damage(title, kind, rng), best_known[title], kind)


def _damage(title: str, kind: str, rng: random.Random) -> str:
    place = rng.randrange(len(title) - 1)
    before, here, after = title[:place], title[place : place + 2], title[place + 2 :]
    other = rng.choice(string.ascii_lowercase)
    changed = {
        "missing letter": here[1],
        "extra letter": here[0] + other + here[1],
        "wrong letter": other + here[1],
        "transposed letters": here[::-1],
    }[kind]
    return before + changed + after


def _print(name: str, answers: Answers) -> None:
    print(
        f"{name:<44} {len(answers.ranks):>5} queries   first {answers.within(1):6.1%}   "
        f"among five {answers.within(5):6.1%}"
    )


def main() -> int:
    """Measures and prints; returns the exit status."""
    with TemporaryDirectory() as folder:
        library, _ = load_library(Settings(data_dir=Path(folder)))
    seconds: list[float] = []
    for _ in range(N_ROUNDS):
        start = time.thread_time()
        index_library(library)
        seconds.append(time.thread_time() - start)
    index = index_library(library)
    queries = read_queries()
    answers = ask(index, queries)
    _print("the list", answers)
    _print(
        "the list, without what viewers say", ask(index_movies(library.catalogue.movies), queries)
    )
    _print(
        f"well-known titles, one random error, seed {SEED}",
        ask(index, list(damaged(index, N_DAMAGED, SEED))),
    )
    for query, rank in zip(queries, answers.ranks, strict=True):
        if rank != 1:
            print(
                f"  not first: {query.text!r} ({query.kind}), {query.movie_id} is at {rank or '-'}"
            )
    rounds = [ask(index, queries) for _ in range(N_ROUNDS)]
    p50, p95, p100 = (
        float(np.median([asked.percentile(share) for asked in rounds])) for share in (50, 95, 100)
    )
    print(
        f"a query costs, in ms of one core: p50 {p50:.1f}, p95 {p95:.1f}, the longest {p100:.1f} "
        f"(medians of {N_ROUNDS} rounds)"
    )
    print(f"the index of {len(index.movies)} films takes {np.median(seconds):.2f} s of one core")
    return 0


if __name__ == "__main__":
    sys.exit(main())
