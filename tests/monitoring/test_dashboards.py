"""Every panel of every dashboard shows something, and says what."""

from __future__ import annotations

import contextlib
import math
from typing import Any

import pytest

from tools.dashboards.build import DASHBOARDS, rendered
from tools.dashboards.panels import Panel, at_least, at_most
from tools.gameday.programs import NotReadyError, wait_until
from tools.gameday.stack import Stack
from tools.gameday.traffic import Traffic
from tools.monitoring.files import MONITORING

PANELS = [
    pytest.param(panel, id=f"{board.uid}: {panel.title}")
    for board in DASHBOARDS
    for panel in board.panels
]


def has_data(result: list[dict[str, Any]]) -> bool:
    """Whether an instant query gave a number."""
    return any(not math.isnan(float(series["value"][1])) for series in result)


@pytest.mark.slow
@pytest.mark.parametrize("panel", PANELS)
def test_every_query_of_a_panel_returns_data_from_the_real_service(
    panel: Panel, stack: Stack, traffic: Traffic
) -> None:
    empty = {query.expression for query in panel.queries}

    def all_have_data() -> bool:
        empty.difference_update(
            [query for query in empty if has_data(stack.monitoring.query(query))]
        )
        return not empty

    with contextlib.suppress(NotReadyError):
        wait_until(all_have_data, "every query has data", seconds=30, every=0.5)
    assert empty == set()


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_has_a_unit_a_description_and_thresholds_that_rise(panel: Panel) -> None:
    assert panel.unit
    assert panel.description.endswith(".")
    first, *others = [value for value, _ in panel.thresholds]
    assert first is None
    limits = [value for value in others if value is not None]
    assert limits == sorted(limits)


def test_the_files_are_what_the_code_says() -> None:
    folder = MONITORING / "dashboards"
    assert {path.name: path.read_text("utf-8") for path in folder.glob("*.json")} == rendered()


def test_panels_do_not_overlap() -> None:
    for board in DASHBOARDS:
        assert all(panel.width <= 24 for panel in board.panels)
        assert len({panel.title for panel in board.panels}) == len(board.panels)


def test_colours_say_on_which_side_of_the_limit_it_is_well() -> None:
    assert at_most(2, 1) == ((None, "green"), (1, "yellow"), (2, "red"))
    assert at_least(1, 2) == ((None, "red"), (1, "yellow"), (2, "green"))
