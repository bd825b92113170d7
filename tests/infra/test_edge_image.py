"""The edge image: run on rows, stopped, damaged, and built for another processor."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.infra.engine import HARDENED, Engine, require_tools

pytestmark = pytest.mark.slow
DAY = "AS_OF=2013-10-01"
PYTHON = "/app/.venv/bin/python"
ELF_MACHINES = {62: "x86_64", 183: "aarch64"}


@pytest.fixture(scope="module")
def rows(trained: Path) -> str:
    """Real rows, one that violates the schema, and one that is not JSON."""
    real = (trained / "models" / "examples.jsonl").read_text("utf-8")
    return f"{real}{{}}\nno row\n"


@pytest.fixture(scope="module")
def own(trained: Path, rows: str) -> str:
    """The project's own predictions for the same rows, by its bundle."""
    return subprocess.run(
        [".venv/bin/python", "build/image/run.py"],
        cwd=trained,
        env=os.environ | {"AS_OF": "2013-10-01", "EDGE_LOG": "off"},
        input=rows,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def predict(
    engine: Engine, image: str, rows: str, *options: str
) -> "subprocess.CompletedProcess[str]":
    """Run the image on rows."""
    run = ["run", "--rm", "--interactive", *HARDENED, "--env", DAY, *options, image]
    return engine.podman(*run, given=rows, ok=False)


def test_the_container_predicts_like_the_project(
    engine: Engine, edge_image: str, rows: str, own: str
) -> None:
    done = predict(engine, edge_image, rows, "--network", "none")
    assert done.stdout == own
    assert done.stdout.count("\n") > 500


def test_an_altered_bundle_predicts_nothing(engine: Engine, edge_image: str) -> None:
    """Without rows: podman loses output if it cannot write them to a process that has ended."""
    lines = ["USER 0", "RUN echo >> bundle/model.onnx", "USER 10001"]
    done = predict(engine, engine.derive("localhost/bent:test", edge_image, *lines), rows="")
    assert (done.returncode, done.stdout) == (1, "")
    assert "model.onnx was altered" in done.stderr


def start_waiting(engine: Engine, image: str) -> str:
    """Start the image with an open standard input; return the container after two seconds."""
    run = ["run", "--detach", "--interactive", *HARDENED, "--env", DAY, image]
    container = engine.podman(*run).stdout.strip()
    time.sleep(2)
    return container


@pytest.mark.parametrize(
    ("signal", "code"), [("SIGINT", "1"), ("SIGTERM", "137")], ids=["as built", "another signal"]
)
def test_a_container_that_waits_for_rows_stops_on_sigint(
    signal: str, code: str, engine: Engine, edge_image: str
) -> None:
    image = engine.derive("localhost/signal:test", edge_image, f"STOPSIGNAL {signal}")
    assert engine.inspect(edge_image, "{{.Config.StopSignal}}") == "SIGINT"
    container = start_waiting(engine, image)
    try:
        engine.podman("stop", "--time", "5", container)
        assert engine.inspect(container, "{{.State.ExitCode}}") == code
    finally:
        engine.podman("rm", "--force", "--time", "0", container)


def test_the_health_check_detects_an_altered_bundle(engine: Engine, edge_image: str) -> None:
    container = start_waiting(engine, edge_image)
    bent = ["USER 0", "RUN echo >> bundle/model.onnx", "USER 10001", 'ENTRYPOINT ["sleep", "60"]']
    other = start_waiting(engine, engine.derive("localhost/sleeps:test", edge_image, *bent))
    try:
        codes = [
            engine.podman("healthcheck", "run", one, ok=False).returncode
            for one in (container, other)
        ]
        assert codes == [0, 1]
    finally:
        engine.podman("rm", "--force", "--time", "0", container, other)


@pytest.mark.parametrize(("memory", "code"), [("64m", 0), ("12m", 137)])
def test_it_predicts_within_its_memory_limit_and_is_killed_below(
    memory: str, code: int, engine: Engine, edge_image: str, rows: str, own: str
) -> None:
    limit = ["--memory", memory, "--memory-swap", memory]
    done = predict(engine, edge_image, rows, *limit)
    assert (done.returncode, done.stdout == own) == (code, code == 0)


def processors(engine: Engine, image: str) -> set[str]:
    """Return the processors for which the programs of an image are built."""
    root = Path(engine.podman("image", "mount", image).stdout.strip())
    try:
        files = [*root.glob("usr/bin/python3.*"), *root.glob("app/.venv/lib/**/*.so")]
        heads = [file.read_bytes()[:20] for file in files]
        found = {int.from_bytes(head[18:20], "little") for head in heads if head[:4] == b"\x7fELF"}
        return {ELF_MACHINES[one] for one in found}
    finally:
        engine.podman("image", "unmount", image)


def test_an_image_for_another_processor_has_only_its_programs(
    engine: Engine, edge_image: str, arm_image: str
) -> None:
    assert engine.inspect(arm_image, "{{.Architecture}}") == "arm64"
    assert processors(engine, arm_image) == {"aarch64"}
    assert processors(engine, edge_image) == {"x86_64"}


def test_libraries_for_the_wrong_processor_are_detected(engine: Engine, arm_image: str) -> None:
    shutil.copy(sys.executable, engine.folder / "wrong.so")
    line = "COPY wrong.so /app/.venv/lib/python3.11/site-packages/wrong.so"
    mixed = engine.derive("localhost/mixed:test", arm_image, line, options=["--arch", "arm64"])
    assert processors(engine, mixed) == {"x86_64", "aarch64"}


def emulated(engine: Engine, image: str, rows: str) -> str:
    """Return the output of a copy of an image's files in QEMU, without /proc and /sys.

    As the first process of a container, QEMU 7.2 waits forever for a signal.
    """
    container = engine.podman("create", image).stdout.strip()
    root = Path(engine.podman("mount", container).stdout.strip())
    try:
        shutil.copy(str(shutil.which("qemu-aarch64-static")), root / "qemu")
        words = ["chroot", str(root), "/qemu", PYTHON, "/app/bundle/run.py"]
        variables = {"PATH": os.environ["PATH"], "AS_OF": "2013-10-01", "EDGE_LOG": "off"}
        done = subprocess.run(
            words, env=variables, input=rows, capture_output=True, text=True, timeout=300
        )
        return done.stdout
    finally:
        engine.podman("unmount", container)
        engine.podman("rm", "--force", container)


def test_another_processor_gives_the_same_predictions(
    engine: Engine, arm_image: str, rows: str, own: str
) -> None:
    require_tools("qemu-aarch64-static")
    assert emulated(engine, arm_image, rows) == own


def test_one_manifest_lists_the_image_of_each_processor(
    engine: Engine, edge_image: str, arm_image: str
) -> None:
    images = [f"containers-storage:{name}" for name in (edge_image, arm_image)]
    engine.podman("manifest", "create", "localhost/edge:all", *images)
    listed = engine.podman("manifest", "inspect", "localhost/edge:all").stdout
    assert '"architecture": "amd64"' in listed
    assert '"architecture": "arm64"' in listed
