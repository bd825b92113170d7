"""Installation of a release's files into a folder that a target serves."""

import os
import shutil
from pathlib import Path

from ..console import UserError
from ..files import as_json, write_bytes
from .events import Version
from .release_files import Contents

MANIFEST = "release.json"


def install_files(version: Version, files: Contents, folder: Path) -> None:
    """Write verified files into a folder, so that a running service switches between two requests.

    A new folder appears atomically. In an existing folder each file is replaced atomically,
    `model.json` last: a running service reloads when it changes, and by the hash in it a service
    that starts meanwhile rejects a partly installed model.

    Args:
        version: version of the files.
        files: name to content, `model.json` last.
        folder: target folder; created if it does not exist.

    Raises:
        UserError: the folder cannot be written.
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
