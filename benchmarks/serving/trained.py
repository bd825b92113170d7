"""The trained project whose model all sides serve."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Trained:
    """A project's folder, its package's name, and its own Python."""

    folder: Path
    package: str
    python: str

    def told(self, *words: str) -> bytes:
        """Run the command `modelyard` in the project's folder; give what it prints.

        Raises:
            SystemExit: it failed.
        """
        command = [self.python, "-m", "modelyard", *words]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(command)}: {done.stderr.decode()[-2000:]}")
        return done.stdout

    def example(self, count: int) -> list[dict[str, Any]]:
        """Give real rows, as `modelyard example` prints them."""
        return list(json.loads(self.told("example", str(count)))["rows"])


def trained(folder: Path, package: str) -> Trained:
    """Find a project's own Python.

    Raises:
        SystemExit: there is no trained project.
    """
    folder = folder.absolute()
    places = [folder / ".venv" / place for place in ("bin/python", "Scripts/python.exe")]
    found = [str(place) for place in places if place.exists()]
    if not found or not (folder / "models/model.onnx").exists():
        sys.exit(f"{folder} is no trained project; run: make demo")
    return Trained(folder, package, found[0])
