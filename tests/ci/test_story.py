"""Level 3 end to end on GitHub: a change is proposed, reported on, merged, trained, refused."""

import json
import re

import pytest

from tests.checkout import commit, git
from tests.ci.conftest import change
from tests.ci.hosts import github
from tests.ci.pushed import Origin

pytestmark = pytest.mark.slow
HERE = {"full_name": "me/project"}
TODAY, LATER = "2013-09-02", "2013-12-02"
WEEKEND = '"weekend": (seconds - SATURDAY_S) % WEEK_S < 2 * DAY_S'
BEFORE = '{"hour": seconds % DAY_S / 3600, ' + WEEKEND + "}"
AFTER = f"""{{
        "hour": seconds % DAY_S / 3600,
        "evening": (seconds % DAY_S >= 17 * 3600) & (seconds % DAY_S < 22 * 3600),
        {WEEKEND},
    }}"""


def test_a_pull_request_is_checked_and_its_metric_changes_are_posted(pushed: Origin) -> None:
    base = git(pushed.author, "rev-parse", "HEAD").strip()
    git(pushed.author, "checkout", "--quiet", "-b", "evening")
    change(pushed.author / "src/flight_delays/features/build.py", re.escape(BEFORE), AFTER)
    commit(pushed.author, "A feature for the evening")
    git(pushed.author, "push", "--quiet", "origin", "evening")
    event = pushed.folder / "event.json"
    request = {"number": 7, "base": {"sha": base, "ref": "main"}, "head": {"repo": HERE}}
    event.write_text(json.dumps({"pull_request": request, "repository": HERE}), "utf-8")
    where = ["--eventpath", str(event), "--env", f"GITHUB_REPOSITORY={HERE['full_name']}"]
    words = ["pull_request", "check-model.yml", "-j", "model", *where, "-s", "GITHUB_TOKEN=none"]
    clone = pushed.clone("evening")
    done = github(clone, pushed.folder, *words, **pushed.job_environment())
    assert done.returncode == 0, done.stdout[-4000:]
    (posted,) = (one for one in pushed.notes if one.startswith("gh "))
    assert posted.startswith("gh pr comment 7 ")
    assert "test.candidate.roc_auc" in "".join(pushed.notes)


def test_after_the_merge_the_schedule_trains_once(pushed: Origin) -> None:
    git(pushed.author, "push", "--quiet", "origin", "evening:main")
    code, output = pushed.job("train", today=TODAY)
    assert code == 0, output[-4000:]
    assert "retrain: run 1 registered model@v0.1.0" in output
    before = on_main(pushed)
    assert before[1] == ["model@v0.1.0"]
    code, output = pushed.job("train", today=TODAY)
    assert code == 0, output[-4000:]
    assert on_main(pushed) == before


def test_a_refused_model_fails_the_job_and_gets_no_version(pushed: Origin) -> None:
    author = pushed.clone()
    change(author / "params.yaml", "roc_auc: 0.62", "roc_auc: 0.99")
    commit(author, "Ask for more than there is")
    git(author, "push", "--quiet", "origin", "main")
    code, output = pushed.job("train", today=LATER)
    assert code != 0
    assert "the candidate is refused" in output
    assert on_main(pushed)[1] == ["model@v0.1.0"]


def on_main(origin: Origin) -> tuple[str, list[str]]:
    """Return the newest commit and the versions of the bare repository."""
    return (
        git(origin.bare, "rev-parse", "main"),
        git(origin.bare, "tag", "--list", "model@*").split(),
    )
