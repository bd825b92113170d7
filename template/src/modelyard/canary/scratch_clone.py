"""Scratch clone for rehearsals, isolated from remotes and services."""

import os
import subprocess
import sys
from pathlib import Path

from ..choices import read_choices
from ..console import UserError
from ..files import sha256
from ..registry.git import error_line, git_output, head_commit

ROWS = 200
EXTERNAL = (
    *("CI", "REGISTRY_PUSH", "RETRAIN_BRANCH", "PUSH_URL", "MLFLOW_TRACKING_URI", "MODEL_DIR"),
    *("GH_TOKEN", "GITHUB_TOKEN", "GITLAB_TOKEN", "CI_JOB_TOKEN"),
)
PREDICT = """
import json, sys
from pathlib import Path
from modelyard.project import load
from modelyard.serving.predictor import Predictor, to_rows

package, model, rows, count = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
project = load(package)
lines = (rows / "examples.jsonl").read_bytes().split(b"\\n")[:count]
request = to_rows([json.loads(line) for line in lines if line], project.schema)
for record in Predictor(model, project.schema, project.build).predict(request).records():
    print(json.dumps(record))
"""


def clone_repository(folder: Path) -> Path:
    """Clone the current commit and all tags, with DVC's cache and settings of this machine."""
    clone, commit = folder / "clone", head_commit()
    git_output("clone", "--quiet", "--shared", ".", str(clone))
    git_output("-C", str(clone), "remote", "remove", "origin")
    git_output("-C", str(clone), "checkout", "--quiet", "--detach", commit)
    for entry in Path(".dvc").iterdir():
        if entry.name != "tmp" and not (clone / ".dvc" / entry.name).exists():
            (clone / ".dvc" / entry.name).symlink_to(entry.resolve())
    if read_choices().tracker == "mlflow":
        run_python(clone, clone / "src", "-m", "modelyard", "adopt-mlflow")
    return clone


def isolated_environment(sources: Path) -> dict[str, str]:
    """Return an environment with installed libraries, given sources, no external services."""
    kept = {name: value for name, value in os.environ.items() if name not in EXTERNAL}
    libraries = {"UV_PROJECT_ENVIRONMENT": sys.prefix, "UV_NO_SYNC": "1"}
    return kept | libraries | {"PYTHONPATH": str(sources)}


def run_python(clone: Path, sources: Path, *words: str) -> bytes:
    """Run Python in a clone and return its output; if it fails, its last line is the error."""
    command, own = [sys.executable, *words], isolated_environment(sources)
    done = subprocess.run(command, cwd=clone, env=own, capture_output=True)
    if done.returncode != 0:
        raise UserError(f"in the scratch clone: {error_line(done)}")
    return done.stdout


def predictions(clone: Path, package: str, commit: str, model: Path, rows: Path) -> bytes:
    """Predict the examples in `rows` with a model and a commit's `src/`; a line of JSON each."""
    code = clone.parent / commit
    if not code.exists():
        git_output("-C", str(clone), "worktree", "add", "--quiet", "--detach", str(code), commit)
    words = package, str(model), str(rows), str(ROWS)
    return run_python(clone, code / "src", "-c", PREDICT, *words)


def repository_state() -> tuple[bytes, bytes, dict[str, str]]:
    """Return what a rehearsal must not change: refs, status of the files, hashes of `served/`."""
    hashes = {str(one): sha256(one) for one in Path("served").rglob("*") if one.is_file()}
    return git_output("for-each-ref"), git_output("status", "--porcelain"), hashes
