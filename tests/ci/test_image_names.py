"""Names and labels of images: the registered version, else the model or the commit."""

import json
import os
import re
from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.ci.hosts import run_in
from tests.ci.script_project import make

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the script is Bash")
MODEL, OTHER = "0123456789ab", "ba9876543210"
ENGINE = '#!/bin/sh\nprintf "%s\\n" "$@" >"$RECORD"\n'
UV = f"#!/bin/sh\n[ $2 = python ] && echo {MODEL}\n"
REFERENCE = re.compile(r"[\w][\w.-]{0,127}")  # a tag in Docker's distribution


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A committed project of a few files, with stand-ins for uv and the engine next to it."""
    project = tmp_path / "project"
    for target in ("rest", "pipeline"):
        (project / "deployment" / target).mkdir(parents=True)
        (project / "deployment" / target / "Dockerfile").touch()
    make(project, "image.sh", {"podman": ENGINE, "uv": UV})
    git(tmp_path, "init", "--quiet", "--initial-branch", "main", project.name)
    commit(project, "Initial commit")
    return project


def register(project: Path, version: str, model: str = MODEL, filler: int = 0) -> None:
    """Tag the commit as the registry does."""
    manifest = json.dumps({"model": {"version": model}, "params": "x" * filler}, indent=2)
    (project.parent / "message").write_text(f"Register\n\n{manifest}\n", "utf-8")
    words = ("--annotate", "--cleanup=verbatim", "--file", str(project.parent / "message"))
    git(project, "tag", *words, f"model@{version}")


def built(project: Path, target: str) -> tuple[str, str, str]:
    """Build with the stand-ins; return the image's tag and the labels version and revision."""
    record, bin_folder = project.parent / "record", project.parent
    path = f"{bin_folder}{os.pathsep}{os.environ['PATH']}"
    engine = str(bin_folder / "podman")
    words = {"CONTAINER_ENGINE": engine, "RECORD": str(record), "PATH": path}
    done = run_in(project, "scripts/image.sh", target, **words)
    assert done.returncode == 0, done.stdout
    lines = record.read_text("utf-8").splitlines()
    labels = dict(line.split("=", 1) for line in lines if line.startswith("org.opencontainers"))
    tag = [line for line in lines if line.startswith(f"flights-{target}:")][-1].split(":")[1]
    assert REFERENCE.fullmatch(tag), f"not a tag of an image: {tag}"
    prefix = "org.opencontainers.image"
    return tag, labels[f"{prefix}.version"], labels[f"{prefix}.revision"]


@pytest.mark.parametrize("target", ["rest", "pipeline"])
def test_an_image_of_a_registered_commit_is_named_by_its_newest_version(
    project: Path, target: str
) -> None:
    head = git(project, "rev-parse", "HEAD").strip()
    for version in ("v0.9.0", "v0.10.0"):
        register(project, version, filler=200_000)
    git(project, "tag", "--annotate", "--message=bad", "model@v0.10.0!#2")
    git(project, "tag", "--annotate", "--message=Promote", "model#prod#1")
    assert built(project, target) == ("v0.10.0", "v0.10.0", head)


def test_after_a_registration_a_later_commit_is_named_by_model_or_commit(project: Path) -> None:
    register(project, "v0.1.0")
    commit(project, "One more")
    head = git(project, "rev-parse", "HEAD").strip()
    assert built(project, "pipeline") == (head[:12], head[:12], head)
    assert built(project, "rest") == (MODEL, MODEL, head)


def test_uncommitted_files_are_never_called_a_version(project: Path) -> None:
    register(project, "v0.1.0")
    (project / "src" / "flights" / "new.py").touch()
    head = git(project, "rev-parse", "HEAD").strip()
    assert built(project, "rest") == (MODEL, MODEL, f"{head}-dirty")
    assert built(project, "pipeline") == (
        f"{head[:12]}-dirty",
        f"{head[:12]}-dirty",
        f"{head}-dirty",
    )


def test_another_model_in_models_is_not_called_by_the_version(project: Path) -> None:
    register(project, "v0.1.0", model=OTHER)
    assert built(project, "rest")[0] == MODEL
