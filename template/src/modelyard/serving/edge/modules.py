"""Find the modules that a device needs: main loop, schema, features, and their imports."""

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ...console import UserError
from ...features.source import imported_names

DEVICE = {"numpy", "onnxruntime"}


def required_modules(roots: Mapping[str, Path], starts: Sequence[str]) -> dict[str, Path]:
    """Find some modules, all modules that they import, and the packages of these.

    Args:
        roots: package name to folder; only imports of these packages are followed.
        starts: files of modules such as `PACKAGE/schema.py`.

    Returns:
        Name such as `PACKAGE/schema.py` to the file, sorted by name.
    """
    found: dict[str, Path] = {}
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = file_of(roots, name)
        packages = [f"{path.as_posix()}/__init__.py" for path in Path(name).parents[:-1]]
        waiting += [package for package in packages if file_of(roots, package).is_file()]
        waiting += imported_modules(roots, name)
    return dict(sorted(found.items()))


def file_of(roots: Mapping[str, Path], name: str) -> Path:
    """Return the file of a name such as `PACKAGE/schema.py`."""
    root, _, rest = name.partition("/")
    return roots[root] / rest


def imported_modules(roots: Mapping[str, Path], name: str) -> Iterator[str]:
    """Yield the modules of the followed packages that a module imports; refuse other libraries."""
    package = ".".join(Path(name).parts[:-1])
    for node in ast.walk(ast.parse(file_of(roots, name).read_text("utf-8"))):
        for parts in (one.split(".") for one in imported_names(node, package)):
            if parts[0] not in roots:
                if parts[0] in DEVICE | sys.stdlib_module_names:
                    continue
                raise UserError(
                    f"{name}:{getattr(node, 'lineno', 0)} imports {parts[0]}, allowed on a device "
                    "are the standard library, numpy and onnxruntime"
                )
            stem = "/".join(parts)
            files = (f"{stem}.py", f"{stem}/__init__.py") if parts[1:] else (f"{stem}/__init__.py",)
            yield from (file for file in files if file_of(roots, file).is_file())
