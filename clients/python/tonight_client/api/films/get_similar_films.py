from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.invalid_request_body import InvalidRequestBody
from ...models.problem_body import ProblemBody
from ...models.similar_body import SimilarBody
from ...types import UNSET, Response, Unset


def _get_kwargs(
    movie_id: str,
    *,
    limit: int | Unset = 10,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/movies/{movie_id}/similar".format(
            movie_id=quote(str(movie_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> InvalidRequestBody | ProblemBody | SimilarBody | None:
    if response.status_code == 200:
        response_200 = SimilarBody.from_dict(response.json())

        return response_200

    if response.status_code == 404:
        response_404 = ProblemBody.from_dict(response.json())

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
) -> Response[InvalidRequestBody | ProblemBody | SimilarBody]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    movie_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 10,
) -> Response[InvalidRequestBody | ProblemBody | SimilarBody]:
    """Films that resemble a film

     Answers with the most similar films.

    Args:
        movie_id (str): The film's id, or its IMDb id.
        limit (int | Unset): How many at most. Default: 10.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[InvalidRequestBody | ProblemBody | SimilarBody]
    """

    kwargs = _get_kwargs(
        movie_id=movie_id,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    movie_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 10,
) -> InvalidRequestBody | ProblemBody | SimilarBody | None:
    """Films that resemble a film

     Answers with the most similar films.

    Args:
        movie_id (str): The film's id, or its IMDb id.
        limit (int | Unset): How many at most. Default: 10.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        InvalidRequestBody | ProblemBody | SimilarBody
    """

    return sync_detailed(
        movie_id=movie_id,
        client=client,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    movie_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 10,
) -> Response[InvalidRequestBody | ProblemBody | SimilarBody]:
    """Films that resemble a film

     Answers with the most similar films.

    Args:
        movie_id (str): The film's id, or its IMDb id.
        limit (int | Unset): How many at most. Default: 10.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[InvalidRequestBody | ProblemBody | SimilarBody]
    """

    kwargs = _get_kwargs(
        movie_id=movie_id,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    movie_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 10,
) -> InvalidRequestBody | ProblemBody | SimilarBody | None:
    """Films that resemble a film

     Answers with the most similar films.

    Args:
        movie_id (str): The film's id, or its IMDb id.
        limit (int | Unset): How many at most. Default: 10.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        InvalidRequestBody | ProblemBody | SimilarBody
    """

    return (
        await asyncio_detailed(
            movie_id=movie_id,
            client=client,
            limit=limit,
        )
    ).parsed
