"""The parts of a picture: one style for all, on a ground of its own, for light and for dark."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

#: Every picture is this wide, so that its letters can be read on a phone.
WIDTH: Final = 560
MARGIN: Final = 16

_STYLE: Final = """
text{font:15px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:#1d1822}
.ground{fill:#fbf7ef}.band{fill:#f1e9dc}.box{fill:#fff;stroke:#cbbfae}.soft{fill:#6b6070}
.small{font-size:12.5px}.name{font-weight:600;font-size:14px}
.label{paint-order:stroke;stroke:#f1e9dc;stroke-width:4px;stroke-linejoin:round}.code{font-family:ui-monospace,Menlo,Consolas,monospace}
.line{stroke:#8a7d92;fill:none;stroke-width:1.5}.tip{fill:#8a7d92}.halo{stroke:#fbf7ef;fill:none;stroke-width:5}
.mark{fill:#a35f00}.rule{stroke:#ddd2c1;fill:none}
.tone0{fill:#a35f00}.tone1{fill:#6d4aa0}.tone2{fill:#1f7a6c}.tone3{fill:#a8324f}
@media (prefers-color-scheme:dark){
text{fill:#f4ede1}.ground{fill:#15121a}.band{fill:#221d2a}.label{stroke:#221d2a}.box{fill:#2a2532;stroke:#4a4256}.soft{fill:#b3a8b5}
.line{stroke:#8f849b}.tip{fill:#8f849b}.halo{stroke:#15121a}.mark{fill:#f3b94f}
.rule{stroke:#353040}.tone0{fill:#f3b94f}.tone1{fill:#a58ee0}.tone2{fill:#6fb3a6}.tone3{fill:#e58a8a}}
"""


def picture(title: str, height: float, parts: Iterable[str]) -> str:
    """A whole picture, with its title for those who do not see it."""
    size = f"0 0 {WIDTH} {height:g}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" role="img">',
            f"<title>{escape(title)}</title>",
            f"<style>{_STYLE}</style>",
            f'<rect class="ground" width="{WIDTH}" height="{height:g}" rx="10"/>',
            *parts,
            "</svg>",
            "",
        ]
    )


def text(x: float, y: float, said: str, style: str = "", anchor: str = "start") -> str:
    """Words; ``y`` is the line on which they stand."""
    where = f'x="{x:g}" y="{y:g}"' + ("" if anchor == "start" else f' text-anchor="{anchor}"')
    return f"<text {where}{_style(style)}>{escape(said, quote=False)}</text>"


def box(
    x: float, y: float, width: float, height: float, style: str = "box", radius: int = 6
) -> str:
    """A rectangle."""
    return (
        f'<rect{_style(style)} x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" '
        f'rx="{radius}"/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, style: str = "rule") -> str:
    """A straight line."""
    return f'<path{_style(style)} d="M{x1:g} {y1:g}L{x2:g} {y2:g}"/>'


def arrow_down(x1: float, y1: float, x2: float, y2: float) -> list[str]:
    """An arrow from above to below, bent so that it leaves and arrives upright."""
    bend = min(40.0, (y2 - y1) / 2)
    path = f"M{x1:g} {y1:g}C{x1:g} {y1 + bend:g} {x2:g} {y2 - bend - 6:g} {x2:g} {y2 - 6:g}"
    return [
        f'<path class="halo" d="{path}"/>',
        f'<path class="line" d="{path}"/>',
        f'<path class="tip" d="M{x2 - 4.5:g} {y2 - 8:g}h9L{x2:g} {y2:g}z"/>',
    ]


def _style(name: str) -> str:
    return f' class="{name}"' if name else ""
