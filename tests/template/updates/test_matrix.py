"""From every release to the template on disk: no edit is lost, each conflict is due and named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.checkout import git, named_answers, names_of_answers
from tests.conftest import Render
from tests.edited_projects import born
from tests.releases import versions
from tests.template.updates.judging import changed, lost, needless, stale, unnamed
from tests.template.updates.planting import Planted, plant
from tests.template.updates.updating import Updated, by_copier, by_modelyard

# Each way takes seconds of a processor: only a newcomer's answers are updated by both.
BY_MODELYARD = ["level1-rest", "level3-all-mlflow", "hostile"]
BY_COPIER = ["level1-rest", "level2-batch"]


def knows(template: Path, version: str, answers: dict[str, Any]) -> bool:
    """Tell whether a release asks for answers and offers what they say."""
    asked = yaml.safe_load(git(template, "show", f"{version}:copier.yml"))
    return all(name in asked and _offers(asked[name], value) for name, value in answers.items())


def _offers(question: dict[str, Any], value: Any) -> bool:
    choices = question.get("choices", [])
    offered = [*choices.values()] if isinstance(choices, dict) else choices
    return not offered or all(one in offered for one in _all(value))


def _all(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def is_right(done: Updated, planted: Planted) -> bool:
    """See that nothing is amiss but what was planted and lost, which is looked at by itself."""
    assert changed(done.folder, planted.yours) == []
    assert unnamed(done.folder, done.named) == []
    assert needless(done.folder, done.named, planted) == []
    assert stale(done.folder, done.named, planted) == []
    return True


Edited = Callable[[str, str], tuple[Path, Planted]]


@pytest.fixture
def edited(released: Path, render: Render, tmp_path: Path) -> Edited:
    """Return a function that gives a project of a release, with edits of every kind."""

    def make(version: str, answers: str) -> tuple[Path, Planted]:
        given = named_answers(answers)
        if not knows(released, version, given):
            pytest.skip(f"{version} does not offer all of {answers}")
        project = born(tmp_path / "project", released, given, version)
        return project, plant(project, render(given), version + answers)

    return make


@pytest.mark.slow
@pytest.mark.parametrize("answers", BY_MODELYARD)
@pytest.mark.parametrize("version", versions())
def test_modelyard_loses_nothing(version: str, answers: str, edited: Edited) -> None:
    project, planted = edited(version, answers)
    done = by_modelyard(project)
    assert lost(done.folder, planted.marks) == []
    assert is_right(done, planted)


@pytest.mark.slow
@pytest.mark.parametrize("answers", BY_COPIER)
@pytest.mark.parametrize("version", versions())
def test_copier_alone_takes_away_what_the_page_says_and_no_more(
    version: str, answers: str, edited: Edited
) -> None:
    project, planted = edited(version, answers)
    done = by_copier(project)
    assert lost(done.folder, planted.marks) == taken_by_copier(planted)
    assert is_right(done, planted)


def test_each_set_of_answers_is_updated() -> None:
    assert {*BY_MODELYARD, *BY_COPIER} == {*names_of_answers()}


def taken_by_copier(planted: Planted) -> list[str]:
    """Return the edited files that `copier update` is known to take away without a word."""
    gone = {name for name in planted.touched | planted.binary if name not in planted.new}
    return sorted(gone | planted.binary.keys())
