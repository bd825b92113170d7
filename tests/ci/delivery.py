"""A bare repository with promoted versions, and deliveries that run in new clones of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import yaml

from tests.checkout import git
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

    def settings(self, clone: Path) -> dict[str, str]:
        """Return the environment of a command in a clone."""
        return libraries(self.trained, clone) | {"REGISTRY_PUSH": "1"}

    def run(self, *words: str) -> str:
        """Run a command in the colleague's clone; return its output."""
        done = run_in(self.clone, *words, **self.settings(self.clone))
        assert done.returncode == 0, done.stdout
        return done.stdout

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
        job = self.folder / f"job-{len(list(self.folder.glob('job-*')))}"
        clone_origin(self.bare, job, at or tag)
        record = self.folder / "record"
        record.write_text("")
        own = {"CONTAINER_ENGINE": str(self.folder / "podman"), "RECORD": str(record)}
        with database() as known:
            env = self.settings(job) | own | {"AUDIT_URL": known} | more
            done = run_in(job, "scripts/deliver.sh", tag, **env)
        return done.returncode, record.read_text("utf-8").splitlines(), done.stdout


def pushed(calls: list[str]) -> list[str]:
    """Return the images that were pushed."""
    return [one.removeprefix("push ") for one in calls if one.startswith("push ")]


def images(version: str) -> list[str]:
    """Return the names under which the images of a version are pushed."""
    return [f"{HOST['REGISTRY']}/flight_delays-{one}:{version}" for one in TARGETS]
