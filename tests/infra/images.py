"""Requirements for each image, and a check that lists violations."""

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
INSPECT = """
import json, os, sys
from pathlib import Path
app = Path("/app")
libraries = next(app.glob(".venv/lib/*/site-packages"))
places = [p for p in (app, *app.rglob("*")) if not p.is_symlink() and p.name != ".lock"]
files = [p.relative_to(app) for p in places if p.is_file()]
own = [p for name in ("modelyard", "flight_delays") for p in (libraries / name).rglob("*.py")]
compiled = [p.parent / "__pycache__" / f"{p.stem}.{sys.implementation.cache_tag}.pyc" for p in own]
print(json.dumps({
    "user": os.getuid(),
    "writable": [str(p) for p in places if os.getuid() and os.access(p, os.W_OK)],
    "libraries": [p.name for p in libraries.iterdir() if p.suffix not in (".dist-info", ".pth")],
    "files": [p.as_posix() for p in files if p.parts[0] != ".venv"],
    "slow": [str(p) for p in compiled if not p.exists()],
}))
"""


@dataclass(frozen=True)
class Contract:
    """Requirements for an image.

    Attributes:
        most_mb: the megabytes that it may add to its base.
        files: the files allowed in /app besides libraries and a bundle's modules.
        never: forbidden libraries.
        only: the allowed libraries; None allows all others.
        health: the kind of health check.
    """

    most_mb: int
    files: set[str]
    never: set[str]
    only: set[str] | None
    health: str


CONTRACTS = {
    "rest": Contract(175, MODEL | {"params.yaml"}, TRAINS, None, "CMD"),
    "batch": Contract(375, MODEL | {"params.yaml"}, TRAINS - {"polars"}, None, "NONE"),
    "edge": Contract(155, BUNDLE, TRAINS, DEVICE, "CMD"),
    "pipeline": Contract(950, set(), {"uv", "pytest", "fastapi"}, None, "NONE"),
}


def faults(engine: Engine, image: str, contract: Contract) -> list[str]:
    """Return the requirements that an image violates."""
    run = ["run", "--rm", "--entrypoint", "", image, "python", "-c", INSPECT]
    found: dict[str, Any] = json.loads(engine.podman(*run).stdout)
    about: dict[str, Any] = json.loads(engine.podman("inspect", image).stdout)[0]
    extra_mb = (about["Size"] - int(engine.inspect(NATIVE, "{{.Size}}"))) / 1e6
    libraries = set(found["libraries"])
    unknown = libraries - contract.only if contract.only else set()
    files = {name for name in found["files"] if not is_module(name)}
    health = (about.get("Healthcheck") or {"Test": ["nothing"]})["Test"][0]
    return [
        *([f"it runs as {found['user']}"] if found["user"] != 10001 else []),
        *(f"it may write {name}" for name in found["writable"]),
        *(f"it holds {name}" for name in sorted(libraries & contract.never | unknown)),
        *(f"it holds {name}" for name in sorted(files - contract.files)),
        *(f"it compiles {name} at each start" for name in found["slow"]),
        *(f"no label {name.rsplit('.')[-1]}" for name in LABELS - set(about["Labels"] or {})),
        *([f"its health is {health}"] if health != contract.health else []),
        *([f"it adds {extra_mb:.0f} MB"] if extra_mb > contract.most_mb else []),
    ]


def is_module(name: str) -> bool:
    """Return whether a file is a module of the two packages in a bundle."""
    return name.startswith(("bundle/flight_delays/", "bundle/modelyard/")) and name.endswith(".py")


def layers(engine: Engine, image: str) -> list[str]:
    """Return the sha256 digest of each layer's content."""
    found: list[str] = json.loads(engine.inspect(image, "{{json .RootFS.Layers}}"))
    return found


def context(engine: Engine, project: Path) -> list[str]:
    """Return the files of a project that its build context contains."""
    file, name = project.with_name("Dockerfile"), "localhost/context:test"
    file.write_text(f"FROM {NATIVE}\nCOPY . /context\n", "utf-8")
    engine.podman("build", "--pull=never", "--file", str(file), "--tag", name, str(project))
    found = engine.podman("run", "--rm", name, "find", "/context", "-type", "f").stdout
    return [line.removeprefix("/context/") for line in found.split()]
