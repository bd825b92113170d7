"""Merge a template's files into a repository: add new files, merge those that exist."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ..compare import is_binary
from ..errors import UserError
from ..git import git, run, stage, top_folder
from ..render import Files, content


@dataclass
class MergeResult:
    """The template's files by the result of the merge."""

    added: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


def merge(folder: Path, rendered: Path, files: Files, yours: set[str]) -> MergeResult:
    """Merge rendered files into a worktree and its index, with an empty common ancestor.

    Args:
        folder: the repository's folder in the worktree.
        rendered: the folder with the rendered template.
        files: the rendered files, bytes by path.
        yours: files that the template does not overwrite.

    Raises:
        UserError: a path is a file on one side and a folder on the other.
    """
    result = MergeResult()
    for name, theirs in files.items():
        _refuse_a_folder(folder, name)
        mine = content(folder / name)
        if mine is None:
            _add(folder, rendered, name)
            result.added.append(name)
        elif mine == theirs:
            result.same.append(name)
        elif name in yours:
            result.kept.append(name)
        elif _merge_file(folder, rendered, name, mine, theirs):
            result.merged.append(name)
        else:
            result.conflicts.append(name)
    return result


def _refuse_a_folder(folder: Path, name: str) -> None:
    path = folder / name
    if path.is_dir() and not path.is_symlink():
        raise UserError(
            f"{name} is a folder here but a file in the template; move it and commit first"
        )
    for above in Path(name).parents:
        if (folder / above).is_symlink() or (folder / above).is_file():
            raise UserError(
                f"{above.as_posix()} is a file here but a folder in the template; "
                "move it and commit first"
            )


def _add(folder: Path, rendered: Path, name: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(rendered / name, folder / name, follow_symlinks=False)
    stage(folder, [name])


def _merge_file(folder: Path, rendered: Path, name: str, mine: bytes, theirs: bytes) -> bool:
    """Merge one file in place; return whether there was no conflict."""
    linked = (folder / name).is_symlink() or (rendered / name).is_symlink()
    if linked or is_binary(mine) or is_binary(theirs):
        _mark_unmerged(folder, rendered, name, mine, theirs)
        return False
    empty = rendered.parent / "empty"
    empty.write_bytes(b"")
    args = ("-c", "merge.conflictStyle=merge", "merge-file", "-q")
    labels = ("-L", "yours", "-L", "nothing", "-L", "the template's")
    files = (str(folder / name), str(empty), str(rendered / name))
    if run(*args, *labels, *files, folder=folder).returncode:
        _mark_unmerged(folder, rendered, name, mine, theirs)
        return False
    stage(folder, [name])
    return True


def _mark_unmerged(folder: Path, rendered: Path, name: str, mine: bytes, theirs: bytes) -> None:
    """Mark a file as unmerged in git's index, with the stages ancestor, ours and theirs."""
    entry = git(
        "ls-files", "--stage", "--full-name", "-z", "--", f":(literal){name}", folder=folder
    )
    ours, path = entry.split(b"\t")[0].split()[0].decode(), entry.split(b"\t", 1)[1].rstrip(b"\0")
    blob = _blob_in(folder)
    sides = ((ours, b""), (ours, mine), (_mode(rendered / name), theirs))
    lines = [f"0 {'0' * 40}\t".encode() + path]
    lines += [
        f"{mode} {blob(side)} {stage}\t".encode() + path
        for stage, (mode, side) in enumerate(sides, start=1)
    ]
    where = top_folder(folder)
    git("update-index", "-z", "--index-info", folder=where, stdin=b"\0".join(lines) + b"\0")


def _blob_in(folder: Path) -> Callable[[bytes], str]:
    def blob(data: bytes) -> str:
        return git("hash-object", "-w", "--stdin", folder=folder, stdin=data).decode().strip()

    return blob


def _mode(path: Path) -> str:
    if path.is_symlink():
        return "120000"
    return "100755" if os.access(path, os.X_OK) else "100644"
