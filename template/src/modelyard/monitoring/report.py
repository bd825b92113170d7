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
from ..files import read_json, write_bytes, write_json
from ..models.release import REFERENCE, REQUIRED_KEYS
from ..params import read_params
from ..params_sections import Monitoring
from ..places import MONITORING, RECORDS
from ..project import Project
from ..serving.predictor import REMEDY, Predictor
from ..settings import Settings
from .compare import Model, compare
from .page import page
from .records import read_records, recorded_days


@dataclass(frozen=True)
class MonitorSettings(Settings):
    """Folders of model and records, and the current day; `.env.example` explains them."""

    rest_record_dir: Path = RECORDS
    batch_record_dir: Path = RECORDS

    @property
    def today(self) -> date:
        """Current day: `AS_OF`, else today in UTC."""
        return self.as_of or datetime.now(UTC).date()


def load_model(folder: Path, project: Project) -> Model:
    """Load manifest and reference of the accepted model.

    Raises:
        UserError: a file is missing or corrupt, or belongs to another model.
    """
    manifest, path = Predictor(folder, project.schema, project.build).manifest, folder / REFERENCE
    reference, version = read_json(path, REMEDY), manifest["version"]
    missing = [name for name in REQUIRED_KEYS if name not in reference]
    if missing:
        raise UserError(f"{path} lacks {', '.join(missing)}; {REMEDY}")
    if reference["version"] != version:
        raise UserError(f"{path} is of model {reference['version']}, not {version}; {REMEDY}")
    return Model(manifest, reference)


def build_report(project: Project, settings: MonitorSettings, limits: Monitoring) -> dict[str, Any]:
    """Read the records of the window that ends today, and return the report."""
    model, last = load_model(settings.model_dir, project), settings.today
    first = last - timedelta(days=limits.window_days - 1)
    found = recorded_days({settings.rest_record_dir, settings.batch_record_dir}, last)
    schema = project.schema
    records = read_records([(day, path) for day, path in found if day >= first], schema)
    newest = found[-1][0] if found else None
    report = compare(records, newest, model, last, schema, limits)
    return {"from": first.isoformat(), **report}


def table(report: dict[str, Any]) -> str:
    """Format findings, verdict and reasons as plain text."""
    lines = [f"{one['status']:<8} {one['topic']:<8} {one['reason']}" for one in report["findings"]]
    days = f"{report['from']} to {report['as_of']}"
    head = f"monitoring: model {report['model']['version']}, {report['rows']:,} rows from {days}"
    verdict = f"verdict: {report['outcome']} (exit code {report['exit_code']})"
    return "\n".join([head, *lines, verdict, *(f"- {reason}" for reason in report["reasons"])])


def main(project: Project) -> None:
    """Write the report as JSON and HTML, print it, and exit with its code."""
    report = build_report(project, MonitorSettings.read(), read_params().section(Monitoring))
    write_json(MONITORING / "report.json", report)
    write_bytes(MONITORING / "report.html", page(report).encode())
    print(table(report))
    print(f"report: {MONITORING / 'report.html'}")
    sys.exit(report["exit_code"])
