from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.invalid_request_body import InvalidRequestBody
from ...models.problem_body import ProblemBody
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/export/letterboxd",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> InvalidRequestBody | ProblemBody | str | None:
    if response.status_code == 200:
        response_200 = response.text
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
) -> Response[InvalidRequestBody | ProblemBody | str]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[InvalidRequestBody | ProblemBody | str]:
    """The films you have seen, for Letterboxd

     CSV for Letterboxd's importer: `imdbID`, `Title`, `Year`, `Directors`, `Rating`. Liked becomes 4
    stars, okay 3, disliked 2; a film that you only said to have seen has none. There is no
    `WatchedDate`: when you saw a film is not known.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[InvalidRequestBody | ProblemBody | str]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> InvalidRequestBody | ProblemBody | str | None:
    """The films you have seen, for Letterboxd

     CSV for Letterboxd's importer: `imdbID`, `Title`, `Year`, `Directors`, `Rating`. Liked becomes 4
    stars, okay 3, disliked 2; a film that you only said to have seen has none. There is no
    `WatchedDate`: when you saw a film is not known.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        InvalidRequestBody | ProblemBody | str
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[InvalidRequestBody | ProblemBody | str]:
    """The films you have seen, for Letterboxd

     CSV for Letterboxd's importer: `imdbID`, `Title`, `Year`, `Directors`, `Rating`. Liked becomes 4
    stars, okay 3, disliked 2; a film that you only said to have seen has none. There is no
    `WatchedDate`: when you saw a film is not known.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[InvalidRequestBody | ProblemBody | str]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> InvalidRequestBody | ProblemBody | str | None:
    """The films you have seen, for Letterboxd

     CSV for Letterboxd's importer: `imdbID`, `Title`, `Year`, `Directors`, `Rating`. Liked becomes 4
    stars, okay 3, disliked 2; a film that you only said to have seen has none. There is no
    `WatchedDate`: when you saw a film is not known.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        InvalidRequestBody | ProblemBody | str
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
