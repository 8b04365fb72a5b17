"""The answers of the use cases as plain dictionaries, ready for JSON.

Both front doors give programs the same shapes. The models of the service's own contract document
and check them; validating our own answers on every request would cost more than making them.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from tonight.domain.evening import end_of
from tonight.domain.feedback import Feedback
from tonight.domain.movie import Movie
from tonight.domain.suggestion import NothingFitsReport, Suggestion
from tonight.domain.wishes import Wishes

#: Shares are as exact as anybody wants them.
SHARE_DIGITS: Final = 4

#: The wishes, in the order in which an answer repeats them.
_GIVEN: Final = tuple(field.name for field in fields(Wishes))


def movie_body(movie: Movie) -> dict[str, Any]:
    """A film."""
    return {
        "movie_id": movie.movie_id,
        "imdb_id": movie.imdb_id,
        "title": movie.title,
        "original_title": movie.original_title,
        "alternative_titles": movie.alternative_titles,
        "year": movie.year,
        "runtime_minutes": movie.runtime_minutes,
        "genres": movie.genres,
        "directors": movie.directors,
        "cast": movie.cast,
        "languages": movie.languages,
        "countries": movie.countries,
        "certificate": movie.certificate,
        "n_reviews": movie.n_reviews,
        "review_score": movie.review_score,
        "poster": f"/posters/{movie.movie_id}.svg",
    }


def suggestion_body(suggestion: Suggestion, now: datetime) -> dict[str, Any]:
    """A suggestion.

    Args:
        suggestion: The film, its reason and its alternatives.
        now: The viewer's time.
    """
    return {
        "movie": movie_body(suggestion.movie),
        "alternatives": [movie_body(movie) for movie in suggestion.alternatives],
        "reason": {
            "films": [
                {**because_body(because.movie), "share": round(because.share, SHARE_DIGITS)}
                for because in suggestion.reason.because
            ],
            "text": suggestion.reason.text,
            "wishes_share": round(suggestion.reason.wishes_share, SHARE_DIGITS),
            "widely_liked_share": round(suggestion.reason.widely_liked_share, SHARE_DIGITS),
        },
        **suggestion_members(suggestion, now),
    }


def because_body(movie: Movie) -> dict[str, Any]:
    """A film that speaks for another one."""
    return {"movie_id": movie.movie_id, "title": movie.title, "year": movie.year}


def suggestion_members(suggestion: Suggestion, now: datetime) -> dict[str, Any]:
    """A suggestion without its films, those of the reason included; see ``suggestion_body``."""
    ends_at = None
    if suggestion.movie.runtime_minutes is not None:
        end = end_of(now, suggestion.movie.runtime_minutes).replace(second=0)
        ends_at = end.isoformat(timespec="seconds")
    return {
        "source": suggestion.source,
        "n_fitting": suggestion.n_fitting,
        "n_unknown": suggestion.n_unknown,
        "ends_at": ends_at,
        "repeated": suggestion.repeated,
        "remembered": suggestion.remembered,
        "understood": _understood_body(suggestion.wishes, now),
    }


def nothing_fits_detail(report: NothingFitsReport) -> str:
    """What can be done when no film fits, in a sentence."""
    ways_out = "; ".join(relaxation.text for relaxation in report.relaxations)
    return f"{ways_out}." if ways_out else "Relaxing one wish is not enough: take back two."


def nothing_fits_members(report: NothingFitsReport, now: datetime) -> dict[str, Any]:
    """The members that a problem document has beside its usual ones when no film fits."""
    return {
        "relaxations": [
            {
                "parameter": relaxation.parameter,
                "text": relaxation.text,
                "value": relaxation.value,
                "by": relaxation.by,
                "n_films": relaxation.n_films,
            }
            for relaxation in report.relaxations
        ],
        "n_unknown": report.n_unknown,
        "understood": _understood_body(report.wishes, now),
    }


def feedback_body(feedback: Feedback) -> dict[str, Any]:
    """What a viewer has said."""
    return {
        "feedback_id": feedback.feedback_id,
        "movie_id": feedback.movie_id,
        "kind": feedback.kind,
        "created_at": feedback.created_at.isoformat(),
        "expires_at": feedback.expires_at and feedback.expires_at.isoformat(),
        "undone_at": feedback.undone_at and feedback.undone_at.isoformat(),
    }


def _understood_body(wishes: Wishes, now: datetime) -> dict[str, Any]:
    understood: dict[str, Any] = {}
    for name in _GIVEN:
        value = getattr(wishes, name)
        # What is not given is the empty tuple, None, or a novelty of zero; a limit of 0 is given.
        if value is not None and value != () and not (name == "novelty" and value == 0):
            understood[name] = f"{value:%H:%M}" if name == "until" else value
    understood["now"] = now.isoformat(timespec="seconds")
    return understood
