"""The template's releases, from tests/releases.yml, as tags of a template made for a test."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import yaml

from tests.checkout import NEEDED, ROOT, commit, git, snapshot

LIST = ROOT / "tests" / "releases.yml"
NEWEST = "v99.0.0"
MADE_UP = "v0.99.0"  # a version in which each file was another one
EARLIER = "# An earlier last line.\n"
MARKED = {".py": EARLIER, ".sh": EARLIER, ".md": "An earlier last line.\n", ".yml": EARLIER}


class MissingRelease(Exception):
    """A release's commit is not in this checkout."""


def releases() -> dict[str, str]:
    """Return each release's commit by its version, oldest first."""
    return {one["version"]: one["commit"] for one in yaml.safe_load(LIST.read_text("utf-8"))}


def versions() -> list[str]:
    """Return the versions from which projects are updated, oldest first."""
    return [*releases()]


def with_releases(
    folder: Path, repository: Path = ROOT, known: Mapping[str, str] | None = None
) -> None:
    """Make a template with a tag for each release, and the one on disk as the newest.

    Args:
        folder: where; it is made.
        repository: has the releases' commits.
        known: commits by version; None for those that are listed, empty for a made-up version.

    Raises:
        MissingRelease: the repository lacks a release's commit.
    """
    folder.mkdir(parents=True)
    known = releases() if known is None else known
    for version, state in known.items():
        take_state(folder, version, state, repository)
        keep(folder, version)
    if not known:
        make_up(folder)
        keep(folder, MADE_UP)
    snapshot(folder)
    commit(folder, "As it stands", tag=NEWEST)


def keep(folder: Path, version: str) -> None:
    """Commit and tag what is in a folder, then empty it."""
    commit(folder, version, tag=version)
    git(folder, "rm", "--quiet", "-r", ".")


def make_up(folder: Path) -> None:
    """Put an earlier version of the template into a folder: each file of it was another one.

    The newest one has changed all of the runtime, what is shared and what is the users'; it has
    renamed, dropped and added files of the runtime and shared ones.
    """
    snapshot(folder)
    template = folder / "template"
    for file in [file for file in template.rglob("*") if file.is_file()]:
        ending = file.with_name(file.name.removesuffix(".jinja")).suffix
        with file.open("a", encoding="utf-8") as text:
            text.write(MARKED.get(ending, ""))
    runtime, scripts = template / "src" / "modelyard", template / "scripts"
    for added in (runtime / "files.py", scripts / "image.sh"):
        added.unlink()
    (runtime / "console.py").rename(runtime / "ending.py")
    (scripts / "check.sh").rename(scripts / "look.sh")
    for dropped in (template / "GONE.md", runtime / "gone.py", scripts / "gone.sh"):
        dropped.write_text("".join(f"# line {number}\n" for number in range(12)), "utf-8")


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
