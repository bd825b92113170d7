"""Odd texts get the same treatment in every target, and their memory is bounded."""

import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from flight_delays.schema import SCHEMA
from modelyard.canary.drill import PREDICT
from modelyard.choices import ALLOWED
from modelyard.features.table import feature_spec, feature_table
from modelyard.files import read_lines, write_lines
from modelyard.models.release import write_examples
from modelyard.monitoring.records import read_records
from modelyard.project import Project
from modelyard.schema.columns import Category
from modelyard.serving.edge.json_lines import BundleSettings, LinePredictor
from modelyard.serving.predictor import Predictor, to_rows
from modelyard.serving.records import prediction_lines

from tests.runtime import example
from tests.runtime.orders import ORDERS, orders
from tests.runtime.rest_client import running

from examples import ROWS

TARGETS = ALLOWED["targets"]
OPEN = next(c for c in SCHEMA.columns if isinstance(c, Category) and c.others)
CLOSED = next(c for c in SCHEMA.columns if isinstance(c, Category) and not c.others)
BREAKS = "a\x85b\u2028c\u2029d\x1ce\x1df\x1eg\x0bh\x0ci\rj\r\nk"
UNKNOWN = [f"{OPEN.values[0]}\0", "\0", BREAKS, "e\u0301", "x" * 257, "x" * 1000]
REFUSED = [
    *((CLOSED.name, f"{CLOSED.values[0]}{end}") for end in ("\0", "\x85", "\u2028", "x" * 9999)),
    *((OPEN.name, text) for text in ("x" * 1001, "x" * 50_000, "")),
]


def target(name: str) -> Any:
    """Return the module that runs a target."""
    return importlib.import_module(f"tests.runtime.{name}_target")


@pytest.mark.parametrize("name", TARGETS)
def test_an_odd_unknown_category_scores_as_any_unknown_one(
    name: str, predictor: Predictor, tmp_path: Path
) -> None:
    rows = [ROWS[0] | {OPEN.name: text} for text in ("never seen", *UNKNOWN)]
    usual, *found = target(name).predictions(rows, tmp_path)
    assert found == [usual] * len(UNKNOWN)


@pytest.mark.parametrize("name", TARGETS)
def test_a_text_that_is_no_allowed_value_is_refused(name: str, tmp_path: Path) -> None:
    rows = [ROWS[0] | {column: text} for column, text in REFUSED]
    assert target(name).faulty_columns(rows, tmp_path) == [{column} for column, _ in REFUSED]


def known(project: Project, rows: dict[str, np.ndarray]) -> list[bool]:
    """Return whether each row has a feature of its own for its category."""
    features = project.build(rows)
    return np.any([features[f"{OPEN.name}_{one}"] for one in OPEN.values], axis=0).tolist()


def test_a_category_that_ends_with_nul_has_no_feature_of_a_known_one(project: Project) -> None:
    rows = [ROWS[0] | {OPEN.name: text} for text in (OPEN.values[0], *UNKNOWN)]
    assert known(project, to_rows(rows, SCHEMA)) == [True, *[False] * len(UNKNOWN)]


def test_training_sees_the_same_categories_as_serving() -> None:
    def build(rows: Any) -> dict[str, np.ndarray]:
        return {"italian": rows["country"] == "IT", "paid": rows["payment"] == "card"}

    table = orders(4, country=["IT", "IT\0", None, "x" * 100_000])
    spec = feature_spec(table, ORDERS, build, 3)["columns"]["country"]
    assert feature_table(table, ORDERS, build, ["italian", "paid"])["italian"].sum() == 1
    shares = {name: round(share, 3) for name, share in spec["shares"].items()}
    assert (shares, spec["missing"]) == ({"FR": 0, "IT": 0.333}, 0.25)


def test_examples_hold_any_text(tmp_path: Path, predictor: Predictor, project: Project) -> None:
    texts = [BREAKS, f"{BREAKS}\0", None]
    write_examples(tmp_path / "examples.jsonl", orders(3, country=texts), ORDERS)
    assert [row["country"] for row in read_lines(tmp_path / "examples.jsonl")] == texts
    served = Predictor(predictor.folder, SCHEMA, project.build)
    served.folder = tmp_path
    assert [row["country"] for row in served.examples(3)] == texts


def test_a_rehearsal_predicts_examples_with_any_text(made: Path, tmp_path: Path) -> None:
    write_lines(tmp_path / "examples.jsonl", [ROWS[0] | {OPEN.name: BREAKS}, ROWS[1], ROWS[0]])
    words = example.PACKAGE, str(made / "models"), str(tmp_path), "2"
    done = subprocess.run([sys.executable, "-c", PREDICT, *words], capture_output=True, check=True)
    assert [*json.loads(done.stdout.split(b"\n")[0])] == ["prediction", "score"]
    assert done.stdout.count(b"\n") == 2


def test_a_recorded_text_reaches_monitoring_as_it_was_sent(tmp_path: Path) -> None:
    folder = tmp_path / "2024-05-01"
    folder.mkdir()
    rows = [*orders(3, country=["IT", "IT\0", BREAKS]).drop("placed").to_dicts()]
    sent = [row | {"placed": "2024-05-01T09:30"} for row in rows]
    answers = [{"prediction": "kept", "score": 0.5}] * 3
    lines = prediction_lines("a", "2024-05-01T12:00:00.000Z", "v" * 50_000, sent, answers)
    (folder / "predictions-x.jsonl").write_bytes(lines)
    found = read_records([(date(2024, 5, 1), folder)], ORDERS)
    assert (found.rows["country"] == "IT").tolist() == [True, False, False]
    assert found.rows["country"][2] == BREAKS
    assert found.scored_by("v" * 50_000)[1].shape == (3, 2)


def many(text: str) -> list[dict[str, Any]]:
    """Return 1,000 rows of which one has an unknown category."""
    return [ROWS[0]] * 999 + [ROWS[0] | {OPEN.name: text}]


@pytest.mark.parametrize("length", [1000, 50_000, 200_000])
def test_a_request_with_one_long_text_takes_little_memory(
    length: int, peak: Callable[[], int]
) -> None:
    with running() as client:
        answer = client.post("/predict", json={"rows": many("x" * length)})
    assert answer.status_code == (200 if length <= 1000 else 422)
    assert len(answer.content) < 100_000
    assert peak() < 60_000_000


@pytest.mark.parametrize("length", [1000, 50_000, 850_000])
def test_a_device_takes_little_memory_for_lines_with_one_long_text(
    length: int, predictor: Predictor, peak: Callable[[], int]
) -> None:
    settings = BundleSettings("x", 9999, "warn", 0, 1000)
    lines = [json.dumps(row).encode() for row in many("x" * length)]
    found = LinePredictor(predictor, settings).predict(lines, 0, expired=False)
    assert [b"fallback" in line for line in found] == [False] * 999 + [length > 1000]
    assert peak() < 60_000_000


@pytest.mark.parametrize("length", [1000, 100_000])
def test_a_table_with_one_long_text_takes_little_memory(
    length: int, peak: Callable[[], int], tmp_path: Path
) -> None:
    found = target("batch").scored(write_parquet(tmp_path, length), tmp_path)
    rejected = pl.read_parquet(found / "rejected.parquet")
    assert rejected["column"].to_list() == [OPEN.name] * (length > 1000)
    assert peak() < 60_000_000


def write_parquet(folder: Path, length: int) -> Path:
    """Write 1,000 rows of which one has an unknown category of a length."""
    table = pl.DataFrame(many("x" * length), infer_schema_length=None)
    table.write_parquet(folder / "rows.parquet")
    return folder / "rows.parquet"
