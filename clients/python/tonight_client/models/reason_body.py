from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.because_body import BecauseBody


T = TypeVar("T", bound="ReasonBody")


@_attrs_define
class ReasonBody:
    """Why this film: the true shares of its score, which add up to 1.

    Attributes:
        text (str):
        films (list[BecauseBody]): Films that you liked, the largest share first.
        wishes_share (float): What your wish for novelty adds.
        widely_liked_share (float): What the film's popularity adds.
    """

    text: str
    films: list[BecauseBody]
    wishes_share: float
    widely_liked_share: float

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        films = []
        for films_item_data in self.films:
            films_item = films_item_data.to_dict()
            films.append(films_item)

        wishes_share = self.wishes_share

        widely_liked_share = self.widely_liked_share

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "text": text,
                "films": films,
                "wishes_share": wishes_share,
                "widely_liked_share": widely_liked_share,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.because_body import BecauseBody  # noqa: PLC0415

        d = dict(src_dict)
        text = d.pop("text")

        films = []
        _films = d.pop("films")
        for films_item_data in _films:
            films_item = BecauseBody.from_dict(films_item_data)

            films.append(films_item)

        wishes_share = d.pop("wishes_share")

        widely_liked_share = d.pop("widely_liked_share")

        reason_body = cls(
            text=text,
            films=films,
            wishes_share=wishes_share,
            widely_liked_share=widely_liked_share,
        )

        return reason_body
