from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.found_body import FoundBody
from ...models.invalid_request_body import InvalidRequestBody
from ...models.problem_body import ProblemBody
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    q: str,
    limit: int | Unset = 8,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["q"] = q

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/search",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> FoundBody | InvalidRequestBody | ProblemBody | None:
    if response.status_code == 200:
        response_200 = FoundBody.from_dict(response.json())

        return response_200

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
) -> Response[FoundBody | InvalidRequestBody | ProblemBody]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    q: str,
    limit: int | Unset = 8,
) -> Response[FoundBody | InvalidRequestBody | ProblemBody]:
    """Find films by what is typed

     Titles in any language that is known, original and alternative ones too, years, and names of
    directors and actors. Case, accents, articles, `&`, numerals and spaces make no difference, typing
    errors little, and the last word may be unfinished.

    Args:
        q (str): What has been typed so far.
        limit (int | Unset): How many films at most. Default: 8.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FoundBody | InvalidRequestBody | ProblemBody]
    """

    kwargs = _get_kwargs(
        q=q,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    q: str,
    limit: int | Unset = 8,
) -> FoundBody | InvalidRequestBody | ProblemBody | None:
    """Find films by what is typed

     Titles in any language that is known, original and alternative ones too, years, and names of
    directors and actors. Case, accents, articles, `&`, numerals and spaces make no difference, typing
    errors little, and the last word may be unfinished.

    Args:
        q (str): What has been typed so far.
        limit (int | Unset): How many films at most. Default: 8.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FoundBody | InvalidRequestBody | ProblemBody
    """

    return sync_detailed(
        client=client,
        q=q,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    q: str,
    limit: int | Unset = 8,
) -> Response[FoundBody | InvalidRequestBody | ProblemBody]:
    """Find films by what is typed

     Titles in any language that is known, original and alternative ones too, years, and names of
    directors and actors. Case, accents, articles, `&`, numerals and spaces make no difference, typing
    errors little, and the last word may be unfinished.

    Args:
        q (str): What has been typed so far.
        limit (int | Unset): How many films at most. Default: 8.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FoundBody | InvalidRequestBody | ProblemBody]
    """

    kwargs = _get_kwargs(
        q=q,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    q: str,
    limit: int | Unset = 8,
) -> FoundBody | InvalidRequestBody | ProblemBody | None:
    """Find films by what is typed

     Titles in any language that is known, original and alternative ones too, years, and names of
    directors and actors. Case, accents, articles, `&`, numerals and spaces make no difference, typing
    errors little, and the last word may be unfinished.

    Args:
        q (str): What has been typed so far.
        limit (int | Unset): How many films at most. Default: 8.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FoundBody | InvalidRequestBody | ProblemBody
    """

    return (
        await asyncio_detailed(
            client=client,
            q=q,
            limit=limit,
        )
    ).parsed
