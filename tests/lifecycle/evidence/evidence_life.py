"""A project with a ledger as the runtime writes it, at any time, without training."""

import json
import shutil
from collections.abc import Mapping
from contextlib import chdir
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from modelyard.evidence import ledger

from modelyard_lifecycle.evidence.ledger import read_ledger
from modelyard_lifecycle.evidence.project_now import function_hashes, read_project_now
from modelyard_lifecycle.evidence.rubric import read_rubric
from modelyard_lifecycle.evidence.score import Score, compute_score
from tests.checkout import ROOT, git

START = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
TEMPLATE = ROOT / "template"
LOCK = """\
stages:
  ingest:
    deps:
    - path: data/sample
      hash: md5
      md5: df670f5cb3de1d75bf0e0c42c9e58345.dir
    outs:
    - path: data/raw/rows.parquet
      hash: md5
      md5: 19ae89b3a7f3b948842341c84952ef8f
"""
GATE = {
    "floors: roc_auc": ("ok", 0.62),
    "over_baseline: roc_auc": ("ok", 0.0),
    "origin EWR: slice_floors: roc_auc": ("ok", 0.55),
    "carrier kind: fairness: equalized_odds_difference": ("ok", 0.4),
    "budget: bytes": ("ok", 1_000_000),
    "budget: time of a row": ("ok", 1.0),
}
MONITOR = dict.fromkeys(("feed", "records", "version", "drift", "quality", "floors", "age"), "fine")
STAGES = ("ingest", "prepare", "train", "gate")
RUBRIC_TESTS = [item for test in read_rubric() for item in test.evidence if "::" in item]


def make_project(folder: Path, level: int) -> Path:
    """Make the files of a project that the score reads, and commit them."""
    parts = {"src/{{ package_name }}": "src/flight_delays", "src/modelyard/testing": "",
             "tests": "", "scripts": "", ".github": "", "docs/decisions": ""}  # fmt: skip
    for name, into in parts.items():
        shutil.copytree(TEMPLATE / name, folder / (into or name))
    for name in ("deliver", "drill", "check-model") if level < 3 else ():
        (folder / ".github" / "workflows" / f"{name}.yml").unlink()
    for name, text in {
        "pyproject.toml": f"[tool.modelyard]\nlevel = {level}\ntargets = ['rest']\n",
        "dvc.lock": LOCK,
        "models/model.json": '{"version": "abc123"}',
        "models/trials.json": '{"trials": [{}, {}]}',
        "params.yaml": "data: {}\n",
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Start")
    return folder


@dataclass
class Life:
    """A project and its simulated clock."""

    folder: Path
    now: datetime = START

    def later(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def ran(self, check: str, details: Mapping[str, Any], ci: str = "", **changes: Any) -> None:
        """Record a run: by a person, or by CI, if `ci` is `workflow/job/trigger`."""
        names = ("GITHUB_WORKFLOW", "GITHUB_JOB", "GITHUB_EVENT_NAME")
        variables = dict(zip(names, ci.split("/"), strict=True)) if ci else {}
        variables |= {"GITHUB_RUN_ID": f"{self.now:%j%H%M}"} if ci else {}
        failed = changes.pop("failed", False)
        with chdir(self.folder):
            state = ledger.state() | {"when": self.now.isoformat(), "clean": True} | changes
        with (
            chdir(self.folder),
            patch.object(ledger, "state", lambda: state),
            patch.dict("os.environ", variables, clear=True),
        ):
            ledger.append(check, failed, 60.0, dict(details))

    def tested(self, ends: Mapping[str, str] | None = None, ci: str = "", **changes: Any) -> None:
        """Record a run of the project's tests; `ends` are those that did not pass."""
        found = {}
        for path in sorted((self.folder / "tests").glob("test_*.py")):
            for name, source in function_hashes(path.read_text("utf-8")).items():
                if name.startswith("test_"):
                    found[f"tests/{path.name}::{name}"] = ("passed", source, 1)
        for test, end in (ends or {}).items():
            found[test] = (end, *found[test][1:])
        kept = {test: value for test, value in found.items() if value[0] != "not run"}
        self.ran("tests", kept, ci, **changes)

    def trained(self, ci: str = "", **changes: Any) -> None:
        """Record a run of the pipeline."""
        for stage in STAGES:
            self.ran(stage, GATE if stage == "gate" else {}, ci, **changes)

    def day_of_ci(self, *, push: bool, canary: bool) -> None:
        """Record a day on which all schedules ran; with a push also the checks of it."""
        self.later(days=1)
        self.ran("monitor", MONITOR, "monitor/monitor/schedule")
        if push:
            self.ran("retrain", {}, "train/train/schedule")
            self.trained("train/train/schedule")
            self.trained("check/code/push")
            self.tested(ci="check/code/push")
        if push and canary:
            self.ran("canary rest", {"rows compared": True}, "deliver/deliver/push")
            self.ran("drill", {"held": True}, "drill/drill/schedule")

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file of the project and commit it."""
        path = self.folder / name
        text = path.read_text("utf-8")
        assert old in text, f"{name} has no {old!r}"
        path.write_text(text.replace(old, new, 1), "utf-8")
        git(self.folder, "commit", "--quiet", "--all", "--message", f"Change {name}")

    def lines(self) -> list[tuple[Path, list[str]]]:
        """Return the ledger's files with their lines."""
        files = sorted((self.folder / ledger.FOLDER).glob("*.jsonl"))
        return [(path, path.read_text("utf-8").splitlines()) for path in files]

    def forget(self, check: str) -> None:
        """Drop all entries of a check, with a chain that is whole."""
        for path, lines in self.lines():
            kept, before = [], ""
            for line in lines:
                entry = json.loads(line)
                if entry["check"] == check:
                    continue
                entry = {k: v for k, v in entry.items() if k != "seal"} | {"before": before}
                kept.append(json.dumps(entry | {"seal": ledger.digest(json.dumps(entry))}))
                before = ledger.digest(kept[-1])
            path.write_text("".join(f"{line}\n" for line in kept), "utf-8")

    def score(self) -> Score:
        """Return the score now."""
        return compute_score(read_project_now(self.folder), read_ledger(self.folder), self.now)


def points(score: Score, test: str) -> float:
    """Return the points of a test."""
    return next(one.points for one in score.results if one.test.id == test)


def why(score: Score, test: str) -> str:
    """Return why a test has no more points."""
    return next(one.why for one in score.results if one.test.id == test)
