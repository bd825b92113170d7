"""Monitoring in a clone of a project whose serving version is not the one accepted last."""

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from dvc.repo import Repo
from flight_delays.schema import SCHEMA
from modelyard.cli import watch
from modelyard.console import run
from modelyard.data.read import read_table
from modelyard.files import read_json, write_json
from modelyard.models.model_info import version_of
from modelyard.monitoring import report
from modelyard.monitoring.replay import replay_day
from modelyard.places import PROCESSED
from modelyard.project import Project
from modelyard.registry import actions
from modelyard.registry.backend import Backend
from modelyard.registry.install import serving_model
from modelyard.serving.predictor import Predictor

from tests.runtime import example
from tests.runtime.registered import DAYS, commit, git, register

FILES = ("model.onnx", "model.json", "card.md", "examples.jsonl", "reference.json", "metrics.json")


def make_version(threshold: float) -> str:
    """Commit the example's model with a threshold, as the pipeline does; return its version."""
    for name in FILES:
        shutil.copy(example.place() / "models" / name, "models")
    shutil.copy(example.place() / "params.yaml", ".")
    about = read_json(Path("models/model.json"), "") | {"threshold": threshold}
    version = version_of(about)
    write_json(Path("models/model.json"), about | {"version": version})
    reference = read_json(Path("models/reference.json"), "")
    write_json(Path("models/reference.json"), reference | {"version": version})
    Path("reports/gate.md").write_text(f"# Gate: model {version}\n\nAccepted: all.\n", "utf-8")
    with Repo() as repo:
        repo.commit(force=True)
    commit(f"Model {version}")
    return version


@pytest.fixture
def versions(
    registry: Backend, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """Model versions of v0.1.0, which serves prod, and of v0.2.0; a clone is the working folder."""
    models = []
    for number, threshold in enumerate((0.5, 0.4)):
        models.append(make_version(threshold))
        register(registry, day=number)
    actions.promote(registry, "v0.1.0", "prod", "Ada", DAYS[2])
    shutil.copytree(".dvc/cache", tmp_path / "store")
    with Path(".dvc/config").open("a") as config:
        config.write(
            f"[core]\n    remote = store\n['remote \"store\"']\n    url = {tmp_path}/store\n"
        )
    commit("Remote")
    git("clone", "--quiet", "--bare", ".", str(tmp_path / "origin.git"))
    git("clone", "--quiet", str(tmp_path / "origin.git"), str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    return models


def record_inverted_labels(project: Project) -> date:
    """Record predictions of the serving model with inverted labels; return their day."""
    rows = read_table(example.place() / PROCESSED / "validation.parquet").head(600)
    one, other = SCHEMA.target.values
    name = SCHEMA.target.name
    inverted = pl.when(pl.col(name) == one).then(pl.lit(other)).otherwise(pl.lit(one)).alias(name)
    predictor = Predictor(serving_model(project.package)[0], project.schema, project.build)
    day = predictor.trained_as_of + timedelta(days=5)
    replay_day(day, rows.with_columns(inverted), predictor, report.MonitorSettings.read())
    return day


def monitor() -> tuple[Any, dict[str, Any]]:
    """Run the command; return its exit code, and the report."""
    with pytest.raises(SystemExit) as ended:
        run(watch.monitor)
    return ended.value.code, read_json(report.MONITORING / "report.json", "")


def test_inverted_labels_of_the_serving_version_are_an_incident(
    versions: list[str], project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = record_inverted_labels(project)
    monkeypatch.setenv("AS_OF", day.isoformat())
    code, content = monitor()
    assert code == 20
    assert content["reasons"][0].startswith("floors: roc_auc 0.")
    assert (content["model"]["version"], content["labels"]) == (versions[0], 600)


def test_a_model_that_does_not_serve_has_no_labels_and_the_report_says_so(
    versions: list[str], project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = record_inverted_labels(project)
    monkeypatch.setenv("AS_OF", day.isoformat())
    with Repo() as repo:
        repo.pull(["gate"])
    monkeypatch.setenv("MODEL_DIR", "models")
    code, content = monitor()
    assert (code, content["model"]["version"], content["labels"]) == (0, versions[1], 0)
    assert content["model"]["source"] == "MODEL_DIR is models"
    expected = f"600 of 600 rows are of other models, most often {versions[0]}"
    assert f"version is unknown: {expected}" in content["reasons"]
