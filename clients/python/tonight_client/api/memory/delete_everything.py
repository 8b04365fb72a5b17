from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.deleted_body import DeletedBody
from ...models.invalid_request_body import InvalidRequestBody
from ...models.problem_body import ProblemBody
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/api/v1/history",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DeletedBody | InvalidRequestBody | ProblemBody | None:
    if response.status_code == 200:
        response_200 = DeletedBody.from_dict(response.json())

        return response_200

    if response.status_code == 403:
        response_403 = ProblemBody.from_dict(response.json())

        return response_403

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
) -> Response[DeletedBody | InvalidRequestBody | ProblemBody]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[DeletedBody | InvalidRequestBody | ProblemBody]:
    """Delete everything that is known of you

     Deletes your profile and everything that you have ever said, from the database and from its copies,
    so that no byte of it is left in the files; the cookies are taken back. It cannot be undone. When it
    fails, ask again: something may be left.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeletedBody | InvalidRequestBody | ProblemBody]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> DeletedBody | InvalidRequestBody | ProblemBody | None:
    """Delete everything that is known of you

     Deletes your profile and everything that you have ever said, from the database and from its copies,
    so that no byte of it is left in the files; the cookies are taken back. It cannot be undone. When it
    fails, ask again: something may be left.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeletedBody | InvalidRequestBody | ProblemBody
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[DeletedBody | InvalidRequestBody | ProblemBody]:
    """Delete everything that is known of you

     Deletes your profile and everything that you have ever said, from the database and from its copies,
    so that no byte of it is left in the files; the cookies are taken back. It cannot be undone. When it
    fails, ask again: something may be left.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeletedBody | InvalidRequestBody | ProblemBody]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> DeletedBody | InvalidRequestBody | ProblemBody | None:
    """Delete everything that is known of you

     Deletes your profile and everything that you have ever said, from the database and from its copies,
    so that no byte of it is left in the files; the cookies are taken back. It cannot be undone. When it
    fails, ask again: something may be left.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeletedBody | InvalidRequestBody | ProblemBody
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
