"""PromQL that several panels share."""

from __future__ import annotations

from typing import Final

#: What counts as a suggestion: the page and the API.
SUGGESTIONS: Final = 'method="GET", route=~"/|/movie"'


def quantile(q: float, metric: str, *, by: str = "", only: str = "") -> str:
    """The quantile of a histogram over five minutes, by labels and only for some of its series."""
    labels = f"le, {by}" if by else "le"
    chosen = f"{{{only}}}" if only else ""
    return f"histogram_quantile({q}, sum by ({labels}) (rate({metric}_bucket{chosen}[5m])))"
