"""Run modules and tests of a project in processes forked from one that imported the libraries.

A mutant changes a project's own code, so that is imported again each time; the libraries, which
take most of the import time, are not. Run by a project's Python, this file is the server.
"""

import gc
import json
import os
import runpy
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import IO, Any

IMPORTED = (
    "import pytest, sys; code = pytest.main(['-q', '--collect-only', *sys.argv[1:]]); "
    "print(*(name for name, one in list(sys.modules.items()) if getattr(one, '__spec__', None)))"
)


class ForkServer:
    """A fork server: a process of a project's Python that has imported what its tests import.

    Args:
        python: the command that starts Python with the project's libraries.
        project: the project's folder; its own modules and tests are not imported.
        environment: the environment variables of the processes.
    """

    def __init__(
        self, python: Sequence[str], project: Path, environment: Mapping[str, str]
    ) -> None:
        """Start the server and let it import the libraries."""
        self.environment = dict(environment)
        done = subprocess.run(
            [*python, "-c", IMPORTED], cwd=project, env=environment, capture_output=True, text=True
        )
        names = done.stdout.splitlines()[-1].split()
        self.server = subprocess.Popen(
            [*python, __file__, str(project)], env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._request({"names": names})

    def run(self, folder: Path, output: Path, module: str, *words: str) -> int:
        """Run a module as `python -m` does in a project's folder, with its `src/` on the path.

        Returns:
            The exit code; the output is written to `output`.
        """
        own = self.environment | {"PYTHONPATH": str(folder / "src")}
        request = {"folder": str(folder), "output": str(output), "words": [module, *words]}
        return int(self._request(request | {"environment": own}))

    def stop(self) -> None:
        """End the server."""
        assert self.server.stdin
        self.server.stdin.close()
        self.server.wait()

    def _request(self, request: dict[str, Any]) -> str:
        assert self.server.stdin
        assert self.server.stdout
        print(json.dumps(request), file=self.server.stdin, flush=True)
        return self.server.stdout.readline()


def serve(project: str, requests: IO[str]) -> None:
    """Handle requests: import the libraries for the first, fork a process for each other."""
    sys.path.pop(0)  # the folder of this file
    for line in requests:
        request = json.loads(line)
        names = request.get("names")
        code = run_in_fork(**request) if names is None else import_libraries(names, project)
        print(code, flush=True)


def import_libraries(names: list[str], project: str) -> int:
    """Import the modules outside of the project; return the number of imported modules."""
    for name in names:
        with suppress(Exception):  # some modules cannot be imported by name
            import_module(name)
    own = [name for name, one in sys.modules.items() if is_in_project(one, project)]
    for name in own:
        del sys.modules[name]
    gc.freeze()  # pytest collects garbage when it ends; skip the libraries' objects then
    return len(sys.modules)


def is_in_project(module: Any, project: str) -> bool:
    """Return whether a module is the project's own and not a library in its environment."""
    file = getattr(module, "__file__", None) or ""
    return file.startswith(project) and "site-packages" not in file


def run_in_fork(folder: str, output: str, words: list[str], environment: dict[str, str]) -> int:
    """Run a module in a new process and return its exit code."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 70
    try:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        streams = [os.open(os.devnull, os.O_RDONLY), os.open(output, os.O_WRONLY | os.O_CREAT)]
        for stream, file in enumerate((*streams, streams[1])):
            os.dup2(file, stream)
        code = run_module(words)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def run_module(words: list[str]) -> int:
    """Run a module in this process as `python -m` does and return its exit code."""
    sys.argv = words
    sys.path[:0] = [os.getcwd(), os.environ["PYTHONPATH"]]
    try:
        runpy.run_module(words[0], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


if __name__ == "__main__":
    serve(sys.argv[1], sys.stdin)
