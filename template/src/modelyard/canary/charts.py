"""The model's plots as charts in Markdown, which GitHub and GitLab draw: now, and at a commit."""

import io
from collections.abc import Sequence

import polars as pl

from ..console import UserError
from ..places import PLOTS
from ..registry.released import storage

Table = pl.DataFrame
SLICES, CALIBRATION = "slices.csv", "calibration.csv"
ROOM = 1.05


def chart(title: str, names: Sequence[str], **series: Sequence[float]) -> str:
    """Write a chart in Mermaid's language.

    Args:
        title: stands above it.
        names: of the places on the other axis.
        series: `bar` and `line`, a number for each place.
    """
    numbers = [value for values in series.values() for value in values]
    low, high = min(0.0, *numbers), max(numbers) * ROOM
    places = ", ".join('"' + name.replace('"', "'") + '"' for name in names)
    lines = [
        "```mermaid", "xychart-beta horizontal", f'  title "{title}"', f"  x-axis [{places}]",
        f'  y-axis " " {low:.4g} --> {high:.4g}',
    ]  # fmt: skip
    drawn = (f"  {kind} [{', '.join(f'{one:.4g}' for one in series[kind])}]" for kind in series)
    return "\n".join([*lines, *drawn, "```"])


def slices(now: Table, before: Table | None) -> str:
    """Draw a metric slice by slice: bars now, a line at the commit; slices that both have."""
    metric = now.columns[1]
    title = f"{metric} by slice"
    if before is None or before.columns[1] != metric:
        return chart(title, now["slice"].to_list(), bar=now[metric].to_list())
    both = now.join(before, on="slice", suffix=" before", maintain_order="left")
    then = both[f"{metric} before"].to_list()
    return chart(title, both["slice"].to_list(), bar=both[metric].to_list(), line=then)


def calibration(now: Table) -> str:
    """Draw what was over what was said: bars are what was, the line is what was said."""
    said, was = now["predicted"].to_list(), now["actual"].to_list()
    return chart("what was, by what was said", [f"{one:.3g}" for one in said], bar=was, line=said)


def table_of(name: str) -> Table | None:
    """Read a plot's table; None if the pipeline has made none."""
    path = PLOTS / name
    return pl.read_csv(path) if path.is_file() else None


def table_at(commit: str, name: str) -> Table | None:
    """Read a plot's table of a commit; None if neither DVC's cache nor its remote has it."""
    from dvc.api import DVCFileSystem  # here, as it takes half a second

    try:
        files = DVCFileSystem(".", rev=commit, config=storage())
        return pl.read_csv(io.BytesIO(files.read_bytes((PLOTS / name).as_posix())))
    except Exception:  # DVC has no common error; the report goes without
        return None


def charts(commit: str) -> str:
    """Lay out all charts, with a sentence on how to read each.

    Args:
        commit: with which the slices are compared; empty for none.
    """
    parts, measured, judged = [], table_of(SLICES), table_of(CALIBRATION)
    if measured is not None:
        before = table_at(commit, SLICES) if commit else None
        line = f"line: at {commit}" if before is not None else "nothing of before is at hand"
        parts += [f"Bars: now; {line}.", slices(measured, before)]
    if judged is not None:
        parts += ["Bars: what was; line: what was said.", calibration(judged)]
    return "\n\n".join(parts or ["None: the pipeline has not come to `evaluate`."])


def print_charts(commit: str) -> None:
    """Print the charts.

    Args:
        commit: with which the slices are compared; empty for none.

    Raises:
        UserError: a plot's table is damaged.
    """
    try:
        print(charts(commit))
    except pl.exceptions.PolarsError as failure:
        raise UserError(f"{PLOTS.as_posix()}: {failure}; make it again: uv run dvc repro") from None
