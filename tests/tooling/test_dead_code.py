"""What only a template uses is not dead, and what not even a template uses is."""

from __future__ import annotations

from pathlib import Path

from tools.dead_code import TEMPLATES, names_in_templates


def test_names_in_templates_are_used(tmp_path: Path) -> None:
    template = "{% for share in page.reason.shares %}{{ percent_of(share) }}{% endfor %}"
    (tmp_path / "page.html").write_text(template + "{# page.forgotten #} unspoken")
    names = names_in_templates(tmp_path)
    assert {"reason", "shares", "percent_of"} <= names
    assert names.isdisjoint({"forgotten", "unspoken"})


def test_the_templates_are_where_they_are_looked_for() -> None:
    assert names_in_templates(TEMPLATES)
