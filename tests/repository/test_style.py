"""Tests that files and functions are short and file names are not vague."""

import ast
from pathlib import Path

import pytest

from tests.checkout import ROOT, TEMPLATE, below

LONGEST_FILE, LONGEST_FUNCTION = 200, 25
VAGUE = {"utils", "helpers", "common", "base", "manager"}


def code() -> list[Path]:
    folders = [TEMPLATE / "src", *(ROOT / name for name in ("src", "hooks", "tools", "benchmarks"))]
    return [file for one in folders for file in below(one) if file.suffix == ".py"]


def overlong(source: str) -> list[str]:
    """Return what is too long: the source, or functions (without their docstrings)."""
    lines = len(source.splitlines())
    found = [f"{lines} lines"] if lines > LONGEST_FILE else []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            found += [f"{node.name}: {length} lines"] if length > LONGEST_FUNCTION else []
    return found


@pytest.mark.parametrize("file", code(), ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_file_and_its_functions_are_short_and_its_name_is_not_vague(file: Path) -> None:
    assert overlong(file.read_text("utf-8")) == []
    assert VAGUE & {*file.relative_to(ROOT).with_suffix("").parts} == set()


def test_overlong_code_is_detected() -> None:
    body = "    a = 1\n" * 26
    assert overlong(f"def long():\n{body}") == ["long: 26 lines"]
    assert overlong(f'def short():\n    """Do it.\n\n    More.\n    """\n{body[10:]}') == []
    assert overlong("a = 1\n" * 201) == ["201 lines"]
