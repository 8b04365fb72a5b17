"""Gives a viewer everything that is known of him, to keep or to take elsewhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from tonight.domain.feedback import Feedback, FeedbackKind
from tonight.services.catalogue import Catalogue

#: Names the form of the JSON export; a form that programs cannot read as this one gets another.
EXPORT_FORMAT: Final = "tonight-export-1"

#: Stars, of 5. They turn a word into a number, so they are those by which the recommender reads
#: ratings: a like begins at 4, a dislike ends at 2.5.
LETTERBOXD_RATINGS: Final = {
    FeedbackKind.LIKED: "4",
    FeedbackKind.OKAY: "3",
    FeedbackKind.DISLIKED: "2",
    FeedbackKind.SEEN: "",
}
_LETTERBOXD_COLUMNS: Final = ("imdbID", "Title", "Year", "Directors", "Rating")


def export_history(
    catalogue: Catalogue, profile_id: str | None, statements: Iterable[Feedback], now: datetime
) -> dict[str, Any]:
    """Everything that is known of a viewer, ready for JSON.

    Args:
        catalogue: The films.
        profile_id: The viewer; ``None`` for one of whom nothing is known.
        statements: All statements, also those taken back, oldest first.
        now: The moment of the export.
    """
    return {
        "format": EXPORT_FORMAT,
        "exported_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "profile_id": profile_id,
        "feedback": [_statement(catalogue, statement) for statement in statements],
    }


def export_for_letterboxd(catalogue: Catalogue, statements: Iterable[Feedback]) -> str:
    """The films that the viewer has seen, as CSV that Letterboxd imports.

    When they were seen is not known (only when that was said), so there is no ``WatchedDate`` and
    the import makes no diary entries.

    Args:
        catalogue: The films; one that has left it cannot be named and is left out.
        statements: All statements, oldest first.

    Source:
        Letterboxd, "Importing data": UTF-8, commas, a row of column names.
    """
    opinions = {
        statement.movie_id: statement.kind
        for statement in statements
        if statement.undone_at is None and statement.kind in LETTERBOXD_RATINGS
    }
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(_LETTERBOXD_COLUMNS)
    for movie_id, kind in opinions.items():
        index = catalogue.find(movie_id)
        if index is None:
            continue
        movie = catalogue.movies[index]
        writer.writerow(
            (
                movie.imdb_id or "",
                movie.title,
                movie.year,
                ", ".join(movie.directors),
                LETTERBOXD_RATINGS[kind],
            )
        )
    return output.getvalue()


def _statement(catalogue: Catalogue, statement: Feedback) -> dict[str, Any]:
    index = catalogue.find(statement.movie_id)
    movie = None if index is None else catalogue.movies[index]
    return {
        "feedback_id": statement.feedback_id,
        "movie_id": statement.movie_id,
        "imdb_id": movie and movie.imdb_id,
        "title": movie and movie.title,
        "year": movie and movie.year,
        "kind": statement.kind,
        "created_at": statement.created_at.isoformat(),
        "expires_at": statement.expires_at and statement.expires_at.isoformat(),
        "undone_at": statement.undone_at and statement.undone_at.isoformat(),
    }
