"""What browsers send from a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from starlette.requests import Request

from tonight.domain.errors import InvalidParameter, InvalidRequestError
from tonight.services.query_parameters import read_moment
from tonight.web.negotiation import require_media_type


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form as browsers send it without files; of doubled fields the last.

    Raises:
        HTTPException: The body is said to be something else (415).
        InvalidRequestError: The body is no form, or an unreasonably long one.
    """
    require_media_type(request, "application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl(
            (await request.body()).decode("utf-8"), errors="strict", max_num_fields=20
        )
    except ValueError:
        raise InvalidRequestError(
            (InvalidParameter("body", "must be a form: application/x-www-form-urlencoded"),)
        ) from None
    return dict(pairs)


def read_now(form: Mapping[str, str]) -> datetime | None:
    """The viewer's time, where the form's script has filled it in.

    Raises:
        InvalidRequestError: It is no time.
    """
    if not form.get("now"):
        return None
    try:
        return read_moment(form["now"])
    except ValueError as error:
        raise InvalidRequestError((InvalidParameter("now", str(error)),)) from None
