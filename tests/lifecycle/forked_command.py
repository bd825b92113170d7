"""Run the `modelyard` command in a process forked from one that has imported its modules.

The processes of `modelyard fleet` are forked from this one; tests/lifecycle/test_forked_command.py
compares with an ordinary process, whose fleet commands start ordinary ones.
"""

import os
import sys
from collections.abc import Mapping
from multiprocessing import get_context
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

from tests.checkout import ROOT

NEEDED = [
    "modelyard_lifecycle.__main__",
    "modelyard_lifecycle.adopting.adopt",
    "modelyard_lifecycle.check",
    "modelyard_lifecycle.update",
    "pytest",  # without workers, multiprocessing imports it in each process
]
SERVER = get_context("forkserver")
SERVER.set_forkserver_preload(NEEDED)


def run_modelyard(words: list[str], environment: Mapping[str, str]) -> CompletedProcess[str]:
    """Run `modelyard` in the current folder; the imports happen once per session."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(ROOT / "src")  # for the server, which the first call starts
    try:
        with TemporaryDirectory(prefix="modelyard-test-") as name:
            files = [Path(name, stream) for stream in ("out", "err")]
            process = SERVER.Process(
                target=_call, args=(words, dict(environment), str(Path.cwd()), files)
            )
            process.start()
            process.join()
            outputs = [file.read_text("utf-8") if file.exists() else "" for file in files]
    finally:
        os.environ.pop("PYTHONPATH") if before is None else os.environ.update(PYTHONPATH=before)
    assert process.exitcode is not None
    return CompletedProcess(["modelyard", *words], process.exitcode, *outputs)


def _call(words: list[str], environment: dict[str, str], folder: str, files: list[Path]) -> None:
    for stream, file in zip((1, 2), files, strict=True):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["modelyard", *words]

    from modelyard_lifecycle.__main__ import app
    from modelyard_lifecycle.fleet import workers
    from tests import quick_copier

    quick_copier.install()
    vars(workers)["get_context"] = lambda _: get_context("fork")
    app(prog_name="modelyard")
