"""The command's output, its exit code, and its time on many rows."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import ROOT, TEMPLATE
from tests.doctor.problems import edit, make

CPU_S = 10.0  # of a run on many rows, with the imports
TIMES = 2_500  # the 442 rows become 1,105,000
MANY = f"""
    rows = measured.with_columns(
        pl.col("sex").cast(pl.Int64).cast(pl.String), progression=pl.Series(study.target)
    )
    return pl.concat([rows] * {TIMES}).with_columns(
        pl.format("patient-{{}}", pl.int_range(1, pl.len() + 1)).alias("patient")
    )
    return measured"""


def doctor(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the doctor in a process of its own."""
    path = os.pathsep.join(map(str, (root / "src", ROOT / "src", TEMPLATE / "src")))
    return subprocess.run(
        [sys.executable, "-P", "-m", "modelyard_doctor", *words, "patients"],
        cwd=root, env=os.environ | {"PYTHONPATH": path}, capture_output=True, encoding="utf-8",
        check=False,
    )  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    make("diabetes", tmp_path, "patients")
    return tmp_path


def cpu_seconds() -> float:
    times = os.times()
    return times.children_user + times.children_system


def test_many_rows_take_seconds_and_json_has_the_whole_report(root: Path) -> None:
    edit(root, "patients", "PACKAGE/data/ingest.py", "\n    return measured", MANY)
    edit(root, "patients", "params.yaml", "r2: 0.25", "f1: 0.25")
    start = cpu_seconds()
    done = doctor(root, "--json")
    used = cpu_seconds() - start
    report: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == 1
    assert used < CPU_S
    assert report["facts"][0].startswith("ingest: 1,105,000 rows in ")
    assert [one["found"] for one in report["findings"]] == ["gate.floors names 'f1'"]
    finding = report["findings"][0]
    assert finding | {"line": 0, "remedy": ""} == {
        "level": "error", "check": "task", "file": "params.yaml", "line": 0, "remedy": "",
        "found": "gate.floors names 'f1'", "allowed": "r2, rmse, mae",
    }  # fmt: skip
    assert report["checks"]["task"] == "1 error"
    assert report["ok"] is False
    assert len(report["columns"]) == 11
    assert report["seconds"]["ingest"] < report["seconds"]["total"]


def test_text_fits_in_80_columns_and_what_user_code_prints_is_not_part_of_it(root: Path) -> None:
    edit(root, "patients", "PACKAGE/schema.py", "max=500", "max=110")
    edit(root, "patients", "PACKAGE/models/estimator.py", "def grow(", "def enlarge(")
    edit(
        root, "patients", "PACKAGE/data/ingest.py", "    study =", '    print("loud")\n    study ='
    )
    done = doctor(root)
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert max(map(len, lines)) <= 80
    assert "error     files     src/patients/models/estimator.py" in lines
    assert "          found     grow is missing" in lines
    assert "estimator  not run: needs models/estimator.py" in lines
    assert lines[-1].startswith("doctor: 2 errors in ")
    assert "loud" not in done.stdout
    assert "loud" in done.stderr


def test_a_project_that_is_not_installed_is_refused_in_one_line(tmp_path: Path) -> None:
    make("diabetes", tmp_path, "patients")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "modelyard_doctor"], cwd=tmp_path, capture_output=True,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{TEMPLATE / 'src'}"},
        encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("error: no project is installed in this environment")
    assert done.stderr.count("\n") == 1
