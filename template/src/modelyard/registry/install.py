"""A release's files in a folder that a target serves."""

import os
import shutil
from pathlib import Path

from ..console import UserError
from ..files import as_json, write_bytes
from .events import Version
from .release_files import Contents

MANIFEST = "release.json"


def put(version: Version, files: Contents, folder: Path) -> None:
    """Put verified files into a folder, so that a running service switches between two requests.

    A new folder appears whole. In one that is there, each file takes the place of the old one, and
    `model.json` comes last: by it a service sees that the model is another one, and by the hash
    in it a service that starts just then refuses a model that is only half there.

    Args:
        version: what the files are.
        files: name to content, `model.json` the last.
        folder: is made if it is not there.

    Raises:
        UserError: the disk refused.
    """
    contents = {MANIFEST: as_json(version.manifest)} | files
    aside = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        for name, content in contents.items():
            write_bytes(aside / name, content)
        if not folder.exists():
            aside.rename(folder)
            return
        for name in contents:
            (aside / name).replace(folder / name)
    except OSError as failure:
        raise UserError(f"cannot write {folder}: {failure.strerror or failure}") from failure
    finally:
        shutil.rmtree(aside, ignore_errors=True)
