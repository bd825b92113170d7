"""The container that clones the project to the pipeline's volume, run from the manifest."""

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.checkout import TEMPLATE, commit, git

MANIFEST = TEMPLATE / "deployment" / "pipeline" / "kubernetes" / "base" / "cronjob.yaml"


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A bare repository with one commit and a tag."""
    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "--quiet", "-b", "main")
    (work / "folder").mkdir()
    (work / "folder" / "file.txt").write_text("one", "utf-8")
    commit(work, "First")
    git(work, "tag", "model@v0.1.0")
    git(tmp_path, "clone", "--quiet", "--bare", str(work), "origin.git")
    return tmp_path / "origin.git"


@pytest.fixture
def volume(tmp_path: Path) -> Path:
    """A new volume, which has the folder that a file system has."""
    (tmp_path / "volume" / "lost+found").mkdir(parents=True)
    return tmp_path / "volume"


def script() -> list[str]:
    """Return the command of the container."""
    job = next(one for one in yaml.safe_load_all(MANIFEST.read_text("utf-8")) if "spec" in one)
    (clone,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["initContainers"]
    assert [one["name"] for one in clone["env"]] == ["REPOSITORY"]
    return [*clone["command"], *clone["args"]]


def run(volume: Path, origin: Path) -> int:
    """Run the container's command in a volume; return its exit code."""
    done = subprocess.run(
        script(), cwd=volume, env={"PATH": "/usr/bin:/bin", "REPOSITORY": str(origin)}
    )
    return done.returncode


def is_whole(volume: Path) -> bool:
    """Return whether a volume has a complete clone."""
    left = git(volume, "status", "--porcelain").split()
    return git(volume, "tag").strip() == "model@v0.1.0" and set(left) <= {"??", "lost+found/"}


def test_a_new_volume_gets_a_clone_with_tags(volume: Path, origin: Path) -> None:
    assert run(volume, origin) == 0
    assert is_whole(volume)
    assert not (volume / ".seed").exists()


def test_a_clone_is_left_as_it_is(volume: Path, origin: Path) -> None:
    run(volume, origin)
    (volume / "folder" / "file.txt").write_text("edited", "utf-8")
    assert run(volume, origin.with_name("gone.git")) == 0
    assert (volume / "folder" / "file.txt").read_text("utf-8") == "edited"


def test_an_interrupted_clone_is_repeated(volume: Path, origin: Path) -> None:
    assert run(volume, origin.with_name("gone.git")) != 0
    git(volume, "clone", "--quiet", "--no-checkout", str(origin), ".seed")
    (volume / "folder").mkdir()
    (volume / "folder" / "file.txt").write_text("on", "utf-8")
    assert not (volume / ".git").exists()
    assert run(volume, origin) == 0
    assert is_whole(volume)
