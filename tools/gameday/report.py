"""What came of the game day, in a line and as doc/gameday.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.gameday.faults import DEADLINE_SECONDS, Fault
from tools.gameday.monitoring import FASTER
from tools.monitoring import files

PAGE: Final = files.ROOT / "doc" / "gameday.md"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one fault.

    Attributes:
        fault: Which.
        skipped: Why it was not injected.
        failed: Where it went wrong, when it did not come to an end.
        fired_seconds: From the injection to the notification.
        resolved_seconds: From the first step of the mend to the notification that all is well.
        others: Other alerts that fired while it was broken.
        unexpected_pages: Those of them that paged and tell something else.
        n_suggestions: How many suggestions viewers asked for meanwhile.
        share_answered: The share that was answered.
        slowest_seconds: The slowest of them.
        promise_kept: Whether viewers got what they are promised.
        well_afterwards: Whether everything was answered after the mend.
    """

    fault: Fault
    skipped: str = ""
    failed: str = ""
    fired_seconds: float = 0
    resolved_seconds: float = 0
    others: tuple[str, ...] = ()
    unexpected_pages: tuple[str, ...] = ()
    n_suggestions: int = 0
    share_answered: float = 0
    slowest_seconds: float = 0
    promise_kept: bool = False
    well_afterwards: bool = False

    @property
    def is_good(self) -> bool:
        """Whether all went as promised."""
        return self.promise_kept and self.well_afterwards and not self.unexpected_pages

    @property
    def verdict(self) -> str:
        """What happened, in a line."""
        if self.skipped:
            return f"not injected: {self.skipped}"
        if self.failed:
            return f"failed: {self.failed}"
        parts = [
            f"{self.fault.alert} after {self.fired_seconds:.0f} s",
            f"{self.share_answered:.1%} of {self.n_suggestions} suggestions answered"
            + ("" if self.promise_kept else ", which is not what is promised"),
            f"mended in {self.resolved_seconds:.0f} s"
            + ("" if self.well_afterwards else ", but not well afterwards"),
        ]
        if self.others:
            parts.append(f"also fired: {', '.join(self.others)}")
        if self.unexpected_pages:
            parts.append(f"WRONG PAGES: {', '.join(self.unexpected_pages)}")
        return "; ".join(parts)


_HEAD: Final = """# Game day

Written by `make gameday`, never by hand. Each fault is injected from outside into a running stack
of its own: the service with two workers, PostgreSQL, four viewers, Prometheus with the deployed
rules ({faster} times faster: an hour of the rules is {minute} seconds), Alertmanager with the
deployed routes, and a receiver. The right alert must reach the receiver and no page that says
something else, viewers must get what they are promised, and the commands under **Mend** in the
[playbook](playbook.md) must end the alert. `systemctl` and the service that sets the clock are
stand-ins with the same words, as there is no systemd where it is played; everything else is real.

| Fault | Alert | Noticed after | Also fired | Suggestions | Slowest | Mended in | As promised |
|---|---|---|---|---|---|---|---|
"""

_TAIL: Final = """
Times are those of the fast rules on the machine that played; what counts is which alert came, and
that it went again. "Noticed" and "mended" include the rules' windows: on the deployed ones they are
minutes.
"""


def _row(outcome: Outcome) -> str:
    section = f"[{outcome.fault.alert}](playbook.md#{outcome.fault.alert.lower()})"
    if outcome.skipped or outcome.failed:
        return f"| {outcome.fault.name} | {section} | {outcome.verdict} | | | | | no |\n"
    return (
        f"| {outcome.fault.name} | {section} | {outcome.fired_seconds:.0f} s "
        f"| {', '.join(outcome.others) or 'nothing'} "
        f"| {outcome.share_answered:.1%} of {outcome.n_suggestions} "
        f"| {outcome.slowest_seconds:.1f} s | {outcome.resolved_seconds:.0f} s "
        f"| {'yes' if outcome.is_good else 'no'} |\n"
    )


def write_report(outcomes: Sequence[Outcome], page: Path = PAGE) -> None:
    """Writes the page of a whole game day."""
    faults = "\n## What was broken, and what was promised\n\n" + "".join(
        f"- **{outcome.fault.name}**: {outcome.fault.injection} {outcome.fault.promise}\n"
        for outcome in outcomes
    )
    deadline = f"\nThe deadline of a suggestion is {DEADLINE_SECONDS:.0f} s.\n"
    head = _HEAD.format(faster=FASTER, minute=3_600 // FASTER)
    rows = "".join(map(_row, outcomes))
    page.write_text(head + rows + _TAIL + faults + deadline, "utf-8")
