"""Projects keep the conventions of Scientific Python, as its checker sp-repo-review knows them."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from repo_review.processor import process

from tests.checkout import ROOT
from tests.conftest import EVERY_TARGET, Render

PROJECTS: dict[str, dict[str, Any]] = {
    "level 1, REST": {"automation_level": 1, "serving_targets": ["rest"]},
    "level 3, all targets": EVERY_TARGET,
}
DECISION = ROOT / "docs" / "decisions" / "0024-conventions-of-scientific-python.md"
NOT_KEPT = {"GH200", "PC100", "PC110", "PC140", "PC160", "PC170", "PC180", "PC190"}
SKIPPED = {"GH210", "GH211", "GH212", "PC111", "PC191", "PC192"}  # they build on those


def results(project: Path) -> dict[str, bool | None]:
    """Return each rule with its result: kept, broken, or None where it is skipped."""
    return {one.name: one.result for one in process(project).results}


def broken(project: Path) -> set[str]:
    """Return the rules that a project does not keep."""
    return {name for name, result in results(project).items() if result is False}


@pytest.mark.parametrize("answers", PROJECTS.values(), ids=PROJECTS)
def test_a_project_breaks_exactly_the_rules_that_the_decision_lists(
    answers: dict[str, Any], render: Render
) -> None:
    found = results(render(answers))
    assert {name for name, result in found.items() if result is False} == NOT_KEPT
    assert {name for name, result in found.items() if result is None} == SKIPPED
    assert len(found) > 50


def test_the_decision_gives_a_reason_for_each_rule_that_is_not_kept() -> None:
    rows = [line for line in DECISION.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert {name.strip("`, ") for row in rows for name in row.split("|")[1].split()} == NOT_KEPT


@pytest.mark.parametrize(
    ("rule", "file", "before", "after"),
    [
        ("PP004", "pyproject.toml", '">=3.11"', '">=3.11,<3.14"'),
        ("PP304", "pyproject.toml", 'log_level = "INFO"', ""),
        ("PP305", "pyproject.toml", "strict = true\ntestpaths", "testpaths"),
        ("PY007", "pyproject.toml", "[tool.poe", "[tool.none"),
        ("MY106", "pyproject.toml", ', "truthy-bool"', ""),
        ("PC903", ".pre-commit-config.yaml", "autoupdate_schedule: monthly", ""),
        ("SEC001", ".github/workflows/check.yml", "zizmorcore/zizmor-action", "actions/none"),
        ("GH103", ".github/workflows/check.yml", "  workflow_dispatch:\n", ""),
    ],
)
def test_a_setting_that_is_removed_breaks_its_rule(
    rule: str, file: str, before: str, after: str, render: Render, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(render(PROJECTS["level 1, REST"]), tmp_path / "project"))
    text = (project / file).read_text("utf-8")
    assert before in text
    (project / file).write_text(text.replace(before, after), "utf-8")
    assert broken(project) - NOT_KEPT >= {rule}


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_uv_and_pip_agree_on_the_oldest_python(version: str, render: Render) -> None:
    project = render({"python_version": version})
    assert (project / ".python-version").read_text("utf-8") == f"{version}\n"
    assert f'requires-python = ">={version}"' in (project / "pyproject.toml").read_text("utf-8")


def test_pre_commit_ci_skips_each_hook_since_all_need_uv(render: Render) -> None:
    config = yaml.safe_load((render({}) / ".pre-commit-config.yaml").read_text("utf-8"))
    hooks = [hook for repository in config["repos"] for hook in repository["hooks"]]
    assert config["ci"]["skip"] == [hook["id"] for hook in hooks]
    assert all(hook["entry"].startswith("uv run ") for hook in hooks)
