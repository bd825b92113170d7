"""Retrain without anybody watching: if a reason holds, train on the rows known now.

A candidate that the gate accepts is committed and registered; who promotes it, a person or the
canary, is said by `canary.prod_approval` in `params.yaml`.
Whatever goes wrong, files are as they were.

Exit codes: 0 done, or nothing was due; 20 the gate refused; 75 another run is at work; 1 an error.
"""

import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ..console import UserError
from ..files import read_json, write_bytes, write_json
from ..lock import Held, alone
from ..models.gates.holdout_ledger import who
from ..params import read_params
from ..project import Project
from ..registry import dvc
from ..registry.register import register_commit
from ..settings import Settings
from . import ledger, messages, working_tree
from .reproduce import reproduce
from .trigger import Decision, decide, table

REFUSED, BUSY = 20, 75
CACHE = Path(".cache/retrain")
LOCK, PATIENCE_S = CACHE / "lock", 3.0  # a run that was killed needs a moment until it is gone
UNFINISHED = CACHE / "unfinished.json"  # there while a run is at work; `run` once it is committed
REGISTERED = CACHE / "registered"  # what this run has registered; no file if nothing


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
    recover(project)
    working_tree.refuse_unclean()
    branch = Publishing.read().retrain_branch
    if branch:
        working_tree.pull(branch)
    dvc.bring()
    code = follow(project, now)
    if branch:
        working_tree.push(branch)
    return code


def follow(project: Project, now: date) -> int:
    """Decide, and do what is due; give the exit code."""
    decision = decide(project, now, read_params())
    print(table(decision), flush=True)
    if not decision.due:
        messages.remove([reason.key for reason in decision.reasons])
        return decision.exit_code
    return answer(project, decision)


def recover(project: Project) -> None:
    """Finish or undo what a run that was killed has begun."""
    begun = unfinished()
    if begun is None:
        return
    if "run" in begun:
        print("retrain: the last run was killed after its model was committed; finishing it")
        finish(project, begun["run"])
    else:
        dvc.wait()
        print("retrain: the last run was killed; its files are put back")
        undo()


def unfinished() -> dict[str, Any] | None:
    """Give what a run has noted that did not come to its end; None if all is well."""
    if not UNFINISHED.exists():
        return None
    return dict(read_json(UNFINISHED, "delete it, and look at git status"))


def answer(project: Project, decision: Decision) -> int:
    """Train, and keep or undo what came out.

    Raises:
        UserError: a stage failed; files are as they were.
    """
    began = time.monotonic()
    write_json(UNFINISHED, {})
    try:
        dvc.set_param("data", "as_of", decision.now.isoformat())
        ended = reproduce()
        told = ledger.describe(decision.due, decision.now, ended, time.monotonic() - began)
        return keep(project, told) if ended.accepted else refuse(told)
    except BaseException:
        if unfinished() == {}:
            undo()
        raise


def undo() -> None:
    """Let params, results and data be those of the commit."""
    working_tree.put_back()
    dvc.bring()
    UNFINISHED.unlink(missing_ok=True)


def refuse(told: ledger.Run) -> int:
    """Put all back but the ledger's line, and say why."""
    undo()
    line = ledger.add(told)
    note(line)
    print(f"retrain: run {line['run']} is refused, nothing is registered: {line['why']}")
    return REFUSED


def keep(project: Project, told: ledger.Run) -> int:
    """Commit the model, then finish; one that a run has registered is not registered again."""
    known = ledger.registered(ledger.read_runs(), told["model"])
    if known and not working_tree.edited() + working_tree.new():
        UNFINISHED.unlink()
        note(ledger.add(told | {"outcome": "unchanged", "registered": known}))
        print(f"retrain: it is {known} again; nothing has changed")
        return 0
    kinds = ", ".join(dict.fromkeys(one["kind"] for one in told["reasons"]))
    commit = working_tree.commit(f"Model {told['model']} of {told['as_of']} ({kinds})")
    write_json(UNFINISHED, {"run": told | {"commit": commit}})
    finish(project, told | {"commit": commit})
    return 0


def finish(project: Project, told: ledger.Run) -> None:
    """Register the committed model, and write the run down.

    Raises:
        UserError: the registry did not take it; the next run tries again.
    """
    done = [run for run in ledger.read_runs() if run.get("commit") == told["commit"]]
    line = done[-1] if done else ledger.add(told | {"registered": register(project, told["when"])})
    note(line)
    UNFINISHED.unlink(missing_ok=True)
    write_bytes(REGISTERED, f"{line['registered']}\n".encode())
    print(f"retrain: run {line['run']} made {line['registered']}; {successor()}")


def register(project: Project, when: str) -> str:
    """Register the model of the current commit, and give its tag.

    Raises:
        UserError: the registry refused it.
    """
    try:
        return register_commit(project.package, who() or "unknown", when).tag
    except UserError as failure:
        raise UserError(f"not registered: {failure}") from None


def successor() -> str:
    """Say who lets the model serve."""
    canary = getattr(read_params(), "canary", None)  # from level 3 on
    by_itself = canary is not None and canary.prod_approval != "required"
    return "the canary decides (level 3), or a person" if by_itself else "a person promotes it"


def note(line: ledger.Run) -> None:
    """Commit the ledger, and empty the inbox of what it remembers."""
    working_tree.commit(f"Run {line['run']}: {line.get('registered', 'refused')}")
    messages.remove([reason["key"] for reason in line["reasons"]])


def main(project: Project, now: date) -> None:
    """Run alone, or say who is at work."""
    try:
        with alone(LOCK, patience_s=PATIENCE_S):
            sys.exit(retrain(project, now))
    except Held as held:
        print(f"error: {held}", file=sys.stderr)
        sys.exit(BUSY)
