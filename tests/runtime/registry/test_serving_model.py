"""The model that serves according to the registry, from clones as a CI host has them."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from modelyard.cli import watch
from modelyard.console import UserError, run
from modelyard.files import read_json
from modelyard.monitoring import report
from modelyard.registry import actions
from modelyard.registry.backend import Backend, open_backend
from modelyard.registry.git_tags import GitTags
from modelyard.registry.install import serving_model

from tests.runtime.example import PACKAGE
from tests.runtime.registered import DAYS, git, make_model, register

Clone = Callable[..., Path]


@pytest.fixture
def versions(registry: Backend) -> list[str]:
    """Versions of two models: v0.1.0 serves prod, v0.2.0 is registered."""
    names = [register(registry), register(registry, "second", day=1)]
    actions.promote(registry, names[0], "prod", "Ada", DAYS[1])
    return names


@pytest.fixture
def clone(
    versions: list[str], repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Clone:
    """Return a function that clones a bare repository, by default with all models in DVC's remote.

    The clone is the working folder; its working tree has no file of a model.
    """
    bare, remote = tmp_path / "origin.git", tmp_path / "remote"
    monkeypatch.delenv("MODEL_DIR", raising=False)

    def make(*options: str, stored: bool = True) -> Path:
        dvc("remote", "add", "--default", "store", str(remote))
        if stored:
            shutil.copytree(".dvc/cache", remote)
        git("commit", "--quiet", "--all", "--message", "Remote")
        git("clone", "--quiet", "--bare", ".", str(bare))
        git("clone", "--quiet", *options, f"file://{bare}", str(tmp_path / "clone"))
        monkeypatch.chdir(tmp_path / "clone")
        assert not Path("models/model.json").exists()
        return tmp_path / "clone"

    return make


def dvc(*words: str) -> None:
    subprocess.run(["python", "-m", "dvc", *words], check=True, capture_output=True)


def served(folder: Path) -> str:
    return (folder / "model.onnx").read_text("utf-8")


def test_in_a_clone_the_promoted_version_is_read_from_the_remote(clone: Clone) -> None:
    clone()
    folder, source, since = serving_model(PACKAGE)
    assert (served(folder), since) == ("model first", date(2024, 5, 2))
    assert source == "v0.1.0, which serves prod since 2024-05-02"
    assert watch.serving_model(PACKAGE) == (folder, source, since)
    assert read_json(folder / "reference.json", "") == {}


def test_a_promotion_and_a_rollback_change_the_model(clone: Clone) -> None:
    clone()
    registry = open_backend(PACKAGE)
    actions.promote(registry, "v0.2.0", "prod", "Ada", DAYS[2])
    assert served(serving_model(PACKAGE)[0]) == "model second"
    actions.roll_back(registry, "prod", "Ada", "2024-05-09T23:30:00-02:00")
    folder, _, since = serving_model(PACKAGE)
    assert (served(folder), since) == ("model first", date(2024, 5, 10))  # of the day in UTC


def test_a_stage_other_than_prod_is_not_monitored(clone: Clone) -> None:
    clone()
    actions.promote(open_backend(PACKAGE), "v0.2.0", "test", "Ada", DAYS[2])
    assert served(serving_model(PACKAGE)[0]) == "model first"


def test_model_dir_is_taken_if_it_is_set(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    clone()
    monkeypatch.setenv("MODEL_DIR", "models")
    assert serving_model(PACKAGE) == (Path("models"), "MODEL_DIR is models", None)
    monkeypatch.setenv("MODEL_DIR", " ")
    assert serving_model(PACKAGE)[1].startswith("v0.1.0")


def test_before_a_promotion_it_is_the_accepted_model(registry: Backend) -> None:
    register(registry)
    expected = "models, as nothing was promoted to prod yet"
    assert serving_model(PACKAGE) == (Path("models"), expected, None)


def test_below_level_2_there_is_no_registry(registry: Backend) -> None:
    make_model("second")
    text = Path("pyproject.toml").read_text("utf-8")
    Path("pyproject.toml").write_text(text.replace("level = 3", "level = 1"), "utf-8")
    Path("params.yaml").touch()
    assert watch.serving_model(PACKAGE) == (Path("models"), "in models", None)


def monitor() -> Any:
    with pytest.raises(SystemExit) as ended:
        run(partial(watch.monitor))
    return ended.value.code


def test_without_the_models_files_monitoring_is_an_error(
    clone: Clone, capsys: pytest.CaptureFixture[str]
) -> None:
    clone(stored=False)
    assert monitor() == 1
    assert "error: cannot read the model of " in capsys.readouterr().err
    assert not report.MONITORING.exists()


def test_a_shallow_clone_is_an_error_as_it_has_no_versions(clone: Clone) -> None:
    clone("--depth=1")
    with pytest.raises(
        UserError, match="a shallow clone lacks the versions; git fetch --unshallow"
    ):
        serving_model(PACKAGE)


def test_without_a_repository_the_monitor_takes_the_accepted_model_and_the_registry_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MODEL_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    found = serving_model(PACKAGE)
    assert found == (
        Path("models"),
        "models, as there is no git repository, and so no registry",
        None,
    )
    with pytest.raises(UserError, match="needs a git repository; run: git init"):
        GitTags().versions()
