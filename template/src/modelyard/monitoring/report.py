"""Look at what was recorded, and say what is due; the exit code says it too.

0: nothing is due, or nothing is known yet. 10: retraining is due. 20: an incident. 1: no report.
"""

import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from ..console import UserError
from ..files import read_json, write_bytes, write_json
from ..models.reference_profile import NEEDED, REFERENCE
from ..params import read_params
from ..places import MONITORING, RECORDS
from ..project import Project
from ..serving.predictor import REMEDY, Predictor
from ..settings import Settings
from .compare import Model, compare
from .page import page
from .params import Monitoring
from .records import read_recorded, recorded_days


@dataclass(frozen=True)
class Watch(Settings):
    """Where model and records lie, and which day it is; `.env.example` says more."""

    rest_record_dir: Path = RECORDS
    batch_record_dir: Path = RECORDS

    @property
    def today(self) -> date:
        """The day it is: `AS_OF`, or that of the clock (UTC)."""
        return self.as_of or datetime.now(UTC).date()


def load(folder: Path, project: Project) -> Model:
    """Read what must be known of the accepted model.

    Raises:
        UserError: a file is missing or altered, or is of another model.
    """
    about, path = Predictor(folder, project.schema, project.build).about, folder / REFERENCE
    told = read_json(path, REMEDY)
    lacking = [name for name in NEEDED if name not in told]
    if lacking:
        raise UserError(f"{path} lacks {', '.join(lacking)}; {REMEDY}")
    if told["version"] != about["version"]:
        raise UserError(f"{path} is of model {told['version']}, not {about['version']}; {REMEDY}")
    return Model(about, told)


def look(project: Project, watch: Watch, limits: Monitoring) -> dict[str, Any]:
    """Read the records of the window that ends today, and make the report.

    Raises:
        UserError: the model cannot be used, or the day is before its own.
    """
    model, last = load(watch.model_dir, project), watch.today
    first = last - timedelta(days=limits.window_days - 1)
    found = recorded_days({watch.rest_record_dir, watch.batch_record_dir}, last)
    schema = project.schema
    recorded = read_recorded([(day, path) for day, path in found if day >= first], schema)
    newest = found[-1][0] if found else None
    told = compare(recorded, newest, model, last, schema, limits)
    return {"from": first.isoformat(), **told}


def table(told: dict[str, Any]) -> str:
    """Lay the findings out, then the verdict and its reasons."""
    lines = [f"{one['status']:<8} {one['topic']:<8} {one['reason']}" for one in told["findings"]]
    days = f"{told['from']} to {told['as_of']}"
    head = f"monitoring: model {told['model']['version']}, {told['rows']:,} rows from {days}"
    verdict = f"verdict: {told['outcome']} (exit code {told['exit_code']})"
    return "\n".join([head, *lines, verdict, *(f"- {reason}" for reason in told["reasons"])])


def main(project: Project) -> None:
    """Write the report as JSON and as a page, print it, and end with its exit code."""
    told = look(project, Watch.read(), read_params().section(Monitoring))
    write_json(MONITORING / "report.json", told)
    write_bytes(MONITORING / "report.html", page(told).encode())
    print(table(told))
    print(f"report: {MONITORING / 'report.html'}")
    sys.exit(told["exit_code"])
