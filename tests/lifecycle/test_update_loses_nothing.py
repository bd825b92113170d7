"""Tests that an update keeps every edit, rename and new file of a project."""

import random
from pathlib import Path

import pytest
from copier import run_update

from tests.checkout import commit
from tests.lifecycle.conftest import Modelyard


@pytest.mark.parametrize("name", ["dropped.txt", "picture.bin", "emblem.bin"])
def test_copier_update_alone_loses_the_edit(child: Path, name: str) -> None:
    (child / name).write_bytes((child / name).read_bytes() + b"mine\n")
    commit(child, "Mine")
    run_update(child, defaults=True, overwrite=True, quiet=True)
    assert not (child / name).exists() or b"mine" not in (child / name).read_bytes()


PLANTABLE = [
    "text.txt", "same.txt", "named.txt", "moved.txt", "dropped.txt", "picture.bin", "emblem.bin",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_no_edit_is_ever_lost(modelyard: Modelyard, child: Path, seed: int) -> None:
    draw = random.Random(seed)
    planted = []
    for name in draw.sample(PLANTABLE, 3):
        lines = (child / name).read_bytes().splitlines(keepends=True)
        mark = b"planted %d" % draw.randrange(10**9)
        lines.insert(draw.randrange(len(lines) + 1), mark + b"\n")
        (child / name).write_bytes(b"".join(lines))
        planted.append(mark)
    if draw.random() < 0.5:
        (child / draw.choice(PLANTABLE)).rename(child / "elsewhere.txt")
    if draw.random() < 0.5:
        (child / "own").mkdir()
        (child / "own" / "fresh.txt").write_bytes(b"planted own\n")
        planted.append(b"planted own")
    commit(child, "Edits")
    done = modelyard("update", child)
    assert done.returncode in (0, 20), done.stdout + done.stderr
    where = child if done.returncode == 0 else child.with_name("project-modelyard-v2.0.0")
    files = [path for path in where.rglob("*") if path.is_file() and ".git" not in path.parts]
    content = b"".join(path.read_bytes() for path in files)
    assert [mark for mark in planted if mark not in content] == []
