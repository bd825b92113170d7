"""Tests that each row of the table in docs/how-to/update.md is covered by a test."""

from pathlib import Path

import pytest
from copier import run_update

from tests.checkout import ROOT, commit
from tests.edited_projects import generate
from tests.lifecycle import test_update as small
from tests.lifecycle import test_update_loses_nothing as losing
from tests.lifecycle.small_template import make_template
from tests.template.updates import test_judging, test_matrix

PAGE = ROOT / "docs" / "how-to" / "update.md"
CODE = "template/src/{{ name }}/code.txt"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with edits, one of them in a folder that is named after an answer."""
    template = make_template(tmp_path / "template")
    (template / CODE).parent.mkdir(parents=True)
    (template / CODE).write_text("code\n", "utf-8")
    commit(template, "Three", tag="v3.0.0")
    project = generate(tmp_path / "project", template, {}, "v3.0.0")
    for name in ("text.txt", "src/x/code.txt"):
        with (project / name).open("a", encoding="utf-8") as file:
            file.write("planted\n")
    commit(project, "Mine")
    run_update(project, data={"name": "y"}, defaults=True, overwrite=True, quiet=True)
    return project


def test_changing_a_name_in_texts_keeps_edits(project: Path) -> None:
    assert (project / "named.txt").read_text("utf-8") == "y\n"
    assert (project / "text.txt").read_text("utf-8").endswith("planted\n")


def test_changing_the_name_of_a_folder_loses_its_edits(project: Path) -> None:
    assert not (project / "src" / "x" / "code.txt").exists()
    assert (project / "src" / "y" / "code.txt").read_text("utf-8") == "code\n"


BOTH = (
    test_matrix.test_modelyard_loses_nothing,
    test_matrix.test_copier_alone_loses_only_the_edits_listed_on_the_page,
)
TESTS = {
    "edited one of [your own files]": BOTH,
    "changed lines that the template did not": BOTH,
    "changed lines that the template also": (
        test_judging.test_an_unreported_conflict_is_detected,
        small.test_a_conflict_stays_in_the_worktree_and_can_be_resolved_there,
    ),
    "edited a file that the template **renamed": (
        *BOTH,
        small.test_edits_of_a_renamed_file_move_to_the_new_path,
    ),
    "edited a file that the template **removed": (
        test_judging.test_an_edit_that_copier_discards_is_detected,
        small.test_an_edit_that_copier_would_lose_is_kept,
    ),
    "replaced a binary file": (
        losing.test_copier_update_alone_loses_the_edit,
        small.test_an_edit_that_copier_would_lose_is_kept,
    ),
    "added a file where": BOTH,
    "moved a file": BOTH,
    "deleted a file": BOTH,
    "added a file of your own": BOTH,
    "change `project_name`": (test_changing_a_name_in_texts_keeps_edits,),
    "change `package_name`": (test_changing_the_name_of_a_folder_loses_its_edits,),
}


def test_each_row_of_the_page_has_a_test() -> None:
    table = PAGE.read_text("utf-8").split("## What happens to an edit")[1].split("\n## ")[0]
    rows = [line.removeprefix("| ") for line in table.splitlines() if line.startswith("| ")][2:]
    assert len(rows) == len(TESTS)
    assert all(row.startswith(start) for row, start in zip(rows, TESTS, strict=True))
