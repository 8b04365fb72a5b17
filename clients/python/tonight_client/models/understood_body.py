from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.certificate import Certificate
from ..types import UNSET, Unset

T = TypeVar("T", bound="UnderstoodBody")


@_attrs_define
class UnderstoodBody:
    """What was understood of the request; wishes that were not given are left out.

    Attributes:
        now (datetime.datetime): The viewer's time, as the service sees it.
        like (list[str] | None | Unset):
        dislike (list[str] | None | Unset):
        exclude (list[str] | None | Unset):
        genre (list[str] | None | Unset):
        without_genre (list[str] | None | Unset):
        max_minutes (int | None | Unset):
        until (None | str | Unset):
        minutes_left (int | None | Unset): Minutes from now to `until`.
        min_year (int | None | Unset):
        max_year (int | None | Unset):
        language (list[str] | None | Unset):
        country (list[str] | None | Unset):
        max_certificate (Certificate | None | Unset):
        novelty (float | None | Unset):
        seed (int | None | Unset):
    """

    now: datetime.datetime
    like: list[str] | None | Unset = UNSET
    dislike: list[str] | None | Unset = UNSET
    exclude: list[str] | None | Unset = UNSET
    genre: list[str] | None | Unset = UNSET
    without_genre: list[str] | None | Unset = UNSET
    max_minutes: int | None | Unset = UNSET
    until: None | str | Unset = UNSET
    minutes_left: int | None | Unset = UNSET
    min_year: int | None | Unset = UNSET
    max_year: int | None | Unset = UNSET
    language: list[str] | None | Unset = UNSET
    country: list[str] | None | Unset = UNSET
    max_certificate: Certificate | None | Unset = UNSET
    novelty: float | None | Unset = UNSET
    seed: int | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        now = self.now.isoformat()

        like: list[str] | None | Unset
        if isinstance(self.like, Unset):
            like = UNSET
        elif isinstance(self.like, list):
            like = self.like

        else:
            like = self.like

        dislike: list[str] | None | Unset
        if isinstance(self.dislike, Unset):
            dislike = UNSET
        elif isinstance(self.dislike, list):
            dislike = self.dislike

        else:
            dislike = self.dislike

        exclude: list[str] | None | Unset
        if isinstance(self.exclude, Unset):
            exclude = UNSET
        elif isinstance(self.exclude, list):
            exclude = self.exclude

        else:
            exclude = self.exclude

        genre: list[str] | None | Unset
        if isinstance(self.genre, Unset):
            genre = UNSET
        elif isinstance(self.genre, list):
            genre = self.genre

        else:
            genre = self.genre

        without_genre: list[str] | None | Unset
        if isinstance(self.without_genre, Unset):
            without_genre = UNSET
        elif isinstance(self.without_genre, list):
            without_genre = self.without_genre

        else:
            without_genre = self.without_genre

        max_minutes: int | None | Unset
        if isinstance(self.max_minutes, Unset):
            max_minutes = UNSET
        else:
            max_minutes = self.max_minutes

        until: None | str | Unset
        if isinstance(self.until, Unset):
            until = UNSET
        else:
            until = self.until

        minutes_left: int | None | Unset
        if isinstance(self.minutes_left, Unset):
            minutes_left = UNSET
        else:
            minutes_left = self.minutes_left

        min_year: int | None | Unset
        if isinstance(self.min_year, Unset):
            min_year = UNSET
        else:
            min_year = self.min_year

        max_year: int | None | Unset
        if isinstance(self.max_year, Unset):
            max_year = UNSET
        else:
            max_year = self.max_year

        language: list[str] | None | Unset
        if isinstance(self.language, Unset):
            language = UNSET
        elif isinstance(self.language, list):
            language = self.language

        else:
            language = self.language

        country: list[str] | None | Unset
        if isinstance(self.country, Unset):
            country = UNSET
        elif isinstance(self.country, list):
            country = self.country

        else:
            country = self.country

        max_certificate: None | str | Unset
        if isinstance(self.max_certificate, Unset):
            max_certificate = UNSET
        elif isinstance(self.max_certificate, Certificate):
            max_certificate = self.max_certificate.value
        else:
            max_certificate = self.max_certificate

        novelty: float | None | Unset
        if isinstance(self.novelty, Unset):
            novelty = UNSET
        else:
            novelty = self.novelty

        seed: int | None | Unset
        if isinstance(self.seed, Unset):
            seed = UNSET
        else:
            seed = self.seed

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "now": now,
            }
        )
        if like is not UNSET:
            field_dict["like"] = like
        if dislike is not UNSET:
            field_dict["dislike"] = dislike
        if exclude is not UNSET:
            field_dict["exclude"] = exclude
        if genre is not UNSET:
            field_dict["genre"] = genre
        if without_genre is not UNSET:
            field_dict["without_genre"] = without_genre
        if max_minutes is not UNSET:
            field_dict["max_minutes"] = max_minutes
        if until is not UNSET:
            field_dict["until"] = until
        if minutes_left is not UNSET:
            field_dict["minutes_left"] = minutes_left
        if min_year is not UNSET:
            field_dict["min_year"] = min_year
        if max_year is not UNSET:
            field_dict["max_year"] = max_year
        if language is not UNSET:
            field_dict["language"] = language
        if country is not UNSET:
            field_dict["country"] = country
        if max_certificate is not UNSET:
            field_dict["max_certificate"] = max_certificate
        if novelty is not UNSET:
            field_dict["novelty"] = novelty
        if seed is not UNSET:
            field_dict["seed"] = seed

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        now = datetime.datetime.fromisoformat(d.pop("now"))

        def _parse_like(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                like_type_0 = cast(list[str], data)

                return like_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        like = _parse_like(d.pop("like", UNSET))

        def _parse_dislike(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                dislike_type_0 = cast(list[str], data)

                return dislike_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        dislike = _parse_dislike(d.pop("dislike", UNSET))

        def _parse_exclude(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                exclude_type_0 = cast(list[str], data)

                return exclude_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        exclude = _parse_exclude(d.pop("exclude", UNSET))

        def _parse_genre(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                genre_type_0 = cast(list[str], data)

                return genre_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        genre = _parse_genre(d.pop("genre", UNSET))

        def _parse_without_genre(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                without_genre_type_0 = cast(list[str], data)

                return without_genre_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        without_genre = _parse_without_genre(d.pop("without_genre", UNSET))

        def _parse_max_minutes(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        max_minutes = _parse_max_minutes(d.pop("max_minutes", UNSET))

        def _parse_until(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        until = _parse_until(d.pop("until", UNSET))

        def _parse_minutes_left(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        minutes_left = _parse_minutes_left(d.pop("minutes_left", UNSET))

        def _parse_min_year(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        min_year = _parse_min_year(d.pop("min_year", UNSET))

        def _parse_max_year(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        max_year = _parse_max_year(d.pop("max_year", UNSET))

        def _parse_language(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                language_type_0 = cast(list[str], data)

                return language_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        language = _parse_language(d.pop("language", UNSET))

        def _parse_country(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                country_type_0 = cast(list[str], data)

                return country_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        country = _parse_country(d.pop("country", UNSET))

        def _parse_max_certificate(data: object) -> Certificate | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                max_certificate_type_0 = Certificate(data)

                return max_certificate_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Certificate | None | Unset, data)

        max_certificate = _parse_max_certificate(d.pop("max_certificate", UNSET))

        def _parse_novelty(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        novelty = _parse_novelty(d.pop("novelty", UNSET))

        def _parse_seed(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        seed = _parse_seed(d.pop("seed", UNSET))

        understood_body = cls(
            now=now,
            like=like,
            dislike=dislike,
            exclude=exclude,
            genre=genre,
            without_genre=without_genre,
            max_minutes=max_minutes,
            until=until,
            minutes_left=minutes_left,
            min_year=min_year,
            max_year=max_year,
            language=language,
            country=country,
            max_certificate=max_certificate,
            novelty=novelty,
            seed=seed,
        )

        return understood_body
