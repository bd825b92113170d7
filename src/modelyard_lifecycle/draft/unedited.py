"""Which files of a project may be replaced: those as generated, or as an earlier draft wrote them.

The hashes of drafted files are in git's folder of the project, in `modelyard-draft.json`: they are
not part of the project, and a clone without them refuses to replace drafted files.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from copier import run_copy

from ..errors import UserError
from ..git import git
from ..project import Project
from ..render import Files, calling_copier, content

RECORD = "modelyard-draft.json"


def generated_files(project: Project, names: list[str]) -> Files:
    """Return files as the recorded version of the template renders them for the project.

    Raises:
        UserError: the template cannot be rendered.
    """
    answers, version = dict(project.answers), project.version
    with (  # a copy, not an update, which leaves these files out
        TemporaryDirectory(prefix="modelyard-") as folder,
        calling_copier(f"{project.template} {version} cannot be rendered"),
    ):
        run_copy(project.template, folder, answers, vcs_ref=version, defaults=True, quiet=True)
        found = {name: content(Path(folder, name)) for name in names}
    return {name: text for name, text in found.items() if text is not None}


def edited_files(folder: Path, files: Mapping[str, bytes], generated: Files) -> list[str]:
    """Return the files that a draft would change although somebody edited them.

    Args:
        folder: the project's folder.
        files: the drafted files.
        generated: the files as they were generated.
    """
    record = _read_record(folder)
    return [
        name
        for name, text in files.items()
        if _is_edited(content(folder / name), (text, generated.get(name)), record.get(name))
    ]


def _is_edited(found: bytes | None, known: tuple[bytes | None, ...], recorded: str | None) -> bool:
    return found is not None and found not in known and digest(found) != recorded


def refuse_edited(edited: list[str]) -> None:
    """Refuse to replace edited files.

    Raises:
        UserError: there are such files.
    """
    if edited:
        raise UserError(
            f"{', '.join(edited)}: edited since it was generated, so nothing was written; "
            "to compare, write the draft elsewhere: --output FOLDER"
        )


def remember(folder: Path, files: Mapping[str, bytes]) -> None:
    """Record the hashes of the drafted files."""
    known = _read_record(folder) | {name: digest(text) for name, text in files.items()}
    _record(folder).write_text(json.dumps(known, indent=2) + "\n", "utf-8")


def digest(text: bytes) -> str:
    """Return the SHA-256 of a file, without regard to how git ends its lines here."""
    return hashlib.sha256(text.replace(b"\r\n", b"\n")).hexdigest()


def _record(folder: Path) -> Path:
    return folder / git("rev-parse", "--git-path", RECORD, folder=folder).decode().strip()


def _read_record(folder: Path) -> dict[str, str]:
    path = _record(folder)
    found = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return {str(name): str(value) for name, value in found.items()}
