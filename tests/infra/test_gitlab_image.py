"""GitLab jobs run in the images that they name, independently of this machine's tools."""

import os
import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.checkout import TEMPLATE, settings
from tests.ci.hosts import in_containers
from tests.ci.test_hosts import new_project, push_and_clone
from tests.conftest import Render
from tests.infra.engine import CERTIFICATES, NATIVE, Engine

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="podman"),
]
CI = TEMPLATE / ".gitlab-ci.yml.jinja"
TOOLS = "RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends git rsync"
WRITTEN = yaml.safe_load(CI.read_text("utf-8"))["default"]["image"]
IMAGE = WRITTEN.replace("{{ python_version }}", settings()["python_version"]["default"])


@pytest.fixture(scope="module")
def uv_image(engine: Engine) -> str:
    """Stand-in for the image in `.gitlab-ci.yml`: Python, git, and uv, which finds Python."""
    shutil.copy(str(shutil.which("uv")), engine.folder / "uv")
    variables = f"ENV UV_PYTHON_DOWNLOADS=never SSL_CERT_FILE={CERTIFICATES}"
    return engine.derive(IMAGE, NATIVE, TOOLS, "COPY uv /usr/local/bin/uv", variables)


def test_a_job_has_all_its_tools_in_its_image(
    render: Render, engine: Engine, uv_image: str, tmp_path: Path
) -> None:
    project = push_and_clone(new_project(render, tmp_path / "project", "gitlab"))
    done = in_containers(project, uv_image, "data", **podman_variables(engine))
    assert done.returncode == 0, done.stdout[-3000:]
    assert "PASS  data" in done.stdout
    assert re.search(r"rootdir: /builds/\S+", done.stdout)


def test_a_job_without_uv_in_its_image_fails(
    render: Render, engine: Engine, uv_image: str, tmp_path: Path
) -> None:
    project = new_project(render, tmp_path / "project", "gitlab")
    file = project / ".gitlab-ci.yml"
    file.write_text(file.read_text("utf-8").replace(IMAGE, NATIVE), "utf-8")
    done = in_containers(project, uv_image, "data", **podman_variables(engine))
    assert done.returncode != 0
    assert "uv: command not found" in done.stdout


def podman_variables(engine: Engine) -> dict[str, str]:
    """Return the variables with which podman uses the engine's store."""
    own = engine.environment()
    names = ("CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF", "TMPDIR")
    return {name: own[name] for name in names}
