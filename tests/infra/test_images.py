"""Properties of all images: privileges, content, labels, reproducible layers."""

import json
import platform
import shutil
from pathlib import Path

import pytest

from tests.checkout import git
from tests.infra.conftest import build_image
from tests.infra.engine import NATIVE, Engine
from tests.infra.images import CONTRACTS, MODEL, context, faults, layers
from tests.infra.watching import changed

pytestmark = pytest.mark.slow
LIBRARIES = ".venv/lib/python3.11/site-packages"
IMAGES = ["rest", "batch", "edge", "pipeline"]


@pytest.mark.parametrize("target", IMAGES)
def test_an_image_has_no_privileges_and_only_what_it_needs(
    target: str, engine: Engine, request: pytest.FixtureRequest
) -> None:
    image = request.getfixturevalue(f"{target}_image")
    assert faults(engine, image, CONTRACTS[target]) == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("USER 0", "it runs as 0"),
        ("RUN chmod 777 bundle", "it may write /app/bundle"),
        (f"RUN mkdir {LIBRARIES}/polars", "it holds polars"),
        (f"RUN mkdir {LIBRARIES}/fastapi", "it holds fastapi"),
        ("RUN touch .env", "it holds .env"),
        ("HEALTHCHECK NONE", "its health is NONE"),
        ("RUN head -c 60000000 /dev/urandom > bundle/model.onnx", "it adds 2"),
    ],
)
def test_a_planted_fault_in_an_image_is_detected(
    line: str, fault: str, engine: Engine, edge_image: str
) -> None:
    user = [] if line.startswith("USER") else ["USER 10001"]
    damaged = engine.derive("localhost/spoilt:test", edge_image, "USER 0", line, *user)
    assert [one[: len(fault)] for one in faults(engine, damaged, CONTRACTS["edge"])] == [fault]


def test_a_module_without_bytecode_is_detected(engine: Engine, rest_image: str) -> None:
    lost = f"{LIBRARIES}/modelyard/__pycache__/console.cpython-311.pyc"
    image = engine.derive(
        "localhost/slow:test", rest_image, "USER 0", f"RUN rm {lost}", "USER 10001"
    )
    assert faults(engine, image, CONTRACTS["rest"]) == [f"it compiles /app/{lost} at each start"]


def test_an_image_without_labels_is_detected(engine: Engine) -> None:
    unlabelled = engine.derive("localhost/silent:test", NATIVE, f"RUN mkdir -p /app/{LIBRARIES}")
    found = faults(engine, unlabelled, CONTRACTS["edge"])
    assert {"no label version", "no label revision", "its health is nothing"} <= set(found)


@pytest.mark.parametrize("target", IMAGES)
def test_the_labels_name_the_model_and_the_code(
    target: str, engine: Engine, trained: Path, request: pytest.FixtureRequest
) -> None:
    image = request.getfixturevalue(f"{target}_image")
    version, commit = (
        engine.inspect(image, f'{{{{index .Labels "org.opencontainers.image.{name}"}}}}')
        for name in ("version", "revision")
    )
    assert version == image.rsplit(":", 1)[1]
    model = json.loads((trained / "models/model.json").read_text("utf-8"))["version"]
    assert commit.removesuffix("-dirty") == git(trained, "rev-parse", "HEAD").strip()
    short = commit[:12] + commit[40:]
    assert version == (short if target == "pipeline" else model)


@pytest.mark.parametrize("target", ["rest", "edge"])
def test_a_second_build_elsewhere_has_the_same_layers(
    target: str,
    engine: Engine,
    trained: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    first = request.getfixturevalue(f"{target}_image")
    kept_out = shutil.ignore_patterns(".venv", "build")
    again = shutil.copytree(trained, tmp_path / "again", ignore=kept_out, copy_function=shutil.copy)
    (again / ".venv").symlink_to(trained / ".venv")
    monkeypatch.setenv("UV_NO_SYNC", "1")
    monkeypatch.setenv("PYTHONPATH", "src")
    second = build_image(engine, Path(again), target, platform.machine(), "--no-cache")
    assert second != first
    assert layers(engine, second) == layers(engine, first)


@pytest.mark.parametrize(
    ("line", "same"), [("RUN echo now > when", True), ("RUN date +%N > when", False)]
)
def test_a_timestamp_in_a_file_is_detected(line: str, same: bool, engine: Engine) -> None:
    options = ["--no-cache", "--timestamp", "0"]
    one, two = (
        layers(engine, engine.derive(f"localhost/{name}:test", NATIVE, line, options=options))
        for name in ("one", "two")
    )
    assert (one == two) == same


@pytest.fixture
def with_other_files(trained: Path, tmp_path: Path) -> Path:
    """A copy of the project with files that must not be in an image."""
    kept_out = shutil.ignore_patterns(".venv", ".dvc", "data", "build")
    project = Path(shutil.copytree(trained, tmp_path / "project", ignore=kept_out))
    for name in (".env", "src/.env", "notes.txt", "build/image/run.py", "build/image/edge.log"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).touch()
    return project


def test_the_build_context_has_no_secrets_no_history_and_no_logged_rows(
    engine: Engine, with_other_files: Path
) -> None:
    code = (".py", ".html", "/py.typed")
    given = {name for name in context(engine, with_other_files) if not name.endswith(code)}
    wanted = {"README.md", "params.yaml", "pyproject.toml", "uv.lock", *MODEL}
    assert given == wanted


@pytest.mark.parametrize(
    ("pattern", "fault"), [("^[*]$", "notes.txt"), ("^.*edge.log$", "build/image/edge.log")]
)
def test_a_missing_line_of_dockerignore_is_detected(
    pattern: str, fault: str, engine: Engine, with_other_files: Path
) -> None:
    changed(with_other_files / ".dockerignore", f"(?m){pattern}", "")
    assert fault in context(engine, with_other_files)
