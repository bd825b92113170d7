"""Two clones of one commit, trained in two places: every hash in `dvc.lock` is the same."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.runtime import example
from tests.runtime.one_stage_project import commit, dvc, git

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="the command is a shell script"),
]
PLACES = {
    "a": {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "OMP_NUM_THREADS": "1"},
    "a much longer/path": {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "OMP_NUM_THREADS": "2"},
}
UMASKS = (0o022, 0o077)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bare repository of the example, not trained."""
    source = tmp_path / "source"
    shutil.copytree(example.TEMPLATE / "data" / "sample", source / "data" / "sample")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(
        example.sources() / example.PACKAGE, source / "src" / example.PACKAGE, ignore=ignored
    )
    monkeypatch.chdir(source)
    short = example.params()
    short["train"]["rounds"], short["search"]["trials"] = 12, 1
    short["gate"]["over_baseline"] = {"roc_auc": -1.0}
    Path("params.yaml").write_text(yaml.safe_dump(short, sort_keys=False), "utf-8")
    Path("pyproject.toml").write_text(example.PYPROJECT, "utf-8")
    Path("dvc.yaml").write_text(example.dvc(), "utf-8")
    for name in (".gitignore", "runtime.json"):
        shutil.copy(example.TEMPLATE / name, ".")
    git("init", "--quiet", "--initial-branch=main")
    dvc("init", "--quiet")
    commit()
    git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    return tmp_path / "bare.git"


def command(folder: Path) -> Path:
    """Write the command `modelyard` to a folder."""
    folder.mkdir()
    script = folder / "modelyard"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m modelyard "$@"\n', "utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return folder


def test_every_file_in_dvc_lock_is_the_same(bare: Path) -> None:
    path = os.pathsep.join([str(command(bare.parent / "bin")), os.environ["PATH"]])
    locks = []
    for (name, own), umask in zip(PLACES.items(), UMASKS, strict=True):
        clone = bare.parent / name
        git("clone", "--quiet", str(bare), str(clone))
        repro = [sys.executable, "-m", "dvc", "repro", "--quiet"]
        env = example.environment(PATH=path, **own)
        subprocess.run(repro, cwd=clone, env=env, umask=umask, check=True, capture_output=True)
        locks.append(yaml.safe_load((clone / "dvc.lock").read_text("utf-8")))
    assert len(locks[0]["stages"]) == 7
    assert locks[0] == locks[1]
