"""``tonight doctor``: what is wrong, and how to mend it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Final

import typer
from rich.table import Table
from rich.text import Text

from tonight.cli.card import stdout_console
from tonight.cli.diagnosis import Finding, State, diagnose
from tonight.cli.exit_codes import FAILED

_STYLES: Final[dict[State, str]] = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def doctor(host: str, port: int, *, as_json: bool) -> None:
    """Prints what was found of every part.

    Args:
        host: Where the service will listen.
        port: Its port.
        as_json: Whether to print JSON.

    Raises:
        typer.Exit: At least one part fails.
    """
    findings = list(diagnose(host, port))
    failed = any(finding.state == "fail" for finding in findings)
    if as_json:
        body = {"ok": not failed, "checks": [asdict(finding) for finding in findings]}
        print(json.dumps(body, ensure_ascii=False, indent=2))
    else:
        stdout_console().print(draw(findings))
    if failed:
        raise typer.Exit(FAILED)


def draw(findings: list[Finding]) -> Table:
    """A line for each part, and below it how to mend it."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        state = Text(finding.state, _STYLES[finding.state])
        table.add_row(state, finding.name, finding.message)
        if finding.remedy:
            table.add_row("", "", Text.assemble(("mend it: ", "bold"), finding.remedy))
    return table
