from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.certificate import Certificate

T = TypeVar("T", bound="MovieBody")


@_attrs_define
class MovieBody:
    """A film. A fact that nobody is sure of is null or an empty list.

    Attributes:
        movie_id (str): Our immutable id.
        imdb_id (None | str):
        title (str):
        original_title (None | str):
        alternative_titles (list[str]):
        year (int):
        runtime_minutes (int | None):
        genres (list[str]): Of: Action, Adventure, Animation, Biography, Comedy, Crime, Documentary, Drama, Family,
            Fantasy, Film-Noir, History, Horror, Music, Musical, Mystery, Romance, Sci-Fi, Sport, Thriller, War, Western.
        directors (list[str]):
        cast_ (list[str]):
        languages (list[str]):
        countries (list[str]):
        certificate (Certificate | None): The certificate of the United States.
        n_reviews (int): Professional reviews counted.
        review_score (int | None): Favourable reviews, in per cent.
        poster (str):
    """

    movie_id: str
    imdb_id: None | str
    title: str
    original_title: None | str
    alternative_titles: list[str]
    year: int
    runtime_minutes: int | None
    genres: list[str]
    directors: list[str]
    cast_: list[str]
    languages: list[str]
    countries: list[str]
    certificate: Certificate | None
    n_reviews: int
    review_score: int | None
    poster: str

    def to_dict(self) -> dict[str, Any]:
        movie_id = self.movie_id

        imdb_id: None | str
        imdb_id = self.imdb_id

        title = self.title

        original_title: None | str
        original_title = self.original_title

        alternative_titles = self.alternative_titles

        year = self.year

        runtime_minutes: int | None
        runtime_minutes = self.runtime_minutes

        genres = self.genres

        directors = self.directors

        cast_ = self.cast_

        languages = self.languages

        countries = self.countries

        certificate: None | str
        if isinstance(self.certificate, Certificate):
            certificate = self.certificate.value
        else:
            certificate = self.certificate

        n_reviews = self.n_reviews

        review_score: int | None
        review_score = self.review_score

        poster = self.poster

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "movie_id": movie_id,
                "imdb_id": imdb_id,
                "title": title,
                "original_title": original_title,
                "alternative_titles": alternative_titles,
                "year": year,
                "runtime_minutes": runtime_minutes,
                "genres": genres,
                "directors": directors,
                "cast": cast_,
                "languages": languages,
                "countries": countries,
                "certificate": certificate,
                "n_reviews": n_reviews,
                "review_score": review_score,
                "poster": poster,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        movie_id = d.pop("movie_id")

        def _parse_imdb_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        imdb_id = _parse_imdb_id(d.pop("imdb_id"))

        title = d.pop("title")

        def _parse_original_title(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        original_title = _parse_original_title(d.pop("original_title"))

        alternative_titles = cast(list[str], d.pop("alternative_titles"))

        year = d.pop("year")

        def _parse_runtime_minutes(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        runtime_minutes = _parse_runtime_minutes(d.pop("runtime_minutes"))

        genres = cast(list[str], d.pop("genres"))

        directors = cast(list[str], d.pop("directors"))

        cast_ = cast(list[str], d.pop("cast"))

        languages = cast(list[str], d.pop("languages"))

        countries = cast(list[str], d.pop("countries"))

        def _parse_certificate(data: object) -> Certificate | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                certificate_type_0 = Certificate(data)

                return certificate_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Certificate | None, data)

        certificate = _parse_certificate(d.pop("certificate"))

        n_reviews = d.pop("n_reviews")

        def _parse_review_score(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        review_score = _parse_review_score(d.pop("review_score"))

        poster = d.pop("poster")

        movie_body = cls(
            movie_id=movie_id,
            imdb_id=imdb_id,
            title=title,
            original_title=original_title,
            alternative_titles=alternative_titles,
            year=year,
            runtime_minutes=runtime_minutes,
            genres=genres,
            directors=directors,
            cast_=cast_,
            languages=languages,
            countries=countries,
            certificate=certificate,
            n_reviews=n_reviews,
            review_score=review_score,
            poster=poster,
        )

        return movie_body
