from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.feedback_body import FeedbackBody
from ...models.feedback_request import FeedbackRequest
from ...models.invalid_request_body import InvalidRequestBody
from ...models.problem_body import ProblemBody
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: FeedbackRequest,
    idempotency_key: None | str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["idempotency-key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/feedback",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> FeedbackBody | InvalidRequestBody | ProblemBody | None:
    if response.status_code == 201:
        response_201 = FeedbackBody.from_dict(response.json())

        return response_201

    if response.status_code == 403:
        response_403 = ProblemBody.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = ProblemBody.from_dict(response.json())

        return response_404

    if response.status_code == 408:
        response_408 = ProblemBody.from_dict(response.json())

        return response_408

    if response.status_code == 409:
        response_409 = ProblemBody.from_dict(response.json())

        return response_409

    if response.status_code == 413:
        response_413 = ProblemBody.from_dict(response.json())

        return response_413

    if response.status_code == 414:
        response_414 = ProblemBody.from_dict(response.json())

        return response_414

    if response.status_code == 415:
        response_415 = ProblemBody.from_dict(response.json())

        return response_415

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
) -> Response[FeedbackBody | InvalidRequestBody | ProblemBody]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: FeedbackRequest,
    idempotency_key: None | str | Unset = UNSET,
) -> Response[FeedbackBody | InvalidRequestBody | ProblemBody]:
    """Say something about a film

     Saves a statement. The answer means that it is on the disk. The first one makes an anonymous
    profile, which the cookie `tonight_viewer` names: send it with what follows.

    Args:
        idempotency_key (None | str | Unset): Any text of yours: the same request with the same
            key is saved once.
        body (FeedbackRequest): What you say about a film.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FeedbackBody | InvalidRequestBody | ProblemBody]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: FeedbackRequest,
    idempotency_key: None | str | Unset = UNSET,
) -> FeedbackBody | InvalidRequestBody | ProblemBody | None:
    """Say something about a film

     Saves a statement. The answer means that it is on the disk. The first one makes an anonymous
    profile, which the cookie `tonight_viewer` names: send it with what follows.

    Args:
        idempotency_key (None | str | Unset): Any text of yours: the same request with the same
            key is saved once.
        body (FeedbackRequest): What you say about a film.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FeedbackBody | InvalidRequestBody | ProblemBody
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: FeedbackRequest,
    idempotency_key: None | str | Unset = UNSET,
) -> Response[FeedbackBody | InvalidRequestBody | ProblemBody]:
    """Say something about a film

     Saves a statement. The answer means that it is on the disk. The first one makes an anonymous
    profile, which the cookie `tonight_viewer` names: send it with what follows.

    Args:
        idempotency_key (None | str | Unset): Any text of yours: the same request with the same
            key is saved once.
        body (FeedbackRequest): What you say about a film.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FeedbackBody | InvalidRequestBody | ProblemBody]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: FeedbackRequest,
    idempotency_key: None | str | Unset = UNSET,
) -> FeedbackBody | InvalidRequestBody | ProblemBody | None:
    """Say something about a film

     Saves a statement. The answer means that it is on the disk. The first one makes an anonymous
    profile, which the cookie `tonight_viewer` names: send it with what follows.

    Args:
        idempotency_key (None | str | Unset): Any text of yours: the same request with the same
            key is saved once.
        body (FeedbackRequest): What you say about a film.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FeedbackBody | InvalidRequestBody | ProblemBody
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
