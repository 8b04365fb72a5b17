from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.feedback_kind import FeedbackKind

T = TypeVar("T", bound="ExportedFeedbackBody")


@_attrs_define
class ExportedFeedbackBody:
    """A statement, with what is needed to know the film elsewhere.

    Attributes:
        feedback_id (str): Needed to take it back.
        movie_id (str): Our immutable id.
        kind (FeedbackKind): The things a viewer can say about a film.
        created_at (datetime.datetime):
        expires_at (datetime.datetime | None): When *not tonight* stops counting.
        undone_at (datetime.datetime | None): When it was taken back.
        imdb_id (None | str):
        title (None | str): Null when the film has left the catalogue.
        year (int | None):
    """

    feedback_id: str
    movie_id: str
    kind: FeedbackKind
    created_at: datetime.datetime
    expires_at: datetime.datetime | None
    undone_at: datetime.datetime | None
    imdb_id: None | str
    title: None | str
    year: int | None

    def to_dict(self) -> dict[str, Any]:
        feedback_id = self.feedback_id

        movie_id = self.movie_id

        kind = self.kind.value

        created_at = self.created_at.isoformat()

        expires_at: None | str
        if isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        undone_at: None | str
        if isinstance(self.undone_at, datetime.datetime):
            undone_at = self.undone_at.isoformat()
        else:
            undone_at = self.undone_at

        imdb_id: None | str
        imdb_id = self.imdb_id

        title: None | str
        title = self.title

        year: int | None
        year = self.year

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "feedback_id": feedback_id,
                "movie_id": movie_id,
                "kind": kind,
                "created_at": created_at,
                "expires_at": expires_at,
                "undone_at": undone_at,
                "imdb_id": imdb_id,
                "title": title,
                "year": year,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        feedback_id = d.pop("feedback_id")

        movie_id = d.pop("movie_id")

        kind = FeedbackKind(d.pop("kind"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_expires_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        expires_at = _parse_expires_at(d.pop("expires_at"))

        def _parse_undone_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                undone_at_type_0 = datetime.datetime.fromisoformat(data)

                return undone_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        undone_at = _parse_undone_at(d.pop("undone_at"))

        def _parse_imdb_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        imdb_id = _parse_imdb_id(d.pop("imdb_id"))

        def _parse_title(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        title = _parse_title(d.pop("title"))

        def _parse_year(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        year = _parse_year(d.pop("year"))

        exported_feedback_body = cls(
            feedback_id=feedback_id,
            movie_id=movie_id,
            kind=kind,
            created_at=created_at,
            expires_at=expires_at,
            undone_at=undone_at,
            imdb_id=imdb_id,
            title=title,
            year=year,
        )

        return exported_feedback_body
