"""Test a bundle on the libraries that devices have, beside the bundle in service."""

import json
import os
import shutil
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from ...console import UserError
from ...files import read_json
from ...params import read_params
from ...project import Project
from ...serving.predictor import REMEDY, Predictor, to_rows
from ...serving.records import read_lines
from ..check import Check, conclude, exit_code, works
from ..judge import as_scores, judged, score
from ..params import Canary
from ..subprocesses import attempt
from .cohort import read_devices, write_cohort

EXAMPLES = Path("models/examples.jsonl")
Row = dict[str, Any]


def on_a_device(bundle: Path, rows: Sequence[Row]) -> tuple[list[Row], str]:
    """Run a bundle as a device does: NumPy and ONNX Runtime in its own versions, nothing else.

    Returns:
        Its answers, and how it failed if it did.

    Raises:
        UserError: it is no bundle, or uv is missing.
    """
    built = read_json(bundle / "manifest.json", "build it: modelyard bundle")["built_with"]
    libraries = [f"--with={name}=={built[name]}" for name in ("numpy", "onnxruntime")]
    if shutil.which("uv") is None:
        raise UserError("uv is not on PATH")
    command = ["uv", "run", "--quiet", "--no-project", "--isolated", f"--python={built['python']}"]
    command += [*libraries, "python", str(bundle / "run.py")]
    content = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    alone = os.environ | {"EDGE_LOG": "off", "PYTHONPATH": ""}
    printed, failure = attempt(command, alone, content=content)
    return [json.loads(line) for line in printed.splitlines() if not failure], failure


def check_bundle(
    project: Project, candidate: Path, serving: Path, rows: Sequence[Row], limits: Canary
) -> list[Check]:
    """Run both bundles over the same rows, and the candidate's model in this project, too.

    Raises:
        UserError: the bundle in service does not run.
    """
    before, failure = on_a_device(serving, rows)
    if failure:
        raise UserError(f"the bundle in service does not run: {failure}")
    after, failure = on_a_device(candidate, rows)
    if failure:
        return [works("it runs on a device", failure)]
    same = check_same(Predictor(candidate, project.schema, project.build), after, rows)
    then, now = (as_scores([*map(prediction, answers)]) for answers in (before, after))
    return [works("it runs on a device"), same, *judged(then, now, limits)]


def prediction(answer: Row) -> Row | None:
    """Give what a device answers, unless it is the fallback."""
    return None if "fallback" in answer else answer


def check_same(predictor: Predictor, answers: Sequence[Row], rows: Sequence[Row]) -> Check:
    """Ask whether the device answers as this project does, to the last bit."""
    expected = predictor.predict(to_rows(rows, predictor.schema)).records()
    others = sum(score(one) != score(here) for one, here in zip(answers, expected, strict=True))
    return Check("answers unlike the project's", f"{others:,}", "0", not others)


def examples(limits: Canary) -> list[Row]:
    """Give the rows that are sent.

    Raises:
        UserError: there are none.
    """
    if not EXAMPLES.is_file():
        raise UserError(f"{EXAMPLES} is not there; {REMEDY}")
    return list(islice(read_lines([EXAMPLES]), limits.max_requests))


def compare(
    project: Project, candidate: Path, serving: Path, devices: Path | None, share: float | None
) -> None:
    """Compare; if the verdict is good, write down the first devices; end with its exit code.

    Raises:
        UserError: there are devices without a share, or a share without devices.
    """
    limits = read_params().section(Canary)
    if (devices is None) != (share is None):
        raise UserError("--devices and --share belong together")
    names = read_devices(devices) if devices else []
    checks = check_bundle(project, candidate, serving, examples(limits), limits)
    about = {"candidate": str(candidate), "serving": str(serving)}
    if share and not exit_code(checks):
        about["cohort"] = write_cohort(names, share, candidate)
    conclude("edge", about, checks)
