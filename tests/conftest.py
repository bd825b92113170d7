"""Fixtures: the template as it stands on disk, projects rendered from it, one that has trained."""

import hashlib
import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from modelyard_lifecycle.fast_copier import Quick
from tests.checkout import commit, snapshot
from tests.versions import make_two_versions
from tools.steps import Steps

# Trainings of several workers share the cores: threads that wait must not spin.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
ANSWERS = Path(".copier-answers.yml")
Render = Callable[[Mapping[str, Any]], Path]
EVERY_TARGET = {"automation_level": 3, "serving_targets": ["rest", "batch", "edge"]}
NEEDLESS = shutil.ignore_patterns(".venv", ".git", ".dvc", "__pycache__")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of this suite."""
    parser.addoption(
        "--update-trees",
        action="store_true",
        help="rewrite tests/template/trees/ from what is rendered",
    )


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let no answers that somebody keeps for Copier reach the projects."""
    nothing = tmp_path_factory.mktemp("settings") / "settings.yml"
    nothing.write_text("{}\n", "utf-8")
    os.environ["COPIER_SETTINGS_PATH"] = str(nothing)


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_reaches_what_is_started() -> None:
    """Let tests interrupt processes also where this one was started in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return this session's folder, one for all workers."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def template(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a git repository of the template with its uncommitted changes, tagged v0.2.0."""

    def make(folder: Path) -> None:
        snapshot(folder)
        commit(folder, "As it stands", tag="v0.2.0")

    return made_once(shared / "template", tmp_path_factory.mktemp("make"), make)


@pytest.fixture(scope="session")
def render(shared: Path, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Render:
    """Return a function that gives the project for some answers; nobody may change that folder.

    It is Copier's, in half of its time: tests/lifecycle/test_fast_copier.py compares both.
    """

    def rendered(answers: Mapping[str, Any]) -> Path:
        def make(folder: Path) -> None:
            with Quick(
                src_path=str(template), dst_path=folder, data=dict(answers), answers_file=ANSWERS,
                defaults=True, quiet=True,
            ) as worker:  # fmt: skip
                worker.run_copy()

        key = hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()[:16]
        return made_once(shared / f"render-{key}", tmp_path_factory.mktemp("make"), make)

    return rendered


@pytest.fixture(scope="session")
def trained(render: Render, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with every target that has trained for a short time; nobody may change it."""

    def make(project: Path) -> None:
        shutil.copytree(render(EVERY_TARGET), project)
        train_shortly(project / "params.yaml")
        commit(project, "Born")
        steps = Steps()
        steps.run("install", ["uv", "sync"], project)
        steps.run("train", ["uv", "run", "dvc", "repro"], project)

    with alone(shared / "trained.lock"):
        project = made_once(shared / "trained", tmp_path_factory.mktemp("make"), make)
        Steps().run("install", ["uv", "sync"], project)  # it has moved since it was installed
    return project


@pytest.fixture(scope="session")
def two_versions(trained: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two registered versions; nobody may change it."""
    with alone(shared / "two-versions.lock"):
        workshop = tmp_path_factory.mktemp("make")
        return made_once(
            shared / "two-versions", workshop, lambda project: make_two_versions(trained, project)
        )


@pytest.fixture(scope="session")
def with_ray(render: Render, trained: Path, shared: Path, tmp_path_factory: Any) -> Path:
    """The trained project with Ray, installed; nobody may change it."""

    def make(project: Path) -> None:
        shutil.copytree(render(EVERY_TARGET | {"scale_out": "ray"}), project)
        for name in ("data", "features", "models"):
            shutil.copytree(trained / name, project / name, dirs_exist_ok=True)
        commit(project, "Born, with a model")

    with alone(shared / "with-ray.lock"):
        project = made_once(shared / "trained-ray", tmp_path_factory.mktemp("make"), make)
        if not (project / ".venv").exists():
            Steps().run("install", ["uv", "sync"], project)
    return project


@pytest.fixture
def project(trained: Path, tmp_path: Path) -> Path:
    """A copy of the project, to be spoilt at will."""
    return Path(shutil.copytree(trained, tmp_path / "project", ignore=NEEDLESS))


def made_once(place: Path, workshop: Path, make: Callable[[Path], None]) -> Path:
    """Return a folder that the first caller makes; other processes see it whole or not at all."""
    if place.exists():
        return place
    make(workshop / "made")
    try:
        (workshop / "made").rename(place)
    except OSError:
        if not place.exists():
            raise
    return place


def train_shortly(params: Path) -> None:
    """Make a training short; all else in the file stays, so that updates can merge it."""
    text = params.read_text("utf-8").replace("rounds: 120", "rounds: 60")
    params.write_text(text.replace("trials: 4", "trials: 1"), "utf-8")
    read = yaml.safe_load(params.read_text("utf-8"))
    assert (read["train"]["rounds"], read["search"]["trials"]) == (60, 1)


@contextmanager
def alone(lock: Path, patience_s: int = 900) -> Iterator[None]:
    """Hold a lock among processes: what takes minutes is not done twice at the same time."""
    end = time.monotonic() + patience_s
    while True:
        try:
            lock.mkdir()
            break
        except FileExistsError:
            assert time.monotonic() < end, f"{lock} was held for more than {patience_s} s"
            time.sleep(0.2)
    try:
        yield
    finally:
        lock.rmdir()
