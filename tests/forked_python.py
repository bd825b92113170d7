"""Start Python in processes forked from one that has imported the libraries and the tests.

`ForkedPython` is a `subprocess.Popen` for commands `python -m MODULE` and `python -c CODE`: its
process does not import again what this session has imported. Use `subprocess` in tests of imports,
of the interpreter's options, or of what depends on the seed of hashes.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from typing import Any
from unittest.mock import patch

MOST = 1 << 20  # bytes of a request; an environment has a few thousand
ENDS = 4  # file descriptors: standard input, output, error, and where the end is reported
DIGITS = 12  # of a process's id and of its status
_servers: list[socket.socket] = []


def start_server() -> None:
    """Fork the server, if this system can; without it, `ForkedPython` starts ordinary processes."""
    if sys.platform != "linux" or _servers:
        return
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MOST)
    if os.fork() == 0:
        ours.close()
        _serve(theirs)
    theirs.close()
    _servers.append(ours)


def run(command: list[str], **options: Any) -> "subprocess.CompletedProcess[Any]":
    """Run a command as `subprocess.run` does, in a forked process."""
    with patch.object(subprocess, "Popen", ForkedPython):
        return subprocess.run(command, **options)


class ForkedPython(subprocess.Popen[Any]):
    """A process of Python that is forked by the server."""

    def _execute_child(self, args: Any, *more: Any) -> None:
        """Send the command and the ends of its pipes to the server, and read the new process's id.

        The arguments are those of CPython 3.11 to 3.13.
        """
        words = [os.fspath(word) for word in args]
        if not _servers or words[0] != sys.executable or words[1] not in ("-m", "-c"):
            super()._execute_child(args, *more)  # type: ignore[misc]
            return
        cwd, env = more[4:6]
        ends = more[9:15]  # the read and the write end of standard input, output and error
        theirs = [ends[0], ends[3], ends[5]]
        self.report, write = os.pipe()
        folder, environment = os.path.abspath(cwd or "."), dict(os.environ if env is None else env)
        request = {"words": words[1:], "cwd": folder, "env": environment, "session": more[-2]}
        streams = [place if end == -1 else end for place, end in enumerate(theirs)]
        socket.send_fds(_servers[0], [json.dumps(request).encode()], [*streams, write])
        os.close(write)
        self._close_pipe_fds(*ends)  # type: ignore[attr-defined]
        self.pid = int(os.read(self.report, DIGITS))
        self._child_created = True

    def _try_wait(self, wait_flags: int) -> tuple[int, int]:
        """Return the process's id and status if it has ended, as `os.waitpid` does."""
        if not hasattr(self, "report"):
            return super()._try_wait(wait_flags)  # type: ignore[misc,no-any-return]
        if not select.select([self.report], [], [], 0 if wait_flags else None)[0]:
            return 0, 0
        status = int(os.read(self.report, DIGITS) or 255 << 8)
        os.close(self.report)
        return self.pid, status

    def _internal_poll(self, *more: Any, **named: Any) -> int | None:
        if not hasattr(self, "report"):
            return super()._internal_poll(*more, **named)  # type: ignore[misc,no-any-return]
        if self.returncode is None and (ended := self._try_wait(os.WNOHANG))[0]:
            self.returncode = os.waitstatus_to_exitcode(ended[1])
        return self.returncode


def _serve(requests: socket.socket) -> None:
    """Fork a process for each request and report when it has ended, until the session ends."""
    from tests.forked_start import own_packages  # not on Windows

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # a process unblocks it
    own_packages()
    running: dict[int, tuple[int, int]] = {}  # process and end of a pipe, by what tells its end
    try:
        while True:
            for ready in select.select([requests.fileno(), *running], [], [])[0]:
                if ready == requests.fileno():
                    child, report = _start(*socket.recv_fds(requests, MOST, ENDS)[:2])
                    running[os.pidfd_open(child)] = child, report
                else:
                    _report_end(*running.pop(ready))
                    os.close(ready)
    finally:
        os._exit(0)


def _start(request: bytes, ends: list[int]) -> tuple[int, int]:
    """Fork a process and report its id; return the id, and where its end is to be reported."""
    from tests.forked_start import become

    *streams, report = ends
    wanted = json.loads(request)
    if (child := os.fork()) == 0:
        become(wanted["words"], wanted["cwd"], wanted["env"], wanted["session"], streams)
    os.write(report, b"%*d" % (DIGITS, child))
    for end in streams:
        os.close(end)
    return child, report


def _report_end(child: int, report: int) -> None:
    status = os.waitpid(child, 0)[1]
    with suppress(BrokenPipeError):  # nobody waits for it
        os.write(report, b"%*d" % (DIGITS, status))
    os.close(report)
