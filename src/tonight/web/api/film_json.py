"""Suggestions as JSON, whose films are encoded once and then only put together."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from tonight.domain.movie import Movie
from tonight.domain.suggestion import Suggestion
from tonight.services.answers import (
    SHARE_DIGITS,
    because_body,
    movie_body,
    suggestion_members,
)


class FilmsAsJson:
    """Encodes suggestions; four films and the twenty of a reason are most of an answer.

    It fills itself as films are sent, for one catalogue.
    """

    def __init__(self) -> None:
        self._films: dict[str, str] = {}
        self._becauses: dict[str, str] = {}

    def encoded(self, suggestion: Suggestion, now: datetime) -> str:
        """What ``answers.suggestion_body`` says, as JSON.

        Args:
            suggestion: The film, its reason and its alternatives.
            now: The viewer's time.
        """
        film = self._film
        alternatives = ", ".join([film(movie) for movie in suggestion.alternatives])
        reason = suggestion.reason
        because = self._because
        films = ", ".join(
            [f"{because(movie)}{share:.{SHARE_DIGITS}f}}}" for movie, share in reason.because]
        )
        return (
            f'{{"movie": {film(suggestion.movie)}, "alternatives": [{alternatives}], '
            f'"reason": {{"films": [{films}], "text": {_quoted(reason.text)}, '
            f'"wishes_share": {reason.wishes_share:.{SHARE_DIGITS}f}, '
            f'"widely_liked_share": {reason.widely_liked_share:.{SHARE_DIGITS}f}}}, '
            f"{_json(suggestion_members(suggestion, now))[1:]}"
        )

    def _film(self, movie: Movie) -> str:
        text = self._films.get(movie.movie_id)
        if text is None:
            text = self._films[movie.movie_id] = _json(movie_body(movie))
        return text

    def _because(self, movie: Movie) -> str:
        """A film of a reason, up to its share."""
        text = self._becauses.get(movie.movie_id)
        if text is None:
            text = self._becauses[movie.movie_id] = f'{_json(because_body(movie))[:-1]}, "share": '
        return text


#: ``json.dumps`` would make another one for each call.
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)


#: A string as JSON, in C.
_quoted: Final = json.encoder.encode_basestring


def _json(value: dict[str, Any]) -> str:
    return _ENCODER.encode(value)
