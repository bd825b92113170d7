"""Make `template/runtime.json`: for each stage of the pipeline a hash of the runtime's code.

    python -m tools.runtime_hashes [--check]

`dvc.yaml` depends on these, so that a stage runs again when the runtime would make something else,
in vendored projects and in those that depend on the package alike. Where a module lies and what it
imports from there does not count, nor do docstrings, comments, blank lines and the settings of
operation.
"""

import argparse
import ast
import hashlib
import json
import sys
from functools import cache
from pathlib import Path

RUNTIME = Path(__file__).parents[1] / "template" / "src" / "modelyard"
HASHES = RUNTIME.parents[1] / "runtime.json"
STAGES = {
    "ingest": "data/snapshot.py",
    "prepare": "data/prepare.py",
    "features": "features/table.py",
    "train": "models/train.py",
    "export": "models/export.py",
    "evaluate": "models/evaluate.py",
    "gate": "models/gate.py",
}
LEFT_OUT = ("params_operation.py", "evidence/ledger.py")  # no output of a stage depends on them


def modules(start: Path, root: Path = RUNTIME) -> set[Path]:
    """Return a module and all modules that it imports, directly or not."""
    found: set[Path] = set()
    waiting = [start]
    while waiting:
        module = waiting.pop()
        if module not in found and module not in [root / one for one in LEFT_OUT]:
            found.add(module)
            waiting += imported(module, root)
    return found


def imported(module: Path, root: Path) -> set[Path]:
    """Return the runtime's modules that a module imports, also inside of functions."""
    found = set[Path]()
    for level, name, aliases in relative_imports(module.read_text("utf-8")):
        base = module.parents[level - 1].joinpath(*name.split("."))
        files = {stem.with_suffix(".py") for stem in (base, *(base / alias for alias in aliases))}
        found |= {file for file in files if file.is_file() and file.is_relative_to(root)}
    return found


@cache
def relative_imports(source: str) -> list[tuple[int, str, list[str]]]:
    """Return the level, module and names of each relative import of a module's source."""
    return [
        (node.level, node.module or "", [alias.name for alias in node.names])
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.level
    ]


@cache
def code_only(source: str) -> str:
    """Return a module's source without imports, docstrings, comments and blank lines."""
    left_out = set[int]()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and has_no_effect(node):
            left_out |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(source.splitlines(), start=1)
    kept = (line.rstrip() for number, line in lines if number not in left_out)
    return "\n".join(line for line in kept if line and not line.lstrip().startswith("#"))


def has_no_effect(node: ast.stmt) -> bool:
    """Return whether a statement is an import or a docstring."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return isinstance(node.value.value, str)
    return isinstance(node, ast.Import | ast.ImportFrom)


def code_hash(files: set[Path]) -> str:
    """Hash the code of modules, independently of their paths."""
    texts = (code_only(file.read_text("utf-8")) for file in files)
    digests = sorted(hashlib.sha256(text.encode()).hexdigest() for text in texts)
    return hashlib.sha256("".join(digests).encode()).hexdigest()[:12]


def hashes(root: Path = RUNTIME) -> dict[str, str]:
    """Return the hash of each stage."""
    return {stage: code_hash(modules(root / start, root)) for stage, start in STAGES.items()}


def main() -> None:
    """Write runtime.json; with --check only fail if it is out of date."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("--check", action="store_true", help="change nothing, fail if it differs")
    content = json.dumps(hashes(), indent=2) + "\n"
    if not reader.parse_args().check:
        HASHES.write_text(content, "utf-8")
    elif not HASHES.exists() or HASHES.read_text("utf-8") != content:
        sys.exit(f"{HASHES.name} is out of date: python -m tools.runtime_hashes")


if __name__ == "__main__":
    main()
