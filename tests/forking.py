"""Modules and tests of a project in processes that fork from one which has imported the libraries.

A fault is planted in a project's own code, so that is imported anew each time; the libraries, which
take the most time to import, are not. Run by a project's Python, this file is the server.
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


class Forking:
    """A server: a process of a project's Python that has imported what its tests import.

    Args:
        python: a command that starts Python with the project's libraries.
        project: where the project lies; its own modules and tests are not imported.
        environment: that of the processes.
    """

    def __init__(
        self, python: Sequence[str], project: Path, environment: Mapping[str, str]
    ) -> None:
        """Start it, and let it import."""
        self.environment = dict(environment)
        told = subprocess.run(
            [*python, "-c", IMPORTED], cwd=project, env=environment, capture_output=True, text=True
        )
        names = told.stdout.splitlines()[-1].split()
        self.server = subprocess.Popen(
            [*python, __file__, str(project)], env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._ask({"names": names})

    def run(self, folder: Path, output: Path, module: str, *words: str) -> int:
        """Run a module in a folder as `python -m` does, whose package lies in `src/`.

        Returns:
            Its exit code; what it prints is in `output`.
        """
        own = self.environment | {"PYTHONPATH": str(folder / "src")}
        asked = {"folder": str(folder), "output": str(output), "words": [module, *words]}
        return int(self._ask(asked | {"environment": own}))

    def stop(self) -> None:
        """End the server."""
        assert self.server.stdin
        self.server.stdin.close()
        self.server.wait()

    def _ask(self, question: dict[str, Any]) -> str:
        assert self.server.stdin
        assert self.server.stdout
        print(json.dumps(question), file=self.server.stdin, flush=True)
        return self.server.stdout.readline()


def serve(project: str, questions: IO[str]) -> None:
    """Answer questions: import the libraries first, then fork a process for each."""
    sys.path.pop(0)  # the folder of this file
    for line in questions:
        asked = json.loads(line)
        code = import_libraries(asked["names"], project) if "names" in asked else forked(**asked)
        print(code, flush=True)


def import_libraries(names: list[str], project: str) -> int:
    """Import what does not lie in the project; return how many modules those are."""
    for name in names:
        with suppress(Exception):  # names of modules that cannot be imported by them
            import_module(name)
    own = [name for name, one in sys.modules.items() if lies_in(one, project)]
    for name in own:
        del sys.modules[name]
    gc.freeze()  # pytest collects garbage at its end, for which each process would look at all this
    return len(sys.modules)


def lies_in(module: Any, project: str) -> bool:
    """Tell whether a module is the project's own, and no library's in its environment."""
    file = getattr(module, "__file__", None) or ""
    return file.startswith(project) and "site-packages" not in file


def forked(folder: str, output: str, words: list[str], environment: dict[str, str]) -> int:
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
        code = executed(words)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def executed(words: list[str]) -> int:
    """Run a module here as `python -m` does and return its exit code."""
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
