"""Rollback drill: a rollback of prod, rehearsed in a clone isolated from remotes and services."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ..choices import read_choices
from ..console import UserError
from ..evidence.ledger import note
from ..files import read_json, sha256
from ..registry.actions import find, verified_files
from ..registry.backend import PROD, Version, open_backend
from ..registry.git import error_line, git_output, head_commit
from ..registry.install import install_files
from ..registry.state import serving_history
from .check import Check, exit_code, success_check, table

LIMIT_S = 30.0
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


class Rollback(NamedTuple):
    """Result of `scripts/rollback.sh`, and model and its predictions (a line a row) afterwards."""

    code: int
    output: str
    seconds: float
    model: str
    predictions: bytes


def versions(project: str) -> tuple[Version, Version] | None:
    """Return the serving version and the target of a rollback; None without an earlier version."""
    backend = open_backend(project)
    if len(set(serving_history(backend.events(), PROD))) < 2:
        return None
    return find(backend, PROD), find(backend, f"{PROD}~1")


def rehearse(project: str, now: Version, before: Version) -> list[Check]:
    """Roll back from `now` to `before` in a clone, and check that `before` serves as it did."""
    state = repository_state()
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        clone, old = clone_repository(Path(folder)), Path(folder) / "before"
        install_files(before, verified_files(before), old)
        install_files(now, verified_files(now), clone / "served" / PROD)
        expected = predictions(clone, project, before.commit, old, old)
        rollback = run_rollback(clone, project, before.commit, old)
    checks = check_rollback(before.manifest["model"]["version"], expected, rollback)
    changed = "" if repository_state() == state else "no"
    return [*checks, success_check("repository unchanged", changed)]


def run_rollback(clone: Path, project: str, commit: str, rows: Path) -> Rollback:
    """Run the script in the clone, and predict with the model that serves afterwards."""
    folder, start = clone / "served" / PROD, time.monotonic()
    done = subprocess.run(
        ["bash", "scripts/rollback.sh", PROD],
        cwd=clone, env=isolated_environment(clone / "src"), capture_output=True, encoding="utf-8",
    )  # fmt: skip
    seconds = time.monotonic() - start
    output = (done.stderr or done.stdout).strip().rpartition("\n")[2]
    model = str(read_json(folder / "model.json", "")["version"])
    try:
        lines = predictions(clone, project, commit, folder, rows)
    except UserError as error:
        output, lines = f"{output}; {error}", b""
    return Rollback(done.returncode, output, seconds, model, lines)


def check_rollback(model: str, expected: bytes, done: Rollback) -> list[Check]:
    """Return the checks of a rollback to a model whose predictions are `expected`, one a line."""
    rows, changed = len(expected.splitlines()), count_changed(expected, done.predictions)
    ended, quick = f"exit code {done.code}: {done.output}", done.seconds < LIMIT_S
    return [
        Check("scripts/rollback.sh", ended, "exit code 0", done.code == 0),
        Check("serving model", done.model, model, done.model == model),
        Check("rows predicted", f"{rows:,}", "at least 1", rows > 0),
        Check("changed predictions", f"{changed:,}", "0", expected == done.predictions),
        Check("time", f"{done.seconds:.1f} s", f"below {LIMIT_S:.0f} s", quick),
    ]


def count_changed(before: bytes, after: bytes) -> int:
    """Return the number of changed or missing predictions."""
    lines = (before.splitlines(), after.splitlines())
    same = sum(one == other for one, other in zip(*lines, strict=False))
    return max(map(len, lines)) - same


def report(about: str, checks: Sequence[Check]) -> str:
    """Return the report as Markdown."""
    verdict = "it works" if exit_code(checks) == 0 else "it does NOT work"
    output = next((f"\n\n{one.found}" for one in checks if one.name == "scripts/rollback.sh"), "")
    return f"## Rollback drill: {verdict}\n\n{about}\n\n{table(checks)}{output}"


def drill(project: str) -> None:
    """Rehearse a rollback, print the report, and exit with the verdict's code."""
    if (pair := versions(project)) is None:
        print(f"## Rollback drill: not held\n\nFewer than two versions have served {PROD}.")
        return
    note(held=True)
    now, before = pair
    about = f"{PROD} is {now.name}; in a scratch clone it was rolled back to {before.name}."
    checks = rehearse(project, now, before)
    print(report(about, checks))
    sys.exit(exit_code(checks))


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
