"""Whether a release keeps the service's objectives from the moment when it takes requests.

What is measured, and when it is too much, is what the alerts that wake somebody ask for (the fast
ones of ``deploy/monitoring/rules/objectives.yaml``, and ``TonightBadRelease``): a release that
would page is taken back before it does. It is asked of the release's own listener, since Prometheus
may not be there, looks every few seconds only, and would have to be asked which release is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

_SUGGESTIONS: Final = re.compile(r"/|/movie")
_FEEDBACK: Final = re.compile(r"/api/v1/feedback|/feedback|/welcome/answer")

#: Fewer failures than these say nothing.
LEAST: Final = 5


@dataclass(frozen=True, slots=True)
class Share:
    """Some of all.

    Attributes:
        some: How many.
        of: Of how many.
    """

    some: float = 0
    of: float = 0

    def since(self, before: Share) -> Share:
        """What came after an earlier look."""
        return Share(self.some - before.some, self.of - before.of)

    def exceeds(self, limit: float) -> bool:
        """Whether it is more than a share, and enough to say so."""
        return self.some >= LEAST and self.some > limit * self.of


@dataclass(frozen=True, slots=True)
class Objective:
    """What a release must keep.

    Attributes:
        name: What the share is one of.
        limit: The share that is too much.
    """

    name: str
    limit: float


#: 14.4 times the budget of 30 days, at which a fast page is sent; 2 % of TonightBadRelease.
OBJECTIVES: Final = {
    "errors": Objective("requests ended in an internal error", 0.02),
    "failed": Objective("suggestions failed", 14.4 * 0.005),
    "slow": Objective("suggestions took longer than 0.25 s", 14.4 * 0.01),
    "unsaved": Objective("ratings could not be saved", 14.4 * 0.005),
}

#: A look at a release: the share for each objective.
Look = dict[str, Share]


def look(metrics: str) -> Look:
    """What a release's metrics say.

    Args:
        metrics: In the text form of Prometheus.
    """
    some = dict.fromkeys(OBJECTIVES, 0.0)
    of = dict.fromkeys(OBJECTIVES, 0.0)
    for family in text_string_to_metric_families(metrics):
        for name, labels, value, *_ in family.samples:
            if name == "tonight_requests_total":
                is_error = labels["status"].startswith("5")
                _count(some, of, "errors", value, labels["status"] == "500")
                if labels["method"] == "GET" and _SUGGESTIONS.fullmatch(labels["route"]):
                    _count(some, of, "failed", value, is_error)
                if labels["method"] == "POST" and _FEEDBACK.fullmatch(labels["route"]):
                    _count(some, of, "unsaved", value, is_error)
            elif name.startswith("tonight_request_seconds_") and (
                labels["method"] == "GET" and _SUGGESTIONS.fullmatch(labels["route"])
            ):
                if name.endswith("_count"):
                    of["slow"] += value
                    some["slow"] += value
                elif labels.get("le") == "0.25":
                    some["slow"] -= value
    return {name: Share(some[name], of[name]) for name in OBJECTIVES}


def _count(
    some: dict[str, float], of: dict[str, float], name: str, value: float, counts: bool
) -> None:
    of[name] += value
    some[name] += value if counts else 0


def broken(before: Look, now: Look) -> str | None:
    """Which objective a release has not kept since an earlier look; ``None`` while it keeps all."""
    for name, objective in OBJECTIVES.items():
        share = now[name].since(before[name])
        if share.of < 0:
            return "it was restarted"
        if share.exceeds(objective.limit):
            return f"{share.some:.0f} of {share.of:.0f} {objective.name}"
    return None
