"""Put a template's files into a repository: new ones added, those on both sides merged."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ..compare import is_binary
from ..errors import Fault
from ..git import git, run
from ..render import Files, content


@dataclass
class Merged:
    """The template's files, by what became of them."""

    added: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


def merge(folder: Path, born: Path, files: Files, yours: set[str]) -> Merged:
    """Merge a render into a working tree and its index; their common ancestor is empty.

    Args:
        folder: the repository's folder in the working tree.
        born: the folder that was rendered into.
        files: what was rendered, path to bytes.
        yours: files that the template leaves alone where they exist.

    Raises:
        Fault: a file stands where the template has a folder, or the other way round.
    """
    done = Merged()
    for name, theirs in files.items():
        _refuse_a_folder(folder, name)
        mine = content(folder / name)
        if mine is None:
            _add(folder, born, name)
            done.added.append(name)
        elif mine == theirs:
            done.same.append(name)
        elif name in yours:
            done.kept.append(name)
        elif _merge_file(folder, born, name, mine, theirs):
            done.merged.append(name)
        else:
            done.conflicts.append(name)
    return done


def _refuse_a_folder(folder: Path, name: str) -> None:
    path = folder / name
    if path.is_dir() and not path.is_symlink():
        raise Fault(f"{name} is a folder here and a file in the template; move it and commit first")
    for above in Path(name).parents:
        if (folder / above).is_symlink() or (folder / above).is_file():
            raise Fault(
                f"{above.as_posix()} is no folder here but one in the template; "
                "move it and commit first"
            )


def _add(folder: Path, born: Path, name: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(born / name, folder / name, follow_symlinks=False)
    git("add", "--force", "--", f":(literal){name}", folder=folder)


def _merge_file(folder: Path, born: Path, name: str, mine: bytes, theirs: bytes) -> bool:
    """Merge one file in place; tell whether nothing conflicts."""
    linked = (folder / name).is_symlink() or (born / name).is_symlink()
    if linked or is_binary(mine) or is_binary(theirs):
        _mark(folder, born, name, mine, theirs)
        return False
    empty = born.parent / "empty"
    empty.write_bytes(b"")
    words = ("-c", "merge.conflictStyle=merge", "merge-file", "-q")
    labels = ("-L", "yours", "-L", "nothing", "-L", "the template's")
    files = (str(folder / name), str(empty), str(born / name))
    if run(*words, *labels, *files, folder=folder).returncode:
        _mark(folder, born, name, mine, theirs)
        return False
    git("add", "--", f":(literal){name}", folder=folder)
    return True


def _mark(folder: Path, born: Path, name: str, mine: bytes, theirs: bytes) -> None:
    """Tell git's index that a file is half merged: ancestor, ours and theirs."""
    held = git("ls-files", "--stage", "--full-name", "-z", "--", f":(literal){name}", folder=folder)
    ours, path = held.split(b"\t")[0].split()[0].decode(), held.split(b"\t", 1)[1].rstrip(b"\0")
    blob = _blob_in(folder)
    sides = ((ours, b""), (ours, mine), (_mode(born / name), theirs))
    lines = [f"0 {'0' * 40}\t".encode() + path]
    lines += [
        f"{mode} {blob(some)} {stage}\t".encode() + path
        for stage, (mode, some) in enumerate(sides, start=1)
    ]
    top = Path(os.fsdecode(git("rev-parse", "--show-toplevel", folder=folder).strip()))
    git("update-index", "-z", "--index-info", folder=top, fed=b"\0".join(lines) + b"\0")


def _blob_in(folder: Path) -> Callable[[bytes], str]:
    def blob(held: bytes) -> str:
        return git("hash-object", "-w", "--stdin", folder=folder, fed=held).decode().strip()

    return blob


def _mode(path: Path) -> str:
    if path.is_symlink():
        return "120000"
    return "100755" if os.access(path, os.X_OK) else "100644"
