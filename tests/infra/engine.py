"""A container engine for the tests: podman and runc without a daemon, in one folder.

The folder contains all its images; the machine's own images are neither seen nor changed.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

BASE, NATIVE = "docker.io/library/python:3.11-slim", "localhost/python:native"
PACKAGES = "ca-certificates,python3,python3-pip,python3-venv,python-is-python3"
DEVICE_PACKAGES = "python3,python-is-python3,libstdc++6"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
CONTAINERS = """\
[containers]
netns = "host"
default_ulimits = ["nofile=1024:4096", "nproc=4096:4096"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
"""
STORAGE = '[storage]\ndriver = "overlay"\ngraphroot = "{0}/graph"\nrunroot = "{1}"\n'
LONGEST_RUNROOT = 50  # beyond, podman 4.3 does not clean up after a container and waits 20 s
HARDENED = ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL"]
HARDENED += ["--security-opt", "no-new-privileges"]


def require_tools(*tools: str) -> None:
    """Skip the test if a tool is not installed; fail it in CI."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop(f"not installed: {', '.join(missing)}")


@dataclass(frozen=True)
class Engine:
    """Podman with its store in a folder."""

    folder: Path

    @property
    def runroot(self) -> Path:
        """The folder of the running containers, outside of `folder` to keep its path short."""
        name = sha256(str(self.folder).encode()).hexdigest()[:8]
        return Path(tempfile.gettempdir()) / f"engine-{name}"

    def environment(self) -> dict[str, str]:
        """Return an environment in which podman, also called by a script, uses this store."""
        own = {"CONTAINERS_CONF": "containers.conf", "CONTAINERS_STORAGE_CONF": "storage.conf"}
        places = {name: str(self.folder / file) for name, file in own.items()}
        places |= {"TMPDIR": str(self.folder / "tmp")}  # where podman keeps RUN --mount=type=cache
        kept = {name: text for name, text in os.environ.items() if name != "VIRTUAL_ENV"}
        return kept | places | {"CONTAINER_ENGINE": "podman"}

    def podman(
        self, *words: str, ok: bool = True, given: str = ""
    ) -> "subprocess.CompletedProcess[str]":
        """Run podman with a text as input; fail with its errors unless `ok` is false."""
        done = subprocess.run(
            ["podman", *words],
            cwd=self.folder,  # a container that is killed for its memory leaves a file `oom` there
            env=self.environment(),
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0 or not ok, f"podman {' '.join(words)}\n{done.stderr[-3000:]}"
        return done

    def derive(self, name: str, image: str, *lines: str, options: Sequence[str] = ()) -> str:
        """Build an image from another one and lines of a Dockerfile; return its name."""
        file = self.folder / f"{name.rsplit('/')[-1].replace(':', '-')}.Dockerfile"
        file.write_text("\n".join([f"FROM {image}", *lines, ""]), "utf-8")
        how = ["--pull=never", "--format", "docker", "--file", str(file), "--tag", name]
        self.podman("build", *how, *options, str(self.folder))
        return name

    @contextmanager
    def running(self, image: str, *words: str) -> Iterator[str]:
        """Run a container in the background, read-only and unprivileged; yield its id."""
        container = self.podman("run", "--detach", *HARDENED, image, *words).stdout.strip()
        try:
            yield container
        finally:
            self.podman("rm", "--force", "--time", "0", container, ok=False)

    def inspect(self, name: str, what: str) -> str:
        """Return a property of an image or a container, given as a Go template."""
        return self.podman("inspect", "--format", what, name).stdout.strip()


def create(folder: Path) -> Engine:
    """Create a store with a substitute for the Python base image of the Dockerfiles.

    It contains a minimal Debian, Debian's Python and this machine's certificates.
    """
    (folder / "tmp").mkdir(parents=True)
    (folder / "containers.conf").write_text(CONTAINERS, "utf-8")
    engine = Engine(folder)
    assert len(str(engine.runroot)) <= LONGEST_RUNROOT, f"{engine.runroot} is too long for podman"
    (folder / "storage.conf").write_text(STORAGE.format(folder, engine.runroot), "utf-8")
    debian(engine, NATIVE, "--variant=minbase", f"--include={PACKAGES}")
    shutil.copy(CERTIFICATES, folder / "certificates")
    names = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE")
    settings = ["PIP_BREAK_SYSTEM_PACKAGES=1", *(f"{name}={CERTIFICATES}" for name in names)]
    engine.derive(NATIVE, NATIVE, f"COPY certificates {CERTIFICATES}", f"ENV {' '.join(settings)}")
    engine.podman("manifest", "create", BASE, f"containers-storage:{NATIVE}")
    return engine


def add_arm_base(engine: Engine) -> None:
    """Add the base image for arm64: packages are unpacked, nothing is run."""
    kind = ["--architectures=arm64", "--variant=extract", f"--include={DEVICE_PACKAGES}"]
    debian(engine, "localhost/python:arm64", *kind)
    engine.podman("manifest", "add", BASE, "containers-storage:localhost/python:arm64")


def debian(engine: Engine, name: str, *options: str) -> None:
    """Create a Debian image without manuals."""
    root = engine.folder / "tmp" / "debian.tar"
    kept_out = [f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in ("man", "doc", "locale")]
    made = ["mmdebstrap", "--quiet", *options, *kept_out, "bookworm", str(root)]
    subprocess.run(made, check=True, capture_output=True)
    arch = ["--arch", "arm64"] if "--architectures=arm64" in options else []
    engine.podman("import", *arch, str(root), name)
    root.unlink()


def remove(folder: Path) -> None:
    """Stop the containers, and unmount the store."""
    if (folder / "containers.conf").exists():
        removed = Engine(folder).podman("rm", "--all", "--force", "--time", "0", ok=False)
        print(removed.stderr, end="")
        Engine(folder).podman("rmi", "--all", "--force", ok=False)
        mounted = ["umount", str(folder / "graph" / "overlay")]
        while subprocess.run(mounted, capture_output=True, check=False).returncode == 0:
            pass  # podman may have mounted it more than once
        for place in (folder, Engine(folder).runroot):
            shutil.rmtree(place, ignore_errors=True)
