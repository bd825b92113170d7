"""Tests that the page on standardising an organisation quotes valid files and works."""

import json
import os
import re
import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.docs.blocks import blocks
from tests.docs.walk import Walk, working_folder

PAGE = ROOT / "docs" / "how-to" / "standardise-an-organisation.md"
OURS = ROOT / "tests" / "organisation"


def test_the_page_quotes_the_files_of_the_example() -> None:
    quoted = {block.title: block.text for block in blocks(PAGE) if block.title}
    files = [file for file in OURS.rglob("*") if file.is_file()]
    expected = {
        re.sub("^second/", "acme/", file.relative_to(OURS).as_posix()): file.read_text("utf-8")
        for file in files
    }
    assert quoted == expected


def test_renovate_reads_both_answers_files_and_what_it_reads_in_each_project() -> None:
    read = json.loads((OURS / "renovate.json").read_text("utf-8"))
    (pattern,) = read.pop("copier")["managerFilePatterns"]
    assert read == json.loads((ROOT / "template" / "renovate.json").read_text("utf-8"))
    found = re.compile(pattern.strip("/"))
    assert found.search(".copier-answers.yml")
    assert found.search(".copier-answers.acme.yml")
    assert not found.search("answers.yml")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the page is for Bash")
def test_the_commands_of_the_page_work(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "modelyard"
    run = f'PYTHONPATH="{ROOT / "src"}" exec "{sys.executable}" -m modelyard_lifecycle "$@"'
    command.write_text(f"#!/bin/sh\n{run}\n", "utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path), os.environ["PATH"]]))
    with Walk(working_folder(tmp_path), template) as reader:
        reader.run_page(blocks(PAGE))
