"""A project pushed to a local repository, and CI jobs that run in clones of it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.checkout import ROOT, git
from tests.ci.hosts import github, gitlab, run_in
from tests.docs.walk import IDENTITY
from tests.vulnerability_database import database

REGISTRY = "registry.example.invalid/group"
CACHE = "[cache]\n    dir = {0}/cache\n    type = copy\n"
NOTED = '#!/usr/bin/env bash\necho "${0##*/} $*" >>"$NOTES"\n'
PUSHED = f'[ "$1" != push ] || echo sha256:{7:064} >"$3"\n'
STARTED = 'case $1 in run) echo container ;; image) echo "[{}]" ;; esac\n'
POSTED = 'for one in "$@"; do [ ! -e "${one#body@}" ] || cat "${one#body@}" >>"$NOTES"; done\n'
LIFECYCLE = f'PYTHONPATH="{ROOT / "src"}" exec "{sys.executable}" -m modelyard_lifecycle'
TOOLS = {
    "podman": NOTED + STARTED + PUSHED,
    "docker": NOTED + STARTED,
    "gh": NOTED + POSTED,
    "curl": NOTED + POSTED,
    "apt-get": NOTED,
    "date": '#!/bin/sh\n[ "$*" = "-u +%F" ] && echo "$TODAY" || exec /bin/date "$@"\n',
    "uvx": f'#!/bin/sh\n[ "$1" != --from ] || {{ shift 3; {LIFECYCLE} "$@"; }}\nexec "$@"\n',
}
TRAINED = "2013-09-01"
Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Origin:
    """A bare repository and the files next to it.

    Attributes:
        folder: contains `origin.git`, its clones, the stand-ins for tools, their recorded calls.
        host: `github` or `gitlab`.
        kept: the folder where CI jobs keep DVC's cache between runs.
        venv: the variable that lets all clones share one virtual environment.
    """

    folder: Path
    host: str
    kept: Path
    venv: dict[str, str]

    @property
    def bare(self) -> Path:
        """The bare repository that receives the pushes."""
        return self.folder / "origin.git"

    @property
    def author(self) -> Path:
        """The clone of somebody who changes the project."""
        return self.folder / "author"

    @property
    def notes(self) -> list[str]:
        """The recorded calls of the stand-ins, and the texts posted through them."""
        file = self.folder / "notes"
        return file.read_text("utf-8").splitlines() if file.exists() else []

    @property
    def images(self) -> list[str]:
        """The images that were pushed."""
        return [one.split()[-1] for one in self.notes if one.startswith("podman push")]

    def clone(self, ref: str = "main") -> Path:
        """Return a new clone of a branch or a tag, as a job or another user has it."""
        place = self.folder / f"clone-{len(list(self.folder.glob('clone-*')))}"
        git(self.folder, "clone", "--quiet", "--branch", ref, str(self.bare), place.name)
        with (place / ".git" / "info" / "exclude").open("a") as file:
            file.write(".gitlab-ci-local/\n")  # GitLab itself leaves no files in a clone
        return place

    def by_hand(self, project: Path, *commands: tuple[str, ...]) -> None:
        """Run commands in another user's clone, and push the tags that they create."""
        for words in commands:
            done = run_in(project, *words, **IDENTITY, **self.venv)
            assert done.returncode == 0, done.stdout
        git(project, "push", "--quiet", "--tags", str(self.bare))

    def job(
        self, name: str, ref: str = "main", *, today: str = TRAINED, **variables: str
    ) -> tuple[int, str]:
        """Run a job in a new clone on a given day; return its exit code and output.

        Args:
            name: `deliver` for a tag; else a scheduled task, or with `variables` a GitLab job;
                after `--needs`, the jobs that it needs run before.
            ref: the branch or tag.
            today: the current day in the job.
            variables: the variables that GitLab sets.
        """
        with database() as known:
            env = self.job_environment() | {"AUDIT_URL": known, "TODAY": today}
            run = self.on_github if self.host == "github" else self.on_gitlab
            done = run(self.clone(ref), name, ref, variables, env)
        return done.returncode, done.stdout

    def on_github(
        self, project: Path, name: str, ref: str, _: Mapping[str, str], env: Mapping[str, str]
    ) -> Done:
        """Run a workflow."""
        event = self.folder / "event.json"
        kind, refs = ("push", "tags") if name == "deliver" else ("schedule", "heads")
        event.write_text(json.dumps({"ref": f"refs/{refs}/{ref}"}), "utf-8")
        words = ["--eventpath", str(event), "--secret", "GITHUB_TOKEN=stub"]
        words += ["--var", f"REGISTRY={REGISTRY}"]
        return github(project, self.folder, kind, f"{name}.yml", *words, **env)

    def on_gitlab(
        self, project: Path, name: str, ref: str, more: Mapping[str, str], env: Mapping[str, str]
    ) -> Done:
        """Run a pipeline, or one of its jobs."""
        values = {"PUSH_URL": str(self.bare), **more}
        if name == "deliver":
            keys = {"CI_REGISTRY_USER": "me", "CI_REGISTRY_PASSWORD": "stub"}
            values |= {"CI_COMMIT_TAG": ref, "CI_REGISTRY_IMAGE": REGISTRY} | keys
        elif not more:
            values |= {"TASK": name, "GITLAB_TOKEN": "stub"}
        return gitlab(project, values, *(name.split() if more else []), **env)

    def job_environment(self) -> dict[str, str]:
        """Return a job's environment: stand-ins for tools first in PATH, a persistent DVC cache."""
        tools = self.folder / "tools"
        if not tools.exists():
            tools.mkdir()
            for name, text in TOOLS.items():
                (tools / name).write_text(text, "utf-8")
                (tools / name).chmod(0o755)
        (self.kept / "config").write_text(CACHE.format(self.kept), "utf-8")
        return self.venv | {
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "NOTES": str(self.folder / "notes"),
            "CONTAINER_ENGINE": "podman",
            "GIT_CONFIG_GLOBAL": os.devnull,  # git has no user name on a CI host
            "DVC_GLOBAL_CONFIG_DIR": str(self.kept),
        }
