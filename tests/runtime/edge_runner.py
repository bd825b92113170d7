"""Run a bundle of the accepted model in a separate process, as on a device."""

import json
import os
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from typing import Any

from modelyard.files import read_json
from modelyard.project import load
from modelyard.serving.edge.bundle import build

from tests.runtime import example


def built(folder: Path, key: str = "") -> Path:
    """Build a bundle of the example's model; return its folder."""
    with chdir(example.place()):
        build(load(example.PACKAGE), folder, Path("models"), key)
    return folder


def device(**surroundings: str) -> dict[str, str]:
    """Return the environment of a device: without a project and without PYTHONPATH."""
    unknown = {"PYTHONPATH", "MODELYARD_PROJECT"}
    return {k: v for k, v in os.environ.items() if k not in unknown} | surroundings


def run(
    bundle: Path, content: bytes, *options: str, cwd: Path | None = None, **surroundings: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a bundle on input, by default without a log and as of the day of its training."""
    day = read_json(example.place() / "models/model.json", "")["trained_as_of"]
    environment = device(**{"AS_OF": day, "EDGE_LOG": "off"} | surroundings)
    command = [sys.executable, str(bundle / "run.py"), *options]
    return subprocess.run(command, input=content, capture_output=True, cwd=cwd, env=environment)


def lines(*rows: Any) -> bytes:
    """Return rows as JSON lines."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def answers(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    """Return the answers of a successful run."""
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def error(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return the error line of a failed run."""
    assert (done.returncode, done.stdout) == (1, b"")
    (line,) = done.stderr.decode().splitlines()
    return line
