"""Canary of the batch target: score the input of the last run with a candidate, and compare."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl

from ..console import UserError
from ..files import read_json
from ..params import read_params
from ..params_release import Canary
from ..project import VARIABLE, Project
from ..registry.git import error_line
from ..schema.contract import Classes, Schema
from .check import Check, report_and_exit, success_check
from .judge import Outputs, judge, to_outputs

SHADOW = Path("build/canary/batch")


def compare_runs(
    project: Project, source: str, published: Path, candidate: Path, limits: Canary
) -> list[Check]:
    """Score `source` with the candidate, and compare with `published` row by row."""
    then = read_json(published / "manifest.json", "score it first with the serving model")
    if failure := score_candidate(project, source, candidate):
        return [success_check("batch runs", failure)]
    now = read_json(SHADOW / "manifest.json", "the candidate's run did not write it")
    if then["inputs"] != now["inputs"]:
        raise UserError(f"{published} was not scored from the current {source}; score it again")
    rejected = then["rejected"], now["rejected"]
    checks = [
        success_check("batch runs"),
        Check("rows rejected", f"{rejected[1]:,}", f"{rejected[0]:,}", rejected[0] == rejected[1]),
    ]
    schema = project.schema
    old, new = read_parts(published, then), read_parts(SHADOW, now)
    same = len(old) == len(new) and old[schema.key].equals(new[schema.key])
    return [
        *checks,
        success_check(f"same {schema.key}", "" if same else "no"),
        *judge(outputs(old, schema.key), outputs(new, schema.key), limits),
        *changed_decisions(old, new, schema),
    ]


def score_candidate(project: Project, source: str, candidate: Path) -> str:
    """Score with a candidate into a separate folder; return the error message, if any."""
    command = [sys.executable, "-m", "modelyard.serving.batch", source, str(SHADOW)]
    own = {"MODEL_DIR": str(candidate), VARIABLE: project.package}
    done = subprocess.run(command, env=os.environ | own, capture_output=True)
    return error_line(done) if done.returncode else ""


def read_parts(folder: Path, manifest: dict[str, Any]) -> pl.DataFrame:
    """Read the scored rows of a run, in order."""
    files = [pl.read_parquet(folder / part["file"]) for part in manifest["parts"]]
    return pl.concat(files) if files else pl.DataFrame()


def outputs(frame: pl.DataFrame, key: str) -> Outputs:
    """Return the outputs of a run, without latencies."""
    columns = [name for name in frame.columns if name not in (key, "model_version")]
    return to_outputs(frame.select(columns).to_dicts())


def changed_decisions(old: pl.DataFrame, new: pl.DataFrame, schema: Schema) -> list[Check]:
    """Return the share of changed classes, for information only; it always passes."""
    if not isinstance(schema.target, Classes) or len(old) != len(new):
        return []
    changed = int((old["prediction"] != new["prediction"]).sum())
    return [Check("changed decisions", f"{changed / max(1, len(old)):.2%}", "any", True)]


def compare(project: Project, source: str, published: Path, candidate: Path) -> None:
    """Compare, write the report, and exit with the verdict's code."""
    about = {"candidate": str(candidate), "published": str(published)}
    checks = compare_runs(project, source, published, candidate, read_params().section(Canary))
    report_and_exit("batch", about, checks)
