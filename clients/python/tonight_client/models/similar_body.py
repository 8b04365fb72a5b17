from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.movie_body import MovieBody


T = TypeVar("T", bound="SimilarBody")


@_attrs_define
class SimilarBody:
    """Films that resemble a film, the most similar first.

    Attributes:
        movies (list[MovieBody]):
    """

    movies: list[MovieBody]

    def to_dict(self) -> dict[str, Any]:
        movies = []
        for movies_item_data in self.movies:
            movies_item = movies_item_data.to_dict()
            movies.append(movies_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "movies": movies,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.movie_body import MovieBody  # noqa: PLC0415

        d = dict(src_dict)
        movies = []
        _movies = d.pop("movies")
        for movies_item_data in _movies:
            movies_item = MovieBody.from_dict(movies_item_data)

            movies.append(movies_item)

        similar_body = cls(
            movies=movies,
        )

        return similar_body
