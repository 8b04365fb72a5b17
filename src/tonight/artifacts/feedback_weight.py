"""The weight of an installation's own feedback, as the evaluation has left it for the trainings."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

_FILE: Final = "feedback-weight.json"


def save_weight(data_dir: Path, weight: float, found: Mapping[str, Any]) -> None:
    """Keeps what was chosen, with what it was chosen from.

    Raises:
        OSError: The data folder cannot be written.
    """
    unfinished = data_dir / f"{_FILE}.unfinished"
    unfinished.write_text(f"{json.dumps({'weight': weight, **found}, indent=2)}\n", "utf-8")
    unfinished.replace(data_dir / _FILE)


def chosen_weight(data_dir: Path) -> float | None:
    """The weight that was chosen; ``None`` where none was, or where it cannot be read."""
    try:
        state = json.loads((data_dir / _FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    match state:
        case {"weight": int() | float() as weight} if math.isfinite(weight) and weight >= 0:
            return float(weight)
    return None
