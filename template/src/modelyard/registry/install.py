"""Installation of a release's files into a folder that a target serves, or the monitor reads."""

import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from ..console import UserError
from ..files import as_json, write_bytes
from ..settings import Settings
from .actions import find, verified_files
from .backend import Version, open_backend
from .git import git_output, run_git
from .manifest import Contents

MANIFEST = "release.json"
CACHE = Path(".cache/serving")


def serving_model(project: str, stage: str = "prod") -> tuple[Path, str, date | None]:
    """Return folder, origin and first day (UTC; None if unknown) of the model that serves.

    It is that of MODEL_DIR if it is set, else the version promoted to the stage, else `models/`.
    """
    folder = Settings.read().model_dir
    if os.environ.get("MODEL_DIR", "").strip():
        return folder, f"MODEL_DIR is {folder}", None
    if run_git("rev-parse", "--git-dir").returncode != 0:
        return folder, f"{folder}, as there is no git repository, and so no registry", None
    backend = open_backend(project)
    events = [event for event in backend.events() if event.stage == stage]
    if not events and git_output("rev-parse", "--is-shallow-repository").strip() == b"true":
        raise UserError("a shallow clone lacks the versions; git fetch --unshallow --tags origin")
    if not events:
        return folder, f"{folder}, as nothing was promoted to {stage} yet", None
    version = find(backend, events[-1].version)
    install_files(version, verified_files(version), CACHE / version.name)
    since = datetime.fromisoformat(events[-1].when).astimezone(UTC).date()
    return CACHE / version.name, f"{version.name}, which serves {stage} since {since}", since


def install_files(version: Version, files: Contents, folder: Path) -> None:
    """Write verified files into a folder, so that a running service switches between two requests.

    A new folder appears atomically. In an existing folder each file is replaced atomically,
    `model.json` last: a running service reloads when it changes, and by the hash in it a service
    that starts meanwhile rejects a partly installed model.
    """
    contents = {MANIFEST: as_json(version.manifest)} | files
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        for name, content in contents.items():
            write_bytes(temporary / name, content)
        if not folder.exists():
            temporary.rename(folder)
            return
        for name in contents:
            (temporary / name).replace(folder / name)
    except OSError as failure:
        raise UserError(f"cannot write {folder}: {failure.strerror or failure}") from failure
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
