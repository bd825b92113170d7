"""Write the page and the picture of the results, or check that they are up to date.

Run: .venv/bin/python -m benchmarks.serving.page [--check]
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from benchmarks.serving.claims import CLAIMS
from benchmarks.serving.environments import HERE
from benchmarks.serving.picture import picture
from benchmarks.serving.results import read
from benchmarks.serving.sides import ALL, BATCH, EDGE, REST, Side

FOLDER = HERE.parents[1] / "docs" / "reference"
PAGE, PICTURE = "serving-benchmarks.md", "serving-benchmarks.svg"
HEAD = f"""\
# Serving benchmarks

One trained model and one payload, served by a project and by others, measured in turns in one run,
so that a busy machine touches all alike: the ratios count. No figure is printed unless each answer
was 2xx and each prediction lay within 1e-5 of ours. The column “ours” says how
many times as fast the project is.

![Requests and rows per second of each side]({PICTURE})

This page is made from `benchmarks/serving/results.json` by `python -m benchmarks.serving.page`.
Measure again, after `make demo`: `.venv/bin/python -m benchmarks.serving --keep`.
"""

Lines = list[str]
Results = dict[str, Any]


def table(head: list[str], rows: list[list[str]]) -> Lines:
    """Return a table in Markdown."""
    body = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cells)} |" for cells in body] + [""]


def within(ratio: dict[str, float], form: str = ".2f") -> str:
    """Format a ratio with its range."""
    return f"{ratio['median']:{form}} ({ratio['low']:{form}} to {ratio['high']:{form}})"


def rest_section(rest: Results) -> Lines:
    """Return the results of the servers, for each number of connections."""
    head = ["server", "requests/s", "ours", "p50 ms", "p99 ms"]
    lines = ["## REST", "", "One worker each, one real row a request.", ""]
    loads = [key for key in rest["sides"]["ours"] if key.isdigit()]
    for connections in sorted(loads, key=int):
        lines += [f"{connections} connection{'s' if connections != '1' else ''}:", ""]
        rows = [rest_row(side, rest["sides"][side.name][connections]) for side in REST]
        lines += table(head, rows)
    memory = {side.name: f"{rest['sides'][side.name]['memory_mb']:.0f}" for side in REST}
    rows = [[side.label, memory[side.name], side.validates] for side in REST]
    lines += table(["server", "memory MB, all its processes", "validates"], rows)
    return lines + overload_section(rest["overload"])


def rest_row(side: Side, load: Results) -> list[str]:
    """Return the row of a server under a load."""
    ratio = "1" if side.name == "ours" else within(load["ours_throughput"])
    p50, p99 = (f"{load[key]['median']:.2f}" for key in ("p50_ms", "p99_ms"))
    return [side.label, f"{load['per_s']['median']:,.0f}", ratio, p50, p99]


def overload_section(overload: Results) -> Lines:
    """Return the results under twice the load."""
    head = ["server", "can answer /s", "answered /s", "refused by 503", "p99 ms of those answered"]
    measured = overload["sides"]
    rows = [
        [
            side.label,
            f"{measured[side.name]['capacity_per_s']:,.0f}",
            f"{measured[side.name]['answered_per_s']:,.0f}",
            f"{measured[side.name]['refused_share']:.0%}",
            f"{measured[side.name]['p99_ms']:,.0f}",
        ]
        for side in REST
        if side.name in measured
    ]
    due = f"{overload['times']} times as many requests are due as it can answer"
    text = f"Overload, {overload['rows']} rows a request: {due}."
    return [text, "", *table(head, rows)]


def batch_section(batch: Results) -> Lines:
    """Return the results of the ways to score a file."""
    head = ["side", "rows/s", "ours", "peak MB", "validates"]
    measured = {side: batch["sides"][side.name] for side in BATCH}
    rows = [
        [
            side.label,
            f"{found['per_s']['median']:,.0f}",
            "1" if side.name == "ours" else within(found["ours_throughput"]),
            f"{found['peak_mb']['high']:,.0f}" if "peak_mb" in found else "—",
            side.validates,
        ]
        for side, found in measured.items()
    ]
    counted = "the whole command counts, but for the array in memory"
    text = f"{batch['rows']:,} rows in one Parquet file; {counted}."
    return ["## Batch", "", text, "", *table(head, rows)]


def edge_section(edge: Results) -> Lines:
    """Return the time of a row and of a start."""
    measured = {side: edge["sides"][side.name] for side in EDGE}
    rows = [
        [side.label, f"{found['p50_us']:.1f}", f"{found['ours_slower']:.2f}", side.validates]
        for side, found in measured.items()
    ]
    start = edge["start"]
    text = (
        f"Cold start of a bundle {start['bundle_s']:.2f} s, of `import onnxruntime` alone"
        f" {start['import_s']:.2f} s: {within(start['ratio'])} times."
        f" Size {edge['bytes'] / 1000:.0f} kB."
    )
    head = ["side", "µs a row", "times the bare run", "validates"]
    return [
        "## Edge",
        "",
        "From a line of JSON to a line of JSON.",
        "",
        *table(head, rows),
        text,
        "",
    ]


def claims_section(results: Results) -> Lines:
    """Return the claims, and whether they hold."""
    rows = []
    for claim in CLAIMS:
        value = claim.found(results)
        if value is not None:
            holds = "yes" if claim.holds(value) else "**no**"
            shown = [f"{claim.kind} {claim.bound:g}", f"{value:{claim.form}}", holds]
            rows.append([claim.part, claim.text, *shown])
    return ["## Claims", "", *table(["part", "what", "claimed", "found", "holds"], rows)]


def circumstances(results: Results) -> Lines:
    """Return where and with which versions the results were measured."""
    lines = ["## Taken on", ""]
    for part in ALL:
        measured, machine = results[part], results[part]["machine"]
        versions = measured["versions"] | {
            k: v for one in measured["peers"].values() for k, v in one.items()
        }
        text = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
        where = f"{machine['cores']} cores, {machine['processor']}, {machine['system']}"
        where += f", on which {measured['load_before']} processes wanted to run before"
        lines += [f"- {part}: {measured['date']}, {where}, Python {machine['python']}; {text}."]
    return lines


def page(results: Results) -> str:
    """Return the whole page in Markdown."""
    sections = [rest_section(results["rest"]), batch_section(results["batch"])]
    sections += [edge_section(results["edge"]), claims_section(results), circumstances(results)]
    return "\n".join([HEAD, *(line for section in sections for line in section)]) + "\n"


def render(results: Results) -> dict[str, str]:
    """Return the content of both files by name."""
    return {PAGE: page(results), PICTURE: picture(results)}


def write(results: Results, folder: Path = FOLDER) -> None:
    """Write both files."""
    for name, text in render(results).items():
        (folder / name).write_text(text, "utf-8")


def outdated(results: Results, folder: Path = FOLDER) -> list[str]:
    """Return the names of the files that do not show the results."""
    return [
        name
        for name, text in render(results).items()
        if not (folder / name).exists() or (folder / name).read_text("utf-8") != text
    ]


def main() -> None:
    """Write both files; with --check only compare them, and exit with 1 if one is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare without writing")
    if not parser.parse_args().check:
        write(read())
    elif names := outdated(read()):
        sys.exit(f"error: {', '.join(names)} out of date; run: python -m benchmarks.serving.page")


if __name__ == "__main__":
    main()
