"""The template's example as a project without rendering: its files, its params, its model."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Template

from tests.checkout import ROOT

PACKAGE = "flight_delays"
TEMPLATE = ROOT / "template"
RUNTIME = TEMPLATE / "src" / "modelyard"
OWN = TEMPLATE / "src" / "{{ package_name }}"
SECTIONS = ROOT / "includes" / "sections" / "params"
ESTIMATOR = SECTIONS.parent / "estimator" / "scikit-learn.py"
PYPROJECT = """[tool.modelyard]
level = 3
targets = ["rest", "batch", "edge"]
tracker = "dvclive"
"""
STEPS = """
from modelyard.data import prepare, snapshot
from modelyard.features import table
from modelyard.models import evaluate, export, gate, train
from modelyard.project import load

for step in (snapshot, prepare, table, train, export, evaluate, gate):
    step.main(load("flight_delays"))
"""
ROUNDS, TRIALS = 60, 1
HANDED = "MODELYARD_EXAMPLE"  # the folder of a trained example, for those who have one
_places: dict[str, Path] = {}


def sources() -> Path:
    """Return a folder with the example's package, created once per process."""
    if handed := os.environ.get(HANDED):
        return Path(handed) / "src"
    if "sources" not in _places:
        folder = Path(tempfile.mkdtemp(prefix="example-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        left_out = shutil.ignore_patterns("__pycache__", "*.jinja")
        shutil.copytree(OWN, folder / PACKAGE, ignore=left_out)
        shutil.copy(ESTIMATOR, folder / PACKAGE / "models" / "estimator.py")
        _places["sources"] = folder
    return _places["sources"]


def environment(**own: str) -> dict[str, str]:
    """Return an environment in which a process finds the runtime and the example's package."""
    path = os.pathsep.join([str(sources()), str(TEMPLATE / "src")])
    return os.environ | {"PYTHONPATH": path, "MODELYARD_PROJECT": PACKAGE} | own


def params() -> dict[str, Any]:
    """Return the params of a project with the highest level and all targets."""
    text = Template((TEMPLATE / "params.yaml.jinja").read_text("utf-8"))
    every = {"serving_targets": ["rest", "batch", "edge"], "automation_level": 3}
    whole = text.render(gate_sections=sections("gate"), params_sections=sections("params"))
    return dict(yaml.safe_load(Template(whole).render(every)))


def sections(kind: str) -> str:
    """Return the additions of all levels and targets to a section of `params.yaml`."""
    files = sorted((SECTIONS.parent / kind).glob("*.yaml"))
    return "\n" + "\n".join(one.read_text("utf-8") for one in files)


def dvc() -> str:
    """Return the stages of the project's `dvc.yaml`."""
    text = (TEMPLATE / "dvc.yaml.jinja").read_text("utf-8")
    return text.replace("{{ package_name }}", PACKAGE)


def make(folder: Path) -> None:
    """Create the project in a new folder, and run a short training."""
    shutil.copytree(TEMPLATE / "data" / "sample", folder / "data" / "sample")
    short = params()
    short["train"]["rounds"], short["search"]["trials"] = ROUNDS, TRIALS
    (folder / "params.yaml").write_text(yaml.safe_dump(short, sort_keys=False), "utf-8")
    (folder / "pyproject.toml").write_text(PYPROJECT, "utf-8")
    for name in (".gitignore", "runtime.json"):
        shutil.copy(TEMPLATE / name, folder)
    (folder / "dvc.yaml").write_text(dvc(), "utf-8")
    (folder / "src").symlink_to(sources())
    subprocess.run([sys.executable, "-c", STEPS], cwd=folder, env=environment(), check=True)
    (folder / "src").unlink()
    shutil.copytree(sources(), folder / "src")


def keep(folder: Path) -> None:
    """Store the path of this session's project."""
    _places["project"] = folder


def place() -> Path:
    """Return the folder of this session's trained project; read-only."""
    return _places["project"]
