from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.relaxation_body import RelaxationBody
    from ..models.understood_body import UnderstoodBody


T = TypeVar("T", bound="NothingFitsBody")


@_attrs_define
class NothingFitsBody:
    """No film fits all the wishes.

    Attributes:
        type_ (str):
        title (str):
        status (int):
        detail (str): What happened and what can be done.
        relaxations (list[RelaxationBody]):
        n_unknown (int):
        understood (UnderstoodBody): What was understood of the request; wishes that were not given are left out.
    """

    type_: str
    title: str
    status: int
    detail: str
    relaxations: list[RelaxationBody]
    n_unknown: int
    understood: UnderstoodBody
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        title = self.title

        status = self.status

        detail = self.detail

        relaxations = []
        for relaxations_item_data in self.relaxations:
            relaxations_item = relaxations_item_data.to_dict()
            relaxations.append(relaxations_item)

        n_unknown = self.n_unknown

        understood = self.understood.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "title": title,
                "status": status,
                "detail": detail,
                "relaxations": relaxations,
                "n_unknown": n_unknown,
                "understood": understood,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.relaxation_body import RelaxationBody  # noqa: PLC0415
        from ..models.understood_body import UnderstoodBody  # noqa: PLC0415

        d = dict(src_dict)
        type_ = d.pop("type")

        title = d.pop("title")

        status = d.pop("status")

        detail = d.pop("detail")

        relaxations = []
        _relaxations = d.pop("relaxations")
        for relaxations_item_data in _relaxations:
            relaxations_item = RelaxationBody.from_dict(relaxations_item_data)

            relaxations.append(relaxations_item)

        n_unknown = d.pop("n_unknown")

        understood = UnderstoodBody.from_dict(d.pop("understood"))

        nothing_fits_body = cls(
            type_=type_,
            title=title,
            status=status,
            detail=detail,
            relaxations=relaxations,
            n_unknown=n_unknown,
            understood=understood,
        )

        nothing_fits_body.additional_properties = d
        return nothing_fits_body

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
