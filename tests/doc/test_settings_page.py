from __future__ import annotations

import re
from pathlib import Path

from tonight.settings import PREFIX, Settings

PAGE = (Path(__file__).parents[2] / "doc" / "reference" / "settings.md").read_text("utf-8")


def test_the_page_lists_every_setting_with_its_own_description_and_no_other() -> None:
    rows = dict(re.findall(rf"^\| `({PREFIX}[A-Z_]+)` \| .*? \| (.+) \|$", PAGE, re.MULTILINE))
    expected = {
        f"{PREFIX}{name.upper()}": field.description
        for name, field in Settings.model_fields.items()
    }
    assert rows == expected


def test_the_page_says_the_defaults() -> None:
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, int | str) and not isinstance(field.default, bool):
            assert f"| `{PREFIX}{name.upper()}` | `{field.default}` |" in PAGE
