"""Where the style sheet, the script and the icons are, and the addresses that name them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

#: The folder to be served under ``STATIC_PATH``, with long caching: its URLs change with it.
STATIC_DIR: Final = Path(__file__).parent / "static"
STATIC_PATH: Final = "/static"


@cache
def static_url(name: str) -> str:
    """The address of a static file, with a mark of its content.

    Args:
        name: The path inside ``STATIC_DIR``, such as ``tonight.css``.

    Raises:
        FileNotFoundError: There is no such file.
    """
    digest = hashlib.sha256((STATIC_DIR / name).read_bytes()).hexdigest()
    return f"{STATIC_PATH}/{name}?v={digest[:12]}"
