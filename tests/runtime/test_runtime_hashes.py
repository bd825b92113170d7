"""`runtime.json`: which changes of the runtime make a stage run again."""

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from modelyard.params import OPTIONAL

from tests.runtime import example
from tools import runtime_hashes
from tools.runtime_hashes import STAGES, code_only, hashes, modules

DVC: dict[str, Any] = yaml.safe_load(example.dvc())["stages"]


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    """A copy of the runtime."""
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(example.RUNTIME, tmp_path / "modelyard", ignore=ignored))


def changed(runtime: Path, name: str, old: str, new: str) -> set[str]:
    """Change a file; return the stages whose hash changes."""
    before, file = hashes(runtime), runtime / name
    source = file.read_text("utf-8")
    assert old in source
    file.write_text(source.replace(old, new, 1), "utf-8")
    after = hashes(runtime)
    return {stage for stage in before if before[stage] != after[stage]}


CHANGES = [
    ("data/snapshot.py", "{rows.height:,}", "{rows.height}", {"ingest"}),
    ("models/search.py", ":03", ":04", {"train"}),
    ("models/gates/floors.py", ">= 0", "> 0", {"gate"}),
    ("models/scorer.py", "intra_op_num_threads =", "x =", {"export", "evaluate", "gate"}),
    ("files.py", "return", "return not", {*STAGES}),
    ("params_sections.py", "divergence: ", "divergence: float | ", {*STAGES}),
    ("serving/records.py", "return", "return not", set[str]()),
]
OPERATION = [name for name in OPTIONAL if not name.startswith("gate.")]


@pytest.mark.parametrize(("name", "old", "new", "stages"), CHANGES)
def test_a_change_of_code_is_one_of_each_stage_that_imports_it(
    name: str, old: str, new: str, stages: set[str], runtime: Path
) -> None:
    assert changed(runtime, name, old, new) == stages


@pytest.mark.parametrize("section", OPERATION)
def test_a_change_of_a_section_of_operation_runs_no_stage_again(
    section: str, runtime: Path
) -> None:
    head = f"class {section.capitalize()}(Section):\n"
    added = f"{head}    added: int = 1\n"
    assert changed(runtime, "params_operation.py", head, added) == set()


def test_no_stage_names_a_section_of_operation() -> None:
    stages = set[Path]().union(*(modules(example.RUNTIME / start) for start in STAGES.values()))
    names = rf"\b({'|'.join(section.capitalize() for section in OPERATION)})\b"
    found = {one.name for one in stages if re.search(names, code_only(one.read_text("utf-8")))}
    assert found == {"params.py"}


UNIMPORTANT = [
    ('"""Stage `train`', '"""The same stage `train`'),
    ('    """Compute the metrics of a scikit-learn model."""\n', ""),
    ("\ndef measure_model", "\n# a remark\ndef measure_model"),
    ("\ndef measure_model", "\n\n\ndef measure_model"),
]


@pytest.mark.parametrize(("old", "new"), UNIMPORTANT)
def test_docstrings_comments_and_blank_lines_are_no_change(
    old: str, new: str, runtime: Path
) -> None:
    assert changed(runtime, "models/train.py", old, new) == set()


def test_a_module_that_moves_is_no_change(runtime: Path) -> None:
    before = hashes(runtime)
    (runtime / "models/losses").mkdir()
    source = (runtime / "models/loss.py").read_text("utf-8")
    moved = re.sub(r"from \.(\.?\w)", r"from ..\1", source)
    (runtime / "models/losses/loss.py").write_text(moved, "utf-8")
    for name in ("train", "export", "search"):
        file = runtime / f"models/{name}.py"
        file.write_text(file.read_text("utf-8").replace("from .loss", "from .losses.loss"), "utf-8")
    assert hashes(runtime) == before


def test_an_import_inside_a_function_counts(runtime: Path) -> None:
    (runtime / "models/late.py").write_text("late = 1\n", "utf-8")
    line = '    """Compute the metrics of a scikit-learn model."""\n'
    late = f"{line}    from .late import late\n"
    assert changed(runtime, "models/train.py", line, late) == {"train"}
    assert changed(runtime, "models/late.py", "late = 1", "late = 2") == {"train"}


def checked(monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["runtime_hashes", *words])
    try:
        runtime_hashes.main()
    except SystemExit as end:
        return end.code
    return 0


def test_a_file_that_is_out_of_date_is_reported_and_regenerated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "runtime.json"
    monkeypatch.setattr(runtime_hashes, "HASHES", file)
    stale = "runtime.json is out of date: python -m tools.runtime_hashes"
    assert checked(monkeypatch, "--check") == stale
    assert (checked(monkeypatch), checked(monkeypatch, "--check")) == (0, 0)
    file.write_text(file.read_text("utf-8").replace('"gate": "', '"gate": "x'), "utf-8")
    assert checked(monkeypatch, "--check") == stale


def test_the_stages_are_those_of_the_pipeline_and_each_depends_on_its_hash() -> None:
    assert [*DVC] == [*STAGES]
    for name, stage in DVC.items():
        assert {"runtime.json": [name]} in stage["params"]


def test_no_stage_depends_on_where_the_runtime_lies() -> None:
    deps = [path for stage in DVC.values() for path in stage["deps"]]
    assert [path for path in deps if "modelyard" in path] == []
