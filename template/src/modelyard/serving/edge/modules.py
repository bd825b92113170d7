"""Which modules a device needs: its loop, schema and features, and what these import."""

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ...console import UserError

DEVICE = {"numpy", "onnxruntime"}


def needed(roots: Mapping[str, Path], starts: Sequence[str]) -> dict[str, Path]:
    """Find the modules that some import, themselves included, and their packages.

    Args:
        roots: name of a package to its folder; only these are followed.
        starts: modules' files such as `PACKAGE/schema.py`.

    Returns:
        Name such as `PACKAGE/schema.py` to the file, in order of the names.

    Raises:
        UserError: one of them imports what a device has not.
    """
    found: dict[str, Path] = {}
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = located(roots, name)
        around = [parent / "__init__.py" for parent in Path(name).parents if parent != Path()]
        waiting += [file.as_posix() for file in around if located(roots, file.as_posix()).is_file()]
        waiting += imported(roots, name)
    return dict(sorted(found.items()))


def located(roots: Mapping[str, Path], name: str) -> Path:
    """Give the file of a name such as `PACKAGE/schema.py`."""
    root, _, rest = name.partition("/")
    return roots[root] / rest


def imported(roots: Mapping[str, Path], name: str) -> Iterator[str]:
    """Give the modules of the followed packages that a module imports.

    Raises:
        UserError: it imports another library than Python's own, NumPy and ONNX Runtime.
    """
    for node in ast.walk(ast.parse(located(roots, name).read_text("utf-8"))):
        for parts in imports(node, name):
            if parts[0] not in roots:
                _allow(parts[0], f"{name}:{getattr(node, 'lineno', 0)}")
                continue
            stem = "/".join(parts)
            files = (f"{stem}.py", f"{stem}/__init__.py") if parts[1:] else (f"{stem}/__init__.py",)
            yield from (one for one in files if located(roots, one).is_file())


def imports(node: ast.AST, name: str) -> Iterator[list[str]]:
    """Give the full names, in parts, that an import statement may mean."""
    if isinstance(node, ast.Import):
        yield from (alias.name.split(".") for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        own = list(Path(name).parts[: -node.level]) if node.level else []
        base = own + (node.module.split(".") if node.module else [])
        if base:
            yield base
        yield from ([*base, alias.name] for alias in node.names)


def _allow(root: str, where: str) -> None:
    if root not in DEVICE | sys.stdlib_module_names:
        raise UserError(
            f"{where} imports {root}, allowed on a device are the standard library, "
            "numpy and onnxruntime"
        )
