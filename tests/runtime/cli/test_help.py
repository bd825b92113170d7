"""Each command says what it does and shows a line that works."""

import re
import shlex

import pytest
from modelyard.cli.components import PARTS

from tests.runtime.cli.command_runner import ask

CANARY = [("canary", target) for target in ("rest", "batch", "edge")]
COMMANDS = [(name,) for part in PARTS for name in part.commands if name != "canary"] + CANARY
HEADINGS = {
    "Pipeline": ["ingest", "prepare", "features", "train", "export", "evaluate", "gate"],
    "Serve": ["example", "serve", "score", "bundle"],
    "Watch": ["monitor", "replay"],
    "Release": [
        *("register", "promote", "rollback", "quarantine", "versions", "show", "card", "verify"),
        *("audit", "fetch", "adopt-mlflow", "retrain", "trigger", "approve", "drill"),
        "canary",
    ],
}


def test_the_command_lists_all_commands_under_their_headings() -> None:
    shown = ask("--help").output
    for heading, commands in HEADINGS.items():
        (listed,) = re.findall(rf"─ {heading} ─.*?╰", shown, re.DOTALL)
        assert re.findall(r"^│ ([a-z-]+) ", listed, re.MULTILINE) == commands


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_says_what_a_command_does_and_shows_an_example(words: tuple[str, ...]) -> None:
    asked = ask(*words, "--help")
    assert asked.exit_code == 0
    (shown,) = re.findall(r"Example: uv run modelyard (.*)", asked.output)
    assert tuple(shlex.split(shown)[: len(words)]) == words
    assert "Usage: " in asked.output
    assert max(map(len, asked.output.splitlines())) <= 100


def test_without_words_the_command_shows_its_help() -> None:
    assert ask().output.strip() == ask("--help").output.strip()
