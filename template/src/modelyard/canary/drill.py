"""Rehearse a rollback of prod in a scratch clone, so that it is known to work before it is needed.

Exit codes: 0 it works, or there is no version before; 20 it does not work; 1 an error.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ..console import UserError
from ..files import read_json
from ..registry.actions import find, whole
from ..registry.backend import open_backend
from ..registry.events import Version
from ..registry.install import put
from ..registry.state import served
from .check import Check, exit_code, table, works
from .scratch_clone import aloof, cloned, predictions, seen
from .subprocesses import last_line

LIMIT_S = 30.0
STAGE = "prod"


class Rollback(NamedTuple):
    """What `scripts/rollback.sh` did.

    Attributes:
        code: its exit code.
        said: its last line.
        seconds: how long it took.
        model: the version of the model that serves then.
        predictions: of that model, a line for each row; empty if there are none.
    """

    code: int
    said: str
    seconds: float
    model: str
    predictions: bytes


def versions(project: str) -> tuple[Version, Version] | None:
    """Give the version in service and the one to go back to; None if no other has served.

    Raises:
        Refused: others have served, and each is quarantined.
    """
    backend = open_backend(project)
    if len(set(served(backend.events(), STAGE))) < 2:
        return None
    return find(backend, STAGE), find(backend, f"{STAGE}~1")


def rehearse(project: str, now: Version, before: Version) -> list[Check]:
    """Let `now` serve in a clone, go back, and ask whether `before` serves as it did."""
    untouched = seen()
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        clone, old = cloned(Path(folder)), Path(folder) / "before"
        put(before, whole(before), old)
        put(now, whole(now), clone / "served" / STAGE)
        expected = predictions(clone, project, before.commit, old, old)
        done = rolled_back(clone, project, before.commit, old)
    checks = judged(before.manifest["model"]["version"], expected, done)
    changed = "" if seen() == untouched else "no"
    return [*checks, works("the repository is as it was", changed)]


def rolled_back(clone: Path, project: str, commit: str, rows: Path) -> Rollback:
    """Run the script in the clone, and ask what serves then for predictions."""
    folder, began = clone / "served" / STAGE, time.monotonic()
    done = subprocess.run(
        ["bash", "scripts/rollback.sh", STAGE],
        cwd=clone, env=aloof(clone / "src"), capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    seconds, said = time.monotonic() - began, last_line(done.stderr or done.stdout)
    model = str(read_json(folder / "model.json", "")["version"])
    try:
        told = predictions(clone, project, commit, folder, rows)
    except UserError as failure:
        said, told = f"{said}; {failure}", b""
    return Rollback(done.returncode, said, seconds, model, told)


def judged(model: str, expected: bytes, done: Rollback) -> list[Check]:
    """Ask whether a rollback did what it promises.

    Args:
        model: the version of the model that served before.
        expected: its predictions, a line for each row.
        done: what came of the rollback.
    """
    rows, others = len(expected.splitlines()), unlike(expected, done.predictions)
    ended, quick = f"exit code {done.code}: {done.said}", done.seconds < LIMIT_S
    return [
        Check("it ends well", ended, "exit code 0", done.code == 0),
        Check("model that serves then", done.model, model, done.model == model),
        Check("rows predicted", f"{rows:,}", "at least 1", rows > 0),
        Check("predictions unlike before", f"{others:,}", "0", expected == done.predictions),
        Check("time", f"{done.seconds:.1f} s", f"below {LIMIT_S:.0f} s", quick),
    ]


def unlike(before: bytes, after: bytes) -> int:
    """Count the rows that are answered otherwise; a row that is missing is one of them."""
    lines = (before.splitlines(), after.splitlines())
    same = sum(one == other for one, other in zip(*lines, strict=False))
    return max(map(len, lines)) - same


def report(about: str, checks: Sequence[Check]) -> str:
    """Lay out what is told."""
    verdict = "it works" if exit_code(checks) == 0 else "it does NOT work"
    said = next((f"\n\n{one.found}" for one in checks if one.name == "it ends well"), "")
    return f"## Rollback drill: {verdict}\n\n{about}\n\n{table(checks)}{said}"


def drill(project: str) -> None:
    """Rehearse, tell, and end with the verdict."""
    pair = versions(project)
    if pair is None:
        print(f"## Rollback drill: not held\n\nFewer than two versions have served {STAGE}.")
        return
    now, before = pair
    checks = rehearse(project, now, before)
    print(report(f"{STAGE} is {now.name}; in a scratch clone it went to {before.name}.", checks))
    sys.exit(exit_code(checks))
