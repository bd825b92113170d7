"""Invalid command lines and failing commands end with one line and no traceback."""

import json
import os
from pathlib import Path

import pytest

from tests.runtime import example
from tests.runtime.cli.command_runner import invoke, run_process

INVALID = [
    (("replay", "--until", "soon"), "'soon' is not a date such as 2013-10-01"),
    (("retrain", "--now", "2013-02-30"), "'2013-02-30' is not a date such as 2013-10-01"),
    (("trigger", "--now", "soon"), "'soon' is not a date such as 2013-10-01"),
    (("promote", "v0.1.0", "--stage", "A b"), "'A b' may hold only a-z, 0-9 and - between them"),
    (("serve", "--port", "x"), "Invalid value for '--port'"),
    (("example", "many"), "'many' is not a valid int"),
    (("score", "rows"), "Missing argument 'OUTPUT'"),
    (("canary", "web"), "No such command 'web'"),
    (("prepare", "again"), "Got unexpected extra argument(s) (again)"),
    (("train", "--fast"), "No such option: --fast"),
    (("nonsense",), "No such command 'nonsense'"),
]


@pytest.mark.parametrize(("words", "message"), INVALID)
def test_invalid_arguments_are_reported_with_exit_code_2(
    words: tuple[str, ...], message: str
) -> None:
    result = invoke(*words)
    assert result.exit_code == 2
    assert message in " ".join(result.output.replace("│", " ").split())


def last_line(text: str) -> str:
    return text.splitlines()[-1]


def test_a_stage_outside_of_a_project_fails_with_one_line(tmp_path: Path) -> None:
    done = run_process("ingest", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "error: modelyard ingest runs inside a project: cd PROJECT, then uv run modelyard ingest\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_an_invalid_setting_fails_with_one_line(workspace: Path) -> None:
    params = (workspace / "params.yaml").read_text("utf-8")
    (workspace / "params.yaml").write_text(params.replace("bins: ", "bins: -"), "utf-8")
    done = run_process("features", folder=workspace)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: params.yaml: features.bins is -")
    assert done.stderr.count("\n") == 1


def test_an_inconsistent_schema_fails_without_a_traceback(workspace: Path, made: Path) -> None:
    package = workspace / "src" / "shop"
    package.mkdir(parents=True)
    text = (made / "src/flight_delays/schema.py").read_text("utf-8")
    (package / "schema.py").write_text(text.replace('key="flight_id"', 'key="seats"'), "utf-8")
    (package / "__init__.py").write_text("", "utf-8")
    place = os.pathsep.join([str(workspace / "src"), str(example.RUNTIME.parent)])
    done = run_process("--project", "shop", "prepare", folder=workspace, PYTHONPATH=place)
    assert done.returncode == 1
    assert done.stderr == (
        "error: schema.py: key seats is an optional Number, allowed is a required Text\n"
    )


def test_a_missing_project_is_named_in_the_error(made: Path) -> None:
    done = run_process("--project", "shop", "example", folder=made)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: no module shop, the project needs shop.schema\n"


def test_a_successful_stage_exits_with_code_0(workspace: Path) -> None:
    done = run_process("evaluate", folder=workspace)
    assert (done.returncode, done.stderr) == (0, "")
    assert last_line(done.stdout).startswith("evaluate: ")


def test_a_refused_candidate_exits_with_code_1(workspace: Path) -> None:
    params = (workspace / "params.yaml").read_text("utf-8")
    high = params.replace("floors:\n    roc_auc: 0.62", "floors:\n    roc_auc: 0.99")
    assert high != params
    (workspace / "params.yaml").write_text(high, "utf-8")
    done = run_process("gate", folder=workspace)
    assert done.returncode == 1
    assert last_line(done.stderr).startswith(
        "error: the candidate is refused; models/model.onnx is"
    )


def test_example_prints_the_body_of_a_request(made: Path) -> None:
    done = run_process("example", "3", folder=made)
    assert (done.returncode, len(json.loads(done.stdout)["rows"])) == (0, 3)


@pytest.mark.parametrize("count", ["0", "1001"])
def test_a_number_of_examples_out_of_range_is_refused(count: str, made: Path) -> None:
    done = run_process("example", count, folder=made)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: {count} examples requested, allowed are 1 to 1000\n"
