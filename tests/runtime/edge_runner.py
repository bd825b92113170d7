"""A bundle of the accepted model, run as a process of its own, as a device would."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from modelyard.files import read_json
from modelyard.serving.edge.__main__ import build

MODELS = Path(__file__).parents[1] / "models"


def built(folder: Path, key: str = "") -> Path:
    """Build a bundle, and give its folder."""
    build(folder, None, MODELS, key)
    return folder


def run(
    bundle: Path, content: bytes, *options: str, cwd: Path | None = None, **surroundings: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a bundle on some input, by default without a log and on the day of its training."""
    day = read_json(MODELS / "model.json", "")["trained_as_of"]
    environment = os.environ | {"AS_OF": day, "EDGE_LOG": "off"} | surroundings
    command = [sys.executable, str(bundle / "run.py"), *options]
    return subprocess.run(command, input=content, capture_output=True, cwd=cwd, env=environment)


def lines(*rows: Any) -> bytes:
    """Give rows as JSON lines."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def answers(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    """Read the answers of a run that went well."""
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def error(done: subprocess.CompletedProcess[bytes]) -> str:
    """Read the one line with which a run has failed."""
    assert (done.returncode, done.stdout) == (1, b"")
    (line,) = done.stderr.decode().splitlines()
    return line
