from pathlib import Path

import pytest

from modelyard.console import UserError
from modelyard.serving.edge import bundle
from modelyard.serving.edge.modules import needed


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package of four modules, of which `start` needs two."""
    folder = tmp_path / "shop"
    texts = {
        "__init__.py": "",
        "start.py": "import json\nfrom .stock import shelf\nfrom . import prices\n",
        "prices.py": "import numpy as np\nimport shop.start\n",
        "stock/__init__.py": "",
        "stock/shelf.py": "from ..prices import sum\n",
        "unneeded.py": "import polars\n",
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def test_what_is_imported_from_one_module_to_the_next_is_needed(package: Path) -> None:
    names = ["__init__.py", "prices.py", "start.py", "stock/__init__.py", "stock/shelf.py"]
    assert needed(package, "start.py") == names


@pytest.mark.parametrize(
    "line", ["import polars", "from polars import col", "def f():\n    import polars.io"]
)
def test_a_module_that_a_device_has_not_is_named_with_its_place(package: Path, line: str) -> None:
    (package / "prices.py").write_text(f"\n{line}\n", "utf-8")
    with pytest.raises(UserError, match=r"^prices\.py:\d imports polars, allowed on a device"):
        needed(package, "start.py")


def test_a_bundle_holds_schema_features_and_scorer_and_nothing_that_trains() -> None:
    files = {name.partition("/")[2] for name in bundle.code()}
    assert {"schema.py", "features/build.py", "models/scorer.py", "serving/predictor.py"} <= files
    assert files & {"params.py", "data/rows.py", "data/tables.py", "models/train.py"} == set()
