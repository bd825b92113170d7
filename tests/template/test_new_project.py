"""Tests for a new project's message, licence, DVC settings and map."""

import configparser
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from copier import run_copy

from tests.conftest import Render


@pytest.mark.parametrize(
    ("targets", "serves"),
    [
        (["rest", "edge"], ["serve --host 127.0.0.1 --port 8000", "bundle build/edge"]),
        (["batch"], ["score data/raw scored"]),
    ],
    ids=str,
)
def test_the_message_after_copying_names_the_next_commands(
    targets: list[str], serves: list[str], template: Path, tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    project = tmp_path / "two words"
    answers = {"serving_targets": targets, "package_name": "delays"}
    run_copy(str(template), project, data=answers, defaults=True)

    message = capfd.readouterr().err
    commands = [
        f'cd "{project}"',
        'git init -b main && git add -A && git commit -m "Initial commit"',
        "uv run dvc repro",
        "uv run pytest",
    ]
    assert [message.count(command) for command in commands] == [1, 1, 1, 1]
    assert re.findall(r"uv run modelyard (.*)", message) == serves
    assert "{" not in message


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
def test_dvc_has_a_remote_and_no_analytics(remote: str, url: str, render: Render) -> None:
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
def test_the_licence_is_complete(name: str, first: str, last: str, render: Render) -> None:
    project = render({"license": name, "author": "Ada Lovelace"})
    text = (project / "LICENSE").read_text("utf-8")
    year = recorded(project)["copyright_year"]
    assert text.strip().startswith(first)
    assert text.endswith(f"{last}\n")
    assert (f"{year}" in text and "Ada Lovelace" in text) == (name != "Apache-2.0")


def test_the_copyright_year_stays_when_copied_again(template: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    run_copy(str(template), project, data={"copyright_year": 1999}, defaults=True, quiet=True)
    run_copy(str(template), project, defaults=True, quiet=True, overwrite=True)
    assert recorded(project)["copyright_year"] == 1999


def recorded(project: Path) -> dict[str, Any]:
    """Return the answers recorded in a project."""
    answers: dict[str, Any] = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    return answers


def unlisted_or_missing(project: Path) -> list[str]:
    """Return the scripts that are only on the map or only in the project."""
    listed = re.findall(r"`(scripts/[a-z-]+\.sh)\b", scripts_on_the_map(project))
    existing = [path.relative_to(project).as_posix() for path in (project / "scripts").iterdir()]
    return sorted({*listed} ^ {*existing})


def scripts_on_the_map(project: Path) -> str:
    """Return the map's table of scripts."""
    page = (project / "docs" / "map.md").read_text("utf-8")
    return page.partition("## Scripts")[2].partition("\n## ")[0]


@pytest.mark.parametrize("targets", [["rest"], ["batch"]])
@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_map_lists_the_scripts_of_the_project(
    level: int, targets: list[str], render: Render
) -> None:
    assert (
        unlisted_or_missing(render({"automation_level": level, "serving_targets": targets})) == []
    )


def test_a_script_that_the_map_does_not_list_is_detected(render: Render, tmp_path: Path) -> None:
    project = Path(shutil.copytree(render({"automation_level": 1}), tmp_path / "project"))
    (project / "scripts" / "new.sh").write_text("", "utf-8")
    (project / "scripts" / "check-code.sh").unlink()
    assert unlisted_or_missing(project) == ["scripts/check-code.sh", "scripts/new.sh"]


FOLDERS: list[tuple[dict[str, Any], str]] = [
    ({"serving_targets": ["rest"]}, "deployment/rest/"),
    ({"serving_targets": ["batch"]}, "deployment/batch/"),
    ({"serving_targets": ["batch"]}, "scored/"),
    ({"serving_targets": ["edge"]}, "deployment/edge/"),
    ({"serving_targets": ["edge"]}, "build/edge/"),
    ({"automation_level": 2}, "deployment/pipeline/"),
    ({"automation_level": 2}, "runs/"),
    ({"automation_level": 2}, "served/"),
    ({"automation_level": 3}, "build/canary/"),
    ({"ci_host": "gitlab"}, ".gitlab/"),
]


def listed_folders(project: Path) -> set[str]:
    """Return the folders at the start of a line of the map."""
    text = (project / "docs" / "map.md").read_text("utf-8")
    return set(re.findall(r"^([a-z./]+/) {2,}", text, re.M))


@pytest.mark.parametrize(("answers", "folder"), FOLDERS, ids=str)
def test_the_map_lists_a_folder_only_if_the_answers_add_it(
    answers: dict[str, Any], folder: str, render: Render
) -> None:
    neither = {"automation_level": 1, "serving_targets": ["rest"]}
    without = neither if folder != "deployment/rest/" else {"serving_targets": ["batch"]}
    assert {folder, "reports/", "models/"} <= listed_folders(render(answers))
    assert folder not in listed_folders(render(without))


def test_the_data_sheet_has_what_only_people_know(render: Render) -> None:
    sheet = (render({}) / "data" / "README.md").read_text("utf-8")
    rows = dict(re.findall(r"(?m)^\| ([^|]+) \| ([^|]+) \|$", sheet))
    for field in ("Source", "Owner", "Licence", "Labelling", "Retention", "Personal data"):
        assert rows[field].strip()
