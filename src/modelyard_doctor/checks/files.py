"""Check that the user's files can be imported and define what the runtime asks for."""

import ast
import importlib.util
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from modelyard.schema.contract import Schema

from ..context import EXAMPLES, Context
from ..failures import place_of
from ..finding import Finding

NEEDED = {
    "schema.py": ("SCHEMA",),
    "data/ingest.py": ("ingest",),
    "features/build.py": ("build",),
    "models/estimator.py": ("baseline", "candidate", "grow"),
    EXAMPLES: (
        *("ROWS", "TARGETS", "BAD_VALUES", "FEATURE_CASES"),
        *("MISSING_CASES", "SAME", "RAISES", "CLEAR_CASES"),
    ),
}
NAME = "files"


def check_files(context: Context) -> Iterator[Finding]:
    """Yield what keeps files from being imported; keep the modules of the others."""
    broken = list(syntax_errors(context))
    yield from broken
    wrong = {one.file for one in broken}
    for file, names in NEEDED.items():
        path = f"{context.folder}/{file}" if file != EXAMPLES else file
        if path in wrong:
            continue
        if not (context.root / path).is_file():
            yield context.error(NAME, path, "the file is missing", "a file", RESTORE)
            continue
        try:
            module = import_file(context, file)
        except Exception as failure:
            own = place_of(failure, context.root)
            if own is None or own[0] not in wrong:  # else it is reported already
                yield import_failure(context, failure, path)
                wrong.add(own[0] if own else path)
            continue
        missing = list(missing_names(context, file, module, names))
        yield from missing
        if not missing:
            context.modules[file] = module


RESTORE = "git checkout restores it; uv run modelyard draft writes it for a table"


def syntax_errors(context: Context) -> Iterator[Finding]:
    """Yield the files of the package and the examples that are not Python, with the line."""
    for path in sorted([*(context.root / context.folder).rglob("*.py"), context.root / EXAMPLES]):
        name = path.relative_to(context.root).as_posix()
        try:
            ast.parse(path.read_bytes(), str(path))
        except FileNotFoundError:
            continue
        except (SyntaxError, ValueError) as wrong:
            line = getattr(wrong, "lineno", None)
            said = getattr(wrong, "msg", str(wrong))
            source = (getattr(wrong, "text", None) or "").strip()
            found = f"{said}: {source}" if source else said
            yield context.error(NAME, name, found, "Python", "correct the line", line)


def import_file(context: Context, file: str) -> ModuleType:
    """Import one of the user's files."""
    if file != EXAMPLES:
        return import_module(f"{context.package}.{file.removesuffix('.py').replace('/', '.')}")
    path = context.root / EXAMPLES
    spec = importlib.util.spec_from_file_location("examples", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
    return module


def import_failure(context: Context, failure: Exception, path: str) -> Finding:
    """Return the finding of a file that cannot be imported."""
    remedy = "correct the line"
    if isinstance(failure, ModuleNotFoundError) and failure.name:
        package = failure.name.partition(".")[0]
        own = package == context.package
        remedy = "correct the name" if own else f"correct the name, or: uv add {package}"
    return context.finding(NAME, failure, path, "a module that can be imported", remedy)


def missing_names(
    context: Context, file: str, module: ModuleType, names: tuple[str, ...]
) -> Iterator[Finding]:
    """Yield the names that a file lacks, or that are of a wrong kind."""
    for name in names:
        value = getattr(module, name, None)
        if value is None:
            kind = "a function" if name.islower() else "a value"
            yield context.error(
                NAME, file, f"{name} is missing", f"{kind} {name}", f"define {name} in this file"
            )
        elif name.islower() and not callable(value):
            found = f"{name} is a {type(value).__name__}"
            yield context.error(NAME, file, found, "a function", f"define it by def {name}(…)")
        elif name == "SCHEMA" and not isinstance(value, Schema):
            found = f"SCHEMA is a {type(value).__name__}"
            yield context.error(NAME, file, found, "a Schema(…)", "SCHEMA = Schema(columns=…)")
        elif file == EXAMPLES and not isinstance(value, list | tuple):
            found = f"{name} is a {type(value).__name__}"
            yield context.error(NAME, file, found, "a list", f"{name} = […]")


def folder_of(package: str, root: Path) -> str:
    """Return the path of a package in a project."""
    spec = importlib.util.find_spec(package)
    places = list(spec.submodule_search_locations or []) if spec else []
    inside = [Path(one) for one in places if Path(one).is_relative_to(root)]
    return inside[0].relative_to(root).as_posix() if inside else f"src/{package}"
