"""Report of the monitor on the recorded predictions.

Exit codes: 0 nothing is due, or nothing is known yet; 10 retraining is due; 20 an incident; 1 an
error, no report.
"""

import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from ..console import UserError
from ..evidence.ledger import note
from ..files import write_bytes, write_json
from ..models.model_info import check_version
from ..models.release import REFERENCE, REQUIRED_KEYS
from ..params import read_params
from ..params_operation import Monitoring
from ..places import MONITORING, RECORDS
from ..schema.contract import Schema
from ..serving.predictor import REMEDY, read_manifest, read_verified
from ..settings import Settings, setting
from .compare import Model, compare
from .page import page
from .records import read_records, recorded_days
from .sources import read_sources, why_blind

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
