"""The catalogues of events, metrics and consumers are what the code knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tonight.observability import logs, metrics
from tonight.observability.logs import EVENTS

ROOT = Path(__file__).parents[2]
DOC = ROOT / "doc"


def test_the_page_lists_every_event_and_no_other() -> None:
    page = (DOC / "reference" / "logs.md").read_text("utf-8")
    _, _, table = page.partition("| Event | When |")
    assert dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", table, re.MULTILINE)) == EVENTS


def test_every_event_that_is_logged_has_a_name_of_the_catalogue() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py")]
    logged = {name for text in sources for name in re.findall(r'"event": "(\w+)"', text)}
    assert logged == set(EVENTS) - {"message"}


def test_the_page_lists_every_metric_with_its_kind_labels_and_meaning() -> None:
    page = (DOC / "reference" / "metrics.md").read_text("utf-8")
    rows = re.findall(r"^\| `(tonight_\w+)` \| (\w+) \| (.+) \| (.+) \|$", page, re.MULTILINE)
    assert rows == [
        (
            metric.name,
            metric.kind,
            ", ".join(f"`{label}`" for label in metric.labels) or "-",
            metric.text,
        )
        for metric in metrics.ALL.values()
    ]


def test_the_consumers_that_are_counted_by_name_are_those_of_the_page() -> None:
    page = yaml.safe_load((DOC / "consumers.yaml").read_text("utf-8"))
    assert tuple(consumer["name"] for consumer in page["consumers"]) == metrics.CLIENTS


def test_a_level_that_does_not_exist_changes_nothing() -> None:
    with pytest.raises(ValueError, match="DEBUG, INFO, WARNING, ERROR"):
        logs.change_level("LOUD")
