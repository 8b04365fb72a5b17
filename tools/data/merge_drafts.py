"""Merge two independent drafts of notable modern films into ``data/modern.csv``.

    python -m tools.data.merge_drafts DRAFT_A DRAFT_B --us-films us_films_2014_2023.tsv

Each draft states the same films in the columns of ``modern.csv``. A fact on which both agree
stands; where they disagree, or one of them is silent, it stays unknown. The list of American films
(``year``, ``title``, ``genres``, ``cast``, tab-separated) then checks the rows that it has: a film
of one title and year with nobody of its cast in common is left out. How far the drafts agreed is
written to ``data/modern_agreement.csv``.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from tonight.domain.titles import words
from tools.data.build import OUR_FILES
from tools.data.titles import title_key
from tools.data.vocabularies import read_rows

Row: TypeAlias = dict[str, str]

SINGLE: Final = ("original_title", "runtime_minutes", "certificate")
MULTIPLE: Final = ("genres", "directors", "cast", "languages", "countries")
COLUMNS: Final = ("title", "year", "original_title", "runtime_minutes", *MULTIPLE, "certificate")
MAX_RUNTIME_DIFFERENCE: Final = 2


@dataclass(slots=True)
class Merge:
    """The merged rows and the account of the merge.

    Attributes:
        rows: The rows of ``modern.csv``.
        agreed: By fact, the rows where both drafts state it and agree (in part, for a list).
        disagreed: By fact, the rows where both state it and nothing of it is common.
        one_sided: By fact, the rows where only one draft states it.
        left_out: The films that the list of American films contradicts.
        checked: How many rows that list has.
    """

    rows: list[Row] = field(default_factory=list)
    agreed: Counter[str] = field(default_factory=Counter)
    disagreed: Counter[str] = field(default_factory=Counter)
    one_sided: Counter[str] = field(default_factory=Counter)
    left_out: list[str] = field(default_factory=list)
    checked: int = 0


def merge_drafts(
    first: Iterable[Row],
    second: Iterable[Row],
    us_casts: Mapping[tuple[str, int], Sequence[str]],
) -> Merge:
    """Return what both drafts agree on.

    Args:
        first: The rows of one draft.
        second: The rows of the other, the same films in the same order.
        us_casts: The cast of American films by title key and year.

    Raises:
        ValueError: The drafts are not of the same films.
    """
    merge = Merge()
    for row, other in zip(first, second, strict=True):
        if (row["title"], row["year"]) != (other["title"], other["year"]):
            message = f"{row['title']} ({row['year']}) against {other['title']} ({other['year']})"
            raise ValueError(message)
        merged = {"title": row["title"], "year": row["year"]}
        for fact in (*SINGLE, *MULTIPLE):
            agree = _agreed_list if fact in MULTIPLE else _agreed_value
            merged[fact] = agree(fact, row[fact], other[fact])
            if bool(row[fact]) != bool(other[fact]):
                merge.one_sided[fact] += 1
            elif row[fact]:
                (merge.agreed if merged[fact] else merge.disagreed)[fact] += 1
        if _is_spelling_of(merged["original_title"], merged["title"]):
            merged["original_title"] = ""
        us_cast = us_casts.get((title_key(row["title"]), int(row["year"])))
        merge.checked += us_cast is not None
        if us_cast and merged["cast"] and not _common(merged["cast"].split("|"), us_cast):
            merge.left_out.append(f"{row['title']} ({row['year']})")
        else:
            merge.rows.append(merged)
    return merge


def _is_spelling_of(original_title: str, title: str) -> bool:
    """Whether the original title is the same English title, written otherwise."""
    first, second = (
        [word for word in words(text) if word not in {"a", "an", "the"}]
        for text in (original_title, title)
    )
    return first == second


def _agreed_value(fact: str, value: str, other: str) -> str:
    """Return the value on which both agree, or "".

    Running times may differ by two minutes; the longer one stands, so that a film that is said to
    fit into an evening does.
    """
    if fact == "runtime_minutes" and value and other:
        close = abs(int(value) - int(other)) <= MAX_RUNTIME_DIFFERENCE
        return max(value, other, key=int) if close else ""
    return value if words(value) == words(other) else ""


def _agreed_list(_fact: str, values: str, others: str) -> str:
    """Return what both lists have, in the order of the first."""
    return "|".join(_common(values.split("|"), others.split("|")))


def _common(names: Sequence[str], others: Sequence[str]) -> list[str]:
    known = {title_key(name) for name in others}
    return [name for name in names if title_key(name) in known - {""}]


def read_us_casts(path: Path) -> dict[tuple[str, int], list[str]]:
    """Return the cast of American films by title key and year; films of one title share theirs."""
    casts: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            names = [name for name in (row["cast"] or "").split("|") if name]
            casts[title_key(row["title"]), int(row["year"])] += names
    return dict(casts)


def write_merge(merge: Merge, folder: Path) -> None:
    """Write ``modern.csv`` and ``modern_agreement.csv`` to ``folder``."""
    with (folder / "modern.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(merge.rows)
    with (folder / "modern_agreement.csv").open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines, lineterminator="\n")
        table.writerow(("fact", "agreed", "disagreed", "one_sided"))
        for fact in (*SINGLE, *MULTIPLE):
            table.writerow((fact, merge.agreed[fact], merge.disagreed[fact], merge.one_sided[fact]))


def main() -> None:
    """Merge the drafts and print what the list of American films says of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--us-films", type=Path, required=True)
    arguments = parser.parse_args()
    merge = merge_drafts(
        read_rows(arguments.first), read_rows(arguments.second), read_us_casts(arguments.us_films)
    )
    write_merge(merge, OUR_FILES)
    print(f"{len(merge.rows)} rows, {merge.checked} of them checked")
    for film in merge.left_out:
        print(f"left out: {film}")


if __name__ == "__main__":
    main()
