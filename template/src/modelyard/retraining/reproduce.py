"""Run the pipeline, and tell a candidate that was refused from a run that failed."""

import subprocess
from pathlib import Path
from typing import NamedTuple

from ..console import UserError
from ..files import read_json, sha256
from ..models.gate import METRICS
from ..places import MODELS
from ..registry.dvc import run_aloud

GATE = Path("reports/gate.md")
CANDIDATE = MODELS / "candidate.onnx"


class Ended(NamedTuple):
    """How the pipeline ended: whether the gate accepted, its sentence, the candidate's version."""

    accepted: bool
    why: str
    model: str


def reproduce() -> Ended:
    """Run the stages that are due.

    Raises:
        UserError: one of them failed before the gate had judged; the text is what it said.
    """
    before = GATE.read_bytes() if GATE.exists() else None
    GATE.unlink(missing_ok=True)
    said: list[str] = []
    try:
        for line in run_aloud("repro"):
            said.append(line)
    except subprocess.CalledProcessError as failure:
        if not GATE.exists() or ended().accepted:
            raise UserError(fault(said, failure.returncode)) from None
    if not GATE.exists() and before is not None:
        GATE.write_bytes(before)
    return ended()


def ended() -> Ended:
    """Read what the gate left behind."""
    accepted = bool(read_json(METRICS, "run: dvc repro")["accepted"])
    return Ended(accepted, GATE.read_text("utf-8").splitlines()[2], sha256(CANDIDATE)[:12])


def fault(said: list[str], code: int) -> str:
    """Give the last line that names an error."""
    named = [line for line in said if line.lower().startswith("error: ")]
    own = [line for line in named if not line.startswith("ERROR: failed to reproduce")]
    return (own or named or [f"dvc repro ended with exit code {code}"])[-1].split(": ", 1)[-1]
