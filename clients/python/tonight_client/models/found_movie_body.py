from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="FoundMovieBody")


@_attrs_define
class FoundMovieBody:
    """A film, as far as one needs to know it in a list.

    Attributes:
        movie_id (str): Our immutable id.
        title (str):
        original_title (None | str):
        year (int):
        directors (list[str]):
        poster (str):
    """

    movie_id: str
    title: str
    original_title: None | str
    year: int
    directors: list[str]
    poster: str

    def to_dict(self) -> dict[str, Any]:
        movie_id = self.movie_id

        title = self.title

        original_title: None | str
        original_title = self.original_title

        year = self.year

        directors = self.directors

        poster = self.poster

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "movie_id": movie_id,
                "title": title,
                "original_title": original_title,
                "year": year,
                "directors": directors,
                "poster": poster,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        movie_id = d.pop("movie_id")

        title = d.pop("title")

        def _parse_original_title(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        original_title = _parse_original_title(d.pop("original_title"))

        year = d.pop("year")

        directors = cast(list[str], d.pop("directors"))

        poster = d.pop("poster")

        found_movie_body = cls(
            movie_id=movie_id,
            title=title,
            original_title=original_title,
            year=year,
            directors=directors,
            poster=poster,
        )

        return found_movie_body
