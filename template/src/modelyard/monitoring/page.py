"""HTML page of the report, without scripts or external resources."""

from collections.abc import Iterable
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from ..models.metrics import LOWER_IS_BETTER, improvement

MARKS = {"fine": "fine", "retrain": "bad", "incident": "bad"}
LIMITS_SHOWN = 4  # width of the drift chart in multiples of max_psi


def page(report: dict[str, Any]) -> str:
    """Render a report of `compare`, with the first day of the window as `from`."""
    model, days = report["model"], f"{report['from']} to {report['as_of']}"
    about = (
        f"Model {model['version']} ({model['source']}), trained as of {model['trained_as_of']}. "
        f"{report['rows']:,} valid rows and {report['labels']:,} labels of this model from {days}."
    )
    why = {one["topic"]: f"<p>{escape(one['reason'])}</p>" for one in report["findings"]}
    return Template(files(__package__).joinpath("page.html").read_text("utf-8")).substitute(
        title=f"Monitoring on {report['as_of']}",
        about=escape(about),
        mark=MARKS[report["outcome"]],
        outcome=report["outcome"],
        code=report["exit_code"],
        reasons="\n".join(f"<li>{escape(reason)}</li>" for reason in report["reasons"]),
        findings="\n".join(map(finding, report["findings"])),
        drift=drift(report) or why["drift"],
        quality="\n".join(quality(report)) or why["quality"],
    )


def finding(found: dict[str, str]) -> str:
    """Render a finding as a table row."""
    mark = f'<span class="mark {found["status"]}">{found["status"]}</span>'
    return f"<tr><td>{found['topic']}</td><td>{mark}</td><td>{escape(found['reason'])}</td></tr>"


def drift(report: dict[str, Any]) -> str:
    """Render the PSI of each column and score as bars, greatest first; "" without rows."""
    limit, moved = report["limits"]["max_psi"], report["shifts"]
    return chart(
        bar(name, moved[name]["psi"], limit, LIMITS_SHOWN * limit, bad=name in report["drifted"])
        for name in sorted(moved, key=lambda name: -moved[name]["psi"])
    )


def quality(report: dict[str, Any]) -> Iterable[str]:
    """Render a chart over time for each metric in `max_fall` that was measured."""
    for name, fall in report["limits"]["max_fall"].items():
        test = report["test"][name]
        limit = test + fall if name in LOWER_IS_BETTER else test - fall
        measured = {
            f"{point['from']} to {point['to']}": point["metrics"][name]
            for point in report["timeline"]
            if name in point["metrics"]
        }
        rows = {"test set": test, **measured}
        most = max(limit, *rows.values())
        bars = (
            bar(days, value, limit, most, bad=improvement(name, test, value) > fall)
            for days, value in rows.items()
        )
        if measured:
            yield f"<h3>{escape(name)}</h3>\n{chart(bars)}"


def chart(bars: Iterable[str]) -> str:
    """Render bars one below the other; "" without bars."""
    rows = "\n".join(bars)
    return rows and f'<table class="bars">\n{rows}\n</table>'


def bar(name: str, value: float, limit: float, most: float, *, bad: bool) -> str:
    """Render a value as a bar, cut and marked with » above `most`, with a line at the limit."""
    width, line = (100 * min(max(one, 0) / (most or 1), 1) for one in (value, limit))
    return (
        f'<tr class="{"bad" if bad else "fine"}"><th scope="row">{escape(name)}</th>'
        f'<td style="--value: {width:.1f}%; --limit: {line:.1f}%"><i></i></td>'
        f"<td>{'» ' if value > most else ''}{value:,.3f}</td></tr>"
    )
