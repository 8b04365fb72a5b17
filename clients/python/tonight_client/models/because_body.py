from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="BecauseBody")


@_attrs_define
class BecauseBody:
    """A film that you liked, and its share in the suggestion's score.

    Attributes:
        movie_id (str): Our immutable id.
        title (str):
        year (int):
        share (float):
    """

    movie_id: str
    title: str
    year: int
    share: float

    def to_dict(self) -> dict[str, Any]:
        movie_id = self.movie_id

        title = self.title

        year = self.year

        share = self.share

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "movie_id": movie_id,
                "title": title,
                "year": year,
                "share": share,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        movie_id = d.pop("movie_id")

        title = d.pop("title")

        year = d.pop("year")

        share = d.pop("share")

        because_body = cls(
            movie_id=movie_id,
            title=title,
            year=year,
            share=share,
        )

        return because_body
