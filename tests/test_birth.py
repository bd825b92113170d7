"""What a newborn project says and holds besides code."""

import configparser
from pathlib import Path
from typing import Any

import pytest
import yaml
from copier import run_copy

from tests.conftest import Render


@pytest.mark.parametrize(
    ("targets", "serves"), [(["rest", "edge"], True), (["batch"], False)], ids=str
)
def test_the_message_after_copying_names_the_next_commands(
    targets: list[str], serves: bool, template: Path, tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    project = tmp_path / "two words"
    answers = {"serving_targets": targets, "package_name": "delays"}
    run_copy(str(template), project, data=answers, defaults=True)

    said = capfd.readouterr().err
    commands = [
        f'cd "{project}"',
        'git init && git add -A && git commit -m "Born"',
        "uv run dvc repro",
        "uv run pytest",
    ]
    assert [said.count(command) for command in commands] == [1, 1, 1, 1]
    assert ("uv run python -m delays.serving.rest" in said) == serves
    assert "{" not in said


@pytest.mark.parametrize(
    ("remote", "url"),
    [
        ("local", "storage"),
        ("s3", "s3://bucket/path"),
        ("gs", "gs://bucket"),
        ("azure", "azure://box/a-b"),
        ("ssh", "ssh://me@host:22/srv"),
    ],
)
def test_dvc_knows_its_storage_and_reports_to_nobody(remote: str, url: str, render: Render) -> None:
    given = {"dvc_remote": remote} | ({} if remote == "local" else {"dvc_remote_url": url})
    config = configparser.ConfigParser()
    config.read_string((render(given) / ".dvc" / "config").read_text("utf-8"))
    assert config["core"]["remote"] == "storage"
    assert config["core"]["analytics"] == "false"
    assert config["'remote \"storage\"'"]["url"] == url


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("MIT", "MIT License", "SOFTWARE."),
        ("BSD-3-Clause", "BSD 3-Clause License", "OF SUCH DAMAGE."),
        ("Apache-2.0", "Apache License", "limitations under the License."),
        ("Proprietary", "Copyright (c) ", "of the holder named above."),
    ],
)
def test_the_licence_is_whole(name: str, first: str, last: str, render: Render) -> None:
    project = render({"license": name, "author": "Ada Lovelace"})
    text = (project / "LICENSE").read_text("utf-8")
    year = recorded(project)["copyright_year"]
    assert text.strip().startswith(first)
    assert text.endswith(f"{last}\n")
    assert (f"{year}" in text and "Ada Lovelace" in text) == (name != "Apache-2.0")


def test_the_year_of_birth_stays_when_copied_again(template: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    run_copy(str(template), project, data={"copyright_year": 1999}, defaults=True, quiet=True)
    run_copy(str(template), project, defaults=True, quiet=True, overwrite=True)
    assert recorded(project)["copyright_year"] == 1999


def recorded(project: Path) -> dict[str, Any]:
    """Return the answers that a project remembers."""
    answers: dict[str, Any] = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    return answers
