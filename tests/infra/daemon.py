"""A Docker daemon for the tests, with its own processes, mounts and network.

It listens on a socket. Only commands with the prefix `inside` reach its network, where the ports
of compose.yaml are free; it reaches the internet through slirp4netns. When its first process or
that of the tests ends, its containers, bridges, iptables chains and mounts are removed.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.infra.watching import until

ENDS_WITH_US = ["setpriv", "--pdeathsig", "KILL"]
ISOLATED = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
OUTSIDE = ["slirp4netns", "--configure", "--mtu=65520", "--disable-host-loopback"]
FIRST = """\
ip link set lo up
mount -t tmpfs none /run
mount -t tmpfs none /etc/docker
until ip link show tap0; do sleep 0.1; done
echo nameserver 10.0.2.3 >/run/resolv.conf
mount --bind /run/resolv.conf /etc/resolv.conf
dockerd --config-file "$PWD/daemon.json" &
wait
"""


@dataclass(frozen=True)
class Daemon:
    """A running daemon.

    Attributes:
        folder: its files.
        socket: the socket that it listens on; such a path must be short.
        process: the id of its first process.
        group: the name of its control groups.
    """

    folder: Path
    socket: Path
    process: int
    group: str

    @property
    def inside(self) -> list[str]:
        """The words before a command that run it in the daemon's network."""
        return ["nsenter", "--target", str(self.process), "--net", "--"]

    def environment(self) -> dict[str, str]:
        """Return the variables with which `docker` and `docker compose` use this daemon."""
        config = str(self.folder / "client")
        return {"DOCKER_HOST": f"unix://{self.socket}", "DOCKER_CONFIG": config}

    def docker(self, *words: str, at: Path | None = None) -> "subprocess.CompletedProcess[str]":
        """Run docker in a folder and in the daemon's network."""
        return subprocess.run(
            [*self.inside, "docker", *words], cwd=at, env=os.environ | self.environment(),
            capture_output=True, text=True, check=False,
        )  # fmt: skip


@contextmanager
def docker(folder: Path) -> Iterator[Daemon]:
    """Run a daemon during a `with` block, with a client that has Compose."""
    group = f"modelyard-{os.getpid()}"
    with TemporaryDirectory() as short:
        socket = Path(short) / "docker.sock"
        configure(folder, socket, group)
        with started(folder, socket, group) as daemon:
            yield daemon


@contextmanager
def started(folder: Path, socket: Path, group: str) -> Iterator[Daemon]:
    """Start a configured daemon, and remove what it leaves behind."""
    try:
        with running([*ISOLATED, "bash", "-ec", FIRST], folder) as isolated:
            first = until(lambda: children(isolated.pid))[0]
            with running([*OUTSIDE, str(first), "tap0"], folder):
                daemon = Daemon(folder, socket, first, group)
                until(lambda: daemon.docker("version").returncode == 0)
                yield daemon
    finally:
        until(lambda: groups_removed(group))
        shutil.rmtree(folder / "data")


@contextmanager
def running(command: list[str], folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a command in a folder during a `with` block, with a log there."""
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([*ENDS_WITH_US, *command], cwd=folder, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait(20)


def configure(folder: Path, socket: Path, group: str) -> None:
    """Write the configuration of the daemon and its client into a new folder."""
    settings = {"data-root": str(folder / "data"), "pidfile": "/run/docker.pid"}
    settings |= {"storage-driver": "overlay2", "cgroup-parent": f"/{group}"}
    plugins = folder / "client" / "cli-plugins"
    plugins.mkdir(parents=True)
    (plugins / "docker-compose").symlink_to(str(shutil.which("docker-compose")))
    text = json.dumps(settings | {"hosts": [f"unix://{socket}"]})
    (folder / "daemon.json").write_text(text, "utf-8")


def children(process: int) -> list[int]:
    """Return the children of a process."""
    listed = Path(f"/proc/{process}/task/{process}/children").read_text("ascii")
    return [int(word) for word in listed.split()]


def groups(name: str) -> list[Path]:
    """Return the control groups of a name, children before their parents."""
    tops = [*Path("/sys/fs/cgroup").glob(f"*/{name}"), *Path("/sys/fs/cgroup").glob(name)]
    return sorted({one for top in tops for one in [top, *top.glob("**/")]}, reverse=True)


def groups_removed(name: str) -> bool:
    """Remove the empty control groups of a name; return whether none is left."""
    for group in groups(name):
        try:
            group.rmdir()
        except OSError:
            return False
    return True


def traces(folder: Path, group: str, within: list[str] | None = None) -> set[str]:
    """Return what a daemon may leave: links, chains, mounts, control groups, processes.

    Args:
        folder: the daemon's folder.
        group: the name of its control groups.
        within: the words before a command that run it in another network.
    """
    links = lines_of([*(within or []), "ip", "-oneline", "link"])
    chains = lines_of([*(within or []), "iptables-save"])
    mounts = Path("/proc/self/mounts").read_text("utf-8").splitlines()
    return {
        *(f"link {line.split(': ')[1]}" for line in links),
        *(f"chain {line.split()[0][1:]}" for line in chains if line.startswith(":")),
        *(f"mount {line.split()[1]}" for line in mounts if str(folder) in line),
        *(f"group {one}" for one in groups(group)),
        *(f"process {line}" for line in lines_of(["ps", "-ewwo", "args"]) if str(folder) in line),
    }


def lines_of(command: list[str]) -> list[str]:
    """Return the lines that a command prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
