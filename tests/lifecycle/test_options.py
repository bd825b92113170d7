"""-h, completion by the shell, and update --version."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from modelyard_lifecycle.errors import UserError
from modelyard_lifecycle.template import releases_until
from tests.checkout import ROOT, commit, git
from tests.lifecycle.conftest import Modelyard

COMMANDS = [
    "",
    "new",
    "check",
    "update",
    "adopt",
    "comply",
    "fleet",
    "fleet report",
    "fleet update",
]
# What the installed command does: the runtime's application loads the entry point.
WHOLE = """
from types import SimpleNamespace
from modelyard.cli import app
from modelyard_lifecycle.cli import add_commands
app.entry_points = lambda group: [SimpleNamespace(name="lifecycle", load=lambda: add_commands)]
app.make_app(None)(prog_name="modelyard")
"""
ALONE = "from modelyard_lifecycle.__main__ import app; app(prog_name='modelyard')"


def run_program(text: str, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run a Python program that can import both packages."""
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / "template" / "src")])
    return subprocess.run(
        [sys.executable, "-c", text, *words], env=os.environ | {"PYTHONPATH": paths} | more,
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_knows_the_short_help(modelyard: Modelyard, command: str) -> None:
    short, long = (modelyard(*command.split(), option) for option in ("-h", "--help"))
    assert (short.returncode, short.stdout) == (0, long.stdout)
    assert "Usage:" in short.stdout


@pytest.mark.parametrize("program", [ALONE, WHOLE], ids=["alone", "with the runtime"])
def test_the_shell_completes_commands_and_options(program: str) -> None:
    for words, found in (("modelyard fl", "fleet"), ("modelyard check --di", "--diff")):
        place = str(len(words.split()) - 1)
        how = {"_MODELYARD_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": place}
        done = run_program(program, **how)
        assert done.stdout.split() == [found], done.stderr


def test_with_the_runtime_the_short_help_is_known_too() -> None:
    for words in ([], ["update"]):
        done = run_program(WHOLE, *words, "-h")
        assert (done.returncode, "Usage:" in done.stdout) == (0, True), done.stderr


@pytest.fixture
def releases(family: Path, tmp_path: Path) -> Path:
    """A copy of the template with a pre-release, a later release and another tag."""
    git(tmp_path, "clone", "--quiet", str(family), "template")
    template = tmp_path / "template"
    (template / "template" / "same.txt").write_text("three\n", "utf-8")
    commit(template, "Three", tag="v3.0.0rc1")
    (template / "template" / "same.txt").write_text("four\n", "utf-8")
    commit(template, "Four", tag="v3.0.0")
    git(template, "tag", "nightly")
    return template


@pytest.mark.parametrize(
    ("version", "since", "last"),
    [(None, "v1.0.0", "v3.0.0"), ("v2.0.0", "v1.0.0", "v2.0.0"), ("v2.0.0", "v2.0.0", "v2.0.0"),
     ("v3.0.0rc1", "v2.0.0", "v3.0.0rc1"), ("v2.0.0", "v1.0.0-3-gabcdef0", "v2.0.0"),
     ("v1.0.0", "abcdef0", "v1.0.0")],
)  # fmt: skip
def test_a_tag_can_be_chosen(releases: Path, version: str | None, since: str, last: str) -> None:
    assert releases_until(str(releases), version, since)[-1] == last


@pytest.mark.parametrize("version", ["v9.0.0", "nightly", "v1.0.0", "2.0.0", ""])
def test_another_version_is_refused_and_the_allowed_ones_are_named(
    releases: Path, version: str
) -> None:
    allowed = r"v2\.0\.0: v2\.0\.0, v3\.0\.0rc1, v3\.0\.0$"
    with pytest.raises(UserError, match=f"--version is '{version}', must be .*{allowed}"):
        releases_until(str(releases), version, "v2.0.0")


def test_an_update_to_a_version_stops_there(
    modelyard: Modelyard, child: Path, releases: Path
) -> None:
    answers = child / ".copier-answers.yml"
    text = answers.read_text("utf-8")
    source = text.split("_src_path: ", 1)[1].split("\n", 1)[0]
    answers.write_text(text.replace(source, str(releases)), "utf-8")
    commit(child, "Another address")
    done = modelyard("update", child, "--version", "v2.0.0")
    assert done.returncode == 0, done.stderr
    assert "updated from v1.0.0 to v2.0.0" in done.stdout
    assert (child / "same.txt").read_text("utf-8") == "same\n"
    assert "is up to date" in modelyard("update", child, "--version", "v2.0.0").stdout
    assert "updated from v2.0.0 to v3.0.0" in modelyard("update", child).stdout
    refused = modelyard("update", child, "--version", "v2.0.0")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
