"""What is going to be taken away says so, with its dates, in the contract and in every answer."""

from __future__ import annotations

from datetime import date

import pytest
from fastapi import APIRouter, FastAPI, HTTPException
from fastapi.testclient import TestClient

from tonight.web.deprecations import announce, deprecated

SINCE = date(2026, 12, 1)
SUNSET = date(2027, 6, 1)
INSTEAD = "/reference/api#moved"


def application(*, is_deprecated: bool = True) -> FastAPI:
    router = APIRouter()
    dates = deprecated(SINCE, SUNSET, INSTEAD) if is_deprecated else {}

    @router.get("/old/{number}", **dates)
    async def old(number: int) -> dict[str, int]:
        if number == 0:
            raise HTTPException(404, "There is none.")
        return {"number": number}

    @router.get("/new")
    async def new() -> dict[str, int]:
        return {"number": 1}

    app = FastAPI()
    app.include_router(router)
    announce(app, router.routes)
    return app


@pytest.mark.parametrize("path", ["/old/1", "/old/0", "/old/none"])
def test_every_answer_of_a_deprecated_route_has_the_dates_and_the_way_out(path: str) -> None:
    headers = TestClient(application()).get(path).headers
    assert headers["deprecation"] == "@1796083200"  # RFC 9745: 2026-12-01, in seconds since 1970
    assert headers["sunset"] == "Tue, 01 Jun 2027 00:00:00 GMT"
    assert headers["link"] == '</reference/api#moved>; rel="deprecation"'


def test_other_routes_say_nothing_of_the_kind() -> None:
    headers = TestClient(application()).get("/new").headers
    assert not {"deprecation", "sunset", "link"} & set(headers)


def test_the_contract_has_the_dates_too() -> None:
    operation = application().openapi()["paths"]["/old/{number}"]["get"]
    assert operation["deprecated"] is True
    assert operation["x-deprecated-since"] == "2026-12-01"
    assert operation["x-sunset"] == "2027-06-01"


def test_whoever_relies_on_it_gets_the_notice_that_was_promised() -> None:
    with pytest.raises(ValueError, match="less than 90 days"):
        deprecated(SINCE, date(2027, 2, 28), INSTEAD)


def test_where_nothing_is_deprecated_requests_pay_nothing() -> None:
    assert application().user_middleware
    assert application(is_deprecated=False).user_middleware == []
