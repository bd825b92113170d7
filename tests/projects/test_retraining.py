"""A trained project retrains automatically; changes determine which stages run, each once."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from itertools import chain, combinations, takewhile
from pathlib import Path

import pytest

from tests.checkout import WITHOUT_VENV, commit, git
from tests.projects.retraining_project import (
    anonymous_environment,
    change,
    edit,
    ledger,
    model,
    restored,
    retrain,
    run,
    share_cache,
    stages_run,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("one_environment"),
    pytest.mark.skipif(os.name == "nt", reason="the scripts are Bash"),
]
TRAINED, MONTH_LATER = "2013-09-01", "2013-10-01"
DUE, REFUSED, BUSY = 10, 20, 75
ALL = ["ingest", "prepare", "features", "train", "export", "evaluate", "gate"]
STAGES = {"data": ALL, "model": ALL[3:], "code": []}
COMBINATIONS = [*chain.from_iterable(combinations(STAGES, count) for count in (1, 2, 3))]
RETRAINED = [one for one in COMBINATIONS if len(one) != 2]


@pytest.fixture(scope="module")
def committed(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trained project with its environment, all committed; tests must not change it."""
    project = tmp_path_factory.mktemp("retraining") / "project"
    shutil.copytree(trained, project, ignore=WITHOUT_VENV)
    lenient = "over_baseline:\n    roc_auc: -0.1"  # a short training need not beat the baseline
    edit(project, r"over_baseline:[^\n]*\n\s+roc_auc: 0\.0", lenient)
    run(project, "uv", "run", "dvc", "repro", "--quiet")
    commit(project, "Trained")
    return project


@pytest.fixture
def project(committed: Path, tmp_path: Path) -> Path:
    """A copy of the project, to be retrained."""
    copy = tmp_path / "project"
    shutil.copytree(committed, copy, symlinks=True, ignore=WITHOUT_VENV)
    run(copy, "uv", "sync", "--quiet")
    return copy


@pytest.fixture(scope="module")
def cache(committed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DVC cache with the files and runs of the trained project, for several projects."""
    folder = tmp_path_factory.mktemp("cache")
    return Path(shutil.copytree(committed / ".dvc" / "cache", folder, dirs_exist_ok=True))


def test_any_combination_of_changes_starts_at_the_first_stage_of_each(project: Path) -> None:
    """What follows a stage that has changed is DVC's work, seen to run in the test below."""
    for changes in COMBINATIONS:
        for what in changes:
            change(project, what)
        changed = json.loads(run(project, "uv", "run", "dvc", "status", "--json").stdout)
        assert sorted(changed) == sorted(one for what in changes for one in STAGES[what][:1])
        git(project, "checkout", "--quiet", ".")


@pytest.mark.parametrize("changes", RETRAINED, ids="+".join)
def test_changes_run_the_union_of_their_stages_once(
    changes: tuple[str, ...], project: Path, cache: Path
) -> None:
    """The stages before `train` are restored for all three changes, as for the data alone."""
    share_cache(project, cache)
    for what in changes:
        change(project, what)
    commit(project, " and ".join(changes))
    wanted = {stage for what in changes for stage in STAGES[what]}
    output = retrain(project, TRAINED)
    assert stages_run(output) == [stage for stage in ALL if stage in wanted]
    assert "train" not in restored(output)
    assert len(ledger(project)) == bool(wanted)
    assert git(project, "status", "--porcelain") == ""
    assert stages_run(retrain(project, TRAINED)) == []
    assert len(ledger(project)) == bool(wanted)


def test_a_month_later_it_retrains_exactly_once(project: Path, cache: Path) -> None:
    share_cache(project, cache)
    before = model(project)
    assert "nothing is due" in retrain(project, "2013-09-30")
    output = retrain(project, MONTH_LATER)
    assert stages_run(output) == ALL
    (line,) = ledger(project)
    assert (line["outcome"], line["as_of"], line["registered"]) == (
        "accepted", MONTH_LATER, "model@v0.1.0"
    )  # fmt: skip
    assert model(project) != before
    assert "as_of: '2013-10-01'" in (project / "params.yaml").read_text("utf-8")
    assert "nothing is due" in retrain(project, "2013-10-30")
    trigger = ("uv", "run", "modelyard", "trigger")
    run(project, *trigger, "--now", "2013-10-31", expected=DUE)


def test_drift_of_an_old_model_is_a_reason_but_drift_alone_is_not(project: Path) -> None:
    edit(project, "every_days: 30", "every_days: 999")
    commit(project, "No calendar")
    replay = ("uv", "run", "modelyard", "replay")
    run(project, *replay, "--until", "2013-12-02")
    assert "nothing is due" in retrain(project, MONTH_LATER)
    assert "due   verdict" in retrain(project, "2013-12-02")
    (line,) = ledger(project)
    assert [one["kind"] for one in line["reasons"]] == ["verdict"]  # type: ignore[attr-defined]


def test_a_refused_candidate_does_not_change_the_serving_model(project: Path, cache: Path) -> None:
    """The candidate is that of the test above, with which DVC restores it; the gate runs."""
    share_cache(project, cache)
    edit(project, "roc_auc: 0.62", "roc_auc: 0.99")
    commit(project, "A floor that no model reaches")
    before = model(project)
    output = retrain(project, MONTH_LATER, expected=REFUSED)
    assert "is refused, nothing is registered: Refused by 1 of" in output
    assert model(project) == before
    assert git(project, "status", "--porcelain") == ""
    assert [line["outcome"] for line in ledger(project)] == ["refused"]
    assert "nothing is due" in retrain(project, MONTH_LATER)


def start(project: Path) -> "subprocess.Popen[str]":
    """Start a run in a process group of its own."""
    return subprocess.Popen(
        ["scripts/retrain.sh", MONTH_LATER], cwd=project, env=anonymous_environment(), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip


def read_until_training(process: "subprocess.Popen[str]") -> str:
    """Return the output of a run until the stage `train` begins."""
    assert process.stdout is not None
    lines = list(takewhile(lambda line: "Running stage 'train'" not in line, process.stdout))
    assert process.poll() is None, "".join(lines)
    return "".join(lines)


@pytest.fixture
def killed(project: Path) -> Path:
    """A project whose run was killed while it trained."""
    process = start(project)
    read_until_training(process)
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return project


@pytest.fixture
def next_run(killed: Path) -> Iterator["subprocess.Popen[str]"]:
    """The run after the killed one; it is killed after the test if it has not ended."""
    process = start(killed)
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def test_after_a_killed_run_the_next_one_succeeds_and_another_reports_it_in_progress(
    next_run: "subprocess.Popen[str]", killed: Path
) -> None:
    before = read_until_training(next_run)
    assert "the last run was killed; restoring its files" in before
    assert "a run is in progress (process " in retrain(killed, MONTH_LATER, expected=BUSY)
    after, _ = next_run.communicate(timeout=300)
    assert next_run.returncode == 0, before + after
    assert [line["outcome"] for line in ledger(killed)] == ["accepted"]
    assert git(killed, "status", "--porcelain") == ""
