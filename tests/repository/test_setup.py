"""Tests that Python, git and make suffice to set up this repository."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT

TOOLS = ("sh", "make", "touch", "git")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Return a folder with the Makefile, next to a bin/ with only make and git."""
    checkout, programs = tmp_path / "checkout", tmp_path / "bin"
    checkout.mkdir()
    programs.mkdir()
    for name in ("Makefile", "requirements-dev.txt"):
        shutil.copy(ROOT / name, checkout / name)
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, f"{tool} is not installed"
        (programs / tool).symlink_to(found)
    return checkout


def give(bare: Path, name: str, script: str) -> None:
    """Add a program to bin/."""
    program = bare.parent / "bin" / name
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(0o755)


def make(bare: Path, *goals: str) -> "subprocess.CompletedProcess[str]":
    environment = dict(os.environ) | {"PATH": str(bare.parent / "bin")}
    command = ["make", *goals]
    return subprocess.run(
        command, cwd=bare, env=environment, capture_output=True, text=True, check=False
    )


def test_without_python_make_names_what_to_install(bare: Path) -> None:
    done = make(bare, ".venv/ready")
    assert done.returncode != 0
    assert "error: found no Python 3.11 or newer with the venv module on PATH" in done.stderr
    assert not (bare / ".venv").exists()


def test_a_python_that_is_too_old_is_not_used(bare: Path) -> None:
    give(bare, "python3", "exit 1")
    assert "error: found no Python 3.11" in make(bare, ".venv/ready").stderr


def test_make_without_target_lists_the_targets(bare: Path) -> None:
    assert "make test-fast" in make(bare).stdout


@pytest.mark.slow
def test_without_uv_make_installs_it_once(bare: Path) -> None:
    give(bare, "python3", f'exec "{sys.executable}" "$@"')

    first = make(bare, ".venv/ready")
    assert first.returncode == 0, first.stderr
    for tool in ("uv", "copier", "pytest"):
        subprocess.run([bare / ".venv" / "bin" / tool, "--version"], check=True)

    assert "up to date" in make(bare, ".venv/ready").stdout
    wanted = bare / "requirements-dev.txt"
    os.utime(wanted, (wanted.stat().st_atime, (bare / ".venv/ready").stat().st_mtime + 1))
    refreshed = make(bare, ".venv/ready")
    assert refreshed.returncode == 0, refreshed.stderr
