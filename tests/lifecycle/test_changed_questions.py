"""Answers that the newest version no longer accepts, asks or knows."""

from pathlib import Path

import pytest

from tests.checkout import commit
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.small_template import generate, make_template

ASKED = """
targets:
  type: yaml
  multiselect: true
  choices: [rest, {second}]
  default: [rest]
colour:
  type: str
  choices: [red, {hue}]
  default: red
{more}
"""
REQUIRED = "needed:\n  type: str\n"


@pytest.fixture
def asking(tmp_path: Path) -> Path:
    """A template whose v2.0.0 has dropped a choice of each of two questions."""
    template = make_template(tmp_path / "template")
    for version, second, hue in (("v3.0.0", "batch", "blue"), ("v4.0.0", "edge", "green")):
        release(template, version, ASKED.format(second=second, hue=hue, more=""))
    return template


def release(template: Path, version: str, questions: str) -> None:
    """Add a version that asks these questions besides `name`."""
    known = "_subdirectory: template\nname:\n  type: str\n  default: x\n"
    (template / "copier.yml").write_text(known + questions, "utf-8")
    (template / "template" / "fresh.txt").write_text(f"{version}\n", "utf-8")
    commit(template, version, tag=version)


def project_with(template: Path, folder: Path, answers: dict[str, str]) -> Path:
    """Generate a project of v3.0.0 and set some of its recorded answers."""
    project = generate(template, folder, "v3.0.0")
    file = project / ".copier-answers.yml"
    text = file.read_text("utf-8")
    for old, new in answers.items():
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
    commit(project, "Our answers")
    return project


def test_a_choice_that_is_gone_becomes_the_default_and_is_named(
    asking: Path, modelyard: Modelyard, tmp_path: Path
) -> None:
    ours = {"colour: red": "colour: blue", "- rest": "- rest\n- batch"}
    project = project_with(asking, tmp_path / "project", ours)
    lines = (
        "the answer colour becomes 'red': it was 'blue'",
        "the answer targets becomes ['rest']: it was ['rest', 'batch']",
    )
    checked = modelyard("check", project)
    assert checked.returncode == 10, checked.stderr
    assert [line for line in lines if line not in checked.stdout] == []
    assert "broken" not in modelyard("fleet", "report", project).stdout
    updated = modelyard("update", project)
    assert updated.returncode == 0, updated.stderr
    assert [line for line in lines if line not in updated.stdout] == []
    assert "colour: red" in (project / ".copier-answers.yml").read_text("utf-8")


def test_an_answer_that_the_user_gives_must_be_allowed(
    asking: Path, modelyard: Modelyard, tmp_path: Path
) -> None:
    project = project_with(asking, tmp_path / "project", {"colour: red": "colour: blue"})
    refused = modelyard("update", project, "--data", "colour=blue")
    assert refused.returncode == 1
    assert "colour" in refused.stderr
    assert modelyard("update", project, "--data", "colour=green").returncode == 0
    assert "colour: green" in (project / ".copier-answers.yml").read_text("utf-8")


def test_a_renamed_question_is_named_with_its_default(
    asking: Path, modelyard: Modelyard, tmp_path: Path
) -> None:
    project = project_with(asking, tmp_path / "project", {"colour: red": "colour: blue"})
    renamed = ASKED.format(second="batch", hue="blue", more="").replace("colour:", "hue:")
    release(asking, "v5.0.0", renamed)
    done = modelyard("check", project)
    assert "the answer colour is dropped: it was 'blue'" in done.stdout
    assert "the answer hue is new: 'red'" in done.stdout


def test_a_new_question_without_default_is_named_and_can_be_answered(
    asking: Path, modelyard: Modelyard, tmp_path: Path
) -> None:
    project = project_with(asking, tmp_path / "project", {})
    release(asking, "v5.0.0", ASKED.format(second="batch", hue="blue", more=REQUIRED))
    for command in ("check", "update"):
        done = modelyard(command, project)
        assert done.returncode == 1
        assert "it asks needed, which has no default; answer it: --data needed=VALUE" in done.stderr
    assert modelyard("update", project, "--data", "needed=this").returncode == 0
    assert "needed: this" in (project / ".copier-answers.yml").read_text("utf-8")


def test_a_current_project_has_no_changed_answers(
    asking: Path, modelyard: Modelyard, tmp_path: Path
) -> None:
    project = generate(asking, tmp_path / "project", "v4.0.0")
    assert "Answers that change" not in modelyard("check", project).stdout
