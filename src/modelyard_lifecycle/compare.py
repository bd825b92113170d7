"""Three-way comparison of files: as generated, as in the project, as in the newest version."""

from dataclasses import dataclass
from pathlib import Path

from .git import git, run
from .render import Files, content
from .runtime import runtime_files
from .stored import as_stored

MOVED = "renamed to "


@dataclass(frozen=True)
class Loss:
    """An edit that `copier update` would silently discard."""

    file: str
    why: str

    @property
    def moved(self) -> str | None:
        """Return the new path of a file that the template renamed, None for any other."""
        return self.why.removeprefix(MOVED) if self.why.startswith(MOVED) else None


@dataclass(frozen=True)
class Comparison:
    """Paths by kind of change; `runtime_edits` are those edited or deleted in src/modelyard."""

    added: list[str]
    changed: list[str]
    removed: list[str]
    edited: list[str]
    deleted: list[str]
    runtime_edits: list[str]
    conflicts: list[str]
    losses: list[Loss]


def compare(project: Path, old: Files, new: Files, scratch: Path) -> Comparison:
    """Compare a project with the version it was generated from and the newest one.

    Args:
        project: the project's folder.
        old: files of the recorded version.
        new: files of the newest version.
        scratch: a temporary folder to create, for git's input files.
    """
    scratch.mkdir()
    names = sorted(old.keys() | new.keys())
    mine = _mine(project, names, old, new)
    edited = [name for name in old if mine[name] not in (None, old[name])]
    deleted = [name for name in old if mine[name] is None]
    losses = _losses(edited, old, new, mine, scratch)
    lost = {loss.file for loss in losses}
    return Comparison(
        added=[name for name in names if name not in old],
        changed=[name for name in names if name in old and new.get(name, old[name]) != old[name]],
        removed=[name for name in names if name not in new],
        edited=edited,
        deleted=deleted,
        runtime_edits=runtime_files(edited + deleted),
        conflicts=[
            name
            for name in new
            if name not in lost and _conflicts(old.get(name), mine[name], new[name], scratch)
        ],
        losses=losses,
    )


def _mine(project: Path, names: list[str], old: Files, new: Files) -> dict[str, bytes | None]:
    """Return the project's files, where they differ from both versions as git would store them."""
    mine = {name: content(project / name) for name in names}
    changed = {
        name: mine_
        for name, mine_ in mine.items()
        if mine_ is not None
        and mine_ not in (old.get(name), new.get(name))
        and not (project / name).is_symlink()
    }
    return mine | (as_stored(project, changed, old, new) if changed else {})


def _losses(
    edited: list[str], old: Files, new: Files, mine: dict[str, bytes | None], scratch: Path
) -> list[Loss]:
    absent = [name for name in edited if name not in new]
    moved = _renames(old, new, scratch) if absent else {}
    found = [Loss(name, f"{MOVED}{moved[name]}" if name in moved else "dropped") for name in absent]
    for name, theirs in new.items():
        ours = mine[name]
        if ours is None or ours in (theirs, old.get(name)):
            continue
        # Copier overwrites a binary even if the template did not change it: its patch is text only.
        if any(map(is_binary, (ours, theirs, old.get(name, b"")))):
            found.append(Loss(name, "binary"))
    return found


def _conflicts(base: bytes | None, ours: bytes | None, theirs: bytes, scratch: Path) -> bool:
    if ours is None or ours in (base, theirs) or theirs == base:
        return False
    files = [scratch / name for name in ("mine", "base", "theirs")]
    for file, side in zip(files, (ours, base or b"", theirs), strict=True):
        file.write_bytes(side)
    return run("merge-file", "-p", "-q", *map(str, files)).returncode != 0


def _renames(old: Files, new: Files, scratch: Path) -> dict[str, str]:
    """Return the new path of each renamed file by its old path, as git detects renames."""
    for side, files in (("old", old), ("new", new)):
        for name, file_content in files.items():
            path = scratch / side / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file_content)
    args = ("diff", "--no-index", "--name-status", "--find-renames", "-l0", "-z", "old", "new")
    fields = iter(git(*args, folder=scratch, exit_codes=(0, 1)).decode().split("\0"))
    moved = {}
    for status in fields:
        if status.startswith("R"):
            before, after = next(fields), next(fields)
            moved[before.removeprefix("old/")] = after.removeprefix("new/")
        elif status:
            next(fields)
    return moved


def is_binary(content: bytes) -> bool:
    """Return whether git treats a file with this content as binary."""
    return b"\0" in content[:8000]
