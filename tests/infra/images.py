"""What each image must be, and what is wrong with one."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.infra.engine import NATIVE, Engine

LABELS = {f"org.opencontainers.image.{name}" for name in ("version", "revision")}
TRAINS = {"sklearn", "skl2onnx", "skops", "polars", "pandas", "dvc", "uv"}
DEVICE = {"numpy", "numpy.libs", "onnxruntime", "flatbuffers", "google", "packaging"}
MODEL = {"models/model.json", "models/model.onnx"}
BUNDLE = {f"bundle/{name}" for name in ("manifest.json", "model.json", "model.onnx", "run.py")}
LOOK = """
import json, os
from pathlib import Path
app = Path("/app")
libraries = next(app.glob(".venv/lib/*/site-packages"))
places = [p for p in (app, *app.rglob("*")) if not p.is_symlink() and p.name != ".lock"]
files = [p.relative_to(app) for p in places if p.is_file()]
print(json.dumps({
    "user": os.getuid(),
    "writable": [str(p) for p in places if os.getuid() and os.access(p, os.W_OK)],
    "libraries": [p.name for p in libraries.iterdir() if p.suffix not in (".dist-info", ".pth")],
    "files": [p.as_posix() for p in files if p.parts[0] != ".venv"],
}))
"""


@dataclass(frozen=True)
class Contract:
    """What an image may hold.

    Attributes:
        most_mb: what it may add to its base.
        files: what may lie in /app besides the libraries and a bundle's modules.
        never: libraries that may not be there.
        only: the libraries that may be there; None allows all others.
        health: how the engine asks whether it is well.
    """

    most_mb: int
    files: set[str]
    never: set[str]
    only: set[str] | None
    health: str


CONTRACTS = {
    "rest": Contract(175, MODEL, TRAINS, None, "CMD"),
    "batch": Contract(375, MODEL | {"params.yaml"}, TRAINS - {"polars"}, None, "NONE"),
    "edge": Contract(155, BUNDLE, TRAINS, DEVICE, "CMD"),
    "pipeline": Contract(950, set(), {"uv", "pytest", "fastapi"}, None, "NONE"),
}


def faults(engine: Engine, image: str, contract: Contract) -> list[str]:
    """Return what is wrong with an image."""
    run = ["run", "--rm", "--entrypoint", "", image, "python", "-c", LOOK]
    seen: dict[str, Any] = json.loads(engine.podman(*run).stdout)
    about: dict[str, Any] = json.loads(engine.podman("inspect", image).stdout)[0]
    extra_mb = (about["Size"] - int(engine.inspected(NATIVE, "{{.Size}}"))) / 1e6
    libraries = set(seen["libraries"])
    unknown = libraries - contract.only if contract.only else set()
    files = {name for name in seen["files"] if not is_module(name)}
    health = (about.get("Healthcheck") or {"Test": ["nothing"]})["Test"][0]
    return [
        *([f"it runs as {seen['user']}"] if seen["user"] != 10001 else []),
        *(f"it may write {name}" for name in seen["writable"]),
        *(f"it holds {name}" for name in sorted(libraries & contract.never | unknown)),
        *(f"it holds {name}" for name in sorted(files - contract.files)),
        *(f"it says no {name.rsplit('.')[-1]}" for name in LABELS - set(about["Labels"] or {})),
        *([f"its health is {health}"] if health != contract.health else []),
        *([f"it adds {extra_mb:.0f} MB"] if extra_mb > contract.most_mb else []),
    ]


def is_module(name: str) -> bool:
    """Tell whether a file is a module of the two packages in a bundle."""
    return name.startswith(("bundle/flight_delays/", "bundle/modelyard/")) and name.endswith(".py")


def layers(engine: Engine, image: str) -> list[str]:
    """Return the sha256 of each layer's content."""
    found: list[str] = json.loads(engine.inspected(image, "{{json .RootFS.Layers}}"))
    return found


def context(engine: Engine, project: Path) -> list[str]:
    """Return the files of a project that its builder is given."""
    file, name = project.with_name("Dockerfile"), "localhost/context:test"
    file.write_text(f"FROM {NATIVE}\nCOPY . /context\n", "utf-8")
    engine.podman("build", "--pull=never", "--file", str(file), "--tag", name, str(project))
    found = engine.podman("run", "--rm", name, "find", "/context", "-type", "f").stdout
    return [line.removeprefix("/context/") for line in found.split()]
