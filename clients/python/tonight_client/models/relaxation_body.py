from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="RelaxationBody")


@_attrs_define
class RelaxationBody:
    """A wish whose relaxing alone leads to films.

    Attributes:
        parameter (str):
        text (str):
        value (int | None | str): The new value; null where the wish is dropped.
        by (int | None): By how much, in the wish's own unit.
        n_films (int):
    """

    parameter: str
    text: str
    value: int | None | str
    by: int | None
    n_films: int

    def to_dict(self) -> dict[str, Any]:
        parameter = self.parameter

        text = self.text

        value: int | None | str
        value = self.value

        by: int | None
        by = self.by

        n_films = self.n_films

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "parameter": parameter,
                "text": text,
                "value": value,
                "by": by,
                "n_films": n_films,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        parameter = d.pop("parameter")

        text = d.pop("text")

        def _parse_value(data: object) -> int | None | str:
            if data is None:
                return data
            return cast(int | None | str, data)

        value = _parse_value(d.pop("value"))

        def _parse_by(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        by = _parse_by(d.pop("by"))

        n_films = d.pop("n_films")

        relaxation_body = cls(
            parameter=parameter,
            text=text,
            value=value,
            by=by,
            n_films=n_films,
        )

        return relaxation_body
