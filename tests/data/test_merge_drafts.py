"""Two drafts become one row of facts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tonight.embedded import load_catalogue
from tools.data.build import OUR_FILES
from tools.data.merge_drafts import COLUMNS, merge_drafts, read_us_casts, write_merge
from tools.data.people import person_key
from tools.data.titles import title_key
from tools.data.vocabularies import read_rows


def draft(**facts: str) -> dict[str, str]:
    return {**dict.fromkeys(COLUMNS, ""), "title": "Drive", "year": "2011", **facts}


def merged(first: dict[str, str], second: dict[str, str]) -> dict[str, str]:
    (row,) = merge_drafts([first], [second], {}).rows
    return row


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("100", "100", "100"),
        ("98", "100", "100"),
        ("101", "99", "101"),
        ("97", "100", ""),
        ("100", "", ""),
        ("", "", ""),
    ],
)
def test_running_times_within_two_minutes_agree_on_the_longer(
    first: str, second: str, expected: str
) -> None:
    row = merged(draft(runtime_minutes=first), draft(runtime_minutes=second))
    assert row["runtime_minutes"] == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"), [("R", "R", "R"), ("R", "PG-13", ""), ("R", "", "")]
)
def test_a_value_stands_when_both_state_it(first: str, second: str, expected: str) -> None:
    assert merged(draft(certificate=first), draft(certificate=second))["certificate"] == expected


def test_of_lists_the_common_names_stand_in_the_order_of_the_first() -> None:
    row = merged(draft(cast="Zoë Kazan|Al Pacino|Eve"), draft(cast="al pacino|Zoe Kazan|Adam"))
    assert row["cast"] == "Zoë Kazan|Al Pacino"


@pytest.mark.parametrize(("original", "expected"), [("The Drive!", ""), ("Le Drive", "Le Drive")])
def test_another_spelling_of_the_title_is_no_original_title(original: str, expected: str) -> None:
    row = merged(draft(original_title=original), draft(original_title=original))
    assert row["original_title"] == expected


def test_agreement_is_counted_by_fact() -> None:
    first = [draft(genres="Drama|Crime", certificate="R", runtime_minutes="100")]
    second = [draft(genres="Crime", certificate="PG", runtime_minutes="")]
    merge = merge_drafts(first, second, {})
    assert merge.agreed == {"genres": 1}
    assert merge.disagreed == {"certificate": 1}
    assert merge.one_sided == {"runtime_minutes": 1}


def test_a_film_whose_known_cast_is_another_is_left_out() -> None:
    first, second = draft(cast="Ryan Gosling"), draft(cast="Ryan Gosling")
    casts = {(title_key("Drive"), 2011): ["Someone Else"]}
    merge = merge_drafts([first], [second], casts)
    assert merge.rows == []
    assert merge.left_out == ["Drive (2011)"]
    assert merge.checked == 1


def test_drafts_of_different_films_are_refused() -> None:
    with pytest.raises(ValueError, match="Drive"):
        merge_drafts([draft()], [draft(title="Heat")], {})


def test_what_is_written_is_what_was_merged(tmp_path: Path) -> None:
    merge = merge_drafts([draft(genres="Crime")], [draft(genres="Crime")], {})
    write_merge(merge, tmp_path)
    assert list(read_rows(tmp_path / "modern.csv")) == merge.rows
    agreement = {row["fact"]: row["agreed"] for row in read_rows(tmp_path / "modern_agreement.csv")}
    assert agreement["genres"] == "1"
    assert agreement["cast"] == "0"


US_FILMS = os.environ.get("US_FILMS_TSV", "")


@pytest.mark.skipif(not US_FILMS, reason="US_FILMS_TSV names no list of American films")
def test_modern_films_agree_with_the_list_of_american_films() -> None:
    casts = read_us_casts(Path(US_FILMS))
    checked = 0
    for row in read_rows(OUR_FILES / "modern.csv"):
        known = casts.get((title_key(row["title"]), int(row["year"])))
        if known and row["cast"]:
            checked += 1
            names = {title_key(name) for name in row["cast"].split("|")}
            assert names & {title_key(name) for name in known}, row["title"]
    assert checked >= 250


def test_the_modern_films_are_what_two_independent_drafts_agree_on() -> None:
    drafts = OUR_FILES / "drafts"
    merge = merge_drafts(read_rows(drafts / "modern_a.csv"), read_rows(drafts / "modern_b.csv"), {})
    assert merge.rows == list(read_rows(OUR_FILES / "modern.csv"))


def test_leads_and_certificates_of_the_best_known_films_are_what_two_drafts_agree_on() -> None:
    first, second = (
        {row["movie_id"]: row for row in read_rows(OUR_FILES / "drafts" / f"best_known_{name}.csv")}
        for name in "ab"
    )
    by_film = {(m.title, m.year): m.movie_id for m in load_catalogue(with_movielens=True)}
    checked = 0
    for row in read_rows(OUR_FILES / "corrections.csv"):
        movie_id = by_film.get((row["title"], int(row["year"])), "")
        if movie_id not in first or row["fact"] not in ("cast", "certificate"):
            continue
        drafts = first[movie_id][row["fact"]], second[movie_id][row["fact"]]
        if row["fact"] == "cast":
            assert set(map(person_key, row["value"].split("|"))) <= set.intersection(
                *({person_key(name) for name in draft.split("|")} for draft in drafts)
            )
        else:
            assert row["value"] == drafts[0] == drafts[1]
        checked += 1
    assert checked > 400
