"""Measures the newcomer's questions and writes ``doc/model/onboarding.md`` and its plot."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from tonight.recsys.questions import DEFAULT_PARAMETERS as DEFAULT
from tonight.recsys.questions import QuestionParameters
from tools.evaluate.accuracy import Difference, difference
from tools.evaluate.embedded import Dataset, load_dataset
from tools.evaluate.plot import line_chart
from tools.measure_onboarding.simulation import (
    MIN_LIKES,
    N_QUESTIONS,
    Interviews,
    development_and_test,
    folds_of,
    pooled,
    simulate,
)
from tools.measure_onboarding.strategies import (
    Fold,
    Strategy,
    adaptive,
    fixed,
    popular,
    popular_and_diverse,
    random,
)

SEED = 2016
REPORT = Path("doc/model/onboarding.md")
PLOT = Path("doc/model/onboarding.svg")
ADAPTIVE, FIXED = "adaptive", "the same for everybody"
BASELINES: Mapping[str, Callable[[Fold], Strategy]] = {
    "random": random,
    "popular": popular,
    "popular and diverse": popular_and_diverse,
}
#: What was tried on the development users, besides the parameters that were chosen.
VARIANTS: Mapping[str, QuestionParameters] = {
    "as chosen": DEFAULT,
    "mismatch 0.05": replace(DEFAULT, mismatch=0.05),
    "mismatch 0.2": replace(DEFAULT, mismatch=0.2),
    "mismatch 0.5": replace(DEFAULT, mismatch=0.5),
    "answer value 0": replace(DEFAULT, answer_value=0.0),
    "answer value 0.02": replace(DEFAULT, answer_value=0.02),
    "answer value 0.1": replace(DEFAULT, answer_value=0.1),
    "pool 75": replace(DEFAULT, pool=75),
    "pool 300": replace(DEFAULT, pool=300),
    "shortlist 40": replace(DEFAULT, shortlist=40),
    "too alike 0.65": replace(DEFAULT, too_alike=0.65),
    "too alike 0.85": replace(DEFAULT, too_alike=0.85),
    "too alike 1": replace(DEFAULT, too_alike=1.01),
}


def measure_test_users(data: Dataset) -> dict[str, Interviews]:
    """The product and all baselines on the test users, in five folds."""
    _, test = development_and_test(data.interactions.n_users, SEED)
    parts = []
    for number, held_out in enumerate(folds_of(test, SEED), start=1):
        print(f"test, fold {number}", file=sys.stderr)
        fold = Fold.of(data.interactions, data.items, held_out)
        strategies = {name: make(fold) for name, make in BASELINES.items()}
        strategies |= {FIXED: fixed(fold), ADAPTIVE: adaptive(fold)}
        parts.append(simulate(fold, strategies))
    return pooled(parts)


def measure_variants(data: Dataset) -> dict[str, tuple[Interviews, Interviews]]:
    """Each variant beside "popular", on the development users, in five folds."""
    development, _ = development_and_test(data.interactions.n_users, SEED)
    parts: dict[str, list[dict[str, Interviews]]] = {name: [] for name in VARIANTS}
    for number, held_out in enumerate(folds_of(development, SEED), start=1):
        print(f"development, fold {number}", file=sys.stderr)
        fold = Fold.of(data.interactions, data.items, held_out)
        for name, parameters in VARIANTS.items():
            # Two at a time: what other variants ask about is then no matter.
            pair = {ADAPTIVE: adaptive(fold, parameters), "popular": popular(fold)}
            parts[name].append(simulate(fold, pair))
    both = {name: pooled(part) for name, part in parts.items()}
    return {name: (found[ADAPTIVE], found["popular"]) for name, found in both.items()}


def report(
    data: Dataset,
    test: Mapping[str, Interviews],
    variants: Mapping[str, tuple[Interviews, Interviews]],
) -> str:
    """The report in Markdown."""
    found = test[ADAPTIVE]
    n_pool = DEFAULT.pool
    lines = [
        "# A newcomer's questions",
        "",
        (
            "Written by `make measure-onboarding`; not edited by hand. "
            f"Embedded data `{data.fingerprint}`, seed {SEED}."
        ),
        "",
        (
            f"{len(found.ndcg)} held-out users with at least {MIN_LIKES} likes answer "
            f"{N_QUESTIONS} questions about films: *liked* (4 stars and more), *not for me* (2.5 "
            "and fewer), and *haven't seen* to every other film, a lukewarm one included: the "
            "question is spent, and nothing is learned. A rated film is surely seen while an "
            "unrated one may be as well, so real viewers answer more often. The targets are the "
            "likes that no strategy asked the user about, the same for all; ranked are the films "
            "with at least 2 likes in training, without those asked about. Five folds, pooled: no "
            "model, and no choice of a question, ever sees the users that it is measured on; only "
            "the recommender's own parameters, the same for all strategies, were chosen on folds "
            "that share them. In brackets: 95 % intervals by the paired bootstrap over users."
        ),
        "",
        f"## After {N_QUESTIONS} questions",
        "",
        "![nDCG@100 by the number of questions](onboarding.svg)",
        "",
        "| questions | nDCG@100 | opinions | likes | no opinion at all | adaptive gains |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, one in test.items():
        gain = "" if name == ADAPTIVE else _signed(_gain(found, one))
        lines.append(
            f"| {name} | {one.ndcg[:, -1].mean():.3f} | {one.n_answers.mean():.1f} "
            f"| {one.n_likes.mean():.1f} | {(one.n_answers == 0).mean():.0%} | {gain} |"
        )
    lines += [
        "",
        (
            f"*random*, *popular* (most ratings) and *popular and diverse* (MMR, half and half) "
            f"choose among the same {n_pool} best known films. *{FIXED}* asks what the "
            "adaptive way would ask somebody who never answers: the difference is what listening "
            "is worth."
        ),
        "",
        "| nDCG@100 after | " + " | ".join(map(str, range(N_QUESTIONS + 1))) + " |",
        "| --- " + "| ---: " * (N_QUESTIONS + 1) + "|",
    ]
    for name, one in test.items():
        lines.append(f"| {name} | " + " | ".join(f"{v:.3f}" for v in one.ndcg.mean(axis=0)) + " |")
    n_development = len(next(iter(variants.values()))[0].ndcg)
    lines += [
        "",
        "## How it was chosen",
        "",
        (
            f"On {n_development} other users, who are measured above nowhere. nDCG@100 after "
            f"{N_QUESTIONS} questions against *popular*; the parameters are explained in "
            "`QuestionParameters`. They lie on a plateau, so among equals those were taken that "
            "get more opinions out of a viewer."
        ),
        "",
        "| variant | gain over popular | opinions |",
        "| --- | ---: | ---: |",
    ]
    for name, (variant, baseline) in variants.items():
        gain = _signed(_gain(variant, baseline))
        lines.append(f"| {name} | {gain} | {variant.n_answers.mean():.1f} |")
    return "\n".join([*lines, ""])


def plot(test: Mapping[str, Interviews]) -> str:
    """The curves as SVG."""
    series = {name: one.ndcg.mean(axis=0).tolist() for name, one in test.items()}
    labels = [str(n) for n in range(N_QUESTIONS + 1)]
    bottom = float(np.floor(min(map(min, series.values())) * 50) / 50)
    return line_chart(series, labels, "questions", "nDCG@100", bottom=bottom, step=0.02)


def _gain(better: Interviews, other: Interviews) -> Difference:
    return difference(better.ndcg[:, -1], other.ndcg[:, -1])


def _signed(gain: Difference) -> str:
    return f"{gain.mean:+.4f} [{gain.lower:+.4f}, {gain.upper:+.4f}]"


def main() -> None:
    """Measures, prints and writes the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print-only", action="store_true", help="write no file")
    arguments = parser.parse_args()
    data = load_dataset()
    test = measure_test_users(data)
    text = report(data, test, measure_variants(data))
    print(text)
    if not arguments.print_only:
        REPORT.write_text(text, encoding="utf-8")
        PLOT.write_text(plot(test), encoding="utf-8")


if __name__ == "__main__":
    main()
