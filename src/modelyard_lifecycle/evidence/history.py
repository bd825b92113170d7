"""Items that are read from git and from several entries of the ledger."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median

from ..git import run
from .items import Item, Judge, bad_results

SLOWER = 3.0  # times the median of earlier runs: CI machines differ by less
AGES = 7  # days on which the quality of an ageing model must have been measured
FEATURE_DAYS = 60
PARTS = ("data", "features", "models")
SPECIFICATION = (
    ":(glob)src/*/schema.py",
    *(f":(glob)src/*/{one}/**" for one in PARTS),
    "params.yaml",
)


def trials(judge: Judge) -> str:
    """Return why the hyperparameters are not tuned."""
    path = judge.project.folder / "models" / "trials.json"
    try:
        tried = len(json.loads(path.read_text("utf-8"))["trials"])
    except (OSError, ValueError, KeyError, TypeError):
        return "models/trials.json is missing: uv run dvc repro"
    return "" if tried > 1 else "one setting was tried; raise search.trials in params.yaml"


def speed(judge: Judge) -> str:
    """Return why training is not known to be as fast as before."""
    spent = [one.seconds for one in judge.entries if one.check == "train" and one.passed]
    if len(spent) < 3:
        return f"{len(spent)} trainings are recorded, a trend needs 3"
    usual = median(spent[:-1])
    slower = spent[-1] > SLOWER * max(usual, 1)
    return f"training took {spent[-1]:.0f} s, {usual:.0f} s before" if slower else ""


def ages(judge: Judge) -> str:
    """Return why the quality is not known for several ages of the model."""
    known = [one for one in judge.entries if one.check == "monitor" and one.automatic]
    days = {one.when.date() for one in known if "quality" in one.details}
    days = {one.when.date() for one in known if not bad_results(one, "monitor/quality")} & days
    return "" if len(days) >= AGES else f"its quality was measured on {len(days)} days of {AGES}"


def review(judge: Judge) -> str:
    """Return why the specification's changes are not known to be reviewed."""
    form = "%x1e%H%x1f%an%x1f%P%x1f%(trailers:key=Reviewed-by,valueonly)"
    options = ("--first-parent", "-m", "--since=365 days ago", f"--format={form}", "--")
    log = git(judge, "log", *options, *SPECIFICATION)
    changes = [one.split("\x1f") for one in log.split("\x1e") if one.strip()]
    changes = [one for one in changes if one[2]]  # the first commit has no parent
    if not changes:
        return "no change of the specification since the first commit"
    for commit, author, parents, reviewers in changes:
        names = [one.partition(" <")[0].strip() for one in reviewers.splitlines() if one.strip()]
        if not any(one != author for one in names) and not merged(judge, author, parents.split()):
            return f"{commit.strip()[:12]} by {author} has no reviewer"
    return ""


def merged(judge: Judge, author: str, parents: list[str]) -> bool:
    """Return whether a commit merges the work of others."""
    if len(parents) < 2:
        return False
    authors = git(judge, "log", "--format=%an", f"{parents[0]}..{parents[1]}").splitlines()
    return bool(authors) and author not in authors


def dependencies(judge: Judge) -> str:
    """Return why no change of the dependencies is known to be tested."""
    dates = git(judge, "log", "--format=%cI", "--", "uv.lock").split()
    if len(dates) < 2:
        return "uv.lock has not changed since it was committed"
    changed = datetime.fromisoformat(dates[0])
    later = [one for one in judge.entries if one.check == "tests" and one.passed]
    known = [one for one in later if one.when >= changed]
    return "" if known else "no test ran since uv.lock changed"


def feature(judge: Judge) -> str:
    """Return why no feature is known to have reached production quickly."""
    log = git(judge, "log", "--format=%H %P|%aI", "--", ":(glob)src/*/features/**").splitlines()
    for line in log:
        names, _, written = line.partition("|")
        commit, *parents = names.split()
        tags = git(judge, "tag", "--contains", commit, "--list", "model#prod#*", "--format",
                   "%(creatordate:iso-strict)").split() if parents else []  # fmt: skip
        if tags:
            taken = datetime.fromisoformat(min(tags)) - datetime.fromisoformat(written)
            late = taken > timedelta(days=FEATURE_DAYS)
            return f"the last feature took {taken.days} days to production" if late else ""
    return "no model with a feature added later was promoted"


def git(judge: Judge, *words: str) -> str:
    """Return the output of git in the project's folder; empty if it fails."""
    done = run(*words, folder=judge.project.folder)
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


HISTORY: dict[str, Callable[[Judge], str]] = {
    one.__name__: one for one in (trials, speed, ages, review, dependencies, feature)
}


def history_item(judge: Judge, name: str) -> Item:
    """Judge an item `history/NAME`."""
    return Item(name, HISTORY[re.sub(".*/", "", name)](judge))
