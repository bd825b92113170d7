"""nginx before both services: who gets which share, and what became of it."""

import json
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ...console import UserError

TEMPLATE = Path("deployment/rest/canary/nginx.conf.template")
START_S, POLL_S = 10.0, 0.05
IN_A_ROW = 5  # answers of the newer nginx process, while the older one may still take some


class Proxy:
    """An nginx whose split can be changed without losing a request.

    Args:
        folder: for its configuration, its log and its process number.
        serving: host and port of the service in service.
        candidate: host and port of the other one.
    """

    def __init__(self, folder: Path, serving: str, candidate: str) -> None:
        """Choose a port; `run` starts it."""
        self.folder, self.serving, self.candidate = folder, serving, candidate
        self.address = f"127.0.0.1:{free_port()}"
        self.process: subprocess.Popen[bytes] | None = None

    def configuration(self, step: str, share: float, shadow: bool) -> str:
        """Fill in the template.

        Raises:
            UserError: it is not there.
        """
        if not TEMPLATE.is_file():
            raise UserError(f"{TEMPLATE} is not there; run this in the project's folder")
        filled = TEMPLATE.read_text("utf-8")
        words = {
            "FOLDER": str(self.folder),
            "STEP": step,
            "SERVING": self.serving,
            "CANDIDATE": self.candidate,
            "LISTEN": self.address,
            "SPLIT": split(share),
            "MIRROR": "/shadow" if shadow else "off",
        }
        for word, value in words.items():
            filled = filled.replace("${" + word + "}", value)
        return filled

    def turn(self, step: str, share: float, shadow: bool = False) -> None:
        """Send this share of the requests to the candidate from now on.

        Raises:
            UserError: nginx does not run.
        """
        (self.folder / "nginx.conf").write_text(self.configuration(step, share, shadow), "utf-8")
        if self.process is None:
            self.start()
            return
        self.process.send_signal(signal.SIGHUP)
        self.until(lambda: all(self.answers_in(step) for _ in range(IN_A_ROW)))

    def start(self) -> None:
        """Start nginx.

        Raises:
            UserError: it is not on PATH, or refuses its configuration.
        """
        program = shutil.which("nginx")
        if program is None:
            raise UserError(
                "nginx is not on PATH; install it, or look at the replay alone: --replay"
            )
        configured = ["-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        self.process = subprocess.Popen(
            [program, *configured, "-e", str(self.folder / "error.log")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.until(self.listens)

    def until(self, holds: Any) -> None:
        """Wait for something.

        Raises:
            UserError: it does not come, or nginx ended.
        """
        end = time.monotonic() + START_S
        while not holds():
            if (self.process and self.process.poll() is not None) or time.monotonic() > end:
                log = self.folder / "error.log"
                raise UserError(f"nginx: {log.read_text('utf-8').strip() if log.exists() else ''}")
            time.sleep(POLL_S)

    def listens(self) -> bool:
        """Say whether the port is open."""
        host, _, port = self.address.partition(":")
        with socket.socket() as probe:
            return probe.connect_ex((host, int(port))) == 0

    def answers_in(self, step: str) -> bool:
        """Ask something harmless; say whether the answer was given under this step's split."""
        import http.client

        connection = http.client.HTTPConnection(self.address, timeout=START_S)
        connection.request("GET", "/health")
        connection.getresponse().read()
        connection.close()
        return bool(self.log()) and self.log()[-1]["step"] == step

    def log(self) -> list[dict[str, Any]]:
        """Read what was logged so far; a line under way is left out."""
        path = self.folder / "access.log"
        lines = path.read_text("utf-8").splitlines(keepends=True) if path.exists() else []
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def stop(self) -> None:
        """End nginx when what is under way is answered."""
        if self.process:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(START_S)


def split(share: float) -> str:
    """Write the body of `split_clients` for a share of 0 to 1."""
    if share in (0, 1):
        return f"* {'candidate' if share else 'serving'};"
    return f"{share * 100:g}% candidate; * serving;"


def free_port() -> int:
    """Give a port of this machine that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def proxied(serving: str, candidate: str) -> Iterator[Proxy]:
    """Give a proxy for the length of a `with` block."""
    with TemporaryDirectory() as folder:
        proxy = Proxy(Path(folder), serving, candidate)
        try:
            yield proxy
        finally:
            proxy.stop()
