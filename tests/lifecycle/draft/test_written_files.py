"""The drafted files are those of the pictures, fit each other, and keep all rows of the source.

After an intended change: pytest tests/lifecycle/draft --update-trees
"""

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl
import pytest
from modelyard.data.tables import to_rows
from modelyard.data.validate import judge
from modelyard.features.spec import matrix, names
from modelyard.testing import schema as examples_of

from modelyard_lifecycle.draft.draft import Draft, place_of, project_files
from tests.checkout import ROOT
from tests.lifecycle.draft.tables import ROWS, customers, draft_of, table

GOLDEN = Path(__file__).parent / "golden"
ESTIMATOR = ROOT / "includes" / "sections" / "estimator" / "scikit-learn.py"
PARAMS = """\
# Settings.

data:
  as_of: '2013-09-01'        # the day
split:
  test: 0.125                # share
search:
  choose_by: roc_auc         # metric
gate:
  floors:                    # least values
    roc_auc: 0.62
edge:
  fallback: on_time          # a class, or a number
"""


def files_of(found: Draft) -> dict[str, str]:
    return project_files(found, "shop", PARAMS, ESTIMATOR.read_text("utf-8"))


def write(folder: Path, found: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the drafted files and the source to a folder, and make it the current one."""
    for name, text in files_of(found).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    place = folder / place_of(found.source)
    place.parent.mkdir(parents=True)
    place.symlink_to(found.source.path)
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(str(folder / "src"))
    for name in [one for one in sys.modules if one.partition(".")[0] == "shop"]:
        monkeypatch.delitem(sys.modules, name)


def module(name: str) -> ModuleType:
    """Import a drafted module."""
    invalidate_caches()
    return import_module(f"shop.{name}")


@pytest.fixture
def shop(tmp_path: Path) -> Draft:
    """Return the draft of the table with everything that is odd."""
    return odd(tmp_path)


def test_the_files_are_those_of_the_pictures(shop: Draft, request: pytest.FixtureRequest) -> None:
    pages = {"models/README.md": "models.md", "data/README.md": "data.md"}
    files = {pages.get(name, Path(name).name): text for name, text in files_of(shop).items()}
    found = {f"{name}.txt": text for name, text in files.items()}
    del found["estimator.py.txt"]
    if request.config.getoption("--update-trees"):
        for name, text in found.items():
            (GOLDEN / name).write_text(text, "utf-8")
    assert found == {one.name: one.read_text("utf-8") for one in GOLDEN.glob("*.txt")}


def test_the_notes_say_what_a_person_should_know(shop: Draft) -> None:
    assert shop.notes == [
        "outcome: the positive class is ja (the second in schema.py)",
        "key: kunden_nr identifies a row",
        "ausgang: LEFT OUT, it tells outcome (a leak)",
        "bemerkung: 200 different texts, is no feature",
        "plz: 200 different texts, is no feature",
    ]


def test_the_schema_accepts_all_rows_and_the_examples_keep_it(
    shop: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "project", shop, monkeypatch)
    schema, rows = module("schema").SCHEMA, module("data.ingest").ingest(date(2024, 1, 1))
    assert rows.height == ROWS
    assert {*rows.columns} == {*schema.names, "outcome"}
    assert judge(rows, schema).faults == []
    assert module("data.ingest").ingest(date(2023, 1, 11)).height == 10
    examples: dict[str, Any] = {}
    exec((tmp_path / "project/tests/examples.py").read_text("utf-8"), examples)
    examples_of.check_examples(schema, examples["ROWS"], examples["TARGETS"])
    for column, value in examples["BAD_VALUES"]:
        examples_of.check_bad_value(schema, examples["ROWS"][0], column, value)


def test_features_have_the_values_of_the_examples(
    shop: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "project", shop, monkeypatch)
    schema, build = module("schema").SCHEMA, module("features.build").build
    rows = module("data.ingest").ingest(date(2024, 1, 1))
    found = build(to_rows(rows, schema))
    assert matrix(to_rows(rows, schema), names(schema, build), build).shape == (ROWS, len(found))
    assert len(found) == shop.facts.features
    np.testing.assert_equal(found["alter_jahre"], rows["alter_jahre"].fill_null(np.nan).to_numpy())
    np.testing.assert_equal(found["wohnort=Ulm"], (rows["wohnort"] == "Ulm").to_numpy())
    weekdays = (rows["bestelldatum"].dt.weekday() - 1).to_numpy()
    np.testing.assert_equal(found["bestelldatum_weekday"], weekdays)
    assert np.isnan(found["geburtstag_days"]).sum() == rows["geburtstag"].null_count()


def odd(folder: Path) -> Draft:
    """Return the draft of the table with everything that is odd."""
    return draft_of(customers(folder), "target", time="Bestelldatum")


def of_numbers(folder: Path) -> Draft:
    """Return the draft of a table with long names, and texts with quotes."""
    numbers = {
        f"a_rather_long_name_of_a_column_{i}": [j * i % 97 for j in range(ROWS)]
        for i in range(2, 9)
    }
    texts = ['it\'s "so"', "a\\b"] * 100
    return draft_of(table(folder, **numbers, texts=texts, y=range(ROWS)))


def of_folder(folder: Path) -> Draft:
    """Return the draft of a folder of files."""
    of_numbers(folder)
    return draft_of(folder)


@pytest.mark.parametrize("draft", [odd, of_numbers, of_folder])
def test_the_files_keep_the_style_of_projects(
    tmp_path: Path, draft: Callable[[Path], Draft]
) -> None:
    found = draft(tmp_path)
    folder = tmp_path / "project"
    for name, text in files_of(found).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    rules = "B,C4,D,E,F,I,PT,RUF,SIM,UP"
    style = ["--isolated", "--no-cache", "--line-length=100"]
    ignored = "--ignore=D1,D203,D205,D212,D213,D413,D415"
    check = ["ruff", "check", *style, f"--select={rules}", ignored, "src", "tests"]
    options = ["--config=lint.isort.known-third-party=['modelyard']"]
    subprocess.run([*check, *options], cwd=folder, check=True)
    subprocess.run(["ruff", "format", "--diff", *style, "src", "tests"], cwd=folder, check=True)


def test_a_number_gets_regressors_and_metrics_of_a_regression(tmp_path: Path) -> None:
    target = [float(i * i % 1009) for i in range(ROWS)]
    files = files_of(draft_of(table(tmp_path, x=[i % 50 for i in range(ROWS)], y=target)))
    assert "Quantity" in files["src/shop/schema.py"]
    estimator = files["src/shop/models/estimator.py"]
    assert ("Classifier" in estimator, "LogisticRegression" in estimator) == (False, False)
    assert "Ridge(random_state=seed)" in estimator
    assert "  choose_by: rmse            # metric\n" in files["params.yaml"]
    assert "  floors: {r2: 0.0}          # least values\n" in files["params.yaml"]


def test_files_of_a_folder_are_read_together_and_their_rows_have_different_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    months = tmp_path / "months"
    months.mkdir()
    for month in ("2024-01", "2024-02"):
        path = table(months, x=[i % 50 for i in range(ROWS)])
        pl.read_parquet(path).write_csv(months / f"{month}.csv")
        path.unlink()
    write(tmp_path / "project", draft_of(months), monkeypatch)
    rows = module("data.ingest").ingest(date(2024, 1, 1))
    assert rows["row_id"].n_unique() == 2 * ROWS
    assert rows["row_id"][0] == "2024-01-1"
