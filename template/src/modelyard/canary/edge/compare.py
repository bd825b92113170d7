"""Test a bundle on the libraries that devices have, beside the bundle in service."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...console import UserError
from ...files import read_json
from ...params import read_params
from ...project import Project
from ...serving.predictor import REMEDY, Predictor, to_rows
from ..check import Check, conclude, exit_code
from ..judge import Answers, judged, score
from ..section import Canary
from ..told import last_line
from .cohort import check_step, read_devices, write_cohort


class NotRunning(Exception):
    """A bundle does not run; the text says why."""


def on_a_device(bundle: Path, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Run a bundle as a device does: NumPy and ONNX Runtime in its own versions, nothing else.

    Raises:
        NotRunning: it ended with an error.
        UserError: it is no bundle, or uv is missing.
    """
    built = read_json(bundle / "manifest.json", "build it: modelyard bundle")["built_with"]
    libraries = [f"--with={name}=={built[name]}" for name in ("numpy", "onnxruntime")]
    if shutil.which("uv") is None:
        raise UserError("uv is not on PATH")
    command = ["uv", "run", "--quiet", "--no-project", "--isolated", f"--python={built['python']}"]
    content = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    alone = os.environ | {"EDGE_LOG": "off", "PYTHONPATH": ""}
    done = subprocess.run(
        [*command, *libraries, "python", str(bundle / "run.py")],
        input=content, env=alone, capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise NotRunning(last_line(done.stderr.decode(errors="replace")))
    return [json.loads(line) for line in done.stdout.splitlines()]


def understood(told: Sequence[dict[str, Any]]) -> Answers:
    """Turn a device's answers into scores; a fallback is no answer."""
    answered = np.array(["fallback" not in one for one in told], bool)
    width = max((len(score(one)) for one in told), default=1)
    rows = [
        score(one) if good else [float("nan")] * width
        for one, good in zip(told, answered, strict=True)
    ]
    return Answers(np.array(rows, np.float64).reshape(-1, width), answered, np.array([]))


def look(
    project: Project,
    candidate: Path,
    serving: Path,
    rows: Sequence[dict[str, Any]],
    limits: Canary,
) -> list[Check]:
    """Run both bundles over the same rows, and the candidate's model in this project, too.

    Raises:
        UserError: the bundle in service does not run.
    """
    try:
        then = on_a_device(serving, rows)
    except NotRunning as failure:
        raise UserError(f"the bundle in service does not run: {failure}") from None
    try:
        now = on_a_device(candidate, rows)
    except NotRunning as failure:
        return [Check("it runs on a device", str(failure), "yes", False)]
    checks = [
        Check("it runs on a device", "yes", "yes", True),
        as_here(project, candidate, now, rows),
    ]
    return [*checks, *judged(understood(then), understood(now), limits)]


def as_here(
    project: Project, bundle: Path, told: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]]
) -> Check:
    """Ask whether the device answers as this project does, to the last bit."""
    schema = project.schema
    predictor = Predictor(bundle, schema, project.build)
    expected = predictor.predict(to_rows(rows, schema)).records()
    others = sum(score(one) != score(here) for one, here in zip(told, expected, strict=True))
    return Check("answers unlike the project's", f"{others:,}", "0", not others)


def examples(limits: Canary) -> list[dict[str, Any]]:
    """Give the rows that are sent.

    Raises:
        UserError: there are none.
    """
    path = Path("models/examples.jsonl")
    if not path.is_file():
        raise UserError(f"{path} is not there; {REMEDY}")
    lines = path.read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines[: limits.step_requests]]


def compare(
    project: Project, candidate: Path, serving: Path, devices: Path | None, step: float | None
) -> None:
    """Compare; if the verdict is good, write down the devices of the step; end with its exit code.

    Args:
        project: the project's own part.
        candidate: the folder of the new bundle.
        serving: the folder of the one in service.
        devices: a file of their names, one on a line.
        step: the share of them that gets the candidate, one of `canary.steps`.
    """
    limits = read_params().section(Canary)
    names = read_devices(devices) if devices else []
    check_step(devices, step, limits)
    checks = look(project, candidate, serving, examples(limits), limits)
    about = {"candidate": str(candidate), "serving": str(serving)}
    if names and step and not exit_code(checks):
        about["cohort"] = write_cohort(names, step, candidate)
    conclude("edge", about, checks)
