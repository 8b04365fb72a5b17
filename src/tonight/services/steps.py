"""The steps of a use case, for whoever wants to know where its time goes."""

from __future__ import annotations

from collections.abc import Callable

#: Takes the name of a step as it begins; the step before has ended then.
Step = Callable[[str], None]


def unobserved(_: str) -> None:
    """Nobody wants to know."""
