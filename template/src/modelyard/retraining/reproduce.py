"""Run of the pipeline, which tells a refused candidate from a failed stage."""

import subprocess
from pathlib import Path
from typing import NamedTuple

from ..console import UserError
from ..files import read_json
from ..models.gate import METRICS
from ..registry.dvc import run_streaming

GATE = Path("reports/gate.md")


class PipelineResult(NamedTuple):
    """Whether the gate accepted the candidate, its verdict, and the candidate's version."""

    accepted: bool
    why: str
    model: str


def reproduce() -> PipelineResult:
    """Run the stages that are not up to date.

    Raises:
        UserError: a stage failed before the gate's verdict; the message is the stage's error.
    """
    before = GATE.read_bytes() if GATE.exists() else None
    GATE.unlink(missing_ok=True)
    output: list[str] = []
    try:
        for line in run_streaming("repro"):
            output.append(line)
    except subprocess.CalledProcessError as error:
        if not GATE.exists() or read_result().accepted:
            raise UserError(error_message(output, error.returncode)) from None
    if not GATE.exists() and before is not None:
        GATE.write_bytes(before)
    return read_result()


def read_result() -> PipelineResult:
    """Read the gate's verdict from its files."""
    accepted = bool(read_json(METRICS, "run: dvc repro")["accepted"])
    heading, _, why, *_ = GATE.read_text("utf-8").split("\n")
    return PipelineResult(accepted, why, heading.rpartition(" ")[2])


def error_message(output: list[str], code: int) -> str:
    """Return the last error message in the output, preferably one that is not DVC's own."""
    errors = [line for line in output if line.lower().startswith("error: ")]
    own = [line for line in errors if not line.startswith("ERROR: failed to reproduce")]
    return (own or errors or [f"dvc repro ended with exit code {code}"])[-1].split(": ", 1)[-1]
