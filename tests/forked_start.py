"""Make a forked process of Python look like a new one, and run a module or a text of code in it."""

import atexit
import faulthandler
import fcntl
import io
import logging
import os
import runpy
import signal
import sys
import sysconfig
import tempfile
import threading
import time
import traceback
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import NoReturn

QUIET = (ResourceWarning, ImportWarning, PendingDeprecationWarning, DeprecationWarning)
STANDARD = sysconfig.get_path("stdlib")
CRASHED = 70
_FORGOTTEN: list[ModuleType | None] = []  # freeing them would take time


def become(
    words: Sequence[str],
    folder: str,
    environment: Mapping[str, str],
    session: bool,
    streams: Sequence[int],
) -> NoReturn:
    """Run `python WORDS` in this process, which was forked, and end it.

    Args:
        words: `-m` or `-c`, a module or code, and its arguments.
        folder: the working folder.
        environment: the environment variables.
        session: whether to start a session, with its own group of processes.
        streams: the file descriptors of standard input, output and error.
    """
    code = CRASHED
    try:
        if session:
            os.setsid()
        _connect(streams)
        os.chdir(folder)
        _forget_the_session(environment)
        sys.path[:] = _usual_path("" if words[0] == "-c" else folder)
        _forget_modules_that_are_not_found()
        code = _exit_code(words)
        _finish()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _connect(streams: Sequence[int]) -> None:
    """Use these file descriptors as standard streams, and close all others."""
    kept = [fcntl.fcntl(end, fcntl.F_DUPFD, 3) for end in streams]
    for place, end in enumerate(kept):
        os.dup2(end, place)
    os.closerange(3, 4096)


def _forget_the_session(environment: Mapping[str, str]) -> None:
    """Undo what pytest and its tests have changed in the process."""
    os.environ.clear()
    os.environ.update(environment)
    _open_streams(environment.get("PYTHONIOENCODING") or "utf-8")
    if "dvc.logger" in sys.modules:  # its handlers write to the streams of its import
        for name in ("dvc", "dvc_objects", "dvc_data"):
            logging.getLogger(name).handlers.clear()
        sys.modules["dvc.logger"].setup()
    tempfile.tempdir = None  # of these variables
    time.tzset()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    faulthandler.disable()
    atexit._clear()
    sys.excepthook, sys.unraisablehook = sys.__excepthook__, sys.__unraisablehook__
    threading.excepthook = threading.__excepthook__
    warnings.resetwarnings()
    for kind in QUIET:
        warnings.simplefilter("ignore", kind)


def _open_streams(encoding: str) -> None:
    """Open the standard streams as Python does at its start."""
    for place, (name, mode) in enumerate({"stdin": "r", "stdout": "w", "stderr": "w"}.items()):
        errors = "backslashreplace" if name == "stderr" else "strict"
        by_line = name == "stderr" or os.isatty(1)
        file = os.fdopen(place, f"{mode}b")
        stream = io.TextIOWrapper(file, encoding, errors, line_buffering=by_line)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _usual_path(first: str) -> list[str]:
    """Return what a new process has as `sys.path`, with this first element."""
    own = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    libraries = [path for path in sys.path if _is_of_a_library(path)]
    return [*dict.fromkeys([first, *filter(None, own), *libraries])]


def _is_of_a_library(file: str) -> bool:
    return "site-packages" in file or file.startswith(STANDARD)


def _forget_modules_that_are_not_found() -> None:
    """Remove the session's own packages that this process would not import from the same file.

    If it would import one of them from another file, it imports all of them again.
    """
    own = own_packages()
    found = {name: _place(PathFinder.find_spec(name, sys.path)) for name in own}
    elsewhere = any(found[name] not in ("", own[name]) for name in own)
    gone = {name for name in own if elsewhere or not found[name]}
    names = [one for one in sys.modules if one.partition(".")[0] in gone]
    _FORGOTTEN.extend(sys.modules.pop(name) for name in names)


@cache
def own_packages() -> dict[str, str]:
    """Return the folder of each imported package that is not a library's; read once, it is slow."""
    specs = {name: getattr(one, "__spec__", None) for name, one in [*sys.modules.items()]}
    places = {name: _place(spec) for name, spec in specs.items() if "." not in name}
    return {name: at for name, at in places.items() if at and not _is_of_a_library(at)}


def _place(spec: ModuleSpec | None) -> str:
    """Return the first folder of a package; empty for what is none."""
    return next(iter((spec and spec.submodule_search_locations) or ()), "")


def _exit_code(words: Sequence[str]) -> int:
    kind, what, *arguments = words
    sys.argv = [kind, *arguments]
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        if kind == "-m":
            sys.argv[0] = what
            _FORGOTTEN.append(sys.modules.pop(f"{what}.__main__", None))
            runpy.run_module(what, run_name="__main__", alter_sys=True)
        else:
            main = sys.modules["__main__"] = ModuleType("__main__")
            exec(compile(what, "<string>", "exec"), vars(main))
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
        return _end_by_signal() if isinstance(error, KeyboardInterrupt) else 1
    return 0


def _end_by_signal() -> int:
    """End as Python does after Ctrl+C, by the signal itself."""
    sys.stdout.flush()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGINT)
    return 130


def _finish() -> None:
    """Wait for threads, call what was registered for the end, and write what is buffered."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
