"""The template's releases, from tests/releases.yml, as tags of a template made for a test."""

import shutil
import subprocess
from pathlib import Path

import yaml

from tests.repository import NEEDED, ROOT, commit, git, snapshot

LIST = ROOT / "tests" / "releases.yml"
NEWEST = "v99.0.0"


class MissingRelease(Exception):
    """A release's commit is not in this checkout."""


def releases() -> dict[str, str]:
    """Return each release's commit by its version, oldest first."""
    return {one["version"]: one["commit"] for one in yaml.safe_load(LIST.read_text("utf-8"))}


def with_releases(folder: Path, repository: Path = ROOT) -> None:
    """Make a template with a tag for each release, and the one on disk as the newest.

    Raises:
        MissingRelease: the repository lacks a release's commit.
    """
    folder.mkdir(parents=True)
    for version, state in releases().items():
        take_state(folder, version, state, repository)
        commit(folder, version, tag=version)
        git(folder, "rm", "--quiet", "-r", ".")
    snapshot(folder)
    commit(folder, "As it stands", tag=NEWEST)


def take_state(folder: Path, version: str, state: str, repository: Path = ROOT) -> None:
    """Put what Copier needs of a commit into a folder.

    Raises:
        MissingRelease: the repository lacks the commit.
    """
    asked = ["git", "cat-file", "-e", f"{state}^{{commit}}"]
    if subprocess.run(asked, cwd=repository, capture_output=True, check=False).returncode:
        raise MissingRelease(
            f"tests/releases.yml: {version} is commit {state}, which {repository} lacks; "
            "fetch the whole history: git fetch --unshallow"
        )
    archive = folder / "state.tar"
    there = git(repository, "ls-tree", "--name-only", state, *NEEDED).split()
    git(repository, "archive", "--output", str(archive), state, *there)
    shutil.unpack_archive(archive, folder, filter="data")
    archive.unlink()
