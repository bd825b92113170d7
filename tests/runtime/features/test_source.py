"""The hash of the feature code covers the modules and constants that it uses."""

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from modelyard.features.source import code_hash, same_code

PACKAGE = "tea_sales"
BUILD = """\
import numpy as np
from .. import schema
from . import helpers

def build(rows):
    from tea_sales.units.mass import GRAM
    return {"price": rows["price"] * GRAM * len(schema.KNOWN)}
"""
SCHEMA = '''\
"""The schema."""

KNOWN = ("green", "black")
SCHEMA = [
    "a description"
]
'''
FILES = {
    "__init__.py": '"""Tea."""\n',
    "schema.py": SCHEMA,
    "features/__init__.py": "",
    "features/build.py": BUILD,
    "features/helpers.py": "from ..units import OUNCE\n",
    "units/__init__.py": "from .volume import LITRE\nOUNCE = 28\n",
    "units/mass.py": "GRAM = 1\n",
    "units/volume.py": "LITRE = 2\n",
    "data.py": "ROWS = 3\n",
}


@pytest.fixture
def hash_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Return a function that changes a file of a package and returns the hash of its features."""
    for name, text in FILES.items():
        file = tmp_path / PACKAGE / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    build = import_module(f"{PACKAGE}.features.build").build

    def changed(name: str, old: str, new: str) -> str:
        file = tmp_path / PACKAGE / name
        before = file.read_text("utf-8")
        assert old in before
        file.write_text(before.replace(old, new), "utf-8")
        found = code_hash(build)
        file.write_text(before, "utf-8")
        return found

    yield changed
    for module in [one for one in sys.modules if one.startswith(PACKAGE)]:
        del sys.modules[module]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("features/build.py", "GRAM *", "GRAM +"),
        ("schema.py", "black", "white"),
        ("schema.py", "SCHEMA = ", "def mean(): pass\nSCHEMA = "),
        ("features/helpers.py", "import OUNCE", "import OUNCE as HEAVY"),
        ("units/__init__.py", "28", "28.35"),
        ("units/mass.py", "1", "1000"),
        ("units/volume.py", "2", "3"),
    ],
)
def test_a_change_of_what_the_features_use_changes_the_hash(
    file: str, old: str, new: str, hash_with: Callable[..., str]
) -> None:
    assert hash_with(file, old, new) != hash_with("data.py", "3", "3")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("data.py", "3", "4"),
        ("data.py", "ROWS", "LINES"),
        ("units/mass.py", "GRAM = 1\n", "GRAM = 1\r\n"),
    ],
)
def test_a_change_of_anything_else_does_not_change_the_hash(
    file: str, old: str, new: str, hash_with: Callable[..., str]
) -> None:
    assert hash_with(file, old, new) == hash_with("data.py", "3", "3")


def test_a_hash_of_an_earlier_runtime_is_compared_by_the_part_that_it_has() -> None:
    old, new = "aaaaaaaaaaaa", "aaaaaaaaaaaabbbbbbbbbbbb"
    assert same_code(old, new)
    assert same_code(new, old)
    assert not same_code(new, "aaaaaaaaaaaacccccccccccc")
    assert not same_code("bbbbbbbbbbbb", new)
