"""Unattended retraining of a project, and the changes before it."""

import json
import os
import re
import subprocess
from pathlib import Path

from tools.steps import environment

PREDICTOR = Path("src", "modelyard", "serving", "predictor.py")
DROP_A_ROW = """
import polars, sys
polars.read_parquet(sys.argv[1]).slice(1).write_parquet(sys.argv[1])
"""


def run(project: Path, *command: str, expected: int = 0) -> "subprocess.CompletedProcess[str]":
    """Run a command without a terminal.

    Raises:
        AssertionError: its exit code is not the expected one.
    """
    done = subprocess.run(
        command, cwd=project, env=anonymous_environment(), stdin=subprocess.DEVNULL,
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == expected, done.stdout[-3000:] + done.stderr[-2000:]
    return done


def anonymous_environment() -> dict[str, str]:
    """Return an environment in which git has no user name."""
    return environment() | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def share_cache(project: Path, cache: Path) -> None:
    """Let DVC keep files and runs in a cache outside of the project, as a user may set.

    A stage is then restored if another project has run it with equal command, dependencies and
    parameters.
    """
    run(project, "uv", "run", "dvc", "config", "--local", "cache.dir", str(cache))


def retrain(project: Path, day: str, expected: int = 0) -> str:
    """Retrain, and return the output."""
    done = run(project, "scripts/retrain.sh", day, expected=expected)
    return done.stdout + done.stderr


def edit(project: Path, old: str, new: str) -> None:
    """Replace the only match of a pattern in `params.yaml`.

    Raises:
        AssertionError: the pattern does not match exactly once.
    """
    params = project / "params.yaml"
    text, count = re.subn(old, new, params.read_text("utf-8"))
    assert count == 1, old
    params.write_text(text, "utf-8")


def stages_run(output: str) -> list[str]:
    """Return the stages that ran, or were restored instead, in order."""
    return re.findall(r"(?:Running stage|Stage) '(\w+)'(?=:| is cached)", output)


def restored(output: str) -> list[str]:
    """Return the stages of which DVC knew the outputs."""
    return re.findall(r"Stage '(\w+)' is cached", output)


def ledger(project: Path) -> list[dict[str, object]]:
    """Return the ledger."""
    file = project / "runs" / "runs.jsonl"
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines]


def model(project: Path) -> bytes:
    """Return the accepted model."""
    return (project / "models" / "model.onnx").read_bytes()


def change(project: Path, what: str) -> None:
    """Change the data, the model's settings, or the serving code."""
    if what == "data":
        sample = project / "data" / "sample" / "flights.parquet"
        run(project, "uv", "run", "python", "-c", DROP_A_ROW, str(sample))
    elif what == "model":
        edit(project, "rounds: 60", "rounds: 50")
    else:
        with (project / PREDICTOR).open("a") as file:
            file.write("# changed\n")
