"""Access to this repository for tests: its files, its settings, git commands in copies."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "template"
NEEDED = ("copier.yml", "template", "includes")
COOKIECUTTER_FILES = ("cookiecutter.json", "hooks", "{{cookiecutter.project_slug}}")
WITHOUT_VENV = shutil.ignore_patterns(".venv")  # of 900 MB; uv recreates it in seconds
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, if it is there
IDENTITY = ["-c", "user.name=A Tester", "-c", "user.email=tester@example.invalid"]
GIT_OPTIONS = ["-c", "core.hooksPath=/dev/null", "-c", "commit.gpgsign=false"]


def git(folder: Path, *words: str) -> str:
    """Run git in a folder and return its output."""
    command = ["git", *IDENTITY, *GIT_OPTIONS, *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"git {' '.join(words)}: {done.stderr}"
    return done.stdout


def commit(folder: Path, message: str, tag: str = "") -> None:
    """Commit all files of a folder, after `git init` if it is not a repository."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    if tag:
        git(folder, "tag", tag)


def tracked() -> list[Path]:
    """Return this repository's files, committed or not, except those that git ignores."""
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def below(folder: Path) -> list[Path]:
    """Return this repository's files below a folder."""
    return [file for file in tracked() if folder in file.parents]


def texts(files: list[Path]) -> dict[str, str]:
    """Return the content of each text file by its path in this repository."""
    contents = {file.relative_to(ROOT).as_posix(): file.read_bytes() for file in files}
    return {name: some.decode("utf-8") for name, some in contents.items() if b"\0" not in some}


def snapshot(folder: Path) -> None:
    """Copy the current files that Copier and Cookiecutter need into a new folder."""
    for file in tracked():
        name = file.relative_to(ROOT)
        if name.parts[0] in NEEDED + COOKIECUTTER_FILES:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, folder / name)


def settings() -> dict[str, Any]:
    """Return copier.yml as data."""
    text = (ROOT / "copier.yml").read_text("utf-8")
    read: dict[str, Any] = yaml.load(text, LOADER)
    return read


def named_answers(name: str) -> dict[str, Any]:
    """Return the answers of tests/answers/<name>.yml."""
    file = ROOT / "tests" / "answers" / f"{name}.yml"
    read: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return read


def names_of_answers() -> list[str]:
    """Return the names of all sets of answers in tests/answers/."""
    return sorted(file.stem for file in (ROOT / "tests" / "answers").glob("*.yml"))


def tree(folder: Path) -> list[str]:
    """Return the paths of all files below a folder, sorted, with forward slashes.

    What git and the installation keep there is left out: `.git` and the 30,000 files of `.venv`.
    """
    found: list[str] = []
    for place, folders, names in os.walk(folder):
        inside = Path(place).relative_to(folder)
        if inside == Path():
            folders[:] = {*folders} - {".git", ".venv"}
        found += [(inside / name).as_posix() for name in names if Path(place, name).is_file()]
    return sorted(found)
