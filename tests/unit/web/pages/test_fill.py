from __future__ import annotations

from tonight.domain.movie import Movie
from tonight.domain.suggestion import Because, Reason
from tonight.web.pages.fill import MAX_SHARES, reason_of

MANY = tuple(
    Because(Movie(f"liked-{n}-1990", f"Liked {n}", 1990), share)
    for n, share in enumerate((0.2, 0.1, *(0.05,) * 10))
)


def test_more_films_come_after_those_that_are_named() -> None:
    shares = reason_of(Reason("Because.", MANY, 0.0, 0.2)).shares
    labels = [share.label for share in shares if share.kind == "liked"]
    assert labels[:2] == ["Liked 0 (1990)", "Liked 1 (1990)"]
    assert labels[-1] == f"{len(MANY) - MAX_SHARES + 1} more films you like"


def test_each_part_of_a_reason_has_a_colour_of_its_own() -> None:
    segments = reason_of(Reason("Because.", MANY, 0.05, 0.15)).segments
    assert len({part.tone for part in segments}) == len(segments) == MAX_SHARES + 2
