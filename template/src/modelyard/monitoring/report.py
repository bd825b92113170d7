"""Report of the monitor on the recorded predictions, as JSON, text and HTML.

Exit codes: 0 nothing is due, or nothing is known yet; 10 retraining is due; 20 an incident; 1 an
error, no report.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from ..console import UserError
from ..evidence.ledger import note
from ..files import write_bytes, write_json
from ..models.metrics import LOWER_IS_BETTER, improvement
from ..models.model_info import check_version
from ..models.release import REFERENCE, REQUIRED_KEYS
from ..params import read_params
from ..params_operation import Monitoring
from ..places import MONITORING, RECORDS
from ..schema.contract import Schema
from ..serving.predictor import REMEDY, read_manifest, read_verified
from ..settings import Settings, setting
from .compare import Model, compare
from .records import read_records, recorded_days
from .sources import read_sources, why_blind

MARKS = {"fine": "fine", "retrain": "bad", "incident": "bad"}
LIMITS_SHOWN = 4  # width of the drift chart in multiples of max_psi

Watched = tuple[Path, str, date | None]
"""Folder, origin and first day in service (UTC; None: the day on which it was written)."""


@dataclass(frozen=True)
class MonitorSettings(Settings):
    """Places of model and records, and the current day; `.env.example` explains them."""

    rest_record_dir: Path = RECORDS
    batch_record_dir: Path = RECORDS
    rest_record_share: float = setting(0.0, least=0, most=1)
    batch_record_rows: int = setting(0, least=0, most=1_000_000)
    record_url: str = ""


def load_model(watched: Watched, schema: Schema) -> Model:
    """Load manifest and reference of a model; the code of its features may have changed since."""
    folder, source, since = watched
    manifest, path = read_manifest(folder / "model.json"), folder / REFERENCE
    read_verified(folder / "model.onnx", manifest["sha256"])
    check_version(manifest, folder / "model.json", REMEDY)
    reference, version = read_manifest(path, REQUIRED_KEYS), manifest["version"]
    if manifest["schema_hash"] != schema.hash:
        remedy = "promote a model of this schema, or monitor in a checkout of the model's commit"
        raise UserError(f"schema.py is not that of model {version} ({source}); {remedy}")
    if reference["version"] != version:
        raise UserError(f"{path} is of model {reference['version']}, not {version}; {REMEDY}")
    changed = datetime.fromtimestamp((folder / "model.json").stat().st_mtime, UTC).date()
    return Model(manifest, reference, source, since or changed)


def build_report(
    schema: Schema, settings: MonitorSettings, limits: Monitoring, watched: Watched
) -> dict[str, Any]:
    """Read the records of the window that ends today, and return the report."""
    model, last = load_model(watched, schema), settings.today
    first = last - timedelta(days=limits.window_days - 1)
    with read_sources(settings, first) as sources:
        found = recorded_days({folder for folder, _ in sources}, last)
        records = read_records([(day, path) for day, path in found if day >= first], schema)
        blind = [text for one in sources if (text := why_blind(*one, last, limits))]
    newest = found[-1][0] if found else None
    report = compare(records, newest, model, last, schema, limits, "; ".join(blind))
    return {"from": first.isoformat(), **report}


def table(report: dict[str, Any]) -> str:
    """Format findings, verdict and reasons as plain text."""
    lines = [f"{one['status']:<8} {one['topic']:<8} {one['reason']}" for one in report["findings"]]
    days = f"{report['from']} to {report['as_of']}"
    model = f"model {report['model']['version']} ({report['model']['source']})"
    head = f"monitoring: {model}, {report['rows']:,} rows from {days}"
    verdict = f"verdict: {report['outcome']} (exit code {report['exit_code']})"
    return "\n".join([head, *lines, verdict, *(f"- {reason}" for reason in report["reasons"])])


def main(schema: Schema, watched: Watched) -> None:
    """Write the report as JSON and HTML, print it, and exit with its code."""
    limits = read_params().section(Monitoring)
    report = build_report(schema, MonitorSettings.read(), limits, watched)
    note(**{one["topic"]: one["status"] for one in report["findings"]}, labels=report["labels"])
    write_json(MONITORING / "report.json", report)
    write_bytes(MONITORING / "report.html", page(report).encode())
    print(table(report))
    print(f"report: {MONITORING / 'report.html'}")
    sys.exit(report["exit_code"])


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
