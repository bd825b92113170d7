"""From every release to the template on disk: no edit is lost, each conflict is due and named."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Render
from tests.histories import born
from tests.releases import releases
from tests.repository import git, named_answers, names_of_answers
from tests.updates.judging import changed, lost, needless, stale, unnamed
from tests.updates.planting import Planted, plant
from tests.updates.updating import Updated, by_copier, by_modelyard

BY_BOTH = ("level1-rest", "level3-all-mlflow")
CELLS = [(version, answers) for version in releases() for answers in names_of_answers()]


def knows(template: Path, version: str, answers: dict[str, Any]) -> bool:
    """Tell whether a release asks for answers and offers what they say."""
    asked = yaml.safe_load(git(template, "show", f"{version}:copier.yml"))
    return all(name in asked and _offers(asked[name], value) for name, value in answers.items())


def _offers(question: dict[str, Any], value: Any) -> bool:
    choices = question.get("choices")
    offered = choices.values() if isinstance(choices, dict) else choices
    return not choices or all(one in offered for one in (value if isinstance(value, list) else [value]))


def is_right(done: Updated, planted: Planted) -> bool:
    """See that nothing is amiss but what was planted and lost, which is looked at by itself."""
    assert changed(done.folder, planted.yours) == []
    assert unnamed(done.folder, done.named) == []
    assert needless(done.folder, done.named, planted) == []
    assert stale(done.folder, done.named, planted) == []
    return True


@pytest.mark.slow
@pytest.mark.parametrize(("version", "answers"), CELLS)
def test_an_update_from_a_release_loses_nothing(
    version: str, answers: str, released: Path, render: Render, tmp_path: Path
) -> None:
    given = named_answers(answers)
    if not knows(released, version, given):
        pytest.skip(f"{version} does not offer all of {answers}")
    project = born(tmp_path / "project", released, given, version)
    planted = plant(project, render(given), version + answers)
    twin = Path(shutil.copytree(project, tmp_path / "twin", symlinks=True))

    done = by_modelyard(project)

    assert lost(done.folder, planted.marks) == []
    assert is_right(done, planted)
    if answers in BY_BOTH:
        alone = by_copier(twin)
        assert lost(alone.folder, planted.marks) == taken_by_copier(planted)
        assert is_right(alone, planted)


def taken_by_copier(planted: Planted) -> list[str]:
    """Return the edited files that `copier update` is known to take away without a word."""
    gone = {name for name in planted.touched | planted.binary if name not in planted.new}
    return sorted(gone | planted.binary.keys())
