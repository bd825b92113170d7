"""Ledger of what ran: commands and tests append a line of JSON, `modelyard readiness` reads them.

Each clone and each job of a CI run has a file of its own, so evidence is joined by copying files.
"""

import hashlib
import json
import os
import platform
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..console import noted
from ..models.gates.holdout_ledger import current_user, git
from ..places import RAW, REPORTS

FOLDER = REPORTS / "evidence"
WRITTEN = ("reports", "models", "runs", "dvc.lock", "uv.lock", "params.yaml")  # by commands
DATA = re.compile(rf"path: (data/sample|{RAW.as_posix()})\n\s+hash: md5\n\s+md5: ([\w.]+)")
GITHUB = ("GITHUB_RUN_ID", "GITHUB_JOB", "GITHUB_WORKFLOW", "GITHUB_EVENT_NAME")
CI = (*GITHUB, "CI_PIPELINE_ID", "CI_JOB_NAME", "TASK", "CI_PIPELINE_SOURCE")


@contextmanager
def recorded(check: str) -> Iterator[None]:
    """Append an entry about the block; it has passed if it ends without an error or exit code."""
    start = time.monotonic()
    try:
        yield
    finally:
        end = sys.exc_info()[1]  # with code 0, `sys.exit` is no failure
        code = getattr(end, "code", end)
        append(check, code, time.monotonic() - start, noted.copy())
        noted.clear()


def append(check: str, code: object, seconds: float, details: dict[str, Any]) -> None:
    """Append an entry in the working folder; a failure to write is printed, and ends nothing."""
    ci = {name: os.environ[name] for name in CI if name in os.environ}
    writer = "-".join([*ci.values()] or [platform.node(), str(Path.cwd())])
    path = FOLDER / f"{digest(writer)}.jsonl"
    entry = {"check": check, "failed": bool(code), "details": details, "seconds": round(seconds, 1)}
    entry["exit"] = int(code) if isinstance(code, int) else int(bool(code))
    try:
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        entry |= state() | {"ci": ci, "before": digest(lines[-1]) if lines else ""}
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(entry | {"seal": digest(json.dumps(entry))}) + "\n")
    except (OSError, ValueError) as failure:
        if not code:  # else the command's own error is the one to read
            print(f"warning: {check} is not recorded in {path}: {failure}", file=sys.stderr)


def state() -> dict[str, Any]:
    """Return time, person, commit, planted fault, and the versions of code, data and model."""
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": current_user() or "",
        "commit": git("rev-parse", "HEAD") or "",
        "clean": git("status", "--porcelain", ".", *(f":!{one}" for one in WRITTEN)) is None,
        "planted": os.environ.get("PLANTED", ""),
        **versions(Path()),
    }


def versions(folder: Path) -> dict[str, Any]:
    """Return the hashes of the user's modules, tests and data, and the model's version."""
    found = [*folder.glob("src/*/**/*.py"), *folder.glob("tests/**/*.py")]
    paths = [one.relative_to(folder).as_posix() for one in sorted(found)]
    own = {one: re.sub("^src/[^/]+/", "", one) for one in paths if "src/modelyard/" not in one}
    files = folder / "dvc.lock", folder / "models/model.json"
    lock, model = (one.read_text("utf-8") if one.exists() else "" for one in files)
    return {
        "code": {own[one]: digest((folder / one).read_text("utf-8")) for one in own},
        "data": dict(DATA.findall(lock)),
        "model": "".join(re.findall(r'"version": "(\w+)"', model)),
    }


def digest(text: str) -> str:
    """Return the first 16 digits of the SHA-256 hash of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
