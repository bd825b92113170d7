"""Three states of each file: as it was born, as the project has it, as the new version has it."""

from dataclasses import dataclass
from pathlib import Path

from .git import git, run
from .render import Files, content
from .runtime import in_runtime

MOVED = "renamed to "


@dataclass(frozen=True)
class Loss:
    """An edit that `copier update` would take away without a word."""

    file: str
    why: str

    @property
    def moved(self) -> str | None:
        """Return where the template has moved the file, if it has."""
        return self.why.removeprefix(MOVED) if self.why.startswith(MOVED) else None


@dataclass(frozen=True)
class Comparison:
    """What differs, by file; `runtime_edits` are those edited and deleted in src/modelyard."""

    added: list[str]
    changed: list[str]
    removed: list[str]
    edited: list[str]
    deleted: list[str]
    runtime_edits: list[str]
    conflicts: list[str]
    losses: list[Loss]


def compare(project: Path, old: Files, new: Files, scratch: Path) -> Comparison:
    """Compare a project with the versions it was born from and would go to.

    Args:
        project: the project's folder.
        old: the recorded version's files.
        new: the newest version's files.
        scratch: where a folder is made for what git needs as files.
    """
    scratch.mkdir()
    names = sorted(old.keys() | new.keys())
    mine = {name: content(project / name) for name in names}
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
        runtime_edits=in_runtime(edited + deleted),
        conflicts=[
            name
            for name in new
            if name not in lost and _conflicts(old.get(name), mine[name], new[name], scratch)
        ],
        losses=losses,
    )


def _losses(
    edited: list[str], old: Files, new: Files, mine: dict[str, bytes | None], scratch: Path
) -> list[Loss]:
    gone = [name for name in edited if name not in new]
    moved = _renames(old, new, scratch) if gone else {}
    found = [Loss(name, f"{MOVED}{moved[name]}" if name in moved else "dropped") for name in gone]
    for name, theirs in new.items():
        held = mine[name]
        if held is None or held in (theirs, old.get(name)):
            continue
        # Copier replaces it even where the template has not changed it: its patch holds text only.
        if any(map(is_binary, (held, theirs, old.get(name, b"")))):
            found.append(Loss(name, "binary"))
    return found


def _conflicts(base: bytes | None, held: bytes | None, theirs: bytes, scratch: Path) -> bool:
    if held is None or held in (base, theirs) or theirs == base:
        return False
    files = [scratch / name for name in ("mine", "base", "theirs")]
    for file, held_bytes in zip(files, (held, base or b"", theirs), strict=True):
        file.write_bytes(held_bytes)
    return run("merge-file", "-p", "-q", *map(str, files)).returncode != 0


def _renames(old: Files, new: Files, scratch: Path) -> dict[str, str]:
    """Return old name to new name, as git sees them."""
    for side, files in (("old", old), ("new", new)):
        for name, held in files.items():
            path = scratch / side / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(held)
    words = ("diff", "--no-index", "--name-status", "--find-renames", "-l0", "-z", "old", "new")
    fields = iter(git(*words, folder=scratch, codes=(0, 1)).decode().split("\0"))
    moved = {}
    for status in fields:
        if status.startswith("R"):
            before, after = next(fields), next(fields)
            moved[before.removeprefix("old/")] = after.removeprefix("new/")
        elif status:
            next(fields)
    return moved


def is_binary(held: bytes) -> bool:
    """Tell whether git would take a file for binary."""
    return b"\0" in held[:8000]
