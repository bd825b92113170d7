"""Plant edits of every kind in a project, each in its own files."""

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
    """The edits of a project before its update.

    Attributes:
        old, new: the release's files and the newest ones for the same answers; new without the
            yours zone.
        yours: the users' files with their content.
        touched, binary, moved, added: the planted bytes by file; a moved file by its old name.
        places: the line number of the planted line by file.
        deleted: the deleted files.
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
        """Return all planted bytes by file."""
        return PARAMS | self.touched | self.binary | self.moved | self.added


def files(folder: Path) -> Files:
    """Return the files of a folder without the answers file and .git."""
    return {name: (folder / name).read_bytes() for name in tree(folder) if name != ANSWERS}


def plant(project: Path, newest: Path, seed: str) -> Planted:
    """Edit a project in every way, commit, and return the edits.

    Args:
        project: a committed project of some release.
        newest: a project of the newest version with the same answers; not changed.
        seed: the seed for the choice of files and lines.
    """
    draw = random.Random(seed)
    mine = {file.relative_to(one).as_posix() for one in (project, newest) for file in yours(one)}
    now = {name: content for name, content in files(newest).items() if name not in mine}
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
    """Yield the template's files that it changes, that it keeps, and that it removes."""
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
