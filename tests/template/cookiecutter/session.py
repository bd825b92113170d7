"""Run Cookiecutter as a user does: in a folder, with answers typed at its prompts."""

import json
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.checkout import ROOT
from tools.steps import environment

GIT = ("git", "sh", "basename", "dirname", "sed", "uname")


@dataclass
class Session:
    """A user's session with isolated folders and PATH.

    Args:
        folder: an empty folder; `here` in it is the working directory, `tmp` for temporary files.
        python: the Python that runs Cookiecutter.
    """

    folder: Path
    python: Path = Path(sys.executable)

    def __post_init__(self) -> None:
        """Create the folders, and bin/ with git and the programs that it calls."""
        for name in ("here", "tmp", "bin"):
            (self.folder / name).mkdir(parents=True)
        for program in GIT:
            (self.folder / "bin" / program).symlink_to(shutil.which(program) or "missing")
        places = {name: str(self.folder / name) for name in ("cookiecutters_dir", "replay_dir")}
        (self.folder / "config.yml").write_text(json.dumps(places), "utf-8")

    @property
    def here(self) -> Path:
        """The working directory."""
        return self.folder / "here"

    def surroundings(self) -> dict[str, str]:
        """Return the environment variables, with only bin/ on PATH."""
        return environment() | {
            "PATH": str(self.folder / "bin"),
            "PWD": str(self.here),
            "TMPDIR": str(self.folder / "tmp"),
            "COOKIECUTTER_CONFIG": str(self.folder / "config.yml"),
            "COPIER_CACHE_DIR": str(self.folder / "cache"),
            "PYTHONUTF8": "1",
        }

    def give(self, name: str, script: str) -> None:
        """Add a program to bin/."""
        program = self.folder / "bin" / name
        program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        program.chmod(0o755)

    def command(self, *words: str) -> list[str]:
        """Return the command that runs Cookiecutter."""
        return [str(self.python), "-m", "cookiecutter", *words]

    def run(self, *words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        """Run Cookiecutter with input for its prompts."""
        return subprocess.run(
            self.command(*words), cwd=self.here, env=self.surroundings(), input=typed,
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    def generate(self, *words: str, typed: str = "") -> Path:
        """Run Cookiecutter and return the generated project."""
        done = self.run(*words, typed=typed)
        assert done.returncode == 0, done.stdout + done.stderr
        (project,) = self.here.iterdir()
        return project

    def leftovers(self) -> list[str]:
        """Return the paths in the working directory and in the folder for temporary files."""
        found = [*self.here.iterdir(), *(self.folder / "tmp").iterdir()]
        return [path.relative_to(self.folder).as_posix() for path in found]


def without_copier(folder: Path) -> None:
    """Create a virtual environment with the packages of this one except Copier."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    there = subprocess.run([python, "-c", ask], check=True, capture_output=True, text=True)
    for package in Path(sysconfig.get_path("purelib")).iterdir():
        if not package.name.startswith(("copier", "_virtualenv", "__pycache__")):
            (Path(there.stdout.strip()) / package.name).symlink_to(package)


def typed(answers: Mapping[str, Any]) -> str:
    """Return the input for the prompts for some answers; an empty line takes the default."""
    context = json.loads((ROOT / "cookiecutter.json").read_text("utf-8"))
    asked = {name: default for name, default in context.items() if not name.startswith("_")}
    return "".join(f"{line(asked[name], answers.get(name))}\n" for name in asked)


def line(default: Any, answer: Any) -> str:
    """Return the input for one prompt; for choices it is their number."""
    if answer is None:
        return ""
    if isinstance(default, list):
        return str(default.index(str(answer)) + 1)
    return ", ".join(answer) or "[]" if isinstance(answer, list) else str(answer)


def files(project: Path) -> dict[str, tuple[int, bytes]]:
    """Return mode and content of each file of a project by path."""
    return {
        file.relative_to(project).as_posix(): (file.stat().st_mode & 0o777, file.read_bytes())
        for file in project.rglob("*")
        if file.is_file()
    }


def address(template: Path) -> str:
    """Return the URL of a folder, which is then cloned."""
    return f"git+{template.as_uri()}"
