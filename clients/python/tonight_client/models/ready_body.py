from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..models.ready_body_database import ReadyBodyDatabase

T = TypeVar("T", bound="ReadyBody")


@_attrs_define
class ReadyBody:
    """The worker takes requests.

    Attributes:
        status (Literal['ready']):
        model (None | str): The model's version; null for the fallback.
        database (ReadyBodyDatabase): While it is away, films are suggested and nothing can be saved.
    """

    status: Literal["ready"]
    model: None | str
    database: ReadyBodyDatabase

    def to_dict(self) -> dict[str, Any]:
        status = self.status

        model: None | str
        model = self.model

        database = self.database.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "status": status,
                "model": model,
                "database": database,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        status = cast(Literal["ready"], d.pop("status"))
        if status != "ready":
            raise ValueError(f"status must match const 'ready', got '{status}'")

        def _parse_model(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        model = _parse_model(d.pop("model"))

        database = ReadyBodyDatabase(d.pop("database"))

        ready_body = cls(
            status=status,
            model=model,
            database=database,
        )

        return ready_body
