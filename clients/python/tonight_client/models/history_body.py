from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.feedback_body import FeedbackBody


T = TypeVar("T", bound="HistoryBody")


@_attrs_define
class HistoryBody:
    """Everything that you have said and not taken back, the newest first.

    Attributes:
        feedback (list[FeedbackBody]):
    """

    feedback: list[FeedbackBody]

    def to_dict(self) -> dict[str, Any]:
        feedback = []
        for feedback_item_data in self.feedback:
            feedback_item = feedback_item_data.to_dict()
            feedback.append(feedback_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "feedback": feedback,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.feedback_body import FeedbackBody  # noqa: PLC0415

        d = dict(src_dict)
        feedback = []
        _feedback = d.pop("feedback")
        for feedback_item_data in _feedback:
            feedback_item = FeedbackBody.from_dict(feedback_item_data)

            feedback.append(feedback_item)

        history_body = cls(
            feedback=feedback,
        )

        return history_body
