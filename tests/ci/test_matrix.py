"""Each level on each host: pushed to a local repository, with jobs run in clones of it.

test_hosts.py tests the first push, also at level 1; test_story.py a pull request on GitHub.
"""

from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.ci.conftest import Push, change
from tests.ci.pushed import REGISTRY, Origin
from tests.ci.test_hosts import replace_script

pytestmark = pytest.mark.slow
both = pytest.mark.parametrize("host", ["github", "gitlab"])
BEFORE, MONTH_LATER = "2013-09-30", "2013-10-01"
PULL = ("uv", "run", "dvc", "pull", "--quiet")
REGISTER = ("uv", "run", "modelyard", "register")
PROMOTE, PROMOTE_NEXT = (("scripts/promote.sh", version) for version in ("v0.1.0", "v0.2.0"))
IMAGES = [f"{REGISTRY}/flight_delays-{target}" for target in ("rest", "batch", "edge", "pipeline")]


@both
def test_at_level_2_the_schedule_retrains_after_a_month(push: Push, host: str) -> None:
    origin = push(host, 2)
    code, output = origin.job("train", today=BEFORE)
    assert (code, "nothing is due" in output) == (0, True), output[-3000:]
    code, output = origin.job("train", today=MONTH_LATER)
    assert code == 0, output[-3000:]
    assert "due   calendar  30 days since 2013-09-01" in output
    assert git(origin.bare, "tag") == "model@v0.1.0\n"
    assert git(origin.bare, "log", "--format=%s", "-1", "main") == "Run 1: model@v0.1.0\n"


@pytest.mark.parametrize(("level", "task"), [(2, "monitor"), (3, "monitor"), (3, "drill")])
@both
def test_monitoring_and_drill_of_a_pushed_model_pass(
    push: Push, host: str, level: int, task: str
) -> None:
    code, output = push(host, level).job(task)
    assert code == 0, output[-3000:]
    assert {"monitor": "verdict", "drill": "not held"}[task] in output


@both
def test_at_level_3_a_person_promotes_the_scheduled_version_and_it_is_delivered(
    push: Push, host: str
) -> None:
    origin = push(host, 3)
    code, output = origin.job("train", today=MONTH_LATER)
    assert code == 0, output[-3000:]
    origin.by_hand(origin.clone(), PROMOTE)
    assert git(origin.bare, "tag").split() == ["model#prod#1", "model@v0.1.0"]
    code, output = origin.job("deliver", "model#prod#1")
    assert code == 0, output[-3000:]
    assert origin.images == [f"{name}:v0.1.0" for name in IMAGES]
    deployed = git(origin.bare, "show", "main:deployment/prod/kustomization.yaml")
    assert deployed.count("newTag: v0.1.0") == len(IMAGES)
    assert "model#delivered#2" in git(origin.bare, "tag").split()
    released = [one for one in origin.notes if one.startswith("gh release create model@v0.1.0 ")]
    assert len(released) == (host == "github")


@both
def test_a_version_refused_by_the_canary_is_rolled_back_and_not_delivered(
    push: Push, host: str
) -> None:
    origin = push(host, 3)
    author = origin.author
    origin.by_hand(author, PULL, REGISTER, PROMOTE)
    replace_script(author, "canary.sh", "#!/usr/bin/env bash\nexit 20\n")
    origin.by_hand(author, REGISTER, PROMOTE_NEXT)
    code, output = origin.job("deliver", "model#prod#2")
    assert code != 0
    assert "prod is v0.1.0 " in output
    last = git(origin.bare, "tag", "--list", "--format=%(contents:subject)", "model#prod#3")
    assert last == "Roll back to model version v0.1.0\n"
    assert origin.images == []


@both
def test_a_newer_template_is_pushed_as_a_branch_and_proposed(
    push: Push, template: Path, host: str
) -> None:
    origin = push(host, 3)
    newer = origin.folder / "template"
    git(origin.folder, "clone", "--quiet", str(template), newer.name)
    (newer / "template" / "NEWER.md").write_text("Newer.\n", "utf-8")
    commit(newer, "Newer", tag="v0.3.0")
    author = origin.author
    change(author / ".copier-answers.yml", "_src_path: .*", f"_src_path: {newer}")
    commit(author, "The template has moved")
    git(author, "push", "--quiet", "origin", "main")
    git(origin.bare, "config", "receive.advertisePushOptions", "true")
    code, output = origin.job("template-update")
    assert code == 0, output[-3000:]
    found = git(origin.bare, "diff", "--name-only", "main", "template-update").split()
    assert found == [".copier-answers.yml", "NEWER.md"]
    assert any(one.startswith("gh pr create ") for one in origin.notes) == (host == "github")


# Merge requests on GitLab


def propose(origin: Origin, old: str, new: str) -> dict[str, str]:
    """Push a branch `proposal` with a changed setting; return GitLab's merge request variables."""
    author = origin.author
    base = git(author, "rev-parse", "HEAD").strip()
    git(author, "checkout", "--quiet", "-b", "proposal")
    change(author / "params.yaml", old, new)
    commit(author, "A proposal")
    git(author, "push", "--quiet", "origin", "proposal")
    return {
        "CI_PIPELINE_SOURCE": "merge_request_event",
        "CI_MERGE_REQUEST_IID": "12",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
        "GITLAB_TOKEN": "stub",
    }


def posted_rows(origin: Origin) -> dict[str, list[str]]:
    """Return the rows of the tables posted on the merge request, by their first cell."""
    (sent,) = (one for one in origin.notes if one.startswith("curl "))
    assert sent.endswith("/merge_requests/12/notes")
    cells = [one.split("|")[2:-1] for one in origin.notes if "|" in one]
    return {name.strip(): [value.strip() for value in rest] for name, *rest in cells}


def test_a_gitlab_merge_request_gets_a_table_of_metric_changes(push: Push) -> None:
    origin = push("gitlab", 3)
    request = propose(origin, "rounds: 60", "rounds: 80")
    code, output = origin.job("--needs model", "proposal", **request)
    assert code == 0, output[-3000:]
    assert f"## Metrics, now and at {request['CI_MERGE_REQUEST_DIFF_BASE_SHA'][:7]}" in origin.notes
    rows = posted_rows(origin)
    assert float(rows["test.candidate.roc_auc"][-1]) != 0
    assert rows["train.rounds"] == ["60", "80"]


def test_a_bad_model_fails_the_merge_request_and_the_schedule(push: Push) -> None:
    origin = push("gitlab", 3)
    request = propose(origin, "rounds: 60", "rounds: 1")
    code, output = origin.job("model", "proposal", **request)
    assert code != 0
    assert "the candidate is refused" in output
    assert posted_rows(origin)["train.rounds"] == ["60", "1"]
    git(origin.author, "push", "--quiet", "origin", "proposal:main")
    code, output = origin.job("train")
    assert code != 0
    assert "is refused, nothing is registered" in output
    assert git(origin.bare, "tag") == ""
    assert git(origin.bare, "log", "--format=%s", "-1", "main") == "Run 1: refused\n"
