"""Help of the commands: headings, descriptions, examples."""

import re
import shlex

import pytest
from modelyard.cli.components import COMPONENTS

from tests.runtime.cli.command_runner import invoke

CANARY = [("canary", target) for target in ("rest", "batch", "edge")]
NAMES = [name for component in COMPONENTS for name in component.commands if name != "canary"]
COMMANDS = [(name,) for name in NAMES] + CANARY
HEADINGS = {
    "Pipeline": ["ingest", "prepare", "features", "train", "export", "evaluate", "gate"],
    "Serve": ["example", "serve", "score", "bundle"],
    "Watch": ["monitor", "replay", "sync-records"],
    "Release": [
        *("register", "promote", "rollback", "quarantine", "versions", "show", "card", "verify"),
        *("audit", "fetch", "deliver", "adopt-mlflow", "retrain", "trigger", "approve", "drill"),
        "canary",
    ],
}


def test_help_lists_all_commands_under_their_headings() -> None:
    help_text = invoke("--help").output
    for heading, commands in HEADINGS.items():
        (listed,) = re.findall(rf"─ {heading} ─.*?╰", help_text, re.DOTALL)
        assert re.findall(r"^│ ([a-z-]+) ", listed, re.MULTILINE) == commands


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_of_a_command_has_usage_and_an_example(words: tuple[str, ...]) -> None:
    result = invoke(*words, "--help")
    assert result.exit_code == 0
    (help_text,) = re.findall(r"Example: uv run modelyard (.*)", result.output)
    assert tuple(shlex.split(help_text)[: len(words)]) == words
    assert "Usage: " in result.output
    assert max(map(len, result.output.splitlines())) <= 100


def test_without_arguments_help_is_shown() -> None:
    assert invoke().output.strip() == invoke("--help").output.strip()
