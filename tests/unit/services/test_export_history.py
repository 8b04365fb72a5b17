from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta

from tests.unit.services.small_catalogue import LONG, MIDDLE, SHORT, small_catalogue
from tonight.domain.feedback import Feedback, FeedbackKind
from tonight.domain.movie import Movie
from tonight.services.catalogue import Catalogue
from tonight.services.export_history import export_for_letterboxd, export_history

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def said(
    number: int, movie_id: str, kind: FeedbackKind, undone_at: datetime | None = None
) -> Feedback:
    return Feedback(f"f{number}", movie_id, kind, NOW, undone_at=undone_at)


def rows(catalogue: Catalogue, *statements: Feedback) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export_for_letterboxd(catalogue, statements))))


def test_the_export_holds_every_statement_with_every_moment() -> None:
    statements = [
        said(1, SHORT.movie_id, FeedbackKind.LIKED, undone_at=NOW + timedelta(seconds=1)),
        Feedback("f2", "gone-1950", FeedbackKind.NOT_TONIGHT, NOW, NOW + timedelta(hours=9)),
    ]
    export = json.loads(json.dumps(export_history(small_catalogue(), "ann", statements, NOW)))
    assert export["format"] == "tonight-export-1"
    assert export["profile_id"] == "ann"
    first, second = export["feedback"]
    assert first == {
        "feedback_id": "f1",
        "movie_id": "short-1990",
        "imdb_id": "tt0000001",
        "title": "Short",
        "year": 1990,
        "kind": "liked",
        "created_at": "2026-11-23T20:00:00+00:00",
        "expires_at": None,
        "undone_at": "2026-11-23T20:00:01+00:00",
    }
    assert (second["title"], second["expires_at"]) == (None, "2026-11-24T05:00:00+00:00")


def test_letterboxd_gets_what_was_seen_with_stars_for_opinions() -> None:
    found = rows(
        small_catalogue(),
        said(1, SHORT.movie_id, FeedbackKind.SEEN),
        said(2, SHORT.movie_id, FeedbackKind.LIKED),
        said(3, LONG.movie_id, FeedbackKind.DISLIKED),
        said(4, MIDDLE.movie_id, FeedbackKind.NEVER),
        said(5, "unknown-2020", FeedbackKind.SEEN),
        said(6, "gone-1950", FeedbackKind.LIKED),
    )
    assert [(row["imdbID"], row["Title"], row["Year"], row["Rating"]) for row in found] == [
        ("tt0000001", "Short", "1990", "4"),
        ("", "Long", "2000", "2"),
        ("", "Unknown", "2020", ""),
    ]


def test_letterboxd_does_not_get_what_was_taken_back() -> None:
    undone = said(1, SHORT.movie_id, FeedbackKind.LIKED, undone_at=NOW)
    assert rows(small_catalogue(), undone) == []


def test_a_title_with_commas_and_quotes_survives_the_csv() -> None:
    film = Movie("f-1", 'I, Robot: "No", Sir', 2004, directors=("A B", "C D"))
    [row] = rows(Catalogue([film]), said(1, "f-1", FeedbackKind.OKAY))
    assert (row["Title"], row["Directors"], row["Rating"]) == (film.title, "A B, C D", "3")
