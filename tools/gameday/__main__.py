"""The game day: ``python -m tools.gameday [NAME ...]``.

Injects one fault after the other, each into a new running stack, and checks that the right alert
reaches the receiver and no page that says something else, that viewers get what they are
promised, that the commands under *Mend* in the playbook mend it, and that the alert then ends.
The report of a whole run goes into doc/gameday.md.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from tools.gameday.commands import blocks_of
from tools.gameday.faults import FAULTS, Fault
from tools.gameday.monitoring import FASTER
from tools.gameday.programs import NotReadyError, wait_until
from tools.gameday.report import Outcome, write_report
from tools.gameday.stack import Stack, running_stack, why_not
from tools.gameday.traffic import Traffic, quantile, share_answered, viewers
from tools.monitoring import files

FOLDER: Final = files.ROOT / "build" / "gameday"

_WELL_SECONDS: Final = 4
_WELL_ANSWERS: Final = 20
_FIRING_SECONDS: Final = 150
_RESOLVED_SECONDS: Final = 120

#: What a fault may end in, beside an alert that does not come.
_FAILURES: Final = (NotReadyError, OSError, RuntimeError, subprocess.SubprocessError)


def trained_models() -> Path:
    """The models of the stack, trained once."""
    data_dir = FOLDER / "data"
    if not (data_dir / "models" / "current").exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "TONIGHT_DATA_DIR": str(data_dir)}
        subprocess.run([sys.executable, "-m", "tonight", "train"], env=environment, check=True)
    return data_dir / "models"


def play(fault: Fault, models: Path) -> Outcome:
    """Injects a fault into a new stack, and mends it by the playbook."""
    lacks = fault.lacks()
    if lacks is not None:
        return Outcome(fault, skipped=f"this machine lacks {lacks}")
    try:
        with (
            running_stack(models, prepare=fault.prepare) as stack,
            viewers(stack.service_port) as traffic,
        ):
            try:
                return _play(fault, stack, traffic)
            except _FAILURES as error:
                log = FOLDER / f"{fault.name.replace(' ', '-')}.log"
                log.write_text(stack.service.tail(500), "utf-8")
                firing = ", ".join(sorted(stack.monitoring.firing())) or "none"
                return Outcome(fault, failed=f"{error}; firing: {firing}; the log is in {log.name}")
    except _FAILURES as error:
        return Outcome(fault, failed=f"the stack does not start: {error}")


def _play(fault: Fault, stack: Stack, traffic: Traffic) -> Outcome:
    # Long enough that windows and counters have seen the service well.
    wait_until(
        lambda: len(traffic.answers) > 10 and not stack.monitoring.firing(),
        "all is well before the fault",
    )
    time.sleep(_WELL_SECONDS)
    firing = stack.monitoring.firing()
    if firing:
        raise NotReadyError(f"all is well before the fault, but {', '.join(sorted(firing))}")

    injected = time.monotonic()
    fault.inject(stack, traffic)
    fired = _wait_for(stack, fault.alert, "firing", injected, _FIRING_SECONDS)
    time.sleep(_WELL_SECONDS)
    answers = traffic.since(injected)
    others = stack.monitoring.firing() - {fault.alert}
    paged = {
        note.alert
        for note in stack.control.notifications
        if note.receiver == "page" and note.status == "firing"
    } - {fault.alert}

    mended = time.monotonic()
    steps = [
        block
        for block in blocks_of(files.PLAYBOOK)
        if block.section == fault.alert and block.purpose == "mend"
    ]
    if not steps:
        raise NotReadyError(f"the playbook's section {fault.alert} has commands under Mend")
    for block in steps:
        done = stack.shell(block.commands)
        if done.returncode:
            raise NotReadyError(
                f"playbook.md:{block.line} ended with {done.returncode}: {done.stdout.strip()}"
            )
    resolved = _wait_for(stack, fault.alert, "resolved", mended, _RESOLVED_SECONDS)
    healed = time.monotonic()
    is_well = True
    try:
        wait_until(lambda: _are_well(traffic, healed), "viewers get what they ask for")
    except NotReadyError:
        is_well = False
    return Outcome(
        fault,
        fired_seconds=fired,
        resolved_seconds=resolved,
        others=tuple(sorted(others)),
        unexpected_pages=tuple(sorted(paged - fault.consequences)),
        n_suggestions=len(answers),
        share_answered=share_answered(answers),
        slowest_seconds=quantile(answers, 1),
        promise_kept=fault.is_kept(answers),
        well_afterwards=is_well,
    )


def _are_well(traffic: Traffic, since: float) -> bool:
    """Whether the last answers were all as they should be; a limit that an operator set is."""
    answers = [answer for answer in traffic.since(since) if answer.status != 429]
    last = answers[-_WELL_ANSWERS:]
    return len(last) == _WELL_ANSWERS and share_answered(last) == 1


def _wait_for(stack: Stack, alert: str, status: str, since: float, seconds: float) -> float:
    wait_until(
        lambda: stack.control.told(alert, status, since) is not None,
        f"{alert} is {status}",
        seconds=seconds,
    )
    told = stack.control.told(alert, status, since)
    return told.moment - since if told else 0.0


def main() -> int:
    """Plays the game day; 1 when anything is not as promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="the faults, by name; all by default")
    names = parser.parse_args().names
    unknown = set(names) - {fault.name for fault in FAULTS}
    if unknown:
        parser.error(f"no such fault: {', '.join(sorted(unknown))}")
    reason = why_not()
    if reason is not None:
        print(f"The game day cannot be played: {reason}.")
        return 1
    # Everything that was started is ended whatever ends this program.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    begin = time.monotonic()
    models = trained_models()
    print(f"An hour of the rules is {3600 // FASTER} seconds today.")
    outcomes = []
    for fault in FAULTS:
        if names and fault.name not in names:
            continue
        print(f"{fault.name}: {fault.injection}", flush=True)
        outcome = play(fault, models)
        print(f"    {outcome.verdict}", flush=True)
        outcomes.append(outcome)
    minutes = (time.monotonic() - begin) / 60
    bad = [outcome.fault.name for outcome in outcomes if not outcome.is_good]
    if not names:
        write_report(outcomes)
    good = len(outcomes) - len(bad)
    print(
        f"Game day: {good} of {len(outcomes)} faults were noticed by the right alert, borne as "
        f"promised and mended by the playbook, in {minutes:.0f} minutes"
        + (f"; not so: {', '.join(bad)}." if bad else ".")
    )
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
