"""``tonight status`` and ``tonight log-level``: what a running service says, and how much."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any, Final

import typer
from rich.console import Console
from rich.table import Table

from tonight.cli.exit_codes import FAILED
from tonight.cli.messages import complain
from tonight.cli.start import read_settings
from tonight.observability.status import quantile

#: How long is looked at the service, for what happens in a second.
_SECONDS: Final = 1.0

_VERDICTS: Final = {
    "fine": "All is well",
    "attention": "Something is worth a look",
    "trouble": "Viewers notice that something is wrong",
}


def show_status(*, as_json: bool) -> None:
    """Prints what the service does at this moment, and since its start.

    Raises:
        typer.Exit: The operator's listener does not answer.
    """
    first = _ask("/status.json")
    if as_json:
        print(json.dumps(first, indent=2))
        return
    time.sleep(_SECONDS)
    now = _ask("/status.json")
    console = Console()
    _say_health(console, now)
    console.print(_overview(first, now))
    if now["slow"]:
        console.print(_slow(now["slow"]))


def change_level(level: str) -> None:
    """Changes what all workers log, until they are restarted.

    Raises:
        typer.Exit: There is no such level, or the operator's listener does not answer.
    """
    answer = _ask("/log-level", level)
    print(f"{answer['workers']} workers log {answer['level']} and above now.")


def _say_health(console: Console, now: dict[str, Any]) -> None:
    """Whether all is well, since when, and which section of the playbook is about what is not."""
    health = now["health"]
    since = datetime.fromtimestamp(health["since"]).astimezone()
    console.print(f"{_VERDICTS[health['level']]}, since {since:%Y-%m-%d %H:%M %Z}")
    for reason in health["reasons"]:
        console.print(f"  {reason['text']} ({reason['playbook']})", soft_wrap=True)


def _overview(first: dict[str, Any], now: dict[str, Any]) -> Table:
    requests, before = now["requests"], first["requests"]
    seconds = max(now["time"] - first["time"], 1e-3)
    counts = [b - a for a, b in zip(before["counts"], requests["counts"], strict=True)]
    n_requests = max(0, requests["total"] - before["total"])
    n_errors = max(0, requests["errors"] - before["errors"])
    spent = requests["seconds"] - before["seconds"]
    model, database = now["model"], now["database"]
    table = Table(title=f"Tonight {now['build'].get('version', '')}", box=None)
    table.add_column("")
    table.add_column("now", justify="right")
    table.add_column("since the start", justify="right")
    table.add_row(
        "requests a second", f"{n_requests / seconds:.1f}", f"{requests['total']:.0f} in all"
    )
    table.add_row(
        "average latency",
        _milliseconds(spent / n_requests if n_requests else 0),
        _milliseconds(requests["average_seconds"]),
    )
    table.add_row(
        "p99 latency", _milliseconds(quantile(counts, 0.99)), _milliseconds(requests["p99_seconds"])
    )
    table.add_row(
        "errors",
        f"{n_errors / n_requests if n_requests else 0:.2%}",
        f"{requests['error_share']:.2%}",
    )
    table.add_row("in progress, shed", f"{requests['in_progress']:.0f}", f"{requests['shed']:.0f}")
    table.add_row("workers", f"{now['workers']:.0f}", "")
    table.add_row("model", "fallback" if model["is_fallback"] else model.get("version", "?"), "")
    errors = ", ".join(f"{kind} {n:.0f}" for kind, n in database["errors"].items())
    table.add_row("database", "works" if database["up"] else "away", errors or "no errors")
    for client, n in sorted(now["clients"].items(), key=lambda item: -item[1]):
        table.add_row(f"client {client}", "", f"{n:.0f}")
    return table


def _slow(routes: list[dict[str, Any]]) -> Table:
    table = Table(title="What is slow", box=None)
    for name in ("route", "requests", "average", "p99"):
        table.add_column(name, justify="left" if name == "route" else "right")
    for route in routes:
        table.add_row(
            route["route"],
            str(route["count"]),
            _milliseconds(route["average_seconds"]),
            _milliseconds(route["p99_seconds"]),
        )
    return table


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def _ask(path: str, body: str | None = None) -> dict[str, Any]:
    settings = read_settings()
    if not settings.metrics_port:
        complain("TONIGHT_METRICS_PORT is 0: the service has no operator's listener")
        raise typer.Exit(FAILED)
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.metrics_host, settings.metrics_host)  # noqa: S104 - asked, not listened at
    url = f"http://{host}:{settings.metrics_port}{path}"
    request = urllib.request.Request(
        url, data=None if body is None else body.encode(), method="GET" if body is None else "PUT"
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - the same
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        complain(error.read().decode("utf-8", "replace").strip())
    except (OSError, ValueError) as error:
        complain(f"no service answers at {url}: {error}; start it, or set TONIGHT_METRICS_PORT")
    raise typer.Exit(FAILED)
