"""Measures everything and writes ``doc/model/quality.md`` and its plot."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

from tonight.recsys.handover import Handover
from tonight.recsys.metrics import coverage, novelty
from tonight.recsys.training import train
from tools.evaluate.accuracy import (
    LEVELS,
    Difference,
    Measured,
    difference,
    measure_levels,
    pooled,
    separation,
)
from tools.evaluate.cold import measure_cold
from tools.evaluate.embedded import Dataset, load_dataset
from tools.evaluate.folds import Fold, dense_scorer, ease, folds, popularity, product
from tools.evaluate.freshness import (
    first_picks,
    first_twenty,
    modern_among_20,
    modern_share,
    strangers_draws,
    strangers_pool,
    without_recency,
)
from tools.evaluate.plot import line_chart

SEED = 2016
REPORT = Path("doc/model/quality.md")
PLOT = Path("doc/model/quality.svg")
PRODUCT, WITHOUT = "the product", "the product without recency"


class Report:
    """Collects what is measured, fold by fold, so that one fold's model is in memory at once."""

    def __init__(self, data: Dataset) -> None:
        self._data = data
        self._accuracy: list[Measured] = []
        self._whole: list[Measured] = []
        self._cold: list[Measured] = []
        self._separation: dict[bool, list[float]] = {False: [], True: []}
        self._picks: dict[tuple[str, int | None], list[int]] = {}
        self._twenty: dict[int | None, list[int]] = {}
        self._modern: list[float] = []

    def add(self, fold: Fold) -> None:
        """Trains on a fold and measures its users."""
        data = self._data
        model = product(fold, data.items)
        plain = without_recency(model)
        warm = np.flatnonzero(fold.warm)
        few = dense_scorer(model.few_likes, model.traits.intercept[warm], fold.warm)
        long = dense_scorer(model.long_history, None, fold.warm)
        popular, by_ease = popularity(fold), ease(fold)
        scorers = {
            "popularity": popular,
            "EASE": by_ease,
            "few-likes matrix alone": few,
            "long-history matrix alone": long,
            PRODUCT: model.score,
            WITHOUT: plain.score,
        }
        self._accuracy.append(measure_levels(scorers, fold, fold.warm))
        everything = np.ones(data.items.n_items, dtype=np.bool_)
        some = {name: scorers[name] for name in ("popularity", "EASE", PRODUCT, WITHOUT)}
        self._whole.append(measure_levels(some, fold, everything))
        self._cold.append(measure_cold(fold, data.items))
        for told in (False, True):
            self._separation[told] += separation(model, fold.users, dislikes=told)
        self._add_freshness(model, plain, fold)

    def _add_freshness(self, model: Handover, plain: Handover, fold: Fold) -> None:
        data = self._data
        for level in LEVELS:
            for name, scored in ((PRODUCT, model), (WITHOUT, plain)):
                picks = first_picks(scored, fold.users[:40], data.known, level)
                self._picks.setdefault((name, level), []).extend(picks)
            twenty = first_twenty(model, fold.users[:40], data.known, level)
            self._twenty.setdefault(level, []).extend(twenty)
        self._modern += modern_among_20(model, data.items, data.known, 40, fold.seed)

    def text(self, whole: Handover) -> str:
        """The report in Markdown; ``whole`` is trained on all users."""
        return "\n".join(
            [
                *self._head(),
                *self._by_likes(),
                *self._beyond(),
                *self._dislikes(),
                *self._cold_films(),
                *self._recency(),
                *self._strangers(whole),
                "",
            ]
        )

    def plot(self) -> str:
        """The accuracy by the number of likes as SVG."""
        accuracy = pooled(self._accuracy)
        names = [name for name in dict.fromkeys(name for name, _ in accuracy) if name != WITHOUT]
        series = {
            name: [float(accuracy[name, level].ndcg_at_100.mean()) for level in LEVELS]
            for name in names
        }
        return line_chart(series, [_level(level) for level in LEVELS], "likes given", "nDCG@100")

    def _head(self) -> list[str]:
        data = self._data
        n_users = len(pooled(self._accuracy)[PRODUCT, None].ndcg_at_100)
        return [
            "# How good the recommender is",
            "",
            (
                "Written by `make evaluate`; not edited by hand. "
                f"Embedded data `{data.fingerprint}`, seed {SEED}."
            ),
            "",
            (
                f"{data.items.n_items:,} films, {data.interactions.likes.nnz:,} likes (4 stars "
                f"and more) of {data.interactions.n_users} users. Five user folds, pooled: a model "
                "never sees the users that it is measured on. Of each user with at least 5 likes, "
                "20 % of the likes are the target; of the others the first *k*, in random order, "
                f"are told. {n_users} users are measured. nDCG@100 is truncated, recall@20 is "
                "hits / min(20, targets). In brackets: 95 % intervals by the (paired) bootstrap "
                "over users."
            ),
            "",
            (
                "The parameters were chosen on folds of another seed (1), which share their users "
                "with these: the figures say how good this model is on this data, not how it would "
                "do elsewhere."
            ),
            "",
        ]

    def _by_likes(self) -> list[str]:
        lines = [
            "## By the number of likes",
            "",
            "![nDCG@100 by the number of likes](quality.svg)",
            "",
            "Ranked: the films with at least 2 likes in the fold's training data.",
            "",
            *_accuracy_table(pooled(self._accuracy)),
            "",
            "The product's gain in nDCG@100:",
            "",
            _row("over", *(_level(level) for level in LEVELS)),
            _rule(len(LEVELS) + 1),
        ]
        accuracy = pooled(self._accuracy)
        for other in ("popularity", "EASE"):
            gains = [_gain(accuracy, PRODUCT, other, level) for level in LEVELS]
            lines.append(_row(other, *map(_signed, gains)))
        lines += [
            "",
            (
                "Ranked: the whole catalogue. Nobody could rate most of what has no ratings, so a "
                "good new film in the ranking counts as a miss here."
            ),
            "",
            *_accuracy_table(pooled(self._whole)),
            "",
        ]
        return lines

    def _beyond(self) -> list[str]:
        data = self._data
        likes = data.interactions.likes_per_item()
        lines = [
            "## Beyond accuracy",
            "",
            (
                "First 20 films over the whole catalogue, by all likes: the share of the catalogue "
                "that is shown to anybody, and the mean self-information in bits."
            ),
            "",
            _row("model", "coverage", "novelty"),
            _rule(3),
        ]
        measured = pooled(self._whole)
        for name in dict.fromkeys(name for name, _ in measured):
            rankings = measured[name, None].rankings
            shown = coverage(rankings, data.items.n_items)
            bits = novelty(rankings, likes, data.interactions.n_users)
            lines.append(_row(name, f"{shown:.3f}", f"{bits:.2f}"))
        return [*lines, ""]

    def _dislikes(self) -> list[str]:
        told, untold = np.array(self._separation[True]), np.array(self._separation[False])
        gain = difference(told, untold)
        return [
            "## Dislikes",
            "",
            (
                "How often a film that the user will like ranks above one that he will not, by all "
                f"likes: {untold.mean():.3f} without his dislikes, {told.mean():.3f} with them "
                f"({_signed(gain)})."
            ),
            "",
        ]

    def _cold_films(self) -> list[str]:
        cold = pooled(self._cold)
        levels = (3, 10, None)
        lines = [
            "## Films without ratings",
            "",
            (
                "A fifth of the rated films lose all their ratings; only they are ranked. "
                "nDCG@100 by the number of likes:"
            ),
            "",
            _row("model", *(_level(level) for level in levels)),
            _rule(len(levels) + 1),
        ]
        for name in dict.fromkeys(name for name, _ in cold):
            cells = [f"{cold[name, level].ndcg_at_100.mean():.3f}" for level in levels]
            lines.append(_row(name, *cells))
        gain = _gain(cold, "features alone", "genre popularity", None)
        return [*lines, "", f"Features alone over genre popularity: {_signed(gain)}.", ""]

    def _recency(self) -> list[str]:
        data = self._data
        accuracy = pooled(self._accuracy)
        costs = [_gain(accuracy, PRODUCT, WITHOUT, level) for level in LEVELS]
        n_viewers = len(self._picks[PRODUCT, None])
        lines = [
            "## New films",
            "",
            (
                f"First picks of {n_viewers} held-out users among well-known films: the share from "
                "2014 on, and what recency costs in nDCG@100 on rated films."
            ),
            "",
            _row("likes given", *(_level(level) for level in LEVELS)),
            _rule(len(LEVELS) + 1),
        ]
        for name in (PRODUCT, WITHOUT):
            shares = [modern_share(self._picks[name, level], data.items) for level in LEVELS]
            lines.append(_row(f"share, {name}", *(f"{share:.2f}" for share in shares)))
        twenty = [modern_share(self._twenty[level], data.items) for level in LEVELS]
        lines.append(_row("share of the first 20 films", *(f"{share:.2f}" for share in twenty)))
        lines.append(_row("gain in nDCG@100", *map(_signed, costs)))
        modern = np.array(self._modern)
        return [
            *lines,
            "",
            (
                f"{len(modern)} viewers who like five random well-known films from 2014 on: of "
                f"their first 20 films, {modern.mean():.0%} are from 2014 on; at least half of "
                f"them are for {(modern >= 0.5).mean():.0%} of these viewers."
            ),
            "",
        ]

    def _strangers(self, whole: Handover) -> list[str]:
        data = self._data
        pool = strangers_pool(whole, data.known)
        drawn = strangers_draws(whole, data.known)
        titles = "; ".join(f"{data.movies[i].title} ({data.movies[i].year})" for i in pool)
        return [
            "## Strangers",
            "",
            (
                f"Without a like, {len(pool)} films score at least 95 % of the best; 50 visits "
                f"(seeds 0 to 49) show {len(set(drawn))} different ones. The films, the best "
                f"first: {titles}."
            ),
        ]


def _accuracy_table(measured: Measured) -> list[str]:
    lines = [
        _row("nDCG@100", *(_level(level) for level in LEVELS), "recall@20, all"),
        _rule(len(LEVELS) + 2),
    ]
    for name in dict.fromkeys(name for name, _ in measured):
        cells = [f"{measured[name, level].ndcg_at_100.mean():.3f}" for level in LEVELS]
        lines.append(_row(name, *cells, f"{measured[name, None].recall_at_20.mean():.3f}"))
    return lines


def _gain(measured: Measured, better: str, other: str, level: int | None) -> Difference:
    return difference(measured[better, level].ndcg_at_100, measured[other, level].ndcg_at_100)


def _signed(gain: Difference) -> str:
    return f"{gain.mean:+.4f} [{gain.lower:+.4f}, {gain.upper:+.4f}]"


def _level(level: int | None) -> str:
    return "all" if level is None else str(level)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _rule(n_cells: int) -> str:
    return _row("---", *["---:"] * (n_cells - 1))


def main() -> None:
    """Measures, prints and writes the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print-only", action="store_true", help="write no file")
    arguments = parser.parse_args()
    data = load_dataset()
    report = Report(data)
    for number, fold in enumerate(folds(data.interactions, SEED), start=1):
        print(f"fold {number} of 5", file=sys.stderr)
        report.add(fold)
    start = time.perf_counter()
    whole = train(data.interactions, data.items)
    print(f"trained on all users in {time.perf_counter() - start:.1f} s", file=sys.stderr)
    text = report.text(whole)
    print(text)
    if not arguments.print_only:
        REPORT.write_text(text, encoding="utf-8")
        PLOT.write_text(report.plot(), encoding="utf-8")


if __name__ == "__main__":
    main()
