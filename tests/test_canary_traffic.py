"""What falls ill before the users' eyes loses all of them, and none of them an answer."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.canaries import CANARY, python, spoilt, told, verdict
from tests.unwell import DAWDLES, FAILS, HANGS_UP, unwell
from tools.service import served

pytestmark = pytest.mark.slow
REPLAY, SHADOW = 420, 400  # requests before the first user's: 20 to warm up and 400, then 400
SOME = 8  # of the about twenty users of the first step
SEEN_BY = {
    HANGS_UP: "not answered",
    FAILS: "not answered",
    DAWDLES: " of a request",
    "X22": "scores as in the replay",
    "X32": "scores as in the replay",
}


@pytest.fixture(scope="module")
def bench(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three models and parameters that bear with a busy machine."""
    folder = tmp_path_factory.mktemp("bench")
    shutil.copytree(trained / "models", folder / "models")
    shutil.copytree(trained / "deployment", folder / "deployment")
    shutil.copy(trained / "pyproject.toml", folder)
    params = (trained / "params.yaml").read_text("utf-8")
    patient = params.replace("latency_floor_ms: 10.0", "latency_floor_ms: 150.0")
    assert patient != params
    (folder / "params.yaml").write_text(patient, "utf-8")
    for fault in ("X22", "X32"):
        spoilt(trained, folder, fault)
    return folder


@pytest.fixture(scope="module")
def services(trained: Path, bench: Path) -> Iterator[dict[str, str]]:
    """The services of the three models: name of the folder to address."""
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        found = {}
        for name in ("models", "X22", "X32"):
            patch.setenv("MODEL_DIR", str(bench / name))
            command = [*python(trained), "-m", "modelyard.serving.rest"]
            log = bench / f"{name}.log"
            found[name] = stack.enter_context(served(command, trained / "src", log))
        yield found


@pytest.mark.parametrize("illness", SEEN_BY)
def test_what_falls_ill_under_traffic_loses_all_of_it_and_no_user_an_answer(
    illness: str, trained: Path, bench: Path, services: dict[str, str]
) -> None:
    good, ill = services["models"], services.get(illness, illness)
    after = REPLAY + SHADOW + (0 if illness == DAWDLES else SOME)
    with unwell(good) as serving, unwell(good, ill, after) as candidate:
        words = ["--candidate", candidate, "--serving", serving]
        done = told(trained, bench, *CANARY, "rest", *words)
    assert done.returncode == 20, done.stdout + done.stderr
    _, checks = verdict(bench, "rest")
    assert checks["shadow: not answered"], done.stdout
    failed = [name for name, passed in checks.items() if not passed]
    assert failed, done.stdout
    assert all(name.endswith(SEEN_BY[illness]) for name in failed), done.stdout
    assert not any(name.startswith("100%") for name in checks)
    assert checks["requests after the abort"]
    assert checks["users without an answer"]


def test_a_good_model_takes_over_step_by_step_and_nobody_notices(
    trained: Path, bench: Path
) -> None:
    shutil.copytree(bench / "models", bench / "again")
    done = told(trained, bench, *CANARY, "rest", "--candidate", "again")
    assert done.returncode == 0, done.stdout + done.stderr
    said, checks = verdict(bench, "rest")
    assert said == "go"
    assert {"shadow: not answered", "5%: not answered", "100%: not answered"} <= checks.keys()
    assert {"5%: scores as in the replay", "100%: scores as in the replay"} <= checks.keys()
    assert checks["users without an answer"]
