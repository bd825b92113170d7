"""Settings and identity of a run, to resume it, and its manifest."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ...choices import runtime_version
from ...files import sha256
from ...places import RECORDS
from ...project import Project
from ...schema.contract import Schema
from ...settings import Settings, setting
from ..predictor import Predictor
from .chunks import Chunk, Input
from .parts import PART_FILE, REJECTED, Part

SOURCES = Path(__file__).parents[2]


@dataclass(frozen=True)
class Limits(Settings):
    """Settings of a run; `.env.example` describes each."""

    batch_chunk_rows: int = setting(65_536, least=1, most=10_000_000)
    batch_workers: int = setting(0, least=0, most=1024)
    batch_record_rows: int = setting(0, least=0, most=1_000_000)
    batch_record_dir: Path = RECORDS


@dataclass(frozen=True)
class Job:
    """Everything that determines the output of a run."""

    inputs: list[Input]
    predictor: Predictor
    project: Project
    limits: Limits

    @property
    def schema(self) -> Schema:
        """The schema of a row."""
        return self.project.schema

    @property
    def chunks(self) -> list[Chunk]:
        """The chunks of all inputs, in order."""
        return [chunk for one in self.inputs for chunk in one.chunks]

    @property
    def rows(self) -> int:
        """The number of rows of all inputs."""
        return sum(one.rows for one in self.inputs)

    @property
    def ignored(self) -> list[str]:
        """The columns of the inputs that are not in the schema."""
        found = {name for one in self.inputs for name in one.columns}
        return sorted(found - {*self.schema.names})

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Inputs, model and code as JSON: if any of it differs, the parts may differ."""
        as_of, model_json = self.limits.as_of, self.predictor.folder / "model.json"
        return {
            "inputs": [
                {"file": one.source.name, "sha256": one.sha256, "rows": one.rows}
                for one in self.inputs
            ],
            "as_of": as_of and as_of.isoformat(),
            "model_version": self.predictor.version,
            "model_sha256": self.predictor.manifest["sha256"],
            "model_json_sha256": sha256(model_json),
            "schema_hash": self.schema.hash,
            "code_version": code_version(),
            "chunk_rows": self.limits.batch_chunk_rows,
        }

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits of the hash of the identity."""
        return hashlib.sha256(json.dumps(self.identity).encode()).hexdigest()[:16]


def make_manifest(job: Job, parts: dict[int, Part], output: Path) -> dict[str, Any]:
    """Return the manifest of a run whose parts and rejected rows are published."""
    files = [
        {"file": PART_FILE.format(number), "sha256": part.part, "rows": part.scored}
        for number, part in parts.items()
    ]
    return {
        "job": job.fingerprint,
        **job.identity,
        "rows_in": job.rows,
        "scored": sum(part.scored for part in parts.values()),
        "rejected": sum(part.rejected for part in parts.values()),
        "ignored_columns": job.ignored,
        "parts": files,
        "rejected_file": {"file": REJECTED, "sha256": sha256(output / REJECTED)},
    }


def code_version() -> str:
    """Return the package's version and a hash of its code, independent of line endings."""
    digest = hashlib.sha256()
    for path in sorted(SOURCES.rglob("*.py"), key=lambda path: path.relative_to(SOURCES).parts):
        digest.update(path.relative_to(SOURCES).as_posix().encode())
        digest.update(path.read_text("utf-8").encode())
    return f"{runtime_version() or 0}+{digest.hexdigest()[:12]}"
