"""A draft replaces files as generated, or as an earlier draft wrote them, and no others."""

from pathlib import Path

import pytest

from modelyard_lifecycle.draft.unedited import edited_files, refuse_edited, remember
from modelyard_lifecycle.errors import UserError
from tests.checkout import git

NAME = "schema.py"
WANTED, GENERATED = {NAME: b"the new draft\n"}, {NAME: b"the example\n"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository in which an earlier draft was written."""
    git(tmp_path, "init", "--quiet")
    remember(tmp_path, {NAME: b"an earlier draft\n"})
    return tmp_path


@pytest.mark.parametrize(
    "content",
    [None, b"the new draft\n", b"the example\n", b"an earlier draft\n", b"an earlier draft\r\n"],
)
def test_a_file_that_nobody_edited_may_be_replaced(content: bytes | None, project: Path) -> None:
    if content is not None:
        (project / NAME).write_bytes(content)
    assert edited_files(project, WANTED, GENERATED) == []


def test_an_edited_file_is_named_and_nothing_may_be_written(project: Path) -> None:
    (project / NAME).write_bytes(b"an earlier draft\nand an edit\n")
    edited = edited_files(project, WANTED, GENERATED)
    assert edited == [NAME]
    with pytest.raises(UserError, match=r"^schema\.py: edited since .* --output FOLDER$"):
        refuse_edited(edited)


def test_the_record_is_no_file_of_the_project(project: Path) -> None:
    assert git(project, "status", "--porcelain") == ""
