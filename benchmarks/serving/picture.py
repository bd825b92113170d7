"""Bar charts of the results as an SVG for light and dark screens."""

from dataclasses import dataclass
from html import escape
from typing import Any

from benchmarks.serving.sides import BATCH, REST

WIDTH, LABELS, NUMBERS, ROW, BAR = 760, 290, 100, 26, 16
STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #1f2328 } .title { font-weight: 600 }
.ground { fill: #ffffff; stroke: #d1d9e0 } .ours { fill: #0969da } .peer { fill: #8c959f }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc } .ground { fill: #0d1117; stroke: #3d444d }
  .ours { fill: #4493f8 } .peer { fill: #656c76 }
}"""


@dataclass(frozen=True)
class Bar:
    """A labelled bar; ours is highlighted."""

    label: str
    value: float
    ours: bool


def panels(results: dict[str, Any]) -> dict[str, list[Bar]]:
    """Return the bars by title: requests and rows per second."""
    rest, batch = results["rest"]["sides"], results["batch"]["sides"]
    most = max((key for key in rest["ours"] if key.isdigit()), key=int)
    return {
        f"REST, requests per second, {most} connections": [
            Bar(one.label, rest[one.name][most]["per_s"]["median"], one.name == "ours")
            for one in REST
        ],
        "Batch, rows per second": [
            Bar(one.label, batch[one.name]["per_s"]["median"], one.name == "ours") for one in BATCH
        ],
    }


def bars(listed: list[Bar], top: int) -> list[str]:
    """Draw bars below each other; the longest has the full width."""
    scale = (WIDTH - LABELS - NUMBERS) / max(bar.value for bar in listed)
    lines = []
    for place, bar in enumerate(listed):
        y, length = top + place * ROW, max(1.0, bar.value * scale)
        kind = "ours" if bar.ours else "peer"
        lines += [
            f'<text x="{LABELS - 10}" y="{y + 13}" text-anchor="end">{escape(bar.label)}</text>',
            f'<rect class="{kind}" x="{LABELS}" y="{y}" width="{length:.1f}" height="{BAR}"/>',
            f'<text x="{LABELS + length + 8:.1f}" y="{y + 13}">{bar.value:,.0f}</text>',
        ]
    return lines


def picture(results: dict[str, Any]) -> str:
    """Draw the panels below each other."""
    lines, top = [], 30
    for title, listed in panels(results).items():
        lines.append(f'<text class="title" x="20" y="{top}">{escape(title)}</text>')
        lines += bars(listed, top + 14)
        top += 14 + len(listed) * ROW + 30
    size = f'viewBox="0 0 {WIDTH} {top - 20}" width="{WIDTH}" height="{top - 20}"'
    ground = '<rect class="ground" x=".5" y=".5" width="99.9%" height="99.8%" rx="6"/>'
    name = "<title>Requests and rows per second of each side</title>"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    return "\n".join([head, name, f"<style>{STYLE}</style>", ground, *lines, "</svg>"]) + "\n"
