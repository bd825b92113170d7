"""Create, commit and register models of a few bytes."""

import subprocess
from pathlib import Path
from typing import Any

from dvc.repo import Repo
from modelyard.files import sha256, write_json
from modelyard.registry import register as registering
from modelyard.registry.backend import Backend

IDENTITY = ["-c", "user.name=A Tester", "-c", "user.email=tester@example.invalid"]
DAYS = [f"2024-05-{day:02}T08:00:00+00:00" for day in range(1, 29)]


def git(*words: str, folder: Path = Path()) -> str:
    """Run git and return its output."""
    command = ["git", *IDENTITY, "-c", "commit.gpgsign=false", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def commit(message: str) -> None:
    """Commit all files."""
    git("add", "--all")
    git("commit", "--quiet", "--message", message)


def make_model(mark: str, accepted: bool = True) -> str:
    """Write the files of a model as the pipeline does, and commit them; return its version.

    Args:
        mark: content by which models differ.
        accepted: verdict of the gate.
    """
    for folder in ("models", "reports", "data/raw"):
        Path(folder).mkdir(parents=True, exist_ok=True)
    Path("data/raw/rows.parquet").write_text(f"rows for {mark}", "utf-8")
    Path("params.yaml").write_text("data: {as_of: '2024-05-01'}\n", "utf-8")
    Path("models/model.onnx").write_text(f"model {mark}", "utf-8")
    Path("models/card.md").write_text(f"# Model {mark}\n", "utf-8")
    for name in ("examples.jsonl", "reference.json"):
        Path("models", name).write_text("{}\n", "utf-8")
    about = describe()
    write_json(Path("models/model.json"), about)
    write_json(Path("models/metrics.json"), figures(mark, accepted))
    verdict = "Accepted: 3 of 3 checks passed." if accepted else "Refused by 1 of 3 checks: floors."
    Path("reports/gate.md").write_text(f"# Gate: model {about['version']}\n\n{verdict}\n")
    with Repo() as repo:
        repo.commit(force=True)
    commit(f"Model {mark}")
    return str(about["version"])


def describe() -> dict[str, Any]:
    """Return the content of `model.json` for the model in `models/`."""
    digest = sha256(Path("models/model.onnx"))
    known = {"trained_as_of": "2024-05-01", "training_rows": 9}
    hashes = {"schema_hash": "aaaaaaaaaaaa", "code_hash": "bbbbbbbbbbbb"}
    return {"version": digest[:12], "sha256": digest} | known | hashes


def figures(mark: str, accepted: bool) -> dict[str, Any]:
    """Return the content of `metrics.json`."""
    return {"accepted": accepted, "test": {"candidate": {"roc_auc": 0.5 + len(mark) / 100}}}


def register(backend: Backend, mark: str = "", day: int = 0) -> str:
    """Register the current model, or a new one with this mark; return the version's name."""
    if mark:
        make_model(mark)
    return registering.register(backend, "Ada", DAYS[day]).name
