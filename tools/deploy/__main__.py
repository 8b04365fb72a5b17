"""Deploys on this machine: ``python -m tools.deploy deploy IMAGE|rollback|list``.

``doc/release.md`` says how, and ``doc/decisions/0021-two-slots-and-a-file.md`` why so.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys

from tools import compose
from tools.deploy import live, records, steps
from tools.deploy.machine import Machine


def main(arguments: list[str]) -> int:
    """Does what the command line says; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.deploy", description="Deploy here.")
    commands = parser.add_subparsers(dest="command", required=True)
    deploying = commands.add_parser("deploy", help="put a release in the place of the one in use")
    deploying.add_argument(
        "image", help="by name or digest, such as ghcr.io/you/tonight@sha256:..."
    )
    deploying.add_argument(
        "--watch",
        type=_seconds,
        default=60,
        metavar="SECONDS",
        help="how long it must keep the objectives before the old one is stopped (60)",
    )
    commands.add_parser("rollback", help="put the release before in the place of the one in use")
    commands.add_parser("list", help="say what was deployed here, when, and what is in use")
    chosen = parser.parse_args(arguments)
    if chosen.command == "deploy" and not chosen.image:
        parser.error("say which: make deploy IMAGE=ghcr.io/you/tonight@sha256:...")
    place = live.folder()
    if chosen.command == "list":
        show(records.read(place), live.live_slot(place))
        return 0
    # Ended by whomever, it goes back as it does at Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        machine = Machine(compose.Stack(compose.own_environment()), place)
        if chosen.command == "deploy":
            steps.deploy(machine, chosen.image, chosen.watch)
        else:
            steps.roll_back(machine)
    except live.StoppedError as error:
        print(f"{chosen.command}: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"{chosen.command}: {' '.join(map(str, error.cmd[:4]))} failed", file=sys.stderr)
        print(error.stderr or "", file=sys.stderr)
        return 1
    return 0


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < 86_400:
        raise ValueError(text)
    return seconds


def show(entries: list[records.Entry], slot: live.Slot) -> None:
    """Prints what was deployed, and what is in use."""
    release = records.in_use(entries, slot)
    if release is None:
        print("Nothing was deployed here yet.")
        return
    print(records.as_table(entries))
    where = release.digest or release.image
    print(f"In use, in {live.SERVICES[slot]}: {release}, {where}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
