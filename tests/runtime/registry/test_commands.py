"""The registry as it is typed: what is printed, and with which exit code it ends."""

import json
from pathlib import Path
from typing import Any

import pytest
from modelyard.choices import read_choices
from modelyard.cli.app import make_app
from modelyard.cli.components import PARTS
from modelyard.registry.backend import Publishing, open_backend
from modelyard.serving.records import append, prediction_lines

from tests.runtime.example import PACKAGE, SECTIONS
from tests.runtime.registered import make_model


def typed(words: str) -> Any:
    """Obey a command line; give its exit code."""
    with pytest.raises(SystemExit) as ended:
        make_app(read_choices())(words.split(), prog_name="modelyard")
    return ended.value.code


@pytest.fixture
def printed(repository: Path, capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    """What is printed after two versions were registered and promoted."""
    for mark in ("", "second"):
        if mark:
            make_model(mark)
        typed("register --by Ada --now 2024-05-01")
        typed(f"promote v0.{2 if mark else 1}.0 --by Ada --now 2024-05-02 --into served/prod")
    capsys.readouterr()
    return capsys


def test_a_list_has_the_newest_first_with_its_stage_and_its_metrics(
    printed: pytest.CaptureFixture[str],
) -> None:
    typed("versions")
    head, newest, oldest = printed.readouterr().out.splitlines()
    assert head.split()[:3] == ["version", "day", "stage"]
    assert newest.split()[:4] == ["v0.2.0", "2024-05-01", "prod", "accepted"]
    assert newest.endswith("roc_auc 0.5600")
    assert oldest.split()[:4] == ["v0.1.0", "2024-05-01", "-", "accepted"]


def test_a_list_for_programs_has_the_lineage(printed: pytest.CaptureFixture[str]) -> None:
    typed("versions --json")
    newest = json.loads(printed.readouterr().out)[0]
    assert newest["stages"] == ["prod"]
    assert newest["metrics"] == {"roc_auc": 0.56}
    assert newest["as_of"] == "2024-05-01"


def test_a_rollback_says_what_it_did_and_brings_the_files_back(
    printed: pytest.CaptureFixture[str],
) -> None:
    typed("rollback --by Bob --into served/prod")
    told = printed.readouterr().out
    assert told.startswith("prod is v0.1.0 (model ")
    assert told.endswith("now: model#prod#3, by Bob; its files are in served/prod\n")
    assert Path("served/prod/model.onnx").read_text("utf-8") == "model first"


def test_what_a_rule_forbids_ends_with_exit_code_20(
    printed: pytest.CaptureFixture[str],
) -> None:
    assert typed("rollback") == 0
    assert typed("rollback") == 20
    assert printed.readouterr().err.startswith("refused: no version to go back to")


def test_a_quarantine_says_where_the_version_still_serves(
    printed: pytest.CaptureFixture[str],
) -> None:
    typed("quarantine v0.2.0 --why leak")
    assert (
        "it still serves prod; go back: modelyard rollback --stage prod" in printed.readouterr().out
    )


def test_a_recorded_request_is_traced_to_model_data_code_approver_and_gate_report(
    printed: pytest.CaptureFixture[str],
) -> None:
    model = open_backend(PACKAGE).versions()[0].manifest["model"]["version"]
    lines = prediction_lines("r-7", "2024-05-02T09:00:00.000Z", model, [{}], [{"prediction": 1}])
    append(Path("reports/requests/2024-05-02/predictions-a.jsonl"), lines)
    typed("audit r-7")
    told = json.loads(printed.readouterr().out)
    assert told["prediction"] == {"request_id": "r-7", "time": "2024-05-02T09:00:00.000Z"}
    assert (told["version"], told["model"]["version"]) == ("v0.1.0", model)
    assert told["data"]["as_of"] == "2024-05-01"
    assert told["code"]["commit"] == open_backend(PACKAGE).versions()[0].commit
    assert told["approved"] == ["2024-05-02T00:00:00+00:00 by Ada: model#prod#1 (promote)"]
    assert told["gate_report"].endswith(":reports/gate.md")


def test_a_card_ends_with_the_release_and_its_history(
    printed: pytest.CaptureFixture[str],
) -> None:
    typed("card v0.1.0")
    told = printed.readouterr().out
    assert told.startswith("# Model first\n")
    assert "| gate.verdict | Accepted: 3 of 3 checks hold. |" in told
    assert "- 2024-05-02T00:00:00+00:00: promote prod, by Ada" in told


def test_a_version_is_verified_and_fetched(printed: pytest.CaptureFixture[str]) -> None:
    typed("verify prod")
    typed("fetch v0.1.0 served/old")
    told = printed.readouterr().out.splitlines()
    assert told == ["v0.2.0: all is as it was registered", "v0.1.0 is in served/old"]


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    "words", ["promote", "rollback --stage no/slash", "promote v0.1.0 --now x", "bury"]
)
def test_a_command_line_that_makes_no_sense_is_refused(words: str) -> None:
    assert typed(words) == 2


@pytest.mark.usefixtures("repository")
def test_every_command_tells_its_use_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    (commands,) = [part.commands for part in PARTS if part.module == "release"]
    for command in commands:
        assert typed(f"{command} --help") == 0
        assert f"uv run modelyard {command}" in capsys.readouterr().out


@pytest.mark.usefixtures("repository")
def test_an_error_is_one_line_and_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("show v9.0.0") == "error: there is no version 'v9.0.0'; registered are: none"


@pytest.mark.usefixtures("repository")
def test_only_a_project_whose_tracker_is_mlflow_lets_it_take_the_registry_over() -> None:
    assert typed("adopt-mlflow").startswith("error: tracker is dvclive, git's tags keep")


def test_the_example_file_names_the_setting_with_its_default() -> None:
    assert "REGISTRY_PUSH=0\n" in (SECTIONS.parent / "env" / "level2.env").read_text("utf-8")
    assert Publishing.read({"REGISTRY_PUSH": "1"}).registry_push == 1
