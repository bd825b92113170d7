"""A security fix that is newer than `exclude-newer` is installed as docs/runbook.md says."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import Render
from tests.projects import package_index
from tools.steps import environment

SECTION = re.compile(r"^## Update dependencies\n.*?(?=^## )", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROJECT = """\
[project]
name = "a-project"
version = "0"
requires-python = ">=3.11"
dependencies = ["other", "vulnerable"]

[tool.uv]
exclude-newer = "{day}"
exclude-newer-package = {{}}

[[tool.uv.index]]
url = "{index}"
default = true
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of an index with a release of two packages published now."""
    folder = tmp_path_factory.mktemp("index")
    now = datetime.now(UTC)
    for name in ("other", "vulnerable"):
        package_index.publish(folder, name, {"1.0": datetime(2026, 1, 1, tzinfo=UTC), "1.1": now})
    with package_index.serve(folder) as address:
        yield address


@pytest.fixture
def runbook(render: Render) -> dict[str, str]:
    """Return the runbook's lines for pyproject.toml and its command, about `vulnerable`."""
    section = SECTION.search((render({}) / "docs" / "runbook.md").read_text("utf-8"))
    assert section
    blocks = dict(BLOCK.findall(section[0]))
    return {kind: text.strip().replace("NAME", "vulnerable") for kind, text in blocks.items()}


@pytest.fixture
def project(render: Render, index: str, tmp_path: Path) -> Path:
    """Return a project with the settings of a new one, locked."""
    settings = tomllib.loads((render({}) / "pyproject.toml").read_text("utf-8"))["tool"]["uv"]
    assert settings["exclude-newer-package"] == {}
    text = PROJECT.format(day=settings["exclude-newer"], index=index)
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    uv(tmp_path, "lock")
    return tmp_path


def uv(project: Path, *words: str) -> int:
    """Run uv in a project without this machine's settings; return its exit code."""
    command = ["uv", "--no-cache", *words, "--quiet"]
    return subprocess.run(command, cwd=project, env=environment(), check=False).returncode


def locked(project: Path) -> dict[str, str]:
    """Return the locked version of each package."""
    packages = tomllib.loads((project / "uv.lock").read_text("utf-8"))["package"]
    return {one["name"]: one["version"] for one in packages if one["name"] != "a-project"}


def exempt(project: Path, line: str) -> None:
    """Write the line of the runbook into pyproject.toml."""
    file = project / "pyproject.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("exclude-newer-package = {}", line), "utf-8")


def test_a_release_after_exclude_newer_is_ignored(project: Path, runbook: dict[str, str]) -> None:
    assert locked(project) == {"other": "1.0", "vulnerable": "1.0"}
    assert uv(project, *runbook["bash"].split()[1:]) == 0
    assert locked(project) == {"other": "1.0", "vulnerable": "1.0"}


def test_the_steps_of_the_runbook_install_only_the_fix(
    project: Path, runbook: dict[str, str]
) -> None:
    exempt(project, runbook["toml"])
    assert uv(project, *runbook["bash"].split()[1:]) == 0
    assert locked(project) == {"other": "1.0", "vulnerable": "1.1"}
    assert uv(project, "lock", "--check") == 0


def test_an_exemption_on_the_command_line_is_not_permanent(project: Path) -> None:
    option = f"vulnerable={datetime.now(UTC).date()}"
    assert uv(project, "lock", "--upgrade", "--exclude-newer-package", option) == 0
    assert locked(project)["vulnerable"] == "1.1"
    assert uv(project, "lock", "--check") != 0
