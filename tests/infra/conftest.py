"""Fixtures: a container engine and the images, created once for all workers."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import file_lock
from tests.infra.engine import NATIVE, Engine, add_arm_base, create, remove, require_tools

# test_images.py compares all layers of this one. For the others, podman keeps no layers in between,
# which take half of its time; content, labels and size of an image are the same. Two builds of the
# REST image are compared by the digest of all that it adds to its base.
LAYERED = ("edge",)


@pytest.fixture(scope="session")
def engine(shared: Path) -> Engine:
    """A container engine with a base image."""
    require_tools("podman", "runc", "mmdebstrap")
    folder = shared / "engine"
    with file_lock(shared / "engine.lock"):
        return Engine(folder) if folder.exists() else create(folder)


@pytest.fixture(scope="session")
def base_archive(engine: Engine, shared: Path) -> Path:
    """The base image as a file that Docker loads."""
    file = engine.folder / "base.tar"
    with file_lock(shared / "base.lock"):
        if not file.exists():
            save = ["save", "--quiet", "--format", "docker-archive"]
            engine.podman(*save, "--output", str(file), NATIVE)
    return file


@pytest.fixture(scope="session")
def rest_image(engine: Engine, trained: Path, shared: Path) -> str:
    """The image of the trained project's REST service, built by the project's own script."""
    return image(engine, trained, shared, "rest")


@pytest.fixture(scope="session")
def batch_image(engine: Engine, trained: Path, shared: Path) -> str:
    """The image of the trained project's batch job, built by the project's own script."""
    return image(engine, trained, shared, "batch")


@pytest.fixture(scope="session")
def edge_image(engine: Engine, trained: Path, shared: Path) -> str:
    """The image of the trained project's edge bundle, built by the project's own script."""
    return image(engine, trained, shared, "edge")


@pytest.fixture(scope="session")
def arm_image(engine: Engine, trained: Path, shared: Path) -> str:
    """The edge image for arm64, built on this machine."""
    with file_lock(shared / "foreign.lock"):
        if not (shared / "foreign").exists():
            add_arm_base(engine)
            (shared / "foreign").touch()
    return image(engine, trained, shared, "edge", "aarch64")


@pytest.fixture(scope="session")
def pipeline_image(engine: Engine, trained: Path, shared: Path) -> str:
    """The image of the project's pipeline, built by the project's own script."""
    return image(engine, trained, shared, "pipeline")


def image(engine: Engine, project: Path, shared: Path, *words: str) -> str:
    """Build an image unless another worker has; return its name and version."""
    with file_lock(shared / "images.lock"):
        record = shared / f"image-{'-'.join(words)}.txt"
        if not record.exists():
            record.write_text(build_image(engine, project, *words), "utf-8")
        return record.read_text("utf-8")


def build_image(engine: Engine, project: Path, *words: str) -> str:
    """Build an image with the project's script; return its name and version."""
    done = subprocess.run(
        ["scripts/image.sh", *words],
        cwd=project,
        env=engine.environment() | {"BUILDAH_LAYERS": str(words[0] in LAYERED).lower()},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    tagged = [line for line in done.stdout.splitlines() if "Successfully tagged" in line]
    return tagged[-1].split()[-1]


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Remove the engine after the last worker has finished, before pytest removes its folder."""
    if not hasattr(session.config, "workerinput"):
        factory = session.config._tmp_path_factory  # type: ignore[attr-defined]
        remove(factory.getbasetemp() / "engine")
    yield
