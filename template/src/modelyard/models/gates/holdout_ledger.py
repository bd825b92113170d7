"""Who read the test rows to judge which model, and when enough have been judged on them.

The more candidates are chosen by the same rows, the more the best figure is luck: of k equally
good models the best one seems better than it is by about sqrt(2 ln k) standard errors, and more
if each is built on the verdict on the one before (Dwork et al., Science 349, 2015; Blum and
Hardt, "The Ladder", 2015).
"""

import getpass
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from ...console import UserError
from ...files import read_lines, write_lines

LEDGER = Path("reports/test_rows.jsonl")


def open_rows(rows: str, candidate: str, most: int, path: Path = LEDGER) -> int:
    """Write down that the test rows are read for a candidate, once for each.

    Args:
        rows: hash of the test rows.
        candidate: hash of the model.
        most: how many different candidates may be judged on the same rows.
        path: the ledger.

    Returns:
        Which candidate on these rows it is: 1 for the first.

    Raises:
        UserError: it would be one too many; nothing is written, and nothing may be read.
    """
    lines, own = read_lines(path), {"rows": rows[:12], "candidate": candidate[:12]}
    known = list(dict.fromkeys(one["candidate"] for one in lines if one["rows"] == own["rows"]))
    if own["candidate"] in known:
        return known.index(own["candidate"]) + 1
    if len(known) >= most:
        raise UserError(
            f"{len(known)} candidates were judged on these test rows, allowed are {most} "
            "(params.yaml: gate.test_rows.candidates): the best of many is so by luck. Choose by "
            "the validation rows (uv run dvc repro evaluate), or judge on newer ones (data.as_of)"
        )
    commit = git("rev-parse", "--short=12", "HEAD")  # None outside a repository
    when = datetime.now(UTC).isoformat(timespec="seconds")
    write_lines(path, [*lines, {"when": when, "who": who(), "commit": commit, **own}])
    return len(known) + 1


def who() -> str | None:
    """Name who runs this: git's name, else the account's; None if neither is known."""
    try:
        return git("config", "user.name") or getpass.getuser()
    except (KeyError, OSError):
        return None


def git(*words: str) -> str | None:
    """Ask git; None if it is not there or has no answer."""
    try:
        done = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() or None if done.returncode == 0 else None
