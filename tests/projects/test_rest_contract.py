"""A project's REST service follows its own OpenAPI document under random requests."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tools.service import running_service
from tools.steps import environment

INFRA = ROOT / "tests" / "infra"
REST = Path("modelyard", "serving", "rest")


def schemathesis(url: str, folder: Path, cases: int) -> subprocess.CompletedProcess[str]:
    """Send random requests to each operation, half of them invalid."""
    tool = ["uv", "tool", "run", "--quiet", "--from", "schemathesis>=4.30,<5", "st"]
    arguments = ["--config-file", str(INFRA / "schemathesis.toml"), "run", f"{url}/openapi.json"]
    how = ["--phases", "coverage,fuzzing", "--seed", "1", "-n", str(cases)]
    own = environment() | {"PYTHONPATH": str(INFRA), "SCHEMATHESIS_HOOKS": "rest_checks"}
    quiet = ["--no-color", "--generation-database", "none"]
    return subprocess.run(
        [*tool, *arguments, *how, *quiet], cwd=folder, env=own, capture_output=True, text=True
    )


def fuzz(trained: Path, sources: Path, folder: Path, cases: int) -> int:
    """Serve the trained model with the given sources; return Schemathesis' exit code."""
    python = ["uv", "run", "--quiet", "--no-sync", "--project", str(trained), "python"]
    with running_service(
        [*python, "-m", ".".join(REST.parts)], sources, folder / "rest.log"
    ) as url:
        done = schemathesis(url, folder, cases)
    print(done.stdout[-3000:], done.stderr[-1000:])
    return done.returncode


@pytest.fixture
def _model(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_DIR", str(trained / "models"))


@pytest.mark.slow
@pytest.mark.usefixtures("_model")
def test_all_responses_to_random_requests_follow_the_document(
    trained: Path, tmp_path: Path
) -> None:
    assert fuzz(trained, trained / "src", tmp_path, cases=100) == 0


@pytest.mark.slow
@pytest.mark.usefixtures("_model")
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("body.py", "RequestError(422, f", "RequestError(500, f"),
        ("responses.py", "\nERRORS = {\n    400: ", "\nERRORS = {\n    418: "),
        ("responses.py", '"error": self.error, "faults"', '"fault": self.error, "faults"'),
    ],
)
def test_a_response_against_the_document_is_detected(
    file: str, old: str, new: str, trained: Path, tmp_path: Path
) -> None:
    sources = Path(shutil.copytree(trained / "src", tmp_path / "src"))
    source = (sources / REST / file).read_text("utf-8")
    assert source.count(old) == 1
    (sources / REST / file).write_text(source.replace(old, new), "utf-8")
    assert fuzz(trained, sources, tmp_path, cases=20) == 1
