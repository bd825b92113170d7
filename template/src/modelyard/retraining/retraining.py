"""Retrain without anybody watching: if a reason holds, train on the rows known now.

A candidate that the gate accepts is committed and registered; who promotes it, a person or the
canary, is said by `canary.prod_approval` in `params.yaml`.
Whatever goes wrong, files are as they were.

Exit codes: 0 done, or nothing was due; 20 the gate refused; 75 another run is at work; 1 an error.
"""

import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from ..files import write_bytes
from ..params import read_params
from ..project import Project
from ..settings import Settings
from . import keys, registering, runs, tree, unfinished
from .clock import set_day
from .dvc import bring
from .lock import Held, alone
from .reasons import message
from .reproduce import Ended, reproduce
from .stale import read_pipeline
from .trigger import Decision, decide, table

REFUSED, BUSY = 20, 75
REGISTERED = Path(".cache/retrain/registered")  # what this run has registered; no file if nothing


@dataclass(frozen=True)
class Publishing(Settings):
    """The branch of `origin` that a run begins with and is pushed to; empty for neither."""

    retrain_branch: str = ""


def retrain(project: Project, now: date) -> int:
    """Do what is due on a day, once; give the exit code.

    Raises:
        UserError: it failed; files are as they were.
    """
    REGISTERED.unlink(missing_ok=True)
    recover()
    tree.refuse_unclean()
    branch = Publishing.read().retrain_branch
    if branch:
        tree.pull(branch)
    bring()
    code = follow(project, now)
    if branch:
        tree.push(branch)
    return code


def follow(project: Project, now: date) -> int:
    """Decide, and do what is due; give the exit code."""
    decision = decide(project, now, read_params())
    print(table(decision), flush=True)
    if not decision.due:
        message.remove([reason.key for reason in decision.reasons])
        return decision.exit_code
    return answer(project, decision)


def recover() -> None:
    """Finish or undo what a run that was killed has begun."""
    before, run = unfinished.found()
    if run:
        print("retrain: the last run was killed after its model was committed; finishing it")
        finish(run)
    elif before:
        print("retrain: the last run was killed; its files are put back")
        undo(before)


def answer(project: Project, decision: Decision) -> int:
    """Train, and keep or undo what came out.

    Raises:
        UserError: a stage failed; files are as they were.
    """
    began, before = time.monotonic(), read_params().data.as_of
    unfinished.begin(before)
    try:
        set_day(decision.now)
        ended = reproduce()
        told = describe(decision, ended) | {"seconds": round(time.monotonic() - began)}
        return keep(told) if ended.accepted else refuse(told, before)
    except BaseException:
        if unfinished.found()[0]:
            undo(before)
        raise


def undo(before: date) -> None:
    """Let params, results and data be those of the commit."""
    set_day(before)
    tree.put_back()
    bring()
    unfinished.end()


def describe(decision: Decision, ended: Ended) -> runs.Run:
    """Say what the ledger shall say of a run."""
    pipeline = read_pipeline()
    asked = [{"kind": one.kind, "key": one.key, "why": one.why} for one in decision.due]
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "as_of": decision.now.isoformat(),
        "reasons": asked,
        "data": keys.data(pipeline, keys.rows_known()),
        "code": keys.code(pipeline),
        "serving": keys.serving(pipeline),
        "model": ended.model,
        "outcome": "accepted" if ended.accepted else "refused",
        "why": ended.why,
    }


def refuse(told: runs.Run, before: date) -> int:
    """Put all back but the ledger's line, and say why."""
    undo(before)
    line = runs.add(told)
    note(line)
    print(f"retrain: run {line['run']} is refused, nothing is registered: {line['why']}")
    return REFUSED


def keep(told: runs.Run) -> int:
    """Commit the model, then finish; one that a run has registered is not registered again."""
    known = runs.registered(runs.read_runs(), told["model"])
    if known and not tree.touched(*tree.RESULTS, "params.yaml"):
        unfinished.end()
        note(runs.add(told | {"outcome": "unchanged", "registered": known}))
        print(f"retrain: it is {known} again; nothing has changed")
        return 0
    kinds = ", ".join(dict.fromkeys(one["kind"] for one in told["reasons"]))
    commit = tree.commit(f"Model {told['model']} of {told['as_of']} ({kinds})")
    unfinished.made(told | {"commit": commit})
    finish(told | {"commit": commit})
    return 0


def finish(told: runs.Run) -> None:
    """Register the committed model, and write the run down.

    Raises:
        UserError: the registry did not take it; the next run tries again.
    """
    done = [run for run in runs.read_runs() if run.get("commit") == told["commit"]]
    line = done[-1] if done else runs.add(told | {"registered": registering.register()})
    note(line)
    unfinished.end()
    write_bytes(REGISTERED, f"{line['registered']}\n".encode())
    print(f"retrain: run {line['run']} made {line['registered']}; {successor()}")


def successor() -> str:
    """Say who lets the model serve."""
    canary = getattr(read_params(), "canary", None)  # from level 3 on
    by_itself = canary is not None and canary.prod_approval != "required"
    return "the canary decides (level 3), or a person" if by_itself else "a person promotes it"


def note(line: runs.Run) -> None:
    """Commit the ledger, and empty the inbox of what it remembers."""
    tree.commit(f"Run {line['run']}: {line.get('registered', 'refused')}")
    message.remove([reason["key"] for reason in line["reasons"]])


def main(project: Project, now: date) -> None:
    """Run alone, or say who is at work."""
    try:
        with alone():
            sys.exit(retrain(project, now))
    except Held as held:
        print(f"error: {held}", file=sys.stderr)
        sys.exit(BUSY)
