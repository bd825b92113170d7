"""Draw the pipeline of `dvc.yaml` as an SVG that follows a light or dark screen."""

import textwrap
from dataclasses import dataclass
from html import escape
from typing import Any

import yaml

PACKAGE = "flight_delays"
WIDTH, LINE, PAD = 860, 17, 12
BOX_X, BOX_WIDTH = 84, 104
COLUMNS = {"Your code": 206, "Output": 376, "Example run": 658}
WRAP = {"Your code": 20, "Output": 36}
STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #1f2328 } .head { font-weight: 600 }
.file { font: 12px ui-monospace, monospace } .yours { fill: #0969da } .name { font-weight: 600 }
.ground { fill: #ffffff; stroke: #d1d9e0 } .box { fill: #ddf4ff; stroke: #0969da }
.edge { fill: none; stroke: #8c959f; stroke-width: 1.5 } .tip { fill: #8c959f }
.rule { stroke: #d1d9e0 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc } .yours { fill: #4493f8 } .ground { fill: #0d1117; stroke: #3d444d }
  .box { fill: #121d2f; stroke: #4493f8 } .edge { stroke: #9198a1 } .tip { fill: #9198a1 }
  .rule { stroke: #3d444d }
}"""
TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
    'orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>'
)


@dataclass(frozen=True)
class Stage:
    """A stage of the pipeline: what it reads and writes."""

    name: str
    deps: list[str]
    outs: list[str]

    @property
    def yours(self) -> list[str]:
        """The user's own files and folders (with a slash at the end) among the dependencies."""
        own = [dep.removeprefix(f"src/{PACKAGE}/") for dep in self.deps if dep.startswith("src/")]
        return [path if "." in path else f"{path}/" for path in own]


def read_stages(dvc_yaml: str) -> list[Stage]:
    """Read the stages of a `dvc.yaml`, in order."""
    stages = yaml.safe_load(dvc_yaml)["stages"]
    return [
        Stage(name, stage["deps"], paths(stage["outs"]) + paths(stage.get("metrics", [])))
        for name, stage in stages.items()
    ]


def paths(outs: list[Any]) -> list[str]:
    """Return the paths of outputs, which DVC writes as a string or as a path with options."""
    return [out if isinstance(out, str) else next(iter(out)) for out in outs]


def edges(stages: list[Stage]) -> list[tuple[int, int]]:
    """Return which stage reads an output of which, as pairs of their places."""
    return [
        (before, after)
        for after, reader in enumerate(stages)
        for before, writer in enumerate(stages)
        if {*writer.outs} & {*reader.deps}
    ]


def cells(stage: Stage, figure: list[str]) -> dict[str, list[str]]:
    """Return the lines of a stage under each column."""
    texts = {"Your code": ", ".join(stage.yours), "Output": shortened(stage.outs)}
    wrapped = {
        column: textwrap.wrap(text, WRAP[column], break_on_hyphens=False)
        for column, text in texts.items()
    }
    return wrapped | {"Example run": figure}


def shortened(files: list[str]) -> str:
    """Join paths; name a folder only where it differs from that of the path before."""
    names, last = [], ""
    for file in files:
        folder, _, name = file.rpartition("/")
        names.append(name if folder == last else file)
        last = folder
    return ", ".join(names)


def row(stage: Stage, figure: list[str], top: int, height: int) -> list[str]:
    """Draw the box of a stage and its columns."""
    middle = top + height / 2
    lines = [
        f'<rect class="box" x="{BOX_X}" y="{middle - 17}" width="{BOX_WIDTH}" height="34" rx="6"/>',
        f'<text class="name" x="{BOX_X + BOX_WIDTH / 2}" y="{middle + 4.5}" '
        f'text-anchor="middle">{escape(stage.name)}</text>',
    ]
    kinds = {"Your code": "file yours", "Output": "file", "Example run": "figure"}
    for column, texts in cells(stage, figure).items():
        first = middle - (len(texts) - 1) * LINE / 2 + 4.5
        lines += [
            f'<text class="{kinds[column]}" x="{COLUMNS[column]}" y="{first + at * LINE}">'
            f"{escape(text)}</text>"
            for at, text in enumerate(texts)
        ]
    return lines


def arrow(start: float, end: float, span: int) -> str:
    """Draw an edge: straight to the next stage, an arc past those between."""
    if span == 1:
        x = BOX_X + BOX_WIDTH / 2
        path = f"M{x} {start + 17}V{end - 17}"
    else:
        side = BOX_X - 8 - 15 * span
        path = f"M{BOX_X} {start + 8}C{side} {start + 8} {side} {end - 6} {BOX_X} {end - 6}"
    return f'<path class="edge" d="{path}" marker-end="url(#tip)"/>'


def draw(dvc_yaml: str, figures: dict[str, list[str]]) -> str:
    """Draw the pipeline.

    Args:
        dvc_yaml: the text of a project's `dvc.yaml`.
        figures: the result of each stage in a run, line by line.

    Raises:
        KeyError: a stage has no figure.
    """
    stages = read_stages(dvc_yaml)
    top, lines, middles = 44, [], []
    for stage in stages:
        figure = figures[stage.name]
        height = max(2, *map(len, cells(stage, figure).values())) * LINE + 2 * PAD
        lines += [f'<path class="rule" d="M{COLUMNS["Your code"]} {top}H{WIDTH - 16}"/>']
        lines += row(stage, figure, top, height)
        middles.append(top + height / 2)
        top += height
    arrows = [arrow(middles[i], middles[j], j - i) for i, j in edges(stages)]
    heads = {"Stage": BOX_X, **COLUMNS}.items()
    head = [f'<text class="head" x="{x}" y="30">{escape(title)}</text>' for title, x in heads]
    size = f'viewBox="0 0 {WIDTH} {top + 6}" width="{WIDTH}" height="{top + 6}"'
    ground = f'<rect class="ground" x=".5" y=".5" width="{WIDTH - 1}" height="{top + 5}" rx="6"/>'
    name = "<title>The stages of the pipeline, their files and the results of a run</title>"
    opened = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    body = [name, f"<style>{STYLE}</style>", TIP, ground, *head, *arrows, *lines, "</svg>"]
    return "\n".join([opened, *body]) + "\n"
