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

from ..models.gates.holdout_ledger import current_user, git
from ..places import RAW, REPORTS

FOLDER = REPORTS / "evidence"
WRITTEN = ("reports", "models", "runs", "dvc.lock", "uv.lock", "params.yaml")  # by commands
DATA = re.compile(rf"path: (data/sample|{RAW.as_posix()})\n\s+hash: md5\n\s+md5: ([\w.]+)")
GITHUB = ("RUN_ID", "RUN_ATTEMPT", "JOB", "WORKFLOW", "EVENT_NAME")
GITLAB = ("CI_PIPELINE_ID", "CI_PIPELINE_SOURCE", "CI_JOB_NAME", "TASK")
CI = (*(f"GITHUB_{one}" for one in GITHUB), *GITLAB)
_noted: dict[str, Any] = {}


def note(**results: Any) -> None:
    """Add results to the entry of the running command."""
    _noted.update(results)


@contextmanager
def recorded(check: str) -> Iterator[None]:
    """Append an entry about the block; it has passed if it ends without an error or exit code."""
    start, failed = time.monotonic(), True
    try:
        yield
        failed = False
    except SystemExit as end:
        failed = bool(end.code)
        raise
    finally:
        append(check, failed, time.monotonic() - start, _noted.copy())
        _noted.clear()


def append(check: str, failed: bool, seconds: float, details: dict[str, Any]) -> None:
    """Append an entry in the working folder; a failure to write is printed, and ends nothing."""
    ci = {name: os.environ[name] for name in CI if name in os.environ}
    writer = "-".join([*ci.values()] or [platform.node(), str(Path.cwd())])
    path = FOLDER / f"{digest(writer)}.jsonl"
    entry = {"check": check, "failed": failed, "details": details, "seconds": round(seconds, 1)}
    try:
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        entry |= state() | {"ci": ci, "before": digest(lines[-1]) if lines else ""}
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(entry | {"seal": digest(json.dumps(entry))}) + "\n")
    except OSError as failure:
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
    """Return the hashes of the user's modules and of the data, and the model's version."""
    found = [*folder.glob("src/*/**/*.py"), folder / "tests/conftest.py"]
    own = [one for one in found if folder / "src/modelyard" not in one.parents]
    names = {one: one.relative_to(folder).parts[2:] or (one.name,) for one in own}
    model = re.findall(r'"version": "(\w+)"', read(folder / "models/model.json"))
    return {
        "code": {"/".join(names[one]): digest(read(one)) for one in own},
        "data": dict(DATA.findall(read(folder / "dvc.lock"))),
        "model": "".join(model),
    }


def read(path: Path) -> str:
    """Return the text of a file, empty if it does not exist."""
    return path.read_text("utf-8", "replace") if path.is_file() else ""


def digest(text: str) -> str:
    """Return the first 16 digits of the SHA-256 hash of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
