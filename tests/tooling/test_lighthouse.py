"""What ``make lighthouse`` makes of reports; the pages themselves it measures on demand."""

from __future__ import annotations

from typing import Any

from tools.lighthouse import TARGETS, Target, median_of, scores_of, shortcomings, too_low

REPORT: dict[str, Any] = {
    "categories": {
        "performance": {"score": 0.94, "auditRefs": [{"id": "paint", "weight": 10}]},
        "accessibility": {
            "score": 1,
            "auditRefs": [{"id": "names", "weight": 3}, {"id": "hint", "weight": 0}],
        },
        "seo": {"score": None, "auditRefs": []},
    },
    "audits": {
        "paint": {"id": "paint", "title": "First paint", "score": 0.5, "displayValue": "4 s"},
        "names": {"id": "names", "title": "Names", "score": 1},
        "hint": {"id": "hint", "title": "Hint", "score": 0},
    },
}


def test_a_page_below_the_bar_is_found_with_what_it_lost_its_points_by() -> None:
    scores = scores_of(REPORT, ("performance", "accessibility", "seo"))
    assert scores == {"performance": 94, "accessibility": 100, "seo": 0}
    assert too_low(scores) == ["performance", "seo"]
    assert shortcomings(REPORT, "performance") == ["First paint (4 s)"]
    assert shortcomings(REPORT, "accessibility") == []


def test_one_slow_run_of_three_does_not_count() -> None:
    runs = [{"performance": 60}, {"performance": 99}, {"performance": 97}]
    assert too_low(median_of(runs)) == []
    assert too_low(median_of([*runs[:1], *runs[:1], runs[1]])) == ["performance"]


def test_only_pages_that_tell_of_a_problem_are_spared_the_search_engines() -> None:
    assert "seo" in Target("a page", "/").categories
    assert {target.name for target in TARGETS if "seo" not in target.categories} == {
        "nothing fits",
        "problem",
    }
