"""The trained project whose model all sides serve."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Trained:
    """A project's folder, the name of its package, and its Python."""

    folder: Path
    package: str
    python: str

    def modelyard(self, *words: str) -> bytes:
        """Run `modelyard` in the project's folder; return its output.

        Raises:
            SystemExit: it failed.
        """
        command = [self.python, "-m", "modelyard", *words]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(command)}: {done.stderr.decode()[-2000:]}")
        return done.stdout

    def example(self, count: int) -> list[dict[str, Any]]:
        """Return real rows, as printed by `modelyard example`."""
        return list(json.loads(self.modelyard("example", str(count)))["rows"])


def find_trained(folder: Path, package: str) -> Trained:
    """Return the trained project in a folder.

    Raises:
        SystemExit: the folder contains no trained project.
    """
    folder = folder.absolute()
    places = [folder / ".venv" / place for place in ("bin/python", "Scripts/python.exe")]
    found = [str(place) for place in places if place.exists()]
    if not found or not (folder / "models/model.onnx").exists():
        sys.exit(f"{folder} is not a trained project; run: make demo")
    return Trained(folder, package, found[0])
