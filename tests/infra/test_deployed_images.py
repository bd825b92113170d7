"""What a delivery writes to deployment/prod is what kustomize and compose deploy."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from modelyard.registry.deployed import contents

from tests.conftest import EVERY_TARGET, Render
from tests.infra.engine import require_tools
from tests.infra.kubernetes import rendered

pytestmark = pytest.mark.slow
HOST = "registry.example.invalid:5000/team"
TARGETS = ("rest", "batch", "edge", "pipeline")
IMAGES = {
    target: f"{HOST}/flights-{target}:v0.2.0@sha256:{place:064}"
    for place, target in enumerate(TARGETS)
}


@pytest.fixture
def project(render: Render, tmp_path: Path) -> Path:
    """A new project in which v0.2.0 is deployed."""
    answers = EVERY_TARGET | {"scale_out": "ray"}
    project = Path(shutil.copytree(render(answers), tmp_path / "project"))
    for path, content in contents("v0.2.0", IMAGES).items():
        (project / path).write_bytes(content)
    return project


@pytest.mark.parametrize(
    ("overlay", "target"),
    [
        ("rest/kubernetes/prod", "rest"),
        ("batch/kubernetes/prod", "batch"),
        ("batch/kubernetes/ray", "batch"),
        ("pipeline/kubernetes/prod", "pipeline"),
    ],
)
def test_an_overlay_of_prod_deploys_the_delivered_image(
    project: Path, overlay: str, target: str
) -> None:
    lines = rendered(project / "deployment" / overlay).splitlines()
    found = {line.split("image: ")[1] for line in lines if "image: " in line}
    assert found == {IMAGES[target]}


def test_the_test_overlay_names_an_image_of_its_own(project: Path) -> None:
    text = rendered(project / "deployment" / "rest" / "kubernetes" / "test")
    assert "image: registry.invalid/flight_delays-rest:none-yet" in text


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--env-file", "deployment/prod/images.env"], (IMAGES["rest"], IMAGES["batch"])),
        ([], (None, None)),
    ],
    ids=["delivered", "built"],
)
def test_compose_runs_the_delivered_images_or_builds_them(
    project: Path, options: list[str], expected: tuple[str | None, str | None]
) -> None:
    require_tools("docker-compose")
    words = ["docker-compose", *options, "--profile", "batch", "config", "--format", "json"]
    names = ("REST_IMAGE", "BATCH_IMAGE")
    env = {name: text for name, text in os.environ.items() if name not in names}
    done = subprocess.run(words, cwd=project, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    services = json.loads(done.stdout)["services"]
    assert (services["rest"].get("image"), services["batch"].get("image")) == expected
