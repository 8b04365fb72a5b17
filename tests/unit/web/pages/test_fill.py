from __future__ import annotations

import pytest

from tonight.domain.movie import Movie
from tonight.domain.suggestion import (
    MAX_FILMS_SHOWN,
    Because,
    NothingFitsReport,
    Reason,
    Relaxation,
)
from tonight.domain.wishes import Wishes
from tonight.web.pages.fill import nothing_fits_page, reason_of
from tonight.web.pages.view import Choices

MANY = tuple(
    Because(Movie(f"liked-{n}-1990", f"Liked {n}", 1990), share)
    for n, share in enumerate((0.2, 0.1, *(0.05,) * 10))
)

ANY_LANGUAGE = Relaxation("language", "Any language gives 20 films", None, None, 20)


def test_more_films_come_after_those_that_are_named() -> None:
    shares = reason_of(Reason("Because.", MANY, 0.0, 0.2)).shares
    labels = [share.label for share in shares if share.kind == "liked"]
    assert labels[:2] == ["Liked 0 (1990)", "Liked 1 (1990)"]
    assert labels[-1] == f"{len(MANY) - MAX_FILMS_SHOWN + 1} more films you like"


def test_each_part_of_a_reason_has_a_colour_of_its_own() -> None:
    segments = reason_of(Reason("Because.", MANY, 0.05, 0.15)).segments
    assert len({part.tone for part in segments}) == len(segments) == MAX_FILMS_SHOWN + 2


@pytest.mark.parametrize("ways", [(), (ANY_LANGUAGE,)])
def test_films_that_were_seen_already_are_told_where_nothing_fits(
    ways: tuple[Relaxation, ...],
) -> None:
    text = "You have already seen or put off 6 films that would fit"
    seen = Relaxation("history", text, None, None, 6)
    page = nothing_fits_page(NothingFitsReport((*ways, seen), 0, Wishes()), (), Choices(), None)
    assert text in page.detail
    assert len(page.relaxations) == len(ways)


def test_a_way_out_is_promised_only_where_one_is_shown() -> None:
    seen = Relaxation("history", "You have already seen one", None, None, 1)
    page = nothing_fits_page(NothingFitsReport((seen,), 0, Wishes()), (), Choices(), None)
    assert page.detail.endswith("is not enough: take back two, or begin anew.")
