from __future__ import annotations

import pytest

from tonight.web.negotiation import prefers_html


@pytest.mark.parametrize(
    "accept",
    [
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
        "text/html",
        "text/html, */*",
        "TEXT/HTML;q=0.9, application/json;q=0.8",
        "text/*",
    ],
)
def test_browsers_get_a_page(accept: str) -> None:
    assert prefers_html(accept)


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "application/json",
        "application/json, text/html",
        "application/*, */*",
        "text/html;q=0.5, */*",
        "text/html;q=0",
        "text/html;q=broken, application/json",
        ";;;,,,",
    ],
)
def test_programs_get_json(accept: str) -> None:
    assert not prefers_html(accept)
