"""The gate accepts what reaches the limits, and changes nothing when it refuses."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from flight_delays.schema import SCHEMA
from modelyard.console import UserError
from modelyard.data.read import read_table
from modelyard.data.tables import to_rows
from modelyard.features.table import encoded_target
from modelyard.files import (
    read_json,
    sha256,
    write_json,
)
from modelyard.models import gate
from modelyard.models.evaluate import evaluate
from modelyard.models.gates.floors import metric_checks
from modelyard.models.gates.versions.serving_model import read_serving_model
from modelyard.models.release import metadata
from modelyard.params import read_params
from modelyard.params_sections import Gate
from modelyard.places import FEATURES, MODELS
from modelyard.project import Project
from modelyard.schema.contract import Slice
from modelyard.schema.metric import LOWER_IS_BETTER
from modelyard.testing.small import LENIENT

REPORT: dict[str, Any] = {
    "overall": {"roc_auc": 0.75, "log_loss": 0.5},
    "slices": {
        "region": {
            "north": {"rows": 900, "roc_auc": 0.75, "log_loss": 0.5},
            "south": {"rows": 100, "roc_auc": 0.625, "log_loss": 0.75},
            "tiny": {"rows": 3},
        }
    },
}
SERVED = ["model.onnx", "model.json", "card.md", "examples.jsonl"]
KEPT = ["gate.md", "gate.html", "test_rows.jsonl", "versions.json"]


def limits(**changes: dict[str, float]) -> Gate:
    asked = {name: limits for name, limits in LENIENT.items() if name in Gate.model_fields}
    return Gate(**(asked | changes), min_slice_rows=50, max_parity_gap=1e-5)


def passed(**changes: dict[str, float]) -> list[bool]:
    baseline = {"overall": {"roc_auc": 0.5, "log_loss": 0.75}, "slices": {}}
    checks = metric_checks(REPORT, baseline, limits(**changes))
    return [check.passed for check in checks if check.outcome != "insufficient data"]


@pytest.mark.parametrize(("floor", "accepted"), [(0.7, True), (0.75, True), (0.76, False)])
def test_a_metric_must_reach_its_floor(floor: float, accepted: bool) -> None:
    assert passed(floors={"roc_auc": floor}) == [accepted]


@pytest.mark.parametrize(("ceiling", "accepted"), [(0.6, True), (0.5, True), (0.49, False)])
def test_an_error_may_not_exceed_its_ceiling(ceiling: float, accepted: bool) -> None:
    assert passed(floors={"log_loss": ceiling}) == [accepted]


@pytest.mark.parametrize(("margin", "accepted"), [(0.0, True), (0.25, True), (0.26, False)])
@pytest.mark.parametrize("metric", ["roc_auc", "log_loss"])
def test_the_candidate_must_beat_the_baseline_by_the_margin(
    metric: str, margin: float, accepted: bool
) -> None:
    assert passed(over_baseline={metric: margin}) == [accepted]


def test_a_candidate_worse_than_the_baseline_is_refused_at_a_margin_of_zero() -> None:
    better = {"overall": {"roc_auc": 0.76}, "slices": {}}
    checks = metric_checks(REPORT, better, limits(over_baseline={"roc_auc": 0.0}))
    assert [check.passed for check in checks] == [False]


@pytest.mark.parametrize(
    ("floor", "accepted"), [(0.6, [True, True]), (0.625, [True, True]), (0.7, [True, False])]
)
def test_each_slice_with_enough_rows_must_reach_the_floor(
    floor: float, accepted: list[bool]
) -> None:
    assert passed(slice_floors={"roc_auc": floor}) == accepted


def test_an_error_of_a_slice_may_not_exceed_its_ceiling() -> None:
    assert passed(slice_floors={"log_loss": 0.6}) == [True, False]


def test_all_limits_are_checked_at_once() -> None:
    asked = {"roc_auc": 0.5}
    assert len(passed(floors=asked, over_baseline=asked, slice_floors=asked)) == 4


@pytest.mark.parametrize("section", ["floors", "over_baseline", "slice_floors"])
def test_a_metric_that_does_not_exist_is_named_with_those_that_do(section: str) -> None:
    with pytest.raises(UserError) as refused:
        passed(**{section: {"auc": 0.5}})
    assert str(refused.value) == (
        f"params.yaml: gate.{section} names 'auc', allowed are roc_auc, log_loss"
    )


def test_a_slice_with_too_few_rows_is_named_and_neither_passes_nor_refuses() -> None:
    small = metric_checks(REPORT, REPORT, limits(slice_floors={"roc_auc": 0.5}))[-1]
    assert str(small) == "insufficient data region: slice_floors: fewer than 50 rows for tiny"
    assert (small.passed, small.refuses) == (False, False)


def test_a_check_shows_value_and_limit() -> None:
    baseline: dict[str, Any] = {"overall": {}, "slices": {}}
    checks = metric_checks(REPORT, baseline, limits(slice_floors={"roc_auc": 0.7}))
    assert [str(check) for check in checks] == [
        "ok     region north: slice_floors: roc_auc: 0.7500, limit 0.7000",
        "FAILED region south: slice_floors: roc_auc: 0.6250, limit 0.7000",
        "insufficient data region: slice_floors: fewer than 50 rows for tiny",
    ]


def set_limit(folder: Path, limit: float) -> None:
    """Set one limit of the gate, and make the baseline the serving model."""
    params = yaml.safe_load((folder / "params.yaml").read_text("utf-8"))
    params["gate"] |= LENIENT | {"floors": {params["search"]["choose_by"]: limit}}
    (folder / "params.yaml").write_text(yaml.safe_dump(params), "utf-8")
    write_serving_model("baseline")


def choose_level(level: int) -> None:
    choices = Path("pyproject.toml").read_text("utf-8")
    Path("pyproject.toml").write_text(choices.replace("level = 3", f"level = {level}"), "utf-8")
    params = yaml.safe_load(Path("params.yaml").read_text("utf-8"))
    above = {1: ("retrain", "canary", "serving", "history"), 2: ("canary",), 3: ()}[level]
    for part in (params, params["gate"]):
        for name in {*above} & {*part}:
            del part[name]
    Path("params.yaml").write_text(yaml.safe_dump(params), "utf-8")


def write_serving_model(name: str) -> None:
    """Write the files of an accepted model."""
    spec = read_json(FEATURES / "spec.json", "")
    shutil.copy(MODELS / f"{name}.onnx", MODELS / "model.onnx")
    write_json(
        MODELS / "model.json",
        metadata(sha256(MODELS / "model.onnx"), spec, SCHEMA, read_params()),
    )
    (MODELS / "card.md").write_text("the one before", "utf-8")
    (MODELS / "examples.jsonl").write_text("the one before", "utf-8")


def files() -> dict[str, bytes]:
    return {name: (MODELS / name).read_bytes() for name in SERVED}


@pytest.fixture
def worst_limit() -> float:
    """Return a limit that any model reaches; no model reaches its negative."""
    return 1e9 if read_params().search.choose_by in LOWER_IS_BETTER else -1e9


def test_an_accepted_candidate_becomes_the_serving_model(
    workspace: Path, project: Project, worst_limit: float
) -> None:
    set_limit(workspace, worst_limit)
    before = files()
    gate.main(project)
    after = files()
    assert after["model.onnx"] == (MODELS / "candidate.onnx").read_bytes()
    assert read_json(MODELS / "metrics.json", "")["accepted"] is True
    assert [name for name in SERVED if after[name] == before[name]] == []


def test_a_refused_candidate_does_not_change_the_serving_model(
    workspace: Path, project: Project, worst_limit: float
) -> None:
    set_limit(workspace, -worst_limit)
    before = files()
    with pytest.raises(UserError, match=r"the candidate is refused; models/model\.onnx is the one"):
        gate.main(project)
    assert files() == before
    assert read_json(MODELS / "metrics.json", "")["accepted"] is False
    for report in ("gate.md", "gate.html"):
        assert "Refused by 1 of" in (Path("reports") / report).read_text("utf-8")
    assert not Path("reports/versions.json").exists()


def test_the_same_candidate_again_changes_no_file_of_the_gate(
    workspace: Path, project: Project, worst_limit: float
) -> None:
    set_limit(workspace, worst_limit)
    for name in SERVED:
        (MODELS / name).unlink()
    gate.main(project)
    kept = [*(MODELS / name for name in SERVED), *(Path("reports") / name for name in KEPT)]
    first = [file.read_bytes() for file in kept]
    gate.main(project)
    assert [file.read_bytes() for file in kept] == first


@pytest.mark.parametrize("level", [2, 3])
def test_the_next_version_is_compared_with_the_serving_and_with_the_first_version(
    level: int, workspace: Path, project: Project, worst_limit: float
) -> None:
    set_limit(workspace, worst_limit)
    choose_level(level)
    gate.main(project)
    shutil.copy(MODELS / "baseline.onnx", MODELS / "candidate.onnx")
    gate.main(project)
    text = re.sub(" +", " ", Path("reports/gate.md").read_text("utf-8"))
    metric = read_params().search.choose_by
    assert f"| ok | serving: {metric}, upper bound of the gain |" in text
    assert f"| ok | history: {metric}, gain over the first (" in text
    assert '<polyline class="serving"' in Path("reports/gate.html").read_text("utf-8")
    assert len(read_json(Path("reports/versions.json"), "")) == 2
    assert len(Path("reports/test_rows.jsonl").read_text("utf-8").splitlines()) == 2


def test_below_level_2_no_earlier_version_is_compared_or_recorded(
    workspace: Path, project: Project, worst_limit: float
) -> None:
    set_limit(workspace, worst_limit)
    choose_level(1)
    (MODELS / "model.onnx").write_bytes(b"of no account")
    gate.main(project)
    text = Path("reports/gate.md").read_text("utf-8")
    assert [name for name in ("serving", "history") if name in text] == []
    assert not Path("reports/gate.html").exists()
    assert not Path("reports/versions.json").exists()


@pytest.mark.parametrize("section", ["serving", "history"])
def test_from_level_2_on_a_section_that_is_missing_is_named(
    section: str, workspace: Path, project: Project, worst_limit: float
) -> None:
    set_limit(workspace, worst_limit)
    params = yaml.safe_load(Path("params.yaml").read_text("utf-8"))
    del params["gate"][section]
    Path("params.yaml").write_text(yaml.safe_dump(params), "utf-8")
    with pytest.raises(UserError, match=rf"^params\.yaml: gate\.{section} is missing$"):
        gate.main(project)


@pytest.mark.parametrize(("protected", "asked"), [(True, 1), (False, 0)])
def test_fairness_is_checked_for_protected_slices(
    protected: bool, asked: int, project: Project
) -> None:
    params = read_params()
    measure = {"limits": {"demographic_parity_difference": 1.0}, "min_group_rows": 1}
    fairness = params.gate.fairness.model_copy(update=measure)
    lenient = params.gate.model_copy(update={"fairness": fairness})
    part = Slice("each", SCHEMA.key, protected=protected)
    parted = replace(project, schema=replace(SCHEMA, slices=(part,)))
    table = read_table(gate.TEST)
    predictions = evaluate(table, project, params)[1]["candidate"]
    rows, y = to_rows(table, SCHEMA), encoded_target(table, SCHEMA).to_numpy()
    checks = gate.row_checks(
        rows, y, predictions, parted, params.model_copy(update={"gate": lenient})
    )
    assert len([check for check in checks if check.name.startswith("each: fairness")]) == asked


def test_one_candidate_too_many_is_refused_before_the_test_rows_are_read(
    workspace: Path, project: Project, worst_limit: float
) -> None:
    set_limit(workspace, worst_limit)
    rows = sha256(gate.TEST)[:12]
    lines = [{"rows": rows, "candidate": str(number)} for number in range(99)]
    ledger = Path("reports/test_rows.jsonl")
    ledger.parent.mkdir()
    ledger.write_text("\n".join(json.dumps(one) for one in lines), "utf-8")
    before = files(), (MODELS / "metrics.json").read_bytes()
    with pytest.raises(UserError, match=r"99 candidates were evaluated on this test set, allowed"):
        gate.main(project)
    assert (files(), (MODELS / "metrics.json").read_bytes()) == before


def test_a_modified_serving_model_is_refused(workspace: Path) -> None:
    (MODELS / "model.onnx").write_bytes(b"another")
    with pytest.raises(UserError, match=r"model\.onnx is not the model of models/model\.json; uv"):
        read_serving_model(MODELS)
