"""A weight that was chosen is found again; anything else in its place is as if none was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tonight.artifacts.feedback_weight import chosen_weight, save_weight


def test_without_a_choice_there_is_none(tmp_path: Path) -> None:
    assert chosen_weight(tmp_path) is None


@pytest.mark.parametrize("state", ["", "[]", "{}", '{"weight": "much"}', '{"weight": -1}'])
def test_what_is_no_weight_counts_as_none(tmp_path: Path, state: str) -> None:
    save_weight(tmp_path, 0.5, {})
    assert chosen_weight(tmp_path) == 0.5
    (file,) = tmp_path.iterdir()
    file.write_text(state, "utf-8")
    assert chosen_weight(tmp_path) is None
