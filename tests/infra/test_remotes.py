"""Data and models are pushed to a store of each kind and pulled into another clone."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checkout import git
from tests.conftest import Render
from tests.infra.engine import require_tools
from tests.infra.remotes import with_results
from tests.infra.stores import STORES, Store
from tools.steps import environment

pytestmark = pytest.mark.slow
FOREIGN = ("AWS_", "AZURE_", "GOOGLE_", "STORAGE_", "SSH_")
NAMES = [f"models/{name}" for name in ("model.onnx", "model.json", "card.md")]
NAMES += [f"data/processed/{name}.parquet" for name in ("train", "validation", "test")]


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store of each kind."""
    require_tools("unshare", "nsenter", "setpriv", "ip")
    (tmp_path / "store").mkdir()
    with STORES[request.param](tmp_path / "store") as running:
        yield running


@pytest.fixture
def project(store: Store, render: Render, trained: Path, tmp_path: Path) -> Path:
    """A trained project configured for the store."""
    answers = {"dvc_remote": store.kind, "dvc_remote_url": store.url}
    folder = with_results(render(answers), trained, tmp_path / "project")
    if store.prepare:
        done = python(folder, store, store.keys, "-c", store.prepare)
        assert done.returncode == 0, done.stderr
    return folder


def python(
    project: Path, store: Store, keys: dict[str, str], *words: str, at: Path | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run the project's Python in the network of the store."""
    own = {name: text for name, text in environment().items() if not name.startswith(FOREIGN)}
    return subprocess.run(
        [*store.inside, str(project / ".venv/bin/python"), *words],
        cwd=at or project, env=own | keys, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_another_clone_pulls_what_was_pushed_and_errors_name_their_cause(
    store: Store, project: Path, tmp_path: Path
) -> None:
    refused = python(project, store, store.wrong, "-m", "dvc", "push")
    assert refused.returncode != 0
    assert store.refused in refused.stderr

    pushed = python(project, store, store.keys, "-m", "dvc", "push")
    assert pushed.returncode == 0, pushed.stderr
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(project), str(clone))
    pulled = python(project, store, store.keys, "-m", "dvc", "pull", at=clone)
    assert pulled.returncode == 0, pulled.stderr
    assert [(clone / n).read_bytes() for n in NAMES] == [(project / n).read_bytes() for n in NAMES]
    assert git(clone, "status", "--porcelain") == ""

    elsewhere = ["-m", "dvc", "remote", "modify", "--local", "storage", "url", store.nowhere]
    assert python(project, store, store.keys, *elsewhere).returncode == 0
    lost = python(project, store, store.keys, "-m", "dvc", "push")
    assert lost.returncode != 0
    assert store.missing in lost.stderr
