"""Command line of the registry: output and exit codes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from modelyard.choices import read_choices
from modelyard.cli.app import make_app
from modelyard.cli.components import COMPONENTS
from modelyard.registry.backend import RegistrySettings, open_backend
from modelyard.serving.records import append, prediction_lines

from tests.runtime.example import PACKAGE, SECTIONS
from tests.runtime.registered import make_model
from tests.runtime.registry.conftest import History


def run_command(words: str) -> Any:
    """Run a command line; return its exit code."""
    with pytest.raises(SystemExit) as ended:
        make_app(read_choices())(words.split(), prog_name="modelyard")
    return ended.value.code


def promote_two() -> None:
    """Register two versions, and promote them to prod."""
    for mark in ("", "second"):
        if mark:
            make_model(mark)
        run_command("register --by Ada --now 2024-05-01")
        run_command(f"promote v0.{2 if mark else 1}.0 --by Ada --now 2024-05-02 --into served/prod")


@pytest.fixture
def printed(
    repository_after: Callable[[History], Path], capsys: pytest.CaptureFixture[str]
) -> pytest.CaptureFixture[str]:
    """Captured output, after two versions were registered and promoted."""
    repository_after(promote_two)
    capsys.readouterr()
    return capsys


def test_versions_lists_the_newest_first_with_stage_and_metrics(
    printed: pytest.CaptureFixture[str],
) -> None:
    run_command("versions")
    head, newest, oldest, prod = printed.readouterr().out.splitlines()
    assert head.split()[:3] == ["version", "day", "stage"]
    assert newest.split()[:4] == ["v0.2.0", "2024-05-01", "prod", "accepted"]
    assert newest.endswith("roc_auc 0.5600")
    assert oldest.split()[:4] == ["v0.1.0", "2024-05-01", "-", "accepted"]
    assert prod == "prod: registry v0.2.0, delivered none DIFFERS, deployment/prod none DIFFERS"


def test_versions_as_json_has_the_lineage(printed: pytest.CaptureFixture[str]) -> None:
    run_command("versions --json")
    newest = json.loads(printed.readouterr().out)[0]
    assert newest["stages"] == ["prod"]
    assert newest["metrics"] == {"roc_auc": 0.56}
    assert newest["as_of"] == "2024-05-01"


def test_a_rollback_prints_the_version_and_installs_its_files(
    printed: pytest.CaptureFixture[str],
) -> None:
    run_command("rollback --by Bob --into served/prod")
    output = printed.readouterr().out
    assert "\nprod is v0.1.0 (model " in output
    assert output.endswith("now: model#prod#3, by Bob; its files are in served/prod\n")
    assert Path("served/prod/model.onnx").read_text("utf-8") == "model first"


def test_a_refused_action_exits_with_code_20(
    printed: pytest.CaptureFixture[str],
) -> None:
    assert run_command("rollback") == 0
    assert run_command("rollback") == 20
    assert printed.readouterr().err.startswith("refused: no version to go back to")


def test_a_quarantine_names_the_stages_that_the_version_still_serves(
    printed: pytest.CaptureFixture[str],
) -> None:
    run_command("quarantine v0.2.0 --why leak")
    assert (
        "it still serves prod; go back: modelyard rollback --stage prod" in printed.readouterr().out
    )


def test_audit_traces_a_request_to_model_data_code_approver_and_gate_report(
    printed: pytest.CaptureFixture[str],
) -> None:
    model = open_backend(PACKAGE).versions()[0].manifest["model"]["version"]
    lines = prediction_lines("r-7", "2024-05-02T09:00:00.000Z", model, [{}], [{"prediction": 1}])
    append(Path("reports/requests/2024-05-02/predictions-a.jsonl"), lines)
    run_command("audit r-7")
    output = json.loads(printed.readouterr().out)
    assert output["prediction"] == {"request_id": "r-7", "time": "2024-05-02T09:00:00.000Z"}
    assert (output["version"], output["model"]["version"]) == ("v0.1.0", model)
    assert output["data"]["as_of"] == "2024-05-01"
    assert output["code"]["commit"] == open_backend(PACKAGE).versions()[0].commit
    assert output["approved"] == ["2024-05-02T00:00:00+00:00 by Ada: model#prod#1 (promote)"]
    assert output["gate_report"].endswith(":reports/gate.md")


def test_a_card_ends_with_release_and_history(
    printed: pytest.CaptureFixture[str],
) -> None:
    run_command("card v0.1.0")
    output = printed.readouterr().out
    assert output.startswith("# Model first\n")
    assert "| gate.verdict | Accepted: 3 of 3 checks passed. |" in output
    assert "- 2024-05-02T00:00:00+00:00: promote prod, by Ada" in output


def test_verify_and_fetch(printed: pytest.CaptureFixture[str]) -> None:
    run_command("verify prod")
    run_command("fetch v0.1.0 served/old")
    output = printed.readouterr().out.splitlines()
    assert output == ["v0.2.0: all files match the manifest", "v0.1.0 is in served/old"]


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    "words", ["promote", "rollback --stage no/slash", "promote v0.1.0 --now x", "bury"]
)
def test_invalid_arguments_exit_with_code_2(words: str) -> None:
    assert run_command(words) == 2


@pytest.mark.usefixtures("repository")
def test_help_of_each_command_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    (commands,) = [component.commands for component in COMPONENTS if component.module == "release"]
    for command in commands:
        assert run_command(f"{command} --help") == 0
        assert f"uv run modelyard {command}" in capsys.readouterr().out


@pytest.mark.usefixtures("repository")
def test_an_error_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("show v9.0.0") == 1
    message = "error: there is no version 'v9.0.0'; registered versions: none\n"
    assert capsys.readouterr().err == message


@pytest.mark.usefixtures("repository")
def test_adopt_mlflow_requires_the_tracker_mlflow(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("adopt-mlflow") == 1
    message = "error: adopt-mlflow requires the tracker mlflow"
    assert capsys.readouterr().err.startswith(message)


def test_env_example_has_the_setting_with_its_default() -> None:
    assert "REGISTRY_PUSH=0\n" in (SECTIONS.parent / "env" / "level2.env").read_text("utf-8")
    assert RegistrySettings.read({"REGISTRY_PUSH": "1"}).registry_push == 1
