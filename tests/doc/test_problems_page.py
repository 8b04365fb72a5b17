from __future__ import annotations

import re
from pathlib import Path

from fastapi.testclient import TestClient

from tonight.web.problems import KINDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "doc" / "reference" / "problems.md").read_text("utf-8")


def test_the_page_lists_every_kind_of_problem_with_its_status_and_no_other() -> None:
    rows = dict(re.findall(r"^\| `/problems/([a-z-]+)` \| (\d+) \|", PAGE, re.MULTILINE))
    assert rows == {name: str(kind.status) for name, kind in KINDS.items()}


def test_every_row_names_a_test_that_exists() -> None:
    tests = {
        f"{path.name}::{name}"
        for folder in ("hard_days", "integration")
        for path in (ROOT / "tests" / folder).glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    rows = PAGE.partition("## Bad input")[2].splitlines()
    named = [re.search(r"`(test_\w+\.py::test_\w+)` \|$", row) for row in rows if row[:2] == "| "]
    headings = [match for match in named if match is None]
    assert len(headings) == 4  # of two tables: their titles and the lines below
    assert {match[1] for match in named if match is not None} <= tests


def test_the_type_of_every_problem_can_be_fetched_and_says_what_to_do(client: TestClient) -> None:
    for kind in KINDS.values():
        answer = client.get(kind.type_uri)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.text == f"{kind.title} (HTTP {kind.status})\n\n{kind.remedy}\n"
        assert len(kind.remedy) > 40
