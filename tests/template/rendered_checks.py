"""Checks of a rendered project; each function returns a text for each error found."""

import ast
import configparser
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.checkout import tree


def _parse_notebook(text: str) -> None:
    for cell in json.loads(text)["cells"]:
        if cell["cell_type"] == "code":
            ast.parse("".join(cell["source"]))


def _parse_shell(text: str) -> None:
    subprocess.run(["bash", "-n"], input=text, text=True, check=True, capture_output=True)


def _parse_yaml(text: str) -> None:
    list(yaml.safe_load_all(text))


def _parse_lines(text: str) -> None:
    if text and not text.endswith("\n"):
        raise ValueError("no newline at the end")
    if "\r" in text or text.endswith("\n\n"):
        raise ValueError("carriage returns or blank lines at the end")


PARSERS: dict[str, Callable[[str], object]] = {
    ".toml": tomllib.loads,
    ".yaml": _parse_yaml,
    ".yml": _parse_yaml,
    "dvc.lock": _parse_yaml,
    ".json": json.loads,
    ".ipynb": _parse_notebook,
    ".py": ast.parse,
    ".sh": _parse_shell,
    ".dvc/config": configparser.ConfigParser().read_string,
}


def unparsed(project: Path) -> list[str]:
    """Return the files that do not parse as their type, or have a wrong end of file."""
    errors = []
    for name in tree(project):
        content = (project / name).read_bytes()
        if b"\0" in content:
            continue
        parsers = [parse for end, parse in PARSERS.items() if name.endswith(end)]
        if content.startswith(b"#!/usr/bin/env bash"):
            parsers.append(_parse_shell)
        faults = (_fault(parse, content) for parse in (*parsers, _parse_lines))
        errors += [f"{name}: {fault}" for fault in faults if fault is not None]
    return errors


@cache  # most files are the same in many projects
def _fault(parse: Callable[[str], object], content: bytes) -> str | None:
    """Return why a file's content does not parse; None if it does."""
    try:
        parse(content.decode())
    except (
        ValueError,
        SyntaxError,
        KeyError,
        yaml.YAMLError,
        subprocess.SubprocessError,
        configparser.Error,
    ) as error:
        return str(error)
    return None


def unrendered(project: Path) -> list[str]:
    """Return the lines that still contain Jinja, except `${{ }}` of CI files."""
    jinja = re.compile(r"(?<!\$)\{\{-? *[a-z_]|\{%|\{#")
    errors = [f"{name}: a template" for name in tree(project) if "{" in name or ".jinja" in name]
    for name in tree(project):
        content = (project / name).read_bytes()
        if b"\0" in content:
            continue
        lines = enumerate(content.decode().splitlines(), start=1)
        errors += [f"{name}:{number}: {line}" for number, line in lines if jinja.search(line)]
    return errors


def unlinted(project: Path) -> list[str]:
    """Return ruff's findings on style and format with the project's own settings."""
    ruff = [sys.executable, "-m", "ruff"]
    errors = []
    for command in (
        ["check", "--no-cache", "--quiet", "--output-format=concise"],
        ["format", "--check", "--no-cache"],
    ):
        done = subprocess.run(
            [*ruff, *command, "."], cwd=project, capture_output=True, text=True, check=False
        )
        errors += (done.stdout + done.stderr).splitlines() if done.returncode else []
    return errors


def oddly_named(project: Path) -> list[str]:
    """Return the paths that are not portable: special characters, or names that differ by case."""
    names = tree(project)
    lower = {name.lower() for name in names}
    special = [name for name in names if not re.fullmatch(r"[A-Za-z0-9._/-]+", name)]
    return special + ([] if len(lower) == len(names) else ["two names differ by case only"])


# Words in file names, and patterns in texts, that belong to a target, a tracker or a level.
NAMES = {
    "rest": {"rest"},
    "batch": {"batch"},
    "edge": {"edge"},
    "dvclive": {"dvclive"},
    "mlflow": {"mlflow"},
    "wandb": {"wandb"},
    "level2": {"registry", "retraining", "kubernetes", "prometheus", "train.yml", "monitor.yml"},
    "level3": {"canary", "drill", "deliver", "approve", "scan", "reproduce.sh"},
}
PATTERNS = {
    "rest": r"REST|Prometheus|/predict|fastapi",
    "monitoring": r"\bmonitor|reports/requests",
    "batch": r"\bbatch\b|BATCH|fsspec|scored",
    "edge": r"\bedge\b|EDGE|bundle",
    "level2": r"registry|promote|rollback|retrain\b|inbox|served/|runs/runs|Kubernetes|Prometheus",
    "level3": r"canary|[Dd]rill|deliver|approve|nginx",
}
TEXTS = (
    ".env.example", "AGENTS.md", "README.md", "compose.yaml", "docs/map.md", "docs/runbook.md",
    "dvc.yaml", "params.yaml", "pyproject.toml",
)  # fmt: skip


def _absent(answers: Mapping[str, Any], parts: Mapping[str, Any]) -> list[str]:
    """Return the parts that a project with these answers does not have."""
    level = answers.get("automation_level", 1)
    targets = answers.get("serving_targets", ["rest"])
    chosen = {
        *targets,
        *(["monitoring"] if {*targets} & {"rest", "batch"} else []),
        answers.get("experiment_tracker", "dvclive"),
        *(f"level{one}" for one in (2, 3) if one <= level),
    }
    return [part for part in parts if part not in chosen]


def unchosen(project: Path, answers: Mapping[str, Any]) -> list[str]:
    """Return the files named after a target, a tracker or a level that was not chosen."""
    others = {word for part in _absent(answers, NAMES) for word in NAMES[part]}
    words = ((name, {*re.split(r"[/_.-]", name), name.split("/")[-1]}) for name in tree(project))
    return [name for name, some in words if others & some]


def unusable(project: Path, answers: Mapping[str, Any]) -> list[str]:
    """Return the lines of settings and pages about a target or a level that was not chosen."""
    pattern = re.compile("|".join(PATTERNS[part] for part in _absent(answers, PATTERNS)) or r"(?!)")
    errors = []
    for name in (name for name in TEXTS if (project / name).exists()):
        lines = (project / name).read_text("utf-8").splitlines()
        found = [line for line in lines if pattern.search(line) and "copier update" not in line]
        errors += [f"{name}: {line}" for line in found]
    return errors


def differing(one: Path, other: Path) -> list[str]:
    """Return the files that only one of two projects has or that differ in content."""
    names = sorted({*tree(one), *tree(other)})
    return [name for name in names if _content(one / name) != _content(other / name)]


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None
