"""Make a template with a tag for each release of tests/releases.yml."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import yaml

from tests.checkout import NEEDED, ROOT, commit, git, snapshot

LIST = ROOT / "tests" / "releases.yml"
NEWEST = "v99.0.0"
MADE_UP = "v0.99.0"  # a version in which each file differs from the newest one
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
    """Make a template with a tag for each release, and the current files as the newest one.

    Args:
        folder: the folder to create.
        repository: the repository with the releases' commits.
        known: commits by version; None for those of releases.yml, empty for a made-up version.

    Raises:
        MissingRelease: the repository lacks a release's commit.
    """
    folder.mkdir(parents=True)
    known = releases() if known is None else known
    for version, sha in known.items():
        extract_commit(folder, version, sha, repository)
        tag_release(folder, version)
    if not known:
        write_made_up_version(folder)
        tag_release(folder, MADE_UP)
    snapshot(folder)
    commit(folder, "As it stands", tag=NEWEST)


def tag_release(folder: Path, version: str) -> None:
    """Commit and tag a folder's files, then remove them."""
    commit(folder, version, tag=version)
    git(folder, "rm", "--quiet", "-r", ".")


def write_made_up_version(folder: Path) -> None:
    """Write a made-up earlier version of the template, in which each file differs.

    The newest version has changed all of the runtime, the shared and the users' files; it has
    renamed, dropped and added runtime and shared files.
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


def extract_commit(folder: Path, version: str, sha: str, repository: Path = ROOT) -> None:
    """Extract the files that Copier needs from a commit into a folder.

    Raises:
        MissingRelease: the repository lacks the commit.
    """
    command = ["git", "cat-file", "-e", f"{sha}^{{commit}}"]
    if subprocess.run(command, cwd=repository, capture_output=True, check=False).returncode:
        raise MissingRelease(
            f"tests/releases.yml: {version} is commit {sha}, which {repository} lacks; "
            "fetch the whole history: git fetch --unshallow"
        )
    archive = folder / "commit.tar"
    names = git(repository, "ls-tree", "--name-only", sha, *NEEDED).split()
    git(repository, "archive", "--output", str(archive), sha, *names)
    shutil.unpack_archive(archive, folder, filter="data")
    archive.unlink()
