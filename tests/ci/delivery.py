"""A bare repository with two versions, and jobs that run in new clones of it."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import yaml

from tests.checkout import commit, git
from tests.ci.hosts import run_in
from tests.versions import add_origin, clone_origin, libraries
from tests.vulnerability_database import database

HOST = {
    "REGISTRY": "registry.example.invalid:5000/team",
    "REGISTRY_USER": "me",
    "REGISTRY_PASSWORD": "x",
}
TARGETS = ("rest", "batch", "edge", "pipeline")
DIGEST = f"sha256:{7:064}"
ENGINE = f"""#!/usr/bin/env bash
last=${{@: -1}}
echo "$1 ${{last%%$'\\n'*}}" >>"$RECORD"
[ "$1" != "${{BROKEN:-}}" ] || exit 1
[ "$1" != push ] || echo {DIGEST} >"$3"
"""


@dataclass(frozen=True)
class Desk:
    """Files of a project that several people and jobs share.

    Attributes:
        folder: contains the bare repository and its clones.
        trained: the project with the libraries.
    """

    folder: Path
    trained: Path

    @classmethod
    def create(cls, project: Path, trained: Path, folder: Path) -> Self:
        """Publish a project as a bare repository, and clone it for a colleague."""
        author = clone_origin(project, folder / "author")
        git(author, "remote", "remove", "origin")
        git(author, "checkout", "--quiet", "-B", "main")
        add_origin(author, folder / "origin.git")
        desk = cls(folder, trained)
        clone_origin(desk.bare, desk.clone)
        engine = folder / "podman"
        engine.write_text(ENGINE, "utf-8")
        engine.chmod(0o755)
        return desk

    @property
    def bare(self) -> Path:
        """The bare repository."""
        return self.folder / "origin.git"

    @property
    def clone(self) -> Path:
        """The colleague's clone."""
        return self.folder / "colleague"

    def run_at(self, clone: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command in a clone."""
        return run_in(clone, *words, **libraries(self.trained, clone) | more)

    def run(self, *words: str) -> str:
        """Run a command in the colleague's clone; return its output."""
        done = self.run_at(self.clone, *words, REGISTRY_PUSH="1")
        assert done.returncode == 0, done.stdout
        return done.stdout

    def push(self, message: str) -> None:
        """Commit and push what was changed in the colleague's clone."""
        commit(self.clone, message)
        git(self.clone, "push", "--quiet", "origin", "HEAD:main")

    @property
    def jobs(self) -> list[Path]:
        """The clones of the jobs, the newest last."""
        return sorted(self.folder.glob("job-*"))

    def job(self, ref: str = "") -> Path:
        """Return a new clone, as a CI job has it, at a commit or the default branch."""
        return clone_origin(self.bare, self.folder / f"job-{len(self.jobs):02}", ref)

    def promote(self, version: str) -> None:
        """Promote a version to prod."""
        self.run("scripts/promote.sh", version)

    def versions(self) -> str:
        """Return the table of versions in the colleague's clone after a pull."""
        git(self.clone, "pull", "--quiet", "origin", "main")
        return self.run("uv", "run", "modelyard", "versions")

    def named(self) -> list[str]:
        """Return the versions that the default branch names for the cluster's images."""
        text = git(self.bare, "show", "main:deployment/prod/kustomization.yaml")
        return [one["newTag"] for one in yaml.safe_load(text)["images"]]

    def deliver(self, tag: str, at: str = "", **more: str) -> tuple[int, list[str], str]:
        """Deliver a tag in a new clone at it, or at another one.

        Returns:
            Exit code, the engine's recorded calls, the output.
        """
        job = self.job(at or tag)
        record = self.folder / "record"
        record.write_text("")
        own = {"CONTAINER_ENGINE": str(self.folder / "podman"), "RECORD": str(record)}
        with database() as known:
            env = {"REGISTRY_PUSH": "1", "AUDIT_URL": known} | own | more
            done = self.run_at(job, "scripts/deliver.sh", tag, **env)
        return done.returncode, record.read_text("utf-8").splitlines(), done.stdout


def pushed(calls: list[str]) -> list[str]:
    """Return the images that were pushed."""
    return [one.removeprefix("push ") for one in calls if one.startswith("push ")]


def images(version: str) -> list[str]:
    """Return the names under which the images of a version are pushed."""
    return [f"{HOST['REGISTRY']}/flight_delays-{one}:{version}" for one in TARGETS]
