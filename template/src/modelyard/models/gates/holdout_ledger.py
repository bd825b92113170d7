"""Ledger of the uses of the test set, and the limit on the number of candidates.

The more candidates are evaluated on the same rows, the more the best metric is luck: of k equally
good models the best one seems better than it is by about sqrt(2 ln k) standard errors, and by more
if each model is built on the verdict on the one before (Dwork et al., Science 349, 2015; Blum and
Hardt, "The Ladder", 2015).
"""

import getpass
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from ...console import UserError
from ...files import read_lines, write_lines

LEDGER = Path("reports/test_rows.jsonl")
HISTORY = ("log", "--patch", "--full-history", "--format=", "--no-color", "--no-ext-diff", "--")


def record_use(rows: str, candidate: str, most: int, path: Path = LEDGER) -> int:
    """Record the use of a test set for a candidate, both named by their hashes, once.

    Returns:
        The number of the candidate on this test set, from 1.

    Raises:
        UserError: the limit is reached; nothing is recorded, and the test set must not be read.
    """
    lines, own = read_uses(path), {"rows": rows[:12], "candidate": candidate[:12]}
    known = list(dict.fromkeys(one["candidate"] for one in lines if one["rows"] == own["rows"]))
    if own["candidate"] in known:
        return known.index(own["candidate"]) + 1
    if len(known) >= most:
        raise UserError(
            f"{len(known)} candidates were evaluated on this test set, allowed are {most} "
            "(params.yaml: gate.test_rows.candidates): the best of many is best by luck. Use the "
            "validation set (uv run dvc repro evaluate) or a newer test set (data.as_of)"
        )
    commit = git("rev-parse", "--short=12", "HEAD")  # None outside a repository
    when = datetime.now(UTC).isoformat(timespec="seconds")
    write_lines(path, [*lines, {"when": when, "who": current_user(), "commit": commit, **own}])
    return len(known) + 1


def read_uses(path: Path) -> list[dict[str, str]]:
    """Return the uses in the ledger, and those that a merge has dropped: git's history has them."""
    patch = (git(*HISTORY, path.as_posix()) or "").split("\n")
    past = [line[1:] for line in reversed(patch) if line[:8] + line[-1:] == '+{"when"}']
    lines: list[dict[str, str]] = read_lines(path)
    return lines + [one for text in past if (one := json.loads(text)) not in lines]


def current_user() -> str | None:
    """Return the user name of git, else of the account; None if neither is known."""
    try:
        return git("config", "user.name") or getpass.getuser()
    except (KeyError, OSError):
        return None


def git(*words: str) -> str | None:
    """Return the output of a git command; None if git is missing or fails."""
    try:
        done = subprocess.run(["git", *words], capture_output=True, check=False)
    except OSError:
        return None
    return done.stdout.decode(errors="replace").strip() or None if done.returncode == 0 else None
