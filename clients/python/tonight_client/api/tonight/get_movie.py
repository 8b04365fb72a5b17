import datetime
from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.get_movie_format import GetMovieFormat
from ...models.get_movie_genre_item import GetMovieGenreItem
from ...models.get_movie_max_certificate import GetMovieMaxCertificate
from ...models.get_movie_without_genre_item import GetMovieWithoutGenreItem
from ...models.invalid_request_body import InvalidRequestBody
from ...models.nothing_fits_body import NothingFitsBody
from ...models.problem_body import ProblemBody
from ...models.suggestion_body import SuggestionBody
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    like: list[str] | Unset = UNSET,
    dislike: list[str] | Unset = UNSET,
    exclude: list[str] | Unset = UNSET,
    genre: list[GetMovieGenreItem] | Unset = UNSET,
    without_genre: list[GetMovieWithoutGenreItem] | Unset = UNSET,
    max_minutes: int | Unset = UNSET,
    until: str | Unset = UNSET,
    now: datetime.datetime | Unset = UNSET,
    min_year: int | Unset = UNSET,
    max_year: int | Unset = UNSET,
    language: list[str] | Unset = UNSET,
    country: list[str] | Unset = UNSET,
    max_certificate: GetMovieMaxCertificate | Unset = UNSET,
    novelty: float | Unset = 0.0,
    seed: int | Unset = UNSET,
    format_: GetMovieFormat | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_like: list[str] | Unset = UNSET
    if not isinstance(like, Unset):
        json_like = like

    params["like"] = json_like

    json_dislike: list[str] | Unset = UNSET
    if not isinstance(dislike, Unset):
        json_dislike = dislike

    params["dislike"] = json_dislike

    json_exclude: list[str] | Unset = UNSET
    if not isinstance(exclude, Unset):
        json_exclude = exclude

    params["exclude"] = json_exclude

    json_genre: list[str] | Unset = UNSET
    if not isinstance(genre, Unset):
        json_genre = []
        for genre_item_data in genre:
            genre_item = genre_item_data.value
            json_genre.append(genre_item)

    params["genre"] = json_genre

    json_without_genre: list[str] | Unset = UNSET
    if not isinstance(without_genre, Unset):
        json_without_genre = []
        for without_genre_item_data in without_genre:
            without_genre_item = without_genre_item_data.value
            json_without_genre.append(without_genre_item)

    params["without_genre"] = json_without_genre

    params["max_minutes"] = max_minutes

    params["until"] = until

    json_now: str | Unset = UNSET
    if not isinstance(now, Unset):
        json_now = now.isoformat()
    params["now"] = json_now

    params["min_year"] = min_year

    params["max_year"] = max_year

    json_language: list[str] | Unset = UNSET
    if not isinstance(language, Unset):
        json_language = language

    params["language"] = json_language

    json_country: list[str] | Unset = UNSET
    if not isinstance(country, Unset):
        json_country = country

    params["country"] = json_country

    json_max_certificate: str | Unset = UNSET
    if not isinstance(max_certificate, Unset):
        json_max_certificate = max_certificate.value

    params["max_certificate"] = json_max_certificate

    params["novelty"] = novelty

    params["seed"] = seed

    json_format_: str | Unset = UNSET
    if not isinstance(format_, Unset):
        json_format_ = format_.value

    params["format"] = json_format_

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/movie",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> InvalidRequestBody | NothingFitsBody | ProblemBody | SuggestionBody | None:
    if response.status_code == 200:
        response_200 = SuggestionBody.from_dict(response.json())

        return response_200

    if response.status_code == 404:
        response_404 = NothingFitsBody.from_dict(response.json())

        return response_404

    if response.status_code == 414:
        response_414 = ProblemBody.from_dict(response.json())

        return response_414

    if response.status_code == 422:
        response_422 = InvalidRequestBody.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = ProblemBody.from_dict(response.json())

        return response_429

    if response.status_code == 431:
        response_431 = ProblemBody.from_dict(response.json())

        return response_431

    if response.status_code == 500:
        response_500 = ProblemBody.from_dict(response.json())

        return response_500

    if response.status_code == 503:
        response_503 = ProblemBody.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[InvalidRequestBody | NothingFitsBody | ProblemBody | SuggestionBody]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    like: list[str] | Unset = UNSET,
    dislike: list[str] | Unset = UNSET,
    exclude: list[str] | Unset = UNSET,
    genre: list[GetMovieGenreItem] | Unset = UNSET,
    without_genre: list[GetMovieWithoutGenreItem] | Unset = UNSET,
    max_minutes: int | Unset = UNSET,
    until: str | Unset = UNSET,
    now: datetime.datetime | Unset = UNSET,
    min_year: int | Unset = UNSET,
    max_year: int | Unset = UNSET,
    language: list[str] | Unset = UNSET,
    country: list[str] | Unset = UNSET,
    max_certificate: GetMovieMaxCertificate | Unset = UNSET,
    novelty: float | Unset = 0.0,
    seed: int | Unset = UNSET,
    format_: GetMovieFormat | Unset = UNSET,
) -> Response[InvalidRequestBody | NothingFitsBody | ProblemBody | SuggestionBody]:
    """One film for tonight

     Suggests one film that fits the wishes. Nothing is saved: the films shown this evening travel in a
    short-lived cookie. Browsers get a page, programs JSON.

    Args:
        like (list[str] | Unset):
        dislike (list[str] | Unset):
        exclude (list[str] | Unset):
        genre (list[GetMovieGenreItem] | Unset):
        without_genre (list[GetMovieWithoutGenreItem] | Unset):
        max_minutes (int | Unset):
        until (str | Unset):
        now (datetime.datetime | Unset):
        min_year (int | Unset):
        max_year (int | Unset):
        language (list[str] | Unset):
        country (list[str] | Unset):
        max_certificate (GetMovieMaxCertificate | Unset):
        novelty (float | Unset):  Default: 0.0.
        seed (int | Unset):
        format_ (GetMovieFormat | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[InvalidRequestBody | NothingFitsBody | ProblemBody | SuggestionBody]
    """

    kwargs = _get_kwargs(
        like=like,
        dislike=dislike,
        exclude=exclude,
        genre=genre,
        without_genre=without_genre,
        max_minutes=max_minutes,
        until=until,
        now=now,
        min_year=min_year,
        max_year=max_year,
        language=language,
        country=country,
        max_certificate=max_certificate,
        novelty=novelty,
        seed=seed,
        format_=format_,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    like: list[str] | Unset = UNSET,
    dislike: list[str] | Unset = UNSET,
    exclude: list[str] | Unset = UNSET,
    genre: list[GetMovieGenreItem] | Unset = UNSET,
    without_genre: list[GetMovieWithoutGenreItem] | Unset = UNSET,
    max_minutes: int | Unset = UNSET,
    until: str | Unset = UNSET,
    now: datetime.datetime | Unset = UNSET,
    min_year: int | Unset = UNSET,
    max_year: int | Unset = UNSET,
    language: list[str] | Unset = UNSET,
    country: list[str] | Unset = UNSET,
    max_certificate: GetMovieMaxCertificate | Unset = UNSET,
    novelty: float | Unset = 0.0,
    seed: int | Unset = UNSET,
    format_: GetMovieFormat | Unset = UNSET,
) -> InvalidRequestBody | NothingFitsBody | ProblemBody | SuggestionBody | None:
    """One film for tonight

     Suggests one film that fits the wishes. Nothing is saved: the films shown this evening travel in a
    short-lived cookie. Browsers get a page, programs JSON.

    Args:
        like (list[str] | Unset):
        dislike (list[str] | Unset):
        exclude (list[str] | Unset):
        genre (list[GetMovieGenreItem] | Unset):
        without_genre (list[GetMovieWithoutGenreItem] | Unset):
        max_minutes (int | Unset):
        until (str | Unset):
        now (datetime.datetime | Unset):
        min_year (int | Unset):
        max_year (int | Unset):
        language (list[str] | Unset):
        country (list[str] | Unset):
        max_certificate (GetMovieMaxCertificate | Unset):
        novelty (float | Unset):  Default: 0.0.
        seed (int | Unset):
        format_ (GetMovieFormat | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        InvalidRequestBody | NothingFitsBody | ProblemBody | SuggestionBody
    """

    return sync_detailed(
        client=client,
        like=like,
        dislike=dislike,
        exclude=exclude,
        genre=genre,
        without_genre=without_genre,
        max_minutes=max_minutes,
        until=until,
        now=now,
        min_year=min_year,
        max_year=max_year,
        language=language,
        country=country,
        max_certificate=max_certificate,
        novelty=novelty,
        seed=seed,
        format_=format_,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    like: list[str] | Unset = UNSET,
    dislike: list[str] | Unset = UNSET,
    exclude: list[str] | Unset = UNSET,
    genre: list[GetMovieGenreItem] | Unset = UNSET,
    without_genre: list[GetMovieWithoutGenreItem] | Unset = UNSET,
    max_minutes: int | Unset = UNSET,
    until: str | Unset = UNSET,
    now: datetime.datetime | Unset = UNSET,
    min_year: int | Unset = UNSET,
    max_year: int | Unset = UNSET,
    language: list[str] | Unset = UNSET,
    country: list[str] | Unset = UNSET,
    max_certificate: GetMovieMaxCertificate | Unset = UNSET,
    novelty: float | Unset = 0.0,
    seed: int | Unset = UNSET,
    format_: GetMovieFormat | Unset = UNSET,
) -> Response[InvalidRequestBody | NothingFitsBody | ProblemBody | SuggestionBody]:
    """One film for tonight

     Suggests one film that fits the wishes. Nothing is saved: the films shown this evening travel in a
    short-lived cookie. Browsers get a page, programs JSON.

    Args:
        like (list[str] | Unset):
        dislike (list[str] | Unset):
        exclude (list[str] | Unset):
        genre (list[GetMovieGenreItem] | Unset):
        without_genre (list[GetMovieWithoutGenreItem] | Unset):
        max_minutes (int | Unset):
        until (str | Unset):
        now (datetime.datetime | Unset):
        min_year (int | Unset):
        max_year (int | Unset):
        language (list[str] | Unset):
        country (list[str] | Unset):
        max_certificate (GetMovieMaxCertificate | Unset):
        novelty (float | Unset):  Default: 0.0.
        seed (int | Unset):
        format_ (GetMovieFormat | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[InvalidRequestBody | NothingFitsBody | ProblemBody | SuggestionBody]
    """

    kwargs = _get_kwargs(
        like=like,
        dislike=dislike,
        exclude=exclude,
        genre=genre,
        without_genre=without_genre,
        max_minutes=max_minutes,
        until=until,
        now=now,
        min_year=min_year,
        max_year=max_year,
        language=language,
        country=country,
        max_certificate=max_certificate,
        novelty=novelty,
        seed=seed,
        format_=format_,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    like: list[str] | Unset = UNSET,
    dislike: list[str] | Unset = UNSET,
    exclude: list[str] | Unset = UNSET,
    genre: list[GetMovieGenreItem] | Unset = UNSET,
    without_genre: list[GetMovieWithoutGenreItem] | Unset = UNSET,
    max_minutes: int | Unset = UNSET,
    until: str | Unset = UNSET,
    now: datetime.datetime | Unset = UNSET,
    min_year: int | Unset = UNSET,
    max_year: int | Unset = UNSET,
    language: list[str] | Unset = UNSET,
    country: list[str] | Unset = UNSET,
    max_certificate: GetMovieMaxCertificate | Unset = UNSET,
    novelty: float | Unset = 0.0,
    seed: int | Unset = UNSET,
    format_: GetMovieFormat | Unset = UNSET,
) -> InvalidRequestBody | NothingFitsBody | ProblemBody | SuggestionBody | None:
    """One film for tonight

     Suggests one film that fits the wishes. Nothing is saved: the films shown this evening travel in a
    short-lived cookie. Browsers get a page, programs JSON.

    Args:
        like (list[str] | Unset):
        dislike (list[str] | Unset):
        exclude (list[str] | Unset):
        genre (list[GetMovieGenreItem] | Unset):
        without_genre (list[GetMovieWithoutGenreItem] | Unset):
        max_minutes (int | Unset):
        until (str | Unset):
        now (datetime.datetime | Unset):
        min_year (int | Unset):
        max_year (int | Unset):
        language (list[str] | Unset):
        country (list[str] | Unset):
        max_certificate (GetMovieMaxCertificate | Unset):
        novelty (float | Unset):  Default: 0.0.
        seed (int | Unset):
        format_ (GetMovieFormat | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        InvalidRequestBody | NothingFitsBody | ProblemBody | SuggestionBody
    """

    return (
        await asyncio_detailed(
            client=client,
            like=like,
            dislike=dislike,
            exclude=exclude,
            genre=genre,
            without_genre=without_genre,
            max_minutes=max_minutes,
            until=until,
            now=now,
            min_year=min_year,
            max_year=max_year,
            language=language,
            country=country,
            max_certificate=max_certificate,
            novelty=novelty,
            seed=seed,
            format_=format_,
        )
    ).parsed
