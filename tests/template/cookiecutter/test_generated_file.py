"""Tests that cookiecutter.json is generated from copier.yml and checked to be up to date."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT, settings
from tools import cookiecutter


def test_cookiecutter_json_is_up_to_date() -> None:
    assert cookiecutter.FILE.read_text("utf-8") == cookiecutter.file_content(settings())


def test_a_question_added_to_copier_yml_is_detected_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, file in (("SOURCE", "copier.yml"), ("FILE", "cookiecutter.json")):
        shutil.copy(ROOT / file, tmp_path / file)
        monkeypatch.setattr(cookiecutter, name, tmp_path / file)
    assert main(monkeypatch, "--check") == 0

    with (tmp_path / "copier.yml").open("a", encoding="utf-8") as more:
        more.write("colour:\n  type: str\n  help: Which colour?\n  default: '{{ license }} red'\n")

    assert main(monkeypatch, "--check") == 1
    out_of_date = "error: cookiecutter.json is out of date; run: python -m tools.cookiecutter"
    assert out_of_date in capsys.readouterr().err
    assert main(monkeypatch) == 0
    assert main(monkeypatch, "--check") == 0
    added = json.loads((tmp_path / "cookiecutter.json").read_text("utf-8"))
    assert added["colour"] == "{{ cookiecutter.license }} red"
    assert added["__prompts__"]["colour"] == "Which colour?"


def test_a_question_that_depends_on_an_unknown_variable_is_refused() -> None:
    changed = settings()
    changed["author"]["default"] = "{{ license_text }}"
    with pytest.raises(ValueError, match="author depends on license_text, which is not a question"):
        cookiecutter.context(changed)


def main(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run the tool with command-line arguments."""
    monkeypatch.setattr(sys, "argv", ["cookiecutter", *words])
    return cookiecutter.main()
