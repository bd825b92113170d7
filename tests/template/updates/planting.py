"""Edits of every kind, planted in one project: each in files of its own, each to be found again."""

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.checkout import commit, tree
from tests.edited_projects import edit, yours

ANSWERS = ".copier-answers.yml"
Files = dict[str, bytes]
PARAMS: Files = {"params.yaml": b"seed: 4711"}  # by tests.edited_projects.edit


@dataclass
class Planted:
    """What was done to a project before its update.

    Attributes:
        old, new: the release's files and the newest ones, for the same answers; new without those
            that are born once.
        yours: files that belong to the project's users, as they left them.
        touched, binary, moved, added: file to what was planted in it; a moved one by its old name.
        places: file to the line before which something was planted.
        deleted: files that were removed.
    """

    old: Files
    new: Files
    yours: Files = field(default_factory=dict)
    touched: Files = field(default_factory=dict)
    binary: Files = field(default_factory=dict)
    moved: Files = field(default_factory=dict)
    added: Files = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)

    @property
    def marks(self) -> Files:
        """Return all that was planted, by its file."""
        return PARAMS | self.touched | self.binary | self.moved | self.added


def files(folder: Path) -> Files:
    """Return the files of a folder without those that Copier and git keep for themselves."""
    return {name: (folder / name).read_bytes() for name in tree(folder) if name != ANSWERS}


def plant(project: Path, newest: Path, seed: str) -> Planted:
    """Edit a project in every way, commit, and return what was done.

    Args:
        project: a committed project of some release.
        newest: a project of the same answers as it would be born today; not changed.
        seed: draws the files and the lines.
    """
    draw = random.Random(seed)
    mine = {file.relative_to(one).as_posix() for one in (project, newest) for file in yours(one)}
    now = {name: held for name, held in files(newest).items() if name not in mine}
    done = Planted(files(project), now)
    for names in _kinds(done, mine):
        draw.shuffle(names)
        for _ in range(min(2, len(names) // 3)):
            _delete(project, names.pop(), done)
            _make_binary(project, names.pop(), done)
            _move(project, names.pop(), done)
        for name in names[:20]:
            _touch(project, name, done, draw)
    others = sorted({*done.new} - {*done.old})
    for name in draw.sample(others, min(5, len(others))):
        _add(project, name, done)
    done.yours = edit(project)
    commit(project, "Edits of every kind")
    return done


def _kinds(done: Planted, mine: set[str]) -> Iterator[list[str]]:
    """Yield the files of ours that the template changes, leaves as they are, and takes away."""
    ours = [name for name in done.old if name not in {*mine, *PARAMS}]
    yield [name for name in ours if done.new.get(name, done.old[name]) != done.old[name]]
    yield [name for name in ours if done.new.get(name) == done.old[name]]
    yield [name for name in ours if name not in done.new]


def _mark(name: str) -> bytes:
    return f"planted in {name}\n".encode()


def _touch(project: Path, name: str, done: Planted, draw: random.Random) -> None:
    lines = done.old[name].splitlines(keepends=True)
    done.places[name] = draw.randrange(len(lines) + 1)
    lines.insert(done.places[name], _mark(name))
    (project / name).write_bytes(b"".join(lines))
    done.touched[name] = _mark(name)


def _make_binary(project: Path, name: str, done: Planted) -> None:
    (project / name).write_bytes(b"\0" + _mark(name))
    done.binary[name] = _mark(name)


def _move(project: Path, name: str, done: Planted) -> None:
    (project / "elsewhere" / name).parent.mkdir(parents=True, exist_ok=True)
    shutil.move(project / name, project / "elsewhere" / name)
    with (project / "elsewhere" / name).open("ab") as file:
        file.write(_mark(name))
    done.moved[name] = _mark(name)


def _delete(project: Path, name: str, done: Planted) -> None:
    (project / name).unlink()
    done.deleted.append(name)


def _add(project: Path, name: str, done: Planted) -> None:
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_bytes(_mark(name))
    done.added[name] = _mark(name)
