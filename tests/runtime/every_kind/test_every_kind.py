"""Columns of every kind are trained and served alike; rows without a time have no age."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import chdir
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest
import yaml
from modelyard.data import prepare, snapshot
from modelyard.features import table
from modelyard.models import evaluate, export, gate, train
from modelyard.project import Project, load
from modelyard.serving.batch.engine import score_in_threads
from modelyard.serving.batch.job import run_batch
from modelyard.serving.edge.device import Expiry
from modelyard.serving.predictor import Predictor
from modelyard.testing import targets
from modelyard.testing.small import LENIENT
from modelyard.testing.targets import open_target

from tests.runtime import example

SOURCES = Path(__file__).parent / "sources"
ROW: dict[str, Any] = {
    **{"visit": 7, "children": 2, "smoker": True, "city": "Rome", "distance_km": 12.5},
    **{"weight_kg": 70.0, "born": "1980-02-29", "seen": "2024-05-01T09:30:00Z", "note": "calm"},
}
BAD: list[tuple[str, Any]] = [
    *(("visit", value) for value in (0.5, "7", True, 2**53, -1)),
    *(("children", value) for value in (31, 1.5, "many", False)),
    *(("smoker", value) for value in (1, "true", "YES")),
    *(("distance_km", value) for value in ("12", "12 ft", "-1 mi", "far")),
    *(("born", value) for value in ("2023-02-29", "1980-2-1", "1980-02-01T00:00")),
    *(("seen", value) for value in ("2024-05-01", "2024-05-01T09:30:00+24:00", "yesterday")),
]
SAME: list[tuple[str, Any, Any]] = [
    ("children", "none", 0),
    ("children", "n/a", None),
    ("smoker", "yes", True),
    ("city", "NYC", "New York"),
    ("distance_km", "10 mi", 10 * 1.609344),
    ("weight_kg", -999, None),
    ("born", "1900-01-01", None),
    ("seen", "2024-05-01T11:30:00.25+02:00", "2024-05-01T09:30:00"),
    ("note", "", None),
]


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The project, trained in a folder of its own, which is the current one."""
    folder = tmp_path_factory.mktemp("visits")
    params = example.params() | {"decision": None}
    del params["decision"]
    params["train"] |= {"rounds": 20, "checkpoint_every": 20}
    params["search"] = {"trials": 1, "choose_by": "rmse", "space": {}}
    params["gate"] |= {name: value for name, value in LENIENT.items() if name in params["gate"]}
    params["monitoring"] |= {"max_fall": {}, "floors": {}}
    params["edge"]["fallback"] = 0.0
    (folder / "params.yaml").write_text(yaml.safe_dump(params), "utf-8")
    (folder / "pyproject.toml").write_text(example.PYPROJECT, "utf-8")
    sys.path.insert(0, str(SOURCES))
    project = load("every_kind")
    with chdir(folder):
        for step in (snapshot, prepare, table, train, export, evaluate, gate):
            step.main(project)
        yield project
    sys.path.remove(str(SOURCES))


@pytest.fixture
def _beside(visits: Project, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: Any) -> None:
    monkeypatch.chdir(Path(tmp_path_factory.getbasetemp(), "visits0"))


@pytest.fixture
def served(visits: Project, _beside: None) -> Predictor:
    return Predictor(Path("models"), visits.schema, visits.build)


@pytest.mark.parametrize("name", ["rest", "batch", "edge"])
def test_a_target_answers_as_the_model_does(
    name: str, visits: Project, served: Predictor, tmp_path: Path
) -> None:
    target = open_target(name, visits, tmp_path)
    targets.check_scores(target, served, targets.many_rows(served, 200))
    targets.check_kept(target, served, ROW)
    targets.check_refused(target, visits.schema, ROW, BAD)


@pytest.mark.parametrize("name", ["rest", "batch", "edge"])
def test_what_stands_for_a_value_gets_its_score(
    name: str, visits: Project, served: Predictor, tmp_path: Path
) -> None:
    target = open_target(name, visits, tmp_path)
    for column, arrives, value in SAME:
        odd, plain = ({**ROW, column: one} for one in (arrives, value))
        assert target.predictions([odd]) == target.predictions([plain])


@pytest.mark.usefixtures("_beside")
def test_a_csv_file_is_read_as_the_requests_are(visits: Project, tmp_path: Path) -> None:
    target: Any = open_target("batch", visits, tmp_path)
    odd = ROW | {column: arrives for column, arrives, _ in SAME}
    plain = ROW | {column: value for column, _, value in SAME}
    expected = target.predictions([plain])[0]
    pl.DataFrame([odd]).write_csv(tmp_path / "rows.csv")
    with chdir(target.folder), patch.dict(os.environ, target.models):
        run_batch(str(tmp_path / "rows.csv"), tmp_path / "csv", score_in_threads, visits)
    found = pl.read_parquet(sorted((tmp_path / "csv").glob("part-*.parquet"))).row(0, named=True)
    assert found == expected | {"visit": 7}


@pytest.mark.usefixtures("_beside")
def test_the_prepared_rows_have_the_types_of_the_schema() -> None:
    rows = pl.read_parquet("data/processed/train.parquet")
    assert rows.schema == {
        **{"visit": pl.Int64, "children": pl.Int64, "smoker": pl.Boolean, "city": pl.String},
        **{"distance_km": pl.Float64, "weight_kg": pl.Float64, "born": pl.Date},
        **{"seen": pl.Datetime("us"), "note": pl.String, "cost": pl.Float64},
    }
    assert set(rows["city"]) == {"New York", "Rome"}
    assert rows["weight_kg"].min() == 70.0


@pytest.mark.usefixtures("served")
def test_rows_without_a_time_have_no_age() -> None:
    assert "rows before" not in Path("models/card.md").read_text("utf-8")
    assert "rows before" not in Path("reports/gate.md").read_text("utf-8")
    settings: Any = json.loads('{"max_age_days": 1}')
    assert not Expiry(None, settings, date(2099, 1, 1)).expired()


@pytest.mark.usefixtures("_beside")
def test_the_key_has_no_statistics() -> None:
    spec = json.loads(Path("features/spec.json").read_text("utf-8"))
    assert "visit" not in spec["columns"]
    assert {"smoker", "children"} <= set(spec["columns"])
