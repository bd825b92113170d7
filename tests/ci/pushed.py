"""A project that was pushed to a repository on this machine, and jobs in clones of that push."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.checkout import git
from tests.ci.hosts import called, github, gitlab
from tests.docs.walk import IDENTITY
from tests.vulnerability_database import database

REGISTRY = "registry.example.invalid/group"
CACHE = "[cache]\n    dir = {0}/cache\n    type = copy\n"
NOTED = '#!/usr/bin/env bash\necho "${0##*/} $*" >>"$NOTES"\n'
STARTED = 'case $1 in run) echo container ;; image) echo "[{}]" ;; esac\n'
POSTED = 'for one in "$@"; do [ ! -e "${one#body@}" ] || cat "${one#body@}" >>"$NOTES"; done\n'
TOOLS = {
    "podman": NOTED + STARTED,
    "docker": NOTED + STARTED,
    "gh": NOTED + POSTED,
    "curl": NOTED + POSTED,
    "apt-get": NOTED,
    "date": '#!/bin/sh\n[ "$*" = "-u +%F" ] && echo "$TODAY" || exec /bin/date "$@"\n',
    "uvx": '#!/bin/sh\nexec "$@"\n',
}
TRAINED = "2013-09-01"
Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Origin:
    """A bare repository, and what is beside it.

    Attributes:
        folder: the repository `origin.git`, its clones, the stand-ins for tools, their notes.
        host: `github` or `gitlab`.
        kept: the folder that CI jobs keep DVC's cache in from one run to the next.
    """

    folder: Path
    host: str
    kept: Path

    @property
    def bare(self) -> Path:
        """The repository to which is pushed."""
        return self.folder / "origin.git"

    @property
    def notes(self) -> list[str]:
        """What the stand-ins were asked, and what was posted through them."""
        file = self.folder / "notes"
        return file.read_text("utf-8").splitlines() if file.exists() else []

    @property
    def images(self) -> list[str]:
        """The images that were pushed."""
        return [one.split()[-1] for one in self.notes if one.startswith("podman push")]

    def clone(self, ref: str = "main") -> Path:
        """Return a new clone of a branch or a tag, as a job or a colleague has it."""
        place = self.folder / f"clone-{len(list(self.folder.glob('clone-*')))}"
        git(self.folder, "clone", "--quiet", "--branch", ref, str(self.bare), place.name)
        with (place / ".git" / "info" / "exclude").open("a") as file:
            file.write(".gitlab-ci-local/\n")  # GitLab itself leaves nothing in a clone
        return place

    def by_hand(self, project: Path, *commands: tuple[str, ...]) -> None:
        """Run commands in a colleague's clone, and push the tags that they make."""
        for words in commands:
            done = called(project, *words, **IDENTITY, **self.installed())
            assert done.returncode == 0, done.stdout
        git(project, "push", "--quiet", "--tags", str(self.bare))

    def job(
        self, name: str, ref: str = "main", *, today: str = TRAINED, **variables: str
    ) -> tuple[int, str]:
        """Run a job from a new clone, on some day; return its exit code and what it said.

        Args:
            name: `deliver` for a tag; else a schedule's task, or with `variables` a job of GitLab.
            ref: the branch or tag.
            today: the day that the clock shows.
            variables: what GitLab sets.
        """
        with database() as known:
            env = self.surroundings() | {"AUDIT_URL": known, "TODAY": today}
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
        """Run a pipeline, or one job of it and what that needs."""
        values = {"PUSH_URL": str(self.bare), **more}
        if name == "deliver":
            keys = {"CI_REGISTRY_USER": "me", "CI_REGISTRY_PASSWORD": "stub"}
            values |= {"CI_COMMIT_TAG": ref, "CI_REGISTRY_IMAGE": REGISTRY} | keys
        elif not more:
            values |= {"TASK": name, "GITLAB_TOKEN": "stub"}
        return gitlab(project, values, *(["--needs", name] if more else []), **env)

    def surroundings(self) -> dict[str, str]:
        """Return the variables of a job: stand-ins for tools come first, DVC's cache is kept."""
        tools = self.folder / "tools"
        if not tools.exists():
            tools.mkdir()
            for name, text in TOOLS.items():
                (tools / name).write_text(text, "utf-8")
                (tools / name).chmod(0o755)
        (self.kept / "config").write_text(CACHE.format(self.kept), "utf-8")
        return self.installed() | {
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "NOTES": str(self.folder / "notes"),
            "CONTAINER_ENGINE": "podman",
            "GIT_CONFIG_GLOBAL": os.devnull,  # a CI host's git knows no name
            "DVC_GLOBAL_CONFIG_DIR": str(self.kept),
        }

    def installed(self) -> dict[str, str]:
        """Return the variable by which one environment serves clone after clone."""
        worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        return {"UV_PROJECT_ENVIRONMENT": str(self.kept / f"venv-{worker}")}
