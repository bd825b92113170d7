"""The CI files of the template, and checks for what they must not contain."""

import re
from pathlib import Path
from typing import Any

import yaml

from tests.checkout import TEMPLATE

HOSTS = {
    "github": sorted((TEMPLATE / ".github" / "workflows").glob("*.yml")),
    "gitlab": [TEMPLATE / ".gitlab-ci.yml.jinja", *sorted((TEMPLATE / ".gitlab").glob("*.yml"))],
}
FILES = [file for files in HOSTS.values() for file in files]
MOST_LINES = 79
HIDES: dict[str, set[Any]] = {
    "continue-on-error": {True},
    "allow_failure": {True},
    "if": {False, "false"},
}
SHELL_HIDES = re.compile(r"\|\|\s*(true|:|exit 0|echo\b)|\bset \+e\b|;\s*true\s*$", re.MULTILINE)
CALL = re.compile(r"scripts/[a-z-]+\.sh( .+)?|if \[ -n .+ \]; then scripts/[a-z-]+\.sh .+; fi")
ACCESS = re.compile(
    r'if \[ -n "\$\{(AWS|GCP|AZURE)_\w+-\}" \]; then .+ export [^;]+; fi'
)  # no file
DOCKER = "apt-get update -qq && apt-get install -y -qq --no-install-recommends docker.io"


def hidden_failures(text: str) -> list[str]:
    """Return what hides a failed command: YAML keys, and shell code that goes on after it."""
    keys = [f"{key}: {value}" for key, value in pairs(yaml.safe_load(text)) if hides(key, value)]
    return keys + [found.group() for found in SHELL_HIDES.finditer(text)]


def hides(key: str, value: Any) -> bool:
    """Return whether a key with this value hides a failure."""
    plain = value.strip("${} ") if isinstance(value, str) else value
    return key in HIDES and not isinstance(plain, (dict, list)) and plain in HIDES[key]


def pairs(node: Any) -> list[tuple[str, Any]]:
    """Return all keys of a YAML document with their values, at any depth."""
    if isinstance(node, list):
        return [pair for one in node for pair in pairs(one)]
    if isinstance(node, dict):
        below = [pair for value in node.values() for pair in pairs(value)]
        return [*((str(key), value) for key, value in node.items()), *below]
    return []


def commands(file: Path) -> list[str]:
    """Return the shell commands that the jobs of a file run."""
    found = [
        value
        for key, value in pairs(yaml.safe_load(file.read_text("utf-8")))
        if key in ("run", "script", "before_script")
    ]
    return [line for one in found for line in (one if isinstance(one, list) else one.splitlines())]


def not_scripts(some: list[str]) -> list[str]:
    """Return the commands that do not call a script, except for two that need the job's shell."""
    return [
        one for one in some if not (CALL.fullmatch(one) or ACCESS.fullmatch(one) or one == DOCKER)
    ]
