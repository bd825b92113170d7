"""What a run is, so that it can be recognised, and what it says of itself at its end."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ... import __name__ as package
from ...files import sha256
from ...schema.contract import Schema
from ..predictor import Predictor
from .chunks import Chunk, Input
from .limits import Limits
from .parts import REJECTED, Note, part_name

SOURCES = Path(__file__).parents[2]


@dataclass(frozen=True)
class Job:
    """Everything that decides what a run's files hold."""

    inputs: list[Input]
    predictor: Predictor
    schema: Schema
    limits: Limits

    @property
    def chunks(self) -> list[Chunk]:
        """The chunks of all inputs, in order."""
        return [chunk for found in self.inputs for chunk in found.chunks]

    @property
    def rows(self) -> int:
        """The rows of all inputs."""
        return sum(found.rows for found in self.inputs)

    @property
    def ignored(self) -> list[str]:
        """The columns of the inputs that the schema does not know."""
        found = {name for found in self.inputs for name in found.columns}
        return sorted(found - {*self.schema.names})

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Inputs, model and code as JSON: other facts, other parts."""
        as_of, about = self.limits.as_of, self.predictor.folder / "model.json"
        return {
            "inputs": [
                {"file": found.source.name, "sha256": found.sha256, "rows": found.rows}
                for found in self.inputs
            ],
            "as_of": as_of and as_of.isoformat(),
            "model_version": self.predictor.version,
            "model_sha256": self.predictor.about["sha256"],
            "model_json_sha256": sha256(about),
            "schema_hash": self.schema.hash,
            "code_version": code_version(),
            "chunk_rows": self.limits.batch_chunk_rows,
        }

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits of the facts."""
        return hashlib.sha256(json.dumps(self.facts).encode()).hexdigest()[:16]


def manifest(job: Job, notes: dict[int, Note], output: Path) -> dict[str, Any]:
    """Describe a run whose parts and faults are in place already."""
    parts = [
        {"file": part_name(number), "sha256": note.part, "rows": note.scored}
        for number, note in notes.items()
    ]
    return {
        "job": job.fingerprint,
        **job.facts,
        "rows_in": job.rows,
        "scored": sum(note.scored for note in notes.values()),
        "rejected": sum(note.rejected for note in notes.values()),
        "ignored_columns": job.ignored,
        "parts": parts,
        "rejected_file": {"file": REJECTED, "sha256": sha256(output / REJECTED)},
    }


def code_version() -> str:
    """Give the package's version and a hash of its code, blind to the kind of line ends."""
    digest = hashlib.sha256()
    for path in sorted(SOURCES.rglob("*.py"), key=lambda path: path.relative_to(SOURCES).parts):
        digest.update(path.relative_to(SOURCES).as_posix().encode())
        digest.update(path.read_text("utf-8").encode())
    try:
        number = version(package)
    except PackageNotFoundError:  # its folder was put on PYTHONPATH
        number = "0"
    return f"{number}+{digest.hexdigest()[:12]}"
