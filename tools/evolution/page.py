"""The page and the chart, from what was counted and measured."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tools.bench.tables import table
from tools.evolution.measure import STRANGER, VIEWER, Measured
from tools.evolution.stages import Size, Stage

CHART: Final = "images/evolution.svg"

INTRODUCTION: Final = """# From ten lines to a service

<!-- Written by `make evolution` from examples/stages.toml; the figures are of one run. -->

Eight stages, each a small folder under `examples/` that runs and is tested with everything else.
Each starts where the one before hurts. Walk them in order, read the difference between two
(`diff -r examples/typed examples/tested`), run one, break it:

```
make example STAGE=hello      # serves on http://127.0.0.1:8000/movie
make test ARGS=examples       # all their tests, in a few seconds
make evolution                # measures them all in one run (two minutes), and writes this page
```
"""

READING: Final = """CPU is the processor time that the server spends on one `GET /movie`, as a
ratio to the first stage in the same round, with the lowest and the highest round: such a ratio
holds from machine to machine far better than requests per second. All servers run on one core and
take turns; the load comes from another one. The server's own access log is off everywhere; from
"observable" on each request writes its own line. The viewer with twenty likes asks again and again,
so that his scores are kept; [the benchmarks](reference/benchmarks.md) have the first time as well,
and compare with an empty route behind the same middleware. Blank lines and comments do not count.
*Declared* are the dependencies that are named, *packages* is what they bring along.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A stage with its figures; ``size`` is ``None`` where it is that of the row above."""

    label: str
    size: Size | None
    measured: Measured


def rows_of(
    all_stages: Sequence[Stage],
    sizes: Mapping[str, Size],
    measured: Mapping[str, Measured],
) -> list[Row]:
    """All stages, then this service for a stranger and for a viewer it knows."""
    return [
        *(Row(stage.title, sizes[stage.name], measured[stage.name]) for stage in all_stages),
        Row("Tonight, a stranger", sizes[STRANGER], measured[STRANGER]),
        Row("Tonight, 20 likes", None, measured[VIEWER]),
    ]


def page(all_stages: Sequence[Stage], rows: Sequence[Row], machine: str) -> str:
    """The whole of ``doc/evolution.md``."""
    whole = rows[-2]
    first = rows[0]
    if whole.size is None or first.size is None:
        raise ValueError("the first stage and the whole service have sizes")
    return "\n".join(
        [
            INTRODUCTION,
            *(_section(number, stage) for number, stage in enumerate(all_stages, 1)),
            "## What it costs\n",
            f"![CPU, lines and packages of each stage]({CHART})\n",
            _table(rows),
            READING,
            f"*{machine}*\n",
            "## Is it worth it?\n",
            (
                f"The whole service costs **{whole.measured.ratio:.1f} times** the CPU of ten "
                f"lines for a stranger and **{rows[-1].measured.ratio:.1f} times** for a viewer "
                f"whom it knows, **{whole.measured.megabytes / first.measured.megabytes:.0f} "
                f"times** the memory, **{whole.size.installed}** packages instead of "
                f"{first.size.installed}, and {whole.size.program:,} lines of program where there "
                f"were {first.size.program}, with {whole.size.tests:,} lines of tests and "
                f"{whole.size.around:,} of everything else around them. The machine hardly "
                "notices; whoever reads and keeps all of this does. So take a stage when its "
                "pain is yours, and not before: a prototype for one evening is well served by "
                "the second one, and a service for a household by the fifth.\n"
            ),
        ]
    )


def _section(number: int, stage: Stage) -> str:
    return (
        f"## {number}. {stage.title}\n\n"
        f"`examples/{stage.name}/`\n\n"
        f"**What changed.** {stage.changed}\n\n"
        f"**Why.** {stage.why}\n\n"
        f"**The next pain.** {stage.pain}\n"
    )


def _table(rows: Sequence[Row]) -> str:
    heads = (
        *("stage", "CPU", "over hello", "memory"),
        *("program", "tests", "around", "declared", "packages"),
    )
    return table(heads, [_cells(row) for row in rows])


def _cells(row: Row) -> tuple[str, ...]:
    cost = row.measured
    measured = (
        f"{cost.cpu_microseconds:.0f} µs",
        f"**{cost.ratio:.2f}** ({cost.lowest:.2f} to {cost.highest:.2f})",
        f"{cost.megabytes:.0f} MB",
    )
    if row.size is None:
        return (row.label, *measured, *(("",) * 5))
    size = row.size
    counted = (size.program, size.tests, size.around, size.declared, size.installed)
    return (row.label, *measured, *(f"{figure:,}" for figure in counted))


def chart(rows: Sequence[Row]) -> str:
    """Three columns of bars: CPU and packages from zero, lines by powers of ten."""
    height = 40 + 26 * len(rows)
    cpu = [row.measured.ratio for row in rows]
    lines = [float(row.size.program + row.size.tests) if row.size else None for row in rows]
    packages = [float(row.size.installed) if row.size else None for row in rows]
    top = math.ceil(math.log10(max(filter(None, lines))))
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {height}" role="img" '
                'aria-label="CPU, lines and packages of each stage" '
                'font-family="system-ui, sans-serif" font-size="12">'
            ),
            f'<rect width="760" height="{height}" fill="#ffffff"/>',
            *(
                f'<text x="132" y="{_y(index) + 13}" text-anchor="end">{row.label}</text>'
                for index, row in enumerate(rows)
            ),
            *_bars(140, "CPU over hello", cpu, lambda x: x / max(cpu), "#1f5fa8", ".1f"),
            *_bars(350, "lines (powers of 10)", lines, lambda x: math.log10(x) / top, "#c2702c"),
            *_bars(560, "packages", packages, lambda x: x / max(filter(None, packages)), "#3f7d5a"),
            "</svg>",
            "",
        ]
    )


def _y(index: int) -> int:
    return 34 + 26 * index


def _bars(
    x: int,
    title: str,
    values: Sequence[float | None],
    share: Callable[[float], float],
    colour: str,
    form: str = ",.0f",
) -> list[str]:
    parts = [f'<text x="{x}" y="20" font-weight="600">{title}</text>']
    for index, value in enumerate(values):
        if value is not None:
            width = 140 * share(value)
            parts.append(
                f'<rect x="{x}" y="{_y(index)}" width="{width:.1f}" height="18" fill="{colour}"/>'
                f'<text x="{x + width + 6:.1f}" y="{_y(index) + 13}">{value:{form}}</text>'
            )
    return parts
