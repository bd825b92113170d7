"""Unattended retraining: if there is a reason, train on the rows known now.

A candidate that the gate accepts is committed and registered. `canary.prod_approval` in
`params.yaml` decides whether a person promotes it or the canary. After a failure all files are
restored.
"""

import os
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..console import UserError
from ..files import read_json, write_bytes, write_json
from ..lock import LockHeldError, exclusive_lock
from ..models.gates.holdout_ledger import current_user
from ..models.gates.versions.compare import SERVING_DIR
from ..params import read_params
from ..project import Project
from ..registry import dvc
from ..registry.git import REMOTE, git_output
from ..registry.install import serving_model
from ..registry.register import register_commit
from ..settings import Settings
from . import ledger, messages, working_tree
from .reproduce import GATE, reproduce
from .trigger import Decision, decide, table

REFUSED, BUSY = 20, 75
CACHE = Path(".cache/retrain")
LOCK, LOCK_TIMEOUT_S = CACHE / "lock", 3.0  # a killed run takes a moment to exit
UNFINISHED = CACHE / "unfinished.json"  # exists during a run; has `run` from its commit on
REGISTERED = CACHE / "registered"  # version that this run registered; absent if none


@dataclass(frozen=True)
class RetrainSettings(Settings):
    """Branch of `origin` that a run pulls first and pushes to at its end; empty for neither."""

    retrain_branch: str = ""


def retrain(project: Project, now: date) -> int:
    """Recover an interrupted run, then retrain if a reason is due; return the exit code."""
    REGISTERED.unlink(missing_ok=True)
    recover(project)
    working_tree.refuse_unclean()
    branch = RetrainSettings.read().retrain_branch
    if branch:
        git_output("pull", "--quiet", "--ff-only", REMOTE, branch)
    dvc.restore_outputs()
    code = retrain_if_due(project, now)
    if branch:
        git_output("push", "--quiet", REMOTE, f"HEAD:refs/heads/{branch}")
    return code


def retrain_if_due(project: Project, now: date) -> int:
    """Evaluate the reasons, and train if one is due; return the exit code."""
    decision = decide(project, now, read_params())
    print(table(decision), flush=True)
    if not decision.due:
        messages.delete_messages([reason.key for reason in decision.reasons])
        return decision.exit_code
    return train(project, decision)


def recover(project: Project) -> None:
    """Finish a run that was killed after its commit; undo one that was killed before."""
    if not UNFINISHED.exists():
        return
    working_tree.release_locks()
    if run := committed_run():
        print("retrain: the last run was killed after its model was committed; finishing it")
        finish(project, run)
    else:
        dvc.wait_for_lock()
        print("retrain: the last run was killed; restoring its files")
        undo()


def committed_run() -> ledger.Run | None:
    """Return the run in progress if its model is committed, else None."""
    run: ledger.Run = read_json(UNFINISHED, "delete it, and check git status").get("run", {})
    commit, _, subject = git_output("log", "-1", "--format=%H %s").decode().partition(" ")
    if run and "commit" not in run and subject.strip() == message(run):
        run["commit"] = commit
    return run if "commit" in run else None


def train(project: Project, decision: Decision) -> int:
    """Run the pipeline, and accept or refuse the candidate; return the exit code."""
    start = time.monotonic()
    write_json(UNFINISHED, {})
    try:
        os.environ[SERVING_DIR] = str(serving_model(project.package)[0])  # for the gate
        dvc.set_param("data", "as_of", decision.now.isoformat())
        result = reproduce()
        run = ledger.build_entry(decision.due, decision.now, result, time.monotonic() - start)
        return accept(project, run) if result.accepted else refuse(run)
    except BaseException:
        if UNFINISHED.exists() and not committed_run():
            undo()
        raise


def undo() -> None:
    """Restore all files, and end the run."""
    restore()
    UNFINISHED.unlink()


def restore() -> None:
    """Restore params, results and data to those of the commit."""
    working_tree.restore()
    dvc.restore_outputs()


def refuse(run: ledger.Run) -> int:
    """Restore all files, append the run to the ledger, keep its report; return the exit code."""
    report = GATE.read_bytes()
    restore()
    run = ledger.append(run)
    write_bytes(ledger.RUNS.with_name(f"refused-{run['run']}.md"), report)
    commit_ledger(run)
    UNFINISHED.unlink()
    print(f"retrain: run {run['run']} is refused, nothing is registered: {run['why']}")
    return REFUSED


def accept(project: Project, run: ledger.Run) -> int:
    """Commit and register the model, unless an earlier run did; return the exit code."""
    known = ledger.registered_version(ledger.read_runs(), run["model"])
    if known and not working_tree.changed(*working_tree.RESULTS):
        commit_ledger(ledger.append(run | {"outcome": "unchanged", "registered": known}))
        UNFINISHED.unlink()
        print(f"retrain: the model is {known} again; nothing has changed")
        return 0
    write_json(UNFINISHED, {"run": run})
    run |= {"commit": working_tree.commit(message(run))}
    write_json(UNFINISHED, {"run": run})
    finish(project, run)
    return 0


def message(run: ledger.Run) -> str:
    """Return the message of the commit of a run's model."""
    kinds = ", ".join(dict.fromkeys(one["kind"] for one in run["reasons"]))
    return f"Model {run['model']} of {run['as_of']} ({kinds})"


def finish(project: Project, run: ledger.Run) -> None:
    """Register the committed model, and append the run to the ledger."""
    done = [one for one in ledger.read_runs() if one.get("commit") == run["commit"]]
    run = done[-1] if done else ledger.append(run | {"registered": register(project, run["when"])})
    commit_ledger(run)
    UNFINISHED.unlink(missing_ok=True)
    write_bytes(REGISTERED, f"{run['registered']}\n".encode())
    print(f"retrain: run {run['run']} registered {run['registered']}; {promotion_hint()}")


def register(project: Project, when: str) -> str:
    """Register the model of the current commit; return its tag."""
    try:
        return register_commit(project.package, current_user() or "unknown", when).tag
    except UserError as error:
        raise UserError(f"not registered: {error}") from None


def promotion_hint() -> str:
    """Return who promotes the model: a person, or the canary."""
    canary = getattr(read_params(), "canary", None)  # from level 3 on
    automatic = canary is not None and canary.prod_approval != "required"
    return "the canary (level 3) or a person promotes it" if automatic else "a person promotes it"


def commit_ledger(run: ledger.Run) -> None:
    """Commit the ledger, and delete the handled messages from the inbox."""
    working_tree.commit(f"Run {run['run']}: {run.get('registered', 'refused')}")
    messages.delete_messages([reason["key"] for reason in run["reasons"]])


def main(project: Project, now: date) -> None:
    """Retrain under a lock, and exit; with code 75 if another run holds it."""
    try:
        with exclusive_lock(LOCK, timeout_s=LOCK_TIMEOUT_S):
            sys.exit(retrain(project, now))
    except LockHeldError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(BUSY)
