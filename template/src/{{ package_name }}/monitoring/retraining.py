"""Retrain without anybody watching: if a reason holds, train on the rows known now.

A candidate that the gate accepts is committed and registered; who promotes it, a person or the
canary, is said by `canary.prod_approval` in `params.yaml`.
Whatever goes wrong, files are as they were.

Exit codes: 0 done, or nothing was due; 20 the gate refused; 75 another run is at work; 1 an error.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from ..command_line import parser, to_day
from ..console import run
from ..files import write_bytes
from ..params import read_params
from ..settings import Settings
from . import keys, registry, runs, tree, unfinished
from .clock import set_day
from .dvc import bring
from .lock import Held, alone
from .reasons import message
from .report import Watch
from .reproduce import Ended, reproduce
from .stale import read_pipeline
from .trigger import Decision, decide, table

REFUSED, BUSY = 20, 75
REGISTERED = Path(".cache/retrain/registered")  # what this run has registered; no file if nothing


@dataclass(frozen=True)
class Publishing(Settings):
    """The branch of `origin` that a run begins with and is pushed to; empty for neither."""

    retrain_branch: str = ""


def retrain(now: date) -> int:
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
    code = follow(now)
    if branch:
        tree.push(branch)
    return code


def follow(now: date) -> int:
    """Decide, and do what is due; give the exit code."""
    decision = decide(now, read_params())
    print(table(decision), flush=True)
    if not decision.due:
        message.remove([reason.key for reason in decision.reasons])
        return decision.exit_code
    return answer(decision)


def recover() -> None:
    """Finish or undo what a run that was killed has begun."""
    before, run = unfinished.found()
    if run:
        print("retrain: the last run was killed after its model was committed; finishing it")
        finish(run)
    elif before:
        print("retrain: the last run was killed; its files are put back")
        undo(before)


def answer(decision: Decision) -> int:
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
    line = done[-1] if done else runs.add(told | {"registered": registry.register()})
    note(line)
    unfinished.end()
    write_bytes(REGISTERED, f"{line['registered']}\n".encode())
    print(f"retrain: run {line['run']} made {line['registered']}; {successor()}")


def successor() -> str:
    """Say who lets the model serve."""
    by_itself = read_params().canary.prod_approval != "required"
    return "the canary decides (level 3), or a person" if by_itself else "a person promotes it"


def note(line: runs.Run) -> None:
    """Commit the ledger, and empty the inbox of what it remembers."""
    tree.commit(f"Run {line['run']}: {line.get('registered', 'refused')}")
    message.remove([reason["key"] for reason in line["reasons"]])


def arguments() -> argparse.Namespace:
    """Read the command line."""
    reader = parser(f"{__package__}.retraining", __doc__, "--now 2013-10-01")
    text = "the day it is, such as 2013-10-01; by default AS_OF, or that of the clock (UTC)"
    reader.add_argument("--now", metavar="DAY", type=to_day, default=Watch.read().today, help=text)
    return reader.parse_args()


def main() -> None:
    """Run alone, or say who is at work."""
    now = arguments().now
    try:
        with alone():
            sys.exit(retrain(now))
    except Held as held:
        print(f"error: {held}", file=sys.stderr)
        sys.exit(BUSY)


if __name__ == "__main__":
    run(main)
