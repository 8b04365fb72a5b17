from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.suggestion_body_source import SuggestionBodySource

if TYPE_CHECKING:
    from ..models.movie_body import MovieBody
    from ..models.reason_body import ReasonBody
    from ..models.understood_body import UnderstoodBody


T = TypeVar("T", bound="SuggestionBody")


@_attrs_define
class SuggestionBody:
    """One film for tonight.

    Attributes:
        movie (MovieBody): A film. A fact that nobody is sure of is null or an empty list.
        reason (ReasonBody): Why this film: the true shares of its score, which add up to 1.
        source (SuggestionBodySource): Which part of the recommender the suggestion comes from.
        alternatives (list[MovieBody]): Films that fit as well and differ from it.
        n_fitting (int): How many films fit the wishes.
        n_unknown (int): How many more might fit, but a fact asked for is unknown.
        ends_at (datetime.datetime | None): When the film ends if it starts now; null if its length is unknown.
        repeated (bool): Whether every film that fits has been shown this evening.
        remembered (bool): Whether what you have said before could be read.
        understood (UnderstoodBody): What was understood of the request; wishes that were not given are left out.
    """

    movie: MovieBody
    reason: ReasonBody
    source: SuggestionBodySource
    alternatives: list[MovieBody]
    n_fitting: int
    n_unknown: int
    ends_at: datetime.datetime | None
    repeated: bool
    remembered: bool
    understood: UnderstoodBody

    def to_dict(self) -> dict[str, Any]:
        movie = self.movie.to_dict()

        reason = self.reason.to_dict()

        source = self.source.value

        alternatives = []
        for alternatives_item_data in self.alternatives:
            alternatives_item = alternatives_item_data.to_dict()
            alternatives.append(alternatives_item)

        n_fitting = self.n_fitting

        n_unknown = self.n_unknown

        ends_at: None | str
        if isinstance(self.ends_at, datetime.datetime):
            ends_at = self.ends_at.isoformat()
        else:
            ends_at = self.ends_at

        repeated = self.repeated

        remembered = self.remembered

        understood = self.understood.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "movie": movie,
                "reason": reason,
                "source": source,
                "alternatives": alternatives,
                "n_fitting": n_fitting,
                "n_unknown": n_unknown,
                "ends_at": ends_at,
                "repeated": repeated,
                "remembered": remembered,
                "understood": understood,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.movie_body import MovieBody  # noqa: PLC0415
        from ..models.reason_body import ReasonBody  # noqa: PLC0415
        from ..models.understood_body import UnderstoodBody  # noqa: PLC0415

        d = dict(src_dict)
        movie = MovieBody.from_dict(d.pop("movie"))

        reason = ReasonBody.from_dict(d.pop("reason"))

        source = SuggestionBodySource(d.pop("source"))

        alternatives = []
        _alternatives = d.pop("alternatives")
        for alternatives_item_data in _alternatives:
            alternatives_item = MovieBody.from_dict(alternatives_item_data)

            alternatives.append(alternatives_item)

        n_fitting = d.pop("n_fitting")

        n_unknown = d.pop("n_unknown")

        def _parse_ends_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ends_at_type_0 = datetime.datetime.fromisoformat(data)

                return ends_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ends_at = _parse_ends_at(d.pop("ends_at"))

        repeated = d.pop("repeated")

        remembered = d.pop("remembered")

        understood = UnderstoodBody.from_dict(d.pop("understood"))

        suggestion_body = cls(
            movie=movie,
            reason=reason,
            source=source,
            alternatives=alternatives,
            n_fitting=n_fitting,
            n_unknown=n_unknown,
            ends_at=ends_at,
            repeated=repeated,
            remembered=remembered,
            understood=understood,
        )

        return suggestion_body
