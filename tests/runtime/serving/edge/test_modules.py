"""The modules of a bundle come from two packages, and need only libraries that devices have."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from modelyard.console import UserError
from modelyard.features.source import code_hash
from modelyard.files import read_json, write_json
from modelyard.models.model_info import version_of
from modelyard.project import load
from modelyard.serving.edge import bundle
from modelyard.serving.edge.bundle import build
from modelyard.serving.edge.modules import required_modules

from tests.runtime import example
from tests.runtime.edge_runner import answers, lines, run

from examples import ROWS

TRAINING = {
    "params.py",
    "data/pydantic_schema.py",
    "data/tables.py",
    "models/train.py",
    "choices.py",
}
OWN = "own_delays"
BUILD = """

def build(rows):
    return made(rows)
"""
LOADED = """
import sys
import numpy, onnxruntime
libraries = {name.partition(".")[0] for name in sys.modules}
import modelyard.serving.edge.device
new = {name.partition(".")[0] for name in sys.modules} - libraries
print(sorted(new - sys.stdlib_module_names - {"modelyard"}))
"""


@pytest.fixture
def roots(tmp_path: Path) -> dict[str, Path]:
    """Two packages: a device requires three modules of `shop` and one of `tools`."""
    texts = {
        "shop/__init__.py": "",
        "shop/start.py": "import json\nfrom .stock import shelf\nfrom tools.count import count\n",
        "shop/prices.py": "import numpy as np\nimport shop, shop.start\nfrom . import stock\n",
        "shop/stock/__init__.py": "",
        "shop/stock/shelf.py": "from ..prices import sum\nfrom .. import *\n",
        "shop/unneeded.py": "import polars\n",
        "lib/tools/__init__.py": "",
        "lib/tools/count.py": "import onnxruntime\n",
        "lib/tools/unneeded.py": "import polars\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return {"shop": tmp_path / "shop", "tools": tmp_path / "lib/tools"}


def test_modules_are_found_through_all_imports(roots: dict[str, Path]) -> None:
    found = required_modules(roots, ["shop/start.py"])
    assert list(found) == [
        *("shop/__init__.py", "shop/prices.py", "shop/start.py"),
        *("shop/stock/__init__.py", "shop/stock/shelf.py"),
        *("tools/__init__.py", "tools/count.py"),
    ]
    assert found["tools/count.py"] == roots["tools"] / "count.py"


@pytest.mark.parametrize(
    "line", ["import polars", "from polars import col", "def f():\n    import polars.io"]
)
@pytest.mark.parametrize("name", ["shop/prices.py", "tools/count.py"])
def test_a_library_that_devices_do_not_have_is_reported_with_file_and_line(
    roots: dict[str, Path], name: str, line: str
) -> None:
    root, _, file = name.partition("/")
    (roots[root] / file).write_text(f"\n{line}\n", "utf-8")
    with pytest.raises(UserError, match=rf"^{name}:[23] imports polars, allowed on a device"):
        required_modules(roots, ["shop/start.py"])


def test_a_bundle_holds_schema_features_and_scorer_and_nothing_that_trains() -> None:
    files = set(bundle.read_code(example.PACKAGE))
    runtime = {name.removeprefix("modelyard/") for name in files if name.startswith("modelyard/")}
    own = files - {f"modelyard/{name}" for name in runtime}
    assert {"models/scorer.py", "serving/predictor.py", "schema/columns.py"} <= runtime
    assert runtime & TRAINING == set()
    assert own == {
        "run.py",
        *(f"flight_delays/{name}" for name in ("__init__.py", "schema.py")),
        *(f"flight_delays/features/{name}" for name in ("__init__.py", "build.py")),
    }


def test_the_device_module_imports_only_numpy_and_onnxruntime() -> None:
    command = [sys.executable, "-c", LOADED]
    done = subprocess.run(command, capture_output=True, text=True, env=example.environment())
    assert done.stdout.strip() == "[]", done.stderr


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the project's package under another name, which a test may change."""
    shutil.copytree(example.sources() / example.PACKAGE, tmp_path / OWN)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path / OWN
    for name in [name for name in sys.modules if name.partition(".")[0] == OWN]:
        del sys.modules[name]


def test_features_that_import_another_library_are_refused_with_file_and_line(own: Path) -> None:
    text = (own / "features/build.py").read_text("utf-8").splitlines()
    text.insert(6, "import json, yaml")
    (own / "features/build.py").write_text("\n".join(text) + "\n", "utf-8")
    import_module(OWN)
    message = rf"^{OWN}/features/build\.py:7 imports yaml, allowed on a device are the standard"
    with pytest.raises(UserError, match=message):
        bundle.read_code(OWN)


def test_helper_modules_of_the_features_are_bundled_and_run(
    own: Path, made: Path, tmp_path: Path
) -> None:
    (own / "features/build.py").rename(own / "features/real.py")
    (own / "features/build.py").write_text("from .real import build as made\n" + BUILD, "utf-8")
    (own / "features/wind.py").write_text("import math\n", "utf-8")
    with (own / "features/real.py").open("a", encoding="utf-8") as file:
        file.write(f"\nimport {OWN}.features.wind\n")
    models = Path(shutil.copytree(made / "models", tmp_path / "models"))
    project = load(OWN)
    about = read_json(models / "model.json", "") | {"code_hash": code_hash(project.build)}
    write_json(models / "model.json", about | {"version": version_of(about)})
    build(project, tmp_path / "bundle", models, "")
    found = {path.name for path in (tmp_path / "bundle" / OWN / "features").iterdir()}
    assert found == {"__init__.py", "build.py", "real.py", "wind.py"}
    (tmp_path / OWN).rename(tmp_path / "gone")
    assert len(answers(run(tmp_path / "bundle", lines(*ROWS)))) == len(ROWS)
