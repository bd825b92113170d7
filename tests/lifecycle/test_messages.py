"""Messages name the real cause, printed commands work, and no terminal's encoding is too small."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from plumbum import ProcessExecutionError

from modelyard_lifecycle.errors import UserError
from modelyard_lifecycle.render import calling_copier
from tests.checkout import IDENTITY, ROOT, commit, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.small_template import generate


@pytest.mark.parametrize("command", ["check", "adopt"])
def test_a_repository_of_another_owner_is_named_as_such(
    command: str, modelyard: Modelyard, child: Path, family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    words = ["--template", family] if command == "adopt" else []
    done = modelyard(command, child, *words)
    assert done.returncode == 1
    assert "git cannot read the repository of" in done.stderr
    assert "dubious ownership" in done.stderr
    assert "git init" not in done.stderr


FAILURES = [
    (ValueError("Invalid choice\nfor x\n"), "t: Invalid choice; --verbose shows all of it"),
    (
        ProcessExecutionError(["git", "clone"], 128, "", "Cloning\nfatal: no such file\nhint: |\n"),
        "t: fatal: no such file; --verbose shows all of it",
    ),
    (RuntimeError(), r"t: RuntimeError\(\)"),
]


@pytest.mark.parametrize(("failure", "message"), FAILURES, ids=["lines", "command", "nothing"])
def test_the_reason_of_copier_is_its_first_meaningful_line(
    failure: Exception, message: str
) -> None:
    with pytest.raises(UserError, match=f"^{message}$"), calling_copier("t"):
        raise failure


def printed_commands(output: str) -> list[str]:
    """Return the indented commands after the words "Resolve the conflicts"."""
    block = output.split("Resolve the conflicts", 1)[1].split(":\n", 1)[1]
    return [line.strip() for line in block.splitlines() if line.startswith("  ")]


@pytest.mark.skipif(os.name == "nt", reason="the commands are for a POSIX shell")
def test_the_printed_commands_work_in_a_folder_with_a_blank(
    modelyard: Modelyard, family: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = generate(family, tmp_path / "my project's folder")
    text = project / "text.txt"
    text.write_text(text.read_text("utf-8").replace("line 6\n", "line VI\n"), "utf-8")
    commit(project, "Mine")
    monkeypatch.setenv("COLUMNS", "40")
    done = modelyard("update", project)
    assert done.returncode == 20, done.stderr
    names = dict(
        zip(("NAME", "EMAIL"), [word.partition("=")[2] for word in IDENTITY[1::2]], strict=True)
    )
    environment = os.environ | {f"GIT_COMMITTER_{name}": text for name, text in names.items()}
    environment |= {f"GIT_AUTHOR_{name}": text for name, text in names.items()}
    script = "\n".join(printed_commands(done.stdout))
    shell = ["bash", "-e", "-c", script.replace("git commit", "git commit --quiet --message Done")]
    resolved = subprocess.run(shell, env=environment, capture_output=True, text=True)
    assert resolved.returncode == 0, resolved.stderr
    assert "v2.0.0" in (project / ".copier-answers.yml").read_text("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="the commands are for a POSIX shell")
def test_the_advice_for_a_worktree_that_was_removed_by_hand_works(
    modelyard: Modelyard, child: Path
) -> None:
    git(child, "worktree", "add", "--quiet", "-b", "modelyard-v2.0.0", "../gone")
    subprocess.run(["rm", "-r", child.parent / "gone"], check=True)
    refused = modelyard("update", child).stderr
    advice = refused.partition("or run: ")[2]
    subprocess.run(["bash", "-e", "-c", advice], cwd=child, check=True, capture_output=True)
    assert modelyard("update", child).returncode == 0


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_output_does_not_fail_on_a_terminals_encoding(encoding: str, child: Path) -> None:
    own = {"PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "modelyard_lifecycle", "check", str(child)]
    done = subprocess.run(command, env=os.environ | own, capture_output=True)
    assert done.returncode == 10, done.stderr
    assert b"`moved.txt` ? `sub/renamed.txt`" in done.stdout
