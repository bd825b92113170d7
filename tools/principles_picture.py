"""Draw how many requirements of each part a project fulfils at which level, as an SVG."""

from collections.abc import Mapping
from html import escape

WIDTH, BAR_X, ROW, TOP = 860, 330, 30, 74
LEVELS = ("level 1", "added by level 2", "added by level 3", "open")
STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #1f2328 } .head { font-weight: 600 }
.ground { fill: #ffffff; stroke: #d1d9e0 } .in { fill: #ffffff } .in3 { fill: #1f2328 }
.of0 { fill: #0a3069 } .of1 { fill: #0969da } .of2 { fill: #54aeff } .of3 { fill: #d1d9e0 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc } .ground { fill: #0d1117; stroke: #3d444d }
  .of0 { fill: #a5d6ff } .of1 { fill: #58a6ff } .of2 { fill: #1f6feb } .of3 { fill: #3d444d }
  .in { fill: #0d1117 } .in2 { fill: #ffffff } .in3 { fill: #f0f6fc }
}"""


def draw(counts: Mapping[str, list[int]]) -> str:
    """Draw a bar for each part, in four pieces.

    Args:
        counts: by part, the number of requirements that level 1 fulfils, that levels 2 and 3 add,
            and that are open.
    """
    height = TOP + ROW * len(counts) + 10
    unit = (WIDTH - BAR_X - 24) / max(map(sum, counts.values()))
    body = [
        "<title>Requirements by the level from which a project fulfils them</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="ground" x=".5" y=".5" width="{WIDTH - 1}" height="{height - 1}" rx="6"/>',
        '<text class="head" x="20" y="30">Requirements of the source</text>',
        *legend(),
    ]
    for at, (part, numbers) in enumerate(counts.items()):
        body += bar(part, numbers, TOP + at * ROW, unit)
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    opened = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    return "\n".join([opened, *body, "</svg>"]) + "\n"


def legend() -> list[str]:
    """Draw the colours and their names."""
    lines = []
    for at, name in enumerate(LEVELS):
        x = BAR_X + at * 132
        lines += [
            f'<rect class="of{at}" x="{x}" y="19" width="13" height="13" rx="2"/>',
            f'<text x="{x + 19}" y="30">{name}</text>',
        ]
    return lines


def bar(part: str, numbers: list[int], top: int, unit: float) -> list[str]:
    """Draw the name of a part and its pieces, each with its number."""
    lines = [f'<text x="20" y="{top + 15}">{escape(part)}</text>']
    x = float(BAR_X)
    for at, number in enumerate(numbers):
        width = number * unit
        if number:
            lines += [
                f'<rect class="of{at}" x="{x:.1f}" y="{top}" width="{width - 1:.1f}" height="21"/>',
                f'<text class="in in{at}" x="{x + width / 2:.1f}" y="{top + 15}" '
                f'text-anchor="middle">{number}</text>',
            ]
        x += width
    return lines
