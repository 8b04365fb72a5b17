from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.export_body import ExportBody
from ...models.invalid_request_body import InvalidRequestBody
from ...models.problem_body import ProblemBody
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/export",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ExportBody | InvalidRequestBody | ProblemBody | None:
    if response.status_code == 200:
        response_200 = ExportBody.from_dict(response.json())

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
) -> Response[ExportBody | InvalidRequestBody | ProblemBody]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[ExportBody | InvalidRequestBody | ProblemBody]:
    """Everything that is known of you

     Every statement with every moment, also those that you have taken back. Of what is kept of you only
    the idempotency keys that programs have sent are left out.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ExportBody | InvalidRequestBody | ProblemBody]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> ExportBody | InvalidRequestBody | ProblemBody | None:
    """Everything that is known of you

     Every statement with every moment, also those that you have taken back. Of what is kept of you only
    the idempotency keys that programs have sent are left out.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ExportBody | InvalidRequestBody | ProblemBody
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[ExportBody | InvalidRequestBody | ProblemBody]:
    """Everything that is known of you

     Every statement with every moment, also those that you have taken back. Of what is kept of you only
    the idempotency keys that programs have sent are left out.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ExportBody | InvalidRequestBody | ProblemBody]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> ExportBody | InvalidRequestBody | ProblemBody | None:
    """Everything that is known of you

     Every statement with every moment, also those that you have taken back. Of what is kept of you only
    the idempotency keys that programs have sent are left out.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ExportBody | InvalidRequestBody | ProblemBody
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
