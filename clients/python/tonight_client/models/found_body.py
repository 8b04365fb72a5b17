from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.found_movie_body import FoundMovieBody


T = TypeVar("T", bound="FoundBody")


@_attrs_define
class FoundBody:
    """The films that may be meant, the likeliest first; none when nothing is near enough.

    Attributes:
        movies (list[FoundMovieBody]):
    """

    movies: list[FoundMovieBody]

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
        from ..models.found_movie_body import FoundMovieBody  # noqa: PLC0415

        d = dict(src_dict)
        movies = []
        _movies = d.pop("movies")
        for movies_item_data in _movies:
            movies_item = FoundMovieBody.from_dict(movies_item_data)

            movies.append(movies_item)

        found_body = cls(
            movies=movies,
        )

        return found_body
