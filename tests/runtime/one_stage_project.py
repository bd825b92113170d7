"""A project with a one-stage pipeline that trains in no time, for tests of retraining."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from unittest.mock import patch
from warnings import catch_warnings

import yaml
from dvc.cli import main
from modelyard.files import write_json
from modelyard.params import read_params
from modelyard.project import load
from modelyard.registry.dvc import environment
from modelyard.retraining import retraining, trigger

from tests.runtime.example import PACKAGE, PYPROJECT

TRAIN = """
import json, pathlib, sys, yaml
day = str(yaml.safe_load(open("params.yaml"))["data"]["as_of"])
rows = pathlib.Path("data/sample/rows.csv").read_text("utf-8")
pathlib.Path("models/candidate.onnx").write_text(rows + day, "utf-8")
if "broken" in rows:
    sys.exit("error: 3 rows break the schema")
accepted = "bad" not in rows
verdict = "Accepted: all is well." if accepted else "Refused by 1 of 1 checks: floors."
pathlib.Path("reports/gate.md").write_text(f"# The gate\\n\\n{verdict}\\n", "utf-8")
pathlib.Path("reports/gate.html").write_text(verdict, "utf-8")
pathlib.Path("models/metrics.json").write_text(json.dumps({"accepted": accepted}), "utf-8")
with open("reports/test_rows.jsonl", "a") as looks:
    looks.write("{}\\n")
if not accepted:
    sys.exit("error: the candidate is refused")
pathlib.Path("models/model.json").write_text(json.dumps({"trained_as_of": day}), "utf-8")
"""
PERSIST = {"persist": True}
STAGE = {
    "cmd": "python src/train.py",
    "params": ["data.as_of", "train", {"runtime.json": ["gate"]}],
    "deps": ["data/sample", "src/train.py"],
    "outs": ["models/candidate.onnx", {"models/model.json": PERSIST}],
    "metrics": [{"models/metrics.json": PERSIST | {"cache": False}}],
}
RUNTIME = ("src/modelyard/models/train.py", "src/modelyard/serving/predictor.py")
CREATED = date(2024, 5, 1)
NEXT_DAY, MONTH_LATER = CREATED + timedelta(days=1), CREATED + timedelta(days=30)


def git(*words: str) -> str:
    """Run git in the working folder; return its output."""
    who = ["-c", "user.name=A Tester", "-c", "user.email=tester@example.invalid"]
    done = subprocess.run(["git", *who, *words], capture_output=True, encoding="utf-8", check=True)
    return done.stdout


def commit() -> None:
    """Commit all files."""
    git("add", "--all")
    git("commit", "--quiet", "--message", "By hand")


def dvc(*words: str) -> None:
    """Run DVC in the working folder."""
    subprocess.run([sys.executable, "-m", "dvc", *words], check=True, capture_output=True)


def run_here(*words: str) -> Iterator[str]:
    """Run DVC as `run_streaming` does, but in this process, which has imported it.

    Raises:
        subprocess.CalledProcessError: it failed; raised after the last line.
    """
    kept = [os.dup(stream) for stream in (1, 2)]
    with TemporaryFile("w+", encoding="utf-8") as output:
        with redirect_stdout(output), redirect_stderr(output):
            for stream in (1, 2):  # of the stages
                os.dup2(output.fileno(), stream)
            try:
                with patch.dict(os.environ, environment()), catch_warnings(action="ignore"):
                    code = main([*words])
            finally:
                for stream, own in zip((1, 2), kept, strict=True):
                    os.dup2(own, stream)
                    os.close(own)
        output.seek(0)
        yield from output.read().splitlines()
    if code:
        raise subprocess.CalledProcessError(code, words)


def create_project(project: Path) -> None:
    """Create and train the project in the working folder, with params of a real project."""
    for name in (*RUNTIME, "src/serving/app.py", "src/train.py", "data/sample/rows.csv"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
    for name in ("models", "reports"):
        Path(name).mkdir()
    for name in (*RUNTIME, "src/serving/app.py"):
        Path(name).write_text("answer = 1\n", "utf-8")
    write_json(Path("runtime.json"), {"gate": "1"})
    Path("src/train.py").write_text(TRAIN, "utf-8")
    Path("data/sample/rows.csv").write_text("good\n", "utf-8")
    Path("dvc.yaml").write_text(yaml.safe_dump({"stages": {"gate": STAGE}}), "utf-8")
    Path("params.yaml").write_text((project / "params.yaml").read_text("utf-8"), "utf-8")
    set_param("data", "as_of", CREATED.isoformat())
    Path("pyproject.toml").write_text(PYPROJECT, "utf-8")
    Path(".gitignore").write_text((project / ".gitignore").read_text("utf-8"), "utf-8")
    git("init", "--quiet")
    dvc("init", "--quiet")
    commit()
    dvc("repro", "--quiet")
    commit()


def set_param(section: str, name: str, value: Any) -> None:
    """Set a param; comments are lost."""
    params = yaml.safe_load(Path("params.yaml").read_text("utf-8"))
    params[section][name] = value
    Path("params.yaml").write_text(yaml.safe_dump(params), "utf-8")


def change_data(text: str) -> None:
    """Replace the data, and commit it."""
    Path("data/sample/rows.csv").write_text(text + "\n", "utf-8")
    commit()


def send_message(name: str) -> None:
    """Write a message to the inbox."""
    write_json(Path("inbox", f"{name}.json"), {"reason": "to see"})


def decide(now: date = NEXT_DAY) -> trigger.Decision:
    """Evaluate all reasons."""
    return trigger.decide(load(PACKAGE), now, read_params())


def due_kinds(now: date = NEXT_DAY) -> list[str]:
    """Return the kinds of the reasons that are due."""
    return [reason.kind for reason in decide(now).due]


def retrain(now: date) -> int:
    """Retrain if a reason is due; return the exit code."""
    return retraining.retrain(load(PACKAGE), now)
