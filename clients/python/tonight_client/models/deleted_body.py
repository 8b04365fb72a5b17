from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="DeletedBody")


@_attrs_define
class DeletedBody:
    """Everything is deleted.

    Attributes:
        n_deleted (int): How many statements there were.
    """

    n_deleted: int

    def to_dict(self) -> dict[str, Any]:
        n_deleted = self.n_deleted

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "n_deleted": n_deleted,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        n_deleted = d.pop("n_deleted")

        deleted_body = cls(
            n_deleted=n_deleted,
        )

        return deleted_body
