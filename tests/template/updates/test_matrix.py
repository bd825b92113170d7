"""Tests for updates from every release: no edit is lost, all conflicts are real and reported."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.checkout import git, named_answers, names_of_answers
from tests.conftest import Render
from tests.edited_projects import generate
from tests.releases import versions
from tests.template.updates.judging import changed, lost, not_updated, unnecessary, unreported
from tests.template.updates.planting import Planted, plant
from tests.template.updates.updating import Updated, by_copier, by_modelyard

# Each update takes seconds of CPU time: only the default answers are updated both ways.
BY_MODELYARD = ["level1-rest", "level3-all-mlflow", "hostile"]
BY_COPIER = ["level1-rest", "level2-batch"]


def supports(template: Path, version: str, answers: dict[str, Any]) -> bool:
    """Return whether a release has the questions and choices for some answers."""
    known = yaml.safe_load(git(template, "show", f"{version}:copier.yml"))
    return all(name in known and _offers(known[name], value) for name, value in answers.items())


def _offers(question: dict[str, Any], value: Any) -> bool:
    choices = question.get("choices", [])
    offered = [*choices.values()] if isinstance(choices, dict) else choices
    return not offered or all(one in offered for one in _all(value))


def _all(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def is_correct(done: Updated, planted: Planted) -> bool:
    """Check the result of an update, except for lost edits."""
    assert changed(done.folder, planted.yours) == []
    assert unreported(done.folder, done.reported) == []
    assert unnecessary(done.folder, done.reported, planted) == []
    assert not_updated(done.folder, done.reported, planted) == []
    return True


Edited = Callable[[str, str], tuple[Path, Planted]]


@pytest.fixture
def edited(released: Path, render: Render, tmp_path: Path) -> Edited:
    """Return a function that makes a project of a release with edits of every kind."""

    def make(version: str, answers: str) -> tuple[Path, Planted]:
        given = named_answers(answers)
        if not supports(released, version, given):
            pytest.skip(f"{version} does not offer all of {answers}")
        project = generate(tmp_path / "project", released, given, version)
        return project, plant(project, render(given), version + answers)

    return make


@pytest.mark.slow
@pytest.mark.parametrize("answers", BY_MODELYARD)
@pytest.mark.parametrize("version", versions())
def test_modelyard_loses_nothing(version: str, answers: str, edited: Edited) -> None:
    project, planted = edited(version, answers)
    done = by_modelyard(project)
    assert lost(done.folder, planted.marks) == []
    assert is_correct(done, planted)


@pytest.mark.slow
@pytest.mark.parametrize("answers", BY_COPIER)
@pytest.mark.parametrize("version", versions())
def test_copier_alone_loses_only_the_edits_listed_on_the_page(
    version: str, answers: str, edited: Edited
) -> None:
    project, planted = edited(version, answers)
    done = by_copier(project)
    assert lost(done.folder, planted.marks) == lost_by_copier(planted)
    assert is_correct(done, planted)


def test_each_set_of_answers_is_updated() -> None:
    assert {*BY_MODELYARD, *BY_COPIER} == {*names_of_answers()}


def lost_by_copier(planted: Planted) -> list[str]:
    """Return the edited files that `copier update` is known to discard silently."""
    removed = {name for name in planted.touched | planted.binary if name not in planted.new}
    return sorted(removed | planted.binary.keys())
