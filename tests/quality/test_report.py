"""The published figures belong to the data that are shipped."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tonight.embedded import has_movielens
from tools.evaluate.embedded import load_dataset
from tools.evaluate.plot import line_chart

REPORT = Path(__file__).parents[2] / "doc" / "model" / "quality.md"


@pytest.mark.skipif(not has_movielens(), reason="this package comes without ratings")
def test_the_report_was_measured_on_the_shipped_data() -> None:
    assert f"Embedded data `{load_dataset().fingerprint}`" in REPORT.read_text(encoding="utf-8")


def test_a_chart_has_a_line_and_a_name_for_each_series() -> None:
    chart = ET.fromstring(
        line_chart({"one": [0.1, 0.2], "two": [0.2, 0.19]}, ["1", "all"], "likes", "nDCG")
    )
    space = "{http://www.w3.org/2000/svg}"
    assert len(chart.findall(f"{space}polyline")) == 2
    assert {"one", "two", "1", "all", "likes"} <= {text.text for text in chart.iter(f"{space}text")}
