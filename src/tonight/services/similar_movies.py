"""Finds the films that resemble a film."""

from __future__ import annotations

from tonight.domain.movie import Movie
from tonight.services.suggest_movie import Library


def similar_movies(library: Library, movie_id: str, limit: int) -> tuple[Movie, ...]:
    """The films most similar to a film, the most similar first.

    Args:
        library: The films and the model.
        movie_id: The film, by its id or an alias.
        limit: At most how many.

    Raises:
        MovieNotFoundError: There is no such film.
    """
    index = library.catalogue.index(movie_id)
    return tuple(library.catalogue.movies[other] for other in library.model.similar(index, limit))
