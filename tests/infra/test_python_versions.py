"""CI, images and developers use one version of Python, and images install what is locked."""

import re
from pathlib import Path

import pytest
import yaml

from tests.conftest import EVERY_TARGET, Render

OTHER = {"python_version": "3.13"}


def versions(project: Path) -> dict[str, str]:
    """Return the version of Python that each file of a project names."""
    found = {".python-version": (project / ".python-version").read_text("utf-8").strip()}
    for file in sorted((project / "deployment").glob("*/Dockerfile")):
        (found[file.parent.name],) = re.findall(r"^ARG PYTHON=(.*)$", file.read_text("utf-8"), re.M)
    pyproject = (project / "pyproject.toml").read_text("utf-8")
    (found["pyproject.toml"],) = re.findall(r'^requires-python = ">=(.*)"$', pyproject, re.M)
    if (project / ".gitlab-ci.yml").exists():
        image = yaml.safe_load((project / ".gitlab-ci.yml").read_text("utf-8"))["default"]["image"]
        (found["GitLab"],) = re.findall(r"-python([\d.]+)-", image)
    return found


@pytest.mark.parametrize("answers", [{}, OTHER])
@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_all_files_name_the_chosen_version(
    render: Render, host: str, answers: dict[str, str]
) -> None:
    found = versions(render(EVERY_TARGET | answers | {"ci_host": host}))
    assert set(found.values()) == {answers.get("python_version", "3.11")}
    images = {"batch", "edge", "pipeline", "rest"}
    gitlab = {"GitLab"} if host == "gitlab" else set()
    assert found.keys() == {".python-version", "pyproject.toml"} | images | gitlab


def test_github_takes_the_version_of_the_project(render: Render) -> None:
    workflows = sorted((render(EVERY_TARGET) / ".github" / "workflows").glob("*.yml"))
    assert len(workflows) > 5
    for file in workflows:
        text = file.read_text("utf-8")
        assert "setup-python" not in text
        assert "python-version" not in text
        assert not re.search(r"UV_PYTHON|--python", text)


def unlocked(text: str) -> list[str]:
    """Return the commands of a Dockerfile that install something else than what is locked."""
    commands = re.sub(r"\\\n\s*", " ", text).splitlines()
    installs = [line for line in commands if "uv sync" in line]
    assert len(installs) in (1, 2)
    lock = "if [ -e uv.lock ]; then export UV_LOCKED=1; fi;"
    return [line for line in installs if lock not in line.split("uv sync")[0]]


@pytest.mark.parametrize("target", ["batch", "edge", "pipeline", "rest"])
def test_an_image_installs_what_is_locked_where_there_is_a_lock(
    render: Render, target: str
) -> None:
    text = (render(EVERY_TARGET) / "deployment" / target / "Dockerfile").read_text("utf-8")
    assert unlocked(text) == []
    assert "uv.loc[k]" in text
    assert unlocked(text.replace("UV_LOCKED=1", "UV_OFFLINE=0")) != []
