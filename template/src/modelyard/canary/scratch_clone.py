"""A clone in which something can be tried: it has no remote, what happens there reaches nobody."""

import hashlib
import os
import sys
from pathlib import Path

from ..choices import read_choices
from ..console import UserError
from ..registry.git import ask
from .subprocesses import attempt

ROWS = 200
OUTWARD = (
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
lines = (rows / "examples.jsonl").read_text("utf-8").splitlines()[:count]
asked = to_rows([json.loads(line) for line in lines], project.schema)
for record in Predictor(model, project.schema, project.build).predict(asked).records():
    print(json.dumps(record))
"""


def cloned(folder: Path) -> Path:
    """Clone this repository's commit and tags, with DVC's cache and settings of this machine.

    Raises:
        UserError: git, or the registry in the clone, refused.
    """
    clone, commit = folder / "clone", ask("rev-parse", "HEAD").decode().strip()
    ask("clone", "--quiet", "--shared", ".", str(clone))
    ask("-C", str(clone), "remote", "remove", "origin")
    ask("-C", str(clone), "checkout", "--quiet", "--detach", commit)
    for entry in Path(".dvc").iterdir():
        if entry.name != "tmp" and not (clone / ".dvc" / entry.name).exists():
            (clone / ".dvc" / entry.name).symlink_to(entry.resolve())
    if read_choices().tracker == "mlflow":
        told(clone, clone / "src", "-m", "modelyard", "adopt-mlflow")
    return clone


def aloof(sources: Path) -> dict[str, str]:
    """Give the environment of commands in a clone: these libraries, that code, nobody to tell."""
    kept = {name: value for name, value in os.environ.items() if name not in OUTWARD}
    libraries = {"UV_PROJECT_ENVIRONMENT": sys.prefix, "UV_NO_SYNC": "1"}
    return kept | libraries | {"PYTHONPATH": str(sources)}


def told(clone: Path, sources: Path, *words: str) -> bytes:
    """Run Python in a clone and give what it prints.

    Raises:
        UserError: it failed; the text is its last line.
    """
    printed, failure = attempt([sys.executable, *words], aloof(sources), clone)
    if failure:
        raise UserError(f"in the clone: {failure}")
    return printed


def predictions(clone: Path, package: str, commit: str, model: Path, rows: Path) -> bytes:
    """Predict by the code of a commit, to which a model may be bound.

    Args:
        clone: has the commit.
        package: the name of the project's package.
        commit: whose `src/` is used.
        model: the folder of the model.
        rows: the folder of a model whose examples are predicted.

    Returns:
        A line of JSON for each row.

    Raises:
        UserError: the model does not load.
    """
    code = clone.parent / commit
    if not code.exists():
        ask("-C", str(clone), "worktree", "add", "--quiet", "--detach", str(code), commit)
    words = package, str(model), str(rows), str(ROWS)
    return told(clone, code / "src", "-c", PREDICT, *words)


def seen() -> tuple[bytes, bytes, dict[str, str]]:
    """Give what a try must leave alone: refs, the state of the files, what is served."""
    files = (file for file in Path("served").rglob("*") if file.is_file())
    hashes = {str(one): hashlib.sha256(one.read_bytes()).hexdigest() for one in files}
    return ask("for-each-ref"), ask("status", "--porcelain"), hashes
