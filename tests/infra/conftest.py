"""The container engine and the images, made once for all workers and gone at the end."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import alone
from tests.infra.engine import BASE, Engine, make, needed, unmake


@pytest.fixture(scope="session")
def engine(shared: Path) -> Engine:
    """A container engine with a base image."""
    needed("podman", "runc", "mmdebstrap")
    folder = shared / "engine"
    with alone(shared / "engine.lock"):
        return Engine(folder) if folder.exists() else make(folder)


@pytest.fixture(scope="session")
def base_archive(engine: Engine, shared: Path) -> Path:
    """The base image as a file that Docker loads."""
    file = engine.folder / "base.tar"
    with alone(shared / "base.lock"):
        if not file.exists():
            save = ["save", "--quiet", "--format", "docker-archive"]
            engine.podman(*save, "--output", str(file), BASE)
    return file


@pytest.fixture(scope="session")
def rest_image(engine: Engine, trained: Path, shared: Path) -> str:
    """The image of the trained project's REST service, built by the project's own script."""
    return image(engine, trained, shared, "rest")


@pytest.fixture(scope="session")
def batch_image(engine: Engine, trained: Path, shared: Path) -> str:
    """The image of the trained project's batch job, built by the project's own script."""
    return image(engine, trained, shared, "batch")


def image(engine: Engine, project: Path, shared: Path, target: str) -> str:
    """Build a target's image unless another worker has; return its name."""
    command = ["scripts/image.sh", target]
    with alone(shared / f"image-{target}.lock"):
        told = shared / f"image-{target}.txt"
        if not told.exists():
            done = subprocess.run(
                command, cwd=project, env=engine.environment(), capture_output=True, text=True
            )
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
            tagged = [line for line in done.stdout.splitlines() if "Successfully tagged" in line]
            told.write_text(tagged[-1].split()[-1], "utf-8")
        return told.read_text("utf-8")


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Take the engine down when the last worker is done."""
    yield
    if not hasattr(session.config, "workerinput"):
        factory = session.config._tmp_path_factory  # type: ignore[attr-defined]
        unmake(factory.getbasetemp() / "engine")
