"""Import every module of some projects, each project in a process of its own.

`python tests/template/importing.py FOLDER...` prints JSON: folder to module to
why it cannot be imported.
The libraries are imported once, by the last project, and inherited by the others' processes.
"""

import importlib
import json
import os
import pkgutil
import sys
from pathlib import Path

PACKAGES = ("modelyard", "flight_delays")


def broken(folder: Path) -> dict[str, str]:
    """Import all modules of a project; return those that cannot be imported, and why."""
    sys.path.insert(0, str(folder / "src"))
    found = {}
    for name in modules(folder):
        try:
            importlib.import_module(name)
        except Exception as failure:
            found[name] = f"{type(failure).__name__}: {failure}"
    return found


def modules(folder: Path) -> list[str]:
    """Name the modules of a project, without those that run something."""
    found = [*PACKAGES]
    for name in PACKAGES:
        walked = pkgutil.walk_packages([str(folder / "src" / name)], f"{name}.")
        found += [one.name for one in walked if not one.name.endswith("__main__")]
    return found


def forget() -> None:
    """Forget the project, but not the libraries that it has imported."""
    sys.path.pop(0)
    for name in [one for one in sys.modules if one.split(".")[0] in PACKAGES]:
        del sys.modules[name]


def apart(folder: Path) -> dict[str, str]:
    """Do it in a process of its own."""
    reader, writer = os.pipe()
    if not os.fork():
        os.write(writer, json.dumps(broken(folder)).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        found: dict[str, str] = json.loads(answer.read())
    os.wait()
    return found


def main() -> None:
    """Print what is broken, project by project."""
    sys.dont_write_bytecode, os.environ["MODELYARD_PROJECT"] = True, PACKAGES[1]
    folders = [Path(one) for one in sys.argv[1:]]
    broken(folders[-1])
    forget()
    print(json.dumps({str(folder): apart(folder) for folder in folders}))


if __name__ == "__main__":
    main()
