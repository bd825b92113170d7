"""Import every module of some projects, each project in its own process.

`python tests/template/importing.py FOLDER...` prints JSON: the import errors by folder and module.
The libraries are imported once, by the last project, and inherited by the forked processes, as is
the code of files that are the same in several projects.
"""

import importlib
import json
import os
import pkgutil
import sys
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

PACKAGES = ("modelyard", "flight_delays")


@cache
def compiled(source: bytes) -> CodeType:
    """Return the code of a module, compiled once for all projects that have it."""
    code: CodeType = compile(source, "<module>", "exec", dont_inherit=True)
    return code


def import_errors(folder: Path) -> dict[str, str]:
    """Import all modules of a project; return the errors of those that cannot be imported."""
    sys.path.insert(0, str(folder / "src"))
    found = {}
    for name in modules(folder):
        try:
            importlib.import_module(name)
        except Exception as failure:
            found[name] = f"{type(failure).__name__}: {failure}"
    return found


def modules(folder: Path) -> list[str]:
    """Return the names of a project's modules, without `__main__`."""
    found = [*PACKAGES]
    for name in PACKAGES:
        walked = pkgutil.walk_packages([str(folder / "src" / name)], f"{name}.")
        found += [one.name for one in walked if not one.name.endswith("__main__")]
    return found


def unload() -> None:
    """Unload the project's modules but not the libraries."""
    sys.path.pop(0)
    for name in [one for one in sys.modules if one.split(".")[0] in PACKAGES]:
        del sys.modules[name]


def import_errors_in_fork(folder: Path) -> dict[str, str]:
    """Run `import_errors` in a forked process."""
    reader, writer = os.pipe()
    if not os.fork():
        os.write(writer, json.dumps(import_errors(folder)).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        found: dict[str, str] = json.loads(answer.read())
    os.wait()
    return found


def main() -> None:
    """Print the import errors of each project."""
    SourceFileLoader.source_to_code = lambda self, data, path, **_: compiled(bytes(data))  # type: ignore[method-assign]
    sys.dont_write_bytecode, os.environ["MODELYARD_PROJECT"] = True, PACKAGES[1]
    folders = [Path(one) for one in sys.argv[1:]]
    import_errors(folders[-1])
    unload()
    print(json.dumps({str(folder): import_errors_in_fork(folder) for folder in folders}))


if __name__ == "__main__":
    main()
