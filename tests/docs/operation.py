"""What the tutorial on two weeks of operation needs: a bare repository, a store, an engine."""

import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.checkout import commit, git
from tests.infra.daemon import running
from tests.infra.remotes import with_results
from tests.infra.standins import seaweedfs
from tests.versions import set_param, train_shortly
from tests.waiting import wait_until
from tools.service import free_port
from tools.steps import environment

# A stand-in for a container engine with a registry; an image's digest is the hash of its name.
ENGINE = """#!/bin/sh
for last in "$@"; do :; done
case $1 in
  run) echo container ;;
  push)
    digest=sha256:$(printf %s "$last" | sha256sum | cut -d ' ' -f 1)
    while [ $# -gt 1 ]; do [ "$1" != --digestfile ] || printf %s "$digest" >"$2"; shift; done
    echo "$last" >>"$PUSHED" ;;
esac
"""
KEYS = {"AWS_ACCESS_KEY_ID": "flights", "AWS_SECRET_ACCESS_KEY": "a-long-word"}
PORTS = [
    f"{part}.port{kind}"
    for part in ("s3", "master", "volume", "filer", "admin")
    for kind in ("", ".grpc")
]
OPTIONS = ["-ip=127.0.0.1", "-bucket=store", "-s3.autoCreateBucket=false", "-s3.port.iceberg=0"]
OPTIONS += ["-s3.port.lance=0", "-webdav=false", "-master.telemetry=false", "-ip.bind=127.0.0.1"]


@contextmanager
def s3_store(folder: Path) -> Iterator[dict[str, str]]:
    """Run SeaweedFS on free ports; yield the variables of its clients."""
    folder.mkdir()
    ports = {name: free_port() for name in PORTS}
    known = ["env", *(f"{name}={value}" for name, value in KEYS.items())]
    options = [*OPTIONS, *(f"-{name}={port}" for name, port in ports.items())]
    address = f"http://127.0.0.1:{ports['s3.port']}"
    with running([*known, seaweedfs(), "mini", f"-dir={folder}", *options], folder):
        wait_until(lambda: responds(f"{address}/healthz"))
        yield KEYS | {"AWS_ENDPOINT_URL": address, "AWS_DEFAULT_REGION": "us-east-1"}


def responds(url: str) -> bool:
    """Return whether a server responds."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except OSError:
        return False


@dataclass(frozen=True)
class Operation:
    """A project of level 3 that is operated from clones of a bare repository.

    Attributes:
        folder: holds `desk` with the bare repository, and what is outside of it.
        store: the variables of the store's clients.
    """

    folder: Path
    store: dict[str, str]

    @property
    def desk(self) -> Path:
        """Return the folder of the bare repository and its clones."""
        return self.folder / "desk"

    @property
    def pushed(self) -> list[str]:
        """Return the names of the images that were pushed."""
        file = self.folder / "pushed"
        return file.read_text("utf-8").splitlines() if file.exists() else []

    def environment(self) -> dict[str, str]:
        """Return the variables of all clones, which share libraries, store and engine."""
        engine = self.folder / "podman"
        engine.write_text(ENGINE, "utf-8")
        engine.chmod(0o755)
        return self.store | {
            "CONTAINER_ENGINE": str(engine),
            "PUSHED": str(self.folder / "pushed"),
            "UV_PROJECT_ENVIRONMENT": str(self.folder / "venv"),
            "UV_LINK_MODE": "copy",
            "REGISTRY_PUSH": "1",
            "REST_RECORD_DIR": str(self.desk / "records"),
            "RECORD_URL": "s3://store/records",
            "REGISTRY": "registry.example.invalid/team",
            "REGISTRY_USER": "robot",
            "REGISTRY_PASSWORD": "a-long-word",
        }

    def publish(self, rendered: Path, trained: Path) -> None:
        """Push a trained project to the bare repository, and its results to the store."""
        author = with_results(rendered, trained, self.folder / "author")
        shutil.copy(rendered / "params.yaml", author)  # the trained project has more targets
        train_shortly(author)
        set_param(author, "gate", "over_baseline", {"roc_auc": -0.1})
        set_param(author, "canary", "latency_floor_ms", 10_000.0)
        self.run(author, "uv", "run", "dvc", "repro", "--quiet")
        commit(author, "Trained")
        git(author, "branch", "--move", "--force", "main")
        self.run(author, "uv", "run", "dvc", "push", "--quiet")
        self.desk.mkdir()
        git(author, "clone", "--quiet", "--bare", ".", str(self.desk / "origin.git"))
        shutil.rmtree(author)

    def run(self, folder: Path, *words: str) -> str:
        """Run a command with these variables; return its output."""
        done = subprocess.run(
            words, cwd=folder, env=environment() | self.environment(),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        return done.stdout
