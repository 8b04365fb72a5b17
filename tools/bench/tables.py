"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tools.bench.requests import Cost, Target


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first column is text and whose other columns are figures."""
    lines = [
        f"| {' | '.join(heads)} |",
        f"| --- {'| ---: ' * (len(heads) - 1)}|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    return "\n".join([*lines, ""])


def cost_table(costs: Mapping[str, Cost], targets: Iterable[Target]) -> str:
    """What each case costs, beside its target."""
    by_name = {target.name: target for target in targets}
    first = next(iter(costs))
    rows = []
    for name, cost in costs.items():
        target = by_name.get(name)
        rows.append(
            (
                name,
                f"{cost.cpu_seconds * 1e6:.0f} µs",
                "1"
                if name == first
                else f"**{cost.ratio:.2f}** ({cost.lowest:.2f} to {cost.highest:.2f})",
                f"{target.at_most:g} ({target.moonshot:g})" if target else "",
                f"{cost.p50 * 1e3:.2f} ms",
                f"{cost.p99 * 1e3:.2f} ms",
                f"{cost.n_requests:,}",
            )
        )
    heads = ("request", "CPU", "ratio", "at most (moonshot)", "p50", "p99", "requests")
    return table(heads, rows)


def share_table(shares: Mapping[str, float]) -> str:
    """The share of each stage in a request."""
    return table(("stage", "share"), [(name, f"{share:.0%}") for name, share in shares.items()])
