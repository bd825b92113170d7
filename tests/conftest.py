"""Shared fixtures: the template's current files, rendered projects, and a trained project."""

import hashlib
import json
import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import quick_copier
from tests.checkout import ROOT, commit, snapshot
from tests.collecting import pytest_runtestloop as pytest_runtestloop
from tests.edited_projects import copy_template
from tests.times import LONG, LONGEST
from tests.times import pytest_terminal_summary as pytest_terminal_summary
from tests.versions import make_two_versions, worker_environment
from tests.waiting import file_lock as file_lock
from tools.steps import OURS_OF_PYTEST, Steps

quick_copier.install()
# Several workers train on the same cores: waiting threads must not spin.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
Render = Callable[[Mapping[str, Any]], Path]
EVERY_TARGET = {"automation_level": 3, "serving_targets": ["rest", "batch", "edge"]}
NOT_COPIED = shutil.ignore_patterns(".venv", ".git", ".dvc")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of this suite."""
    parser.addoption(
        "--update-trees",
        action="store_true",
        help="rewrite tests/template/trees/ from the rendered projects",
    )


@pytest.hookimpl(trylast=True)  # after the slow tests have been left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files with many slow tests and other long ones first: at the end, no worker waits."""
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    order = {ROOT / "tests" / name: -rank for rank, name in enumerate(reversed(LONG), start=1)}
    first = ROOT / "tests" / LONGEST
    items.sort(key=lambda i: (i.path != first, -slow[i.path], order.get(i.path, 0)))


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_this_machine(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Isolate the tests from Copier's settings on this machine, and it from DVC's databases.

    The pytest of a project must not read what ours has read from the environment.
    """
    for name in OURS_OF_PYTEST:
        os.environ.pop(name, None)
    nothing = tmp_path_factory.mktemp("settings") / "settings.yml"
    nothing.write_text("{}\n", "utf-8")
    os.environ["COPIER_SETTINGS_PATH"] = str(nothing)
    os.environ["DVC_SITE_CACHE_DIR"] = str(shared / "dvc")


@pytest.fixture(scope="session", autouse=True)
def _mypy_reads_the_libraries_once(shared: Path) -> None:
    """Let the projects of a worker share mypy's cache, whose entries hold for the same content.

    It begins with the cache that MYPY_CACHE_DIR names, which tools/warm.py has filled.
    """
    cache = shared / f"mypy-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    filled = os.environ.get("MYPY_CACHE_DIR")
    if filled and Path(filled).is_dir():
        shutil.copytree(filled, cache, dirs_exist_ok=True)
    os.environ["MYPY_CACHE_DIR"] = str(cache)


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_reaches_what_is_started() -> None:
    """Enable Ctrl+C in child processes even if this process was started in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the session's folder, shared by all workers."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def template(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a git repository with the template's current files, tagged v0.2.0."""

    def make(folder: Path) -> None:
        snapshot(folder)
        commit(folder, "As it stands", tag="v0.2.0")

    return build_once(shared / "template", tmp_path_factory.mktemp("make"), make)


@pytest.fixture(scope="session")
def render(shared: Path, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Render:
    """Return a function that renders a project for given answers; do not change the folder.

    FastCopier renders the same files as Copier: see tests/lifecycle/test_fast_copier.py.
    """

    def rendered(answers: Mapping[str, Any]) -> Path:
        def make(folder: Path) -> None:
            copy_template(folder, template, answers)

        key = hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()[:16]
        return build_once(shared / f"render-{key}", tmp_path_factory.mktemp("make"), make)

    return rendered


@pytest.fixture(scope="session")
def trained(render: Render, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with every target, trained for a short time; do not change it."""

    def make(project: Path) -> None:
        shutil.copytree(render(EVERY_TARGET), project)
        train_shortly(project / "params.yaml")
        commit(project, "Initial commit")
        steps = Steps()
        steps.run("install", ["uv", "sync"], project)
        steps.run("train", ["uv", "run", "dvc", "repro"], project)

    with file_lock(shared / "trained.lock"):
        project = build_once(shared / "trained", tmp_path_factory.mktemp("make"), make)
        Steps().run("install", ["uv", "sync"], project)  # it has moved since it was installed
    return project


@pytest.fixture(scope="session")
def two_versions(trained: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two registered versions; do not change it."""
    with file_lock(shared / "two-versions.lock"):
        workshop = tmp_path_factory.mktemp("make")
        store = shared / "two-versions-store"
        return build_once(
            shared / "two-versions",
            workshop,
            lambda project: make_two_versions(trained, project, store),
        )


@pytest.fixture(scope="session")
def with_ray(render: Render, trained: Path, shared: Path, tmp_path_factory: Any) -> Path:
    """The trained project with Ray, installed; do not change it."""

    def make(project: Path) -> None:
        shutil.copytree(render(EVERY_TARGET | {"scale_out": "ray"}), project)
        for name in ("data", "features", "models"):
            shutil.copytree(trained / name, project / name, dirs_exist_ok=True)
        commit(project, "Initial commit, with a model")

    with file_lock(shared / "with-ray.lock"):
        project = build_once(shared / "trained-ray", tmp_path_factory.mktemp("make"), make)
        if not (project / ".venv").exists():
            Steps().run("install", ["uv", "sync"], project)
    return project


@pytest.fixture
def one_environment(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let uv install all projects of a worker into one environment; it replaces what differs."""
    for name, value in worker_environment(shared).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def project(trained: Path, tmp_path: Path) -> Path:
    """A copy of the trained project that a test may change."""
    return Path(shutil.copytree(trained, tmp_path / "project", ignore=NOT_COPIED))


def build_once(place: Path, workshop: Path, make: Callable[[Path], None]) -> Path:
    """Build a folder once for all processes and return it; it appears atomically."""
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
    """Shorten a training; the rest of the file stays the same, so that updates can merge it."""
    text = params.read_text("utf-8").replace("rounds: 120", "rounds: 60")
    params.write_text(text.replace("trials: 4", "trials: 1"), "utf-8")
    read = yaml.safe_load(params.read_text("utf-8"))
    assert (read["train"]["rounds"], read["search"]["trials"]) == (60, 1)
