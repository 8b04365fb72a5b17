from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.exported_feedback_body import ExportedFeedbackBody


T = TypeVar("T", bound="ExportBody")


@_attrs_define
class ExportBody:
    """Everything that is known of you, the oldest first, with what you have taken back.

    Attributes:
        format_ (Literal['tonight-export-1']):
        exported_at (datetime.datetime):
        profile_id (None | str): Your anonymous profile; null when there is none.
        feedback (list[ExportedFeedbackBody]):
    """

    format_: Literal["tonight-export-1"]
    exported_at: datetime.datetime
    profile_id: None | str
    feedback: list[ExportedFeedbackBody]

    def to_dict(self) -> dict[str, Any]:
        format_ = self.format_

        exported_at = self.exported_at.isoformat()

        profile_id: None | str
        profile_id = self.profile_id

        feedback = []
        for feedback_item_data in self.feedback:
            feedback_item = feedback_item_data.to_dict()
            feedback.append(feedback_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "format": format_,
                "exported_at": exported_at,
                "profile_id": profile_id,
                "feedback": feedback,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.exported_feedback_body import ExportedFeedbackBody  # noqa: PLC0415

        d = dict(src_dict)
        format_ = cast(Literal["tonight-export-1"], d.pop("format"))
        if format_ != "tonight-export-1":
            raise ValueError(f"format must match const 'tonight-export-1', got '{format_}'")

        exported_at = datetime.datetime.fromisoformat(d.pop("exported_at"))

        def _parse_profile_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        profile_id = _parse_profile_id(d.pop("profile_id"))

        feedback = []
        _feedback = d.pop("feedback")
        for feedback_item_data in _feedback:
            feedback_item = ExportedFeedbackBody.from_dict(feedback_item_data)

            feedback.append(feedback_item)

        export_body = cls(
            format_=format_,
            exported_at=exported_at,
            profile_id=profile_id,
            feedback=feedback,
        )

        return export_body
