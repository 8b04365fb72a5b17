from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="InvalidParameterBody")


@_attrs_define
class InvalidParameterBody:
    """One thing that is wrong.

    Attributes:
        name (str):
        message (str):
    """

    name: str
    message: str

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        message = self.message

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "message": message,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        message = d.pop("message")

        invalid_parameter_body = cls(
            name=name,
            message=message,
        )

        return invalid_parameter_body
