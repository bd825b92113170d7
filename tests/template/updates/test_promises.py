"""What docs/how-to/update.md says of each kind of edit is what a test sees."""

from pathlib import Path

import pytest
from copier import run_update

from tests.checkout import ROOT, commit
from tests.edited_projects import born
from tests.lifecycle import test_update as small
from tests.lifecycle import test_update_loses_nothing as losing
from tests.lifecycle.small_template import make_template
from tests.template.updates import test_judging, test_matrix

PAGE = ROOT / "docs" / "how-to" / "update.md"
CODE = "template/src/{{ name }}/code.txt"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a file in a folder that is named by an answer, edited there and elsewhere."""
    template = make_template(tmp_path / "template")
    (template / CODE).parent.mkdir(parents=True)
    (template / CODE).write_text("code\n", "utf-8")
    commit(template, "Three", tag="v3.0.0")
    project = born(tmp_path / "project", template, {}, "v3.0.0")
    for name in ("text.txt", "src/x/code.txt"):
        with (project / name).open("a", encoding="utf-8") as file:
            file.write("planted\n")
    commit(project, "Mine")
    run_update(project, data={"name": "y"}, defaults=True, overwrite=True, quiet=True)
    return project


def test_a_name_in_texts_changes_and_edits_stay(project: Path) -> None:
    assert (project / "named.txt").read_text("utf-8") == "y\n"
    assert (project / "text.txt").read_text("utf-8").endswith("planted\n")


def test_a_name_of_a_folder_takes_the_edits_in_it_away(project: Path) -> None:
    assert not (project / "src" / "x" / "code.txt").exists()
    assert (project / "src" / "y" / "code.txt").read_text("utf-8") == "code\n"


BOTH = (
    test_matrix.test_modelyard_loses_nothing,
    test_matrix.test_copier_alone_takes_away_what_the_page_says_and_no_more,
)
PROOFS = {
    "rewrote a file that is": BOTH,
    "changed lines that the template left": BOTH,
    "changed lines that the template changed": (
        test_judging.test_a_conflict_that_was_not_named_is_seen,
        small.test_a_conflict_is_left_aside_and_can_be_resolved_as_told,
    ),
    "edited a file that the template **renamed": (
        *BOTH,
        small.test_edits_of_a_renamed_file_go_along,
    ),
    "edited a file that the template **dropped": (
        test_judging.test_an_edit_that_copier_takes_away_is_missed,
        small.test_what_would_be_lost_stays,
    ),
    "replaced a binary file": (
        losing.test_without_the_guard_the_edit_is_gone,
        small.test_what_would_be_lost_stays,
    ),
    "added a file where": BOTH,
    "moved a file": BOTH,
    "deleted a file": BOTH,
    "added a file of your own": BOTH,
    "change `project_name`": (test_a_name_in_texts_changes_and_edits_stay,),
    "change `package_name`": (test_a_name_of_a_folder_takes_the_edits_in_it_away,),
}


def test_each_row_of_the_page_has_its_proof() -> None:
    table = PAGE.read_text("utf-8").split("## What happens to an edit")[1].split("\n## ")[0]
    rows = [line.removeprefix("| ") for line in table.splitlines() if line.startswith("| ")][2:]
    assert len(rows) == len(PROOFS)
    assert all(row.startswith(start) for row, start in zip(rows, PROOFS, strict=True))
