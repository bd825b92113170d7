"""Canary of the edge target: run two bundles with the devices' libraries, and compare.

A cohort of devices gets the new bundle first; a larger share includes the smaller one.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from ..console import UserError
from ..files import read_json, write_json
from ..params import read_params
from ..params_release import Canary
from ..project import Project
from ..registry.git import error_line
from ..serving.predictor import REMEDY, Predictor, to_rows
from ..serving.records import is_sampled, read_lines
from .check import CANARY, Check, exit_code, report_and_exit, success_check
from .judge import judge, score, to_outputs

EXAMPLES = Path("models/examples.jsonl")
Row = dict[str, Any]


def run_bundle(bundle: Path, rows: Sequence[Row]) -> tuple[list[Row], str]:
    """Run a bundle as on a device: with its versions of NumPy and ONNX Runtime, nothing else.

    Returns:
        Its output rows, and an error message if it failed.
    """
    built = read_json(bundle / "manifest.json", "build it: modelyard bundle")["built_with"]
    libraries = [f"--with={name}=={built[name]}" for name in ("numpy", "onnxruntime")]
    if shutil.which("uv") is None:
        raise UserError("uv is not on PATH")
    command = ["uv", "run", "--quiet", "--no-project", "--isolated", f"--python={built['python']}"]
    command += [*libraries, "python", str(bundle / "run.py")]
    content = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    environment = os.environ | {"EDGE_LOG": "off", "PYTHONPATH": ""}
    done = subprocess.run(command, env=environment, input=content, capture_output=True)
    if done.returncode != 0:
        return [], error_line(done)
    return [json.loads(line) for line in done.stdout.splitlines()], ""


def check_bundle(
    project: Project, candidate: Path, serving: Path, rows: Sequence[Row], limits: Canary
) -> list[Check]:
    """Run both bundles on the same rows, and the candidate's model in this project."""
    before, failure = run_bundle(serving, rows)
    if failure:
        raise UserError(f"the deployed bundle fails: {failure}")
    after, failure = run_bundle(candidate, rows)
    if failure:
        return [success_check("bundle runs", failure)]
    same = same_predictions(Predictor(candidate, project.schema, project.build), after, rows)
    then, now = (
        to_outputs([None if "fallback" in row else row for row in rows]) for rows in (before, after)
    )
    return [success_check("bundle runs"), same, *judge(then, now, limits)]


def same_predictions(predictor: Predictor, outputs: Sequence[Row], rows: Sequence[Row]) -> Check:
    """Check that the bundle predicts the same as this project, to the last bit."""
    expected = predictor.predict(to_rows(rows, predictor.schema)).records()
    differ = sum(score(one) != score(other) for one, other in zip(outputs, expected, strict=True))
    return Check("predictions unlike the project's", f"{differ:,}", "0", not differ)


def examples(limits: Canary) -> list[Row]:
    """Return the rows for the comparison."""
    if not EXAMPLES.is_file():
        raise UserError(f"{EXAMPLES} does not exist; {REMEDY}")
    return list(islice(read_lines([EXAMPLES]), limits.max_requests))


def read_devices(path: Path) -> list[str]:
    """Read the names of the devices, one per line."""
    if not path.is_file():
        raise UserError(f"{path} does not exist; it must hold the devices' names, one per line")
    names = [line.strip() for line in path.read_text("utf-8").split("\n") if line.strip()]
    duplicates = sorted({name for name in names if names.count(name) > 1})
    if duplicates or not names:
        raise UserError(f"{path} names {f'{duplicates[0]} twice' if duplicates else 'no device'}")
    return names


def cohort(devices: Sequence[str], share: float) -> list[str]:
    """Select a share of the devices by a hash of their names."""
    return sorted(name for name in devices if is_sampled(name, share))


def write_cohort(devices: Sequence[str], share: float, bundle: Path) -> str:
    """Write `reports/canary/cohort.json`; return a summary."""
    version, chosen = read_json(bundle / "manifest.json", "")["version"], cohort(devices, share)
    content = {"version": version, "share": share, "of": len(devices), "devices": chosen}
    write_json(CANARY / "cohort.json", content)
    return f"{len(chosen):,} of {len(devices):,} devices in {CANARY / 'cohort.json'}"


def compare(
    project: Project, candidate: Path, serving: Path, devices: Path | None, share: float | None
) -> None:
    """Compare, write the cohort if the verdict is go, and exit with the verdict's code."""
    limits = read_params().section(Canary)
    if (devices is None) != (share is None):
        raise UserError("--devices and --share must be given together")
    names = read_devices(devices) if devices else []
    checks = check_bundle(project, candidate, serving, examples(limits), limits)
    about = {"candidate": str(candidate), "serving": str(serving)}
    if share and not exit_code(checks):
        about["cohort"] = write_cohort(names, share, candidate)
    report_and_exit("edge", about, checks)
