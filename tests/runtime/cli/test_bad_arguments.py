"""What was mistyped or cannot be done ends with one line and no traceback."""

import json
import os
from pathlib import Path

import pytest

from tests.runtime import example
from tests.runtime.cli.command_runner import ask, run

MISTYPED = [
    (("replay", "--until", "soon"), "'soon', allowed is a day such as 2013-10-01"),
    (("retrain", "--now", "2013-02-30"), "'2013-02-30', allowed is a day such as 2013-10-01"),
    (("trigger", "--now", "soon"), "'soon', allowed is a day such as 2013-10-01"),
    (("promote", "v0.1.0", "--stage", "A b"), "'A b', allowed are a-z, 0-9 and - between them"),
    (("serve", "--port", "x"), "Invalid value for '--port'"),
    (("example", "many"), "'many' is not a valid int"),
    (("score", "rows"), "Missing argument 'OUTPUT'"),
    (("canary", "web"), "No such command 'web'"),
    (("prepare", "again"), "Got unexpected extra argument(s) (again)"),
    (("train", "--fast"), "No such option: --fast"),
    (("nonsense",), "No such command 'nonsense'"),
]


@pytest.mark.parametrize(("words", "told"), MISTYPED)
def test_what_a_command_does_not_take_is_told(words: tuple[str, ...], told: str) -> None:
    asked = ask(*words)
    assert asked.exit_code == 2
    assert told in " ".join(asked.output.replace("│", " ").split())


def last(text: str) -> str:
    return text.splitlines()[-1]


def test_a_step_outside_of_a_project_ends_with_one_line(tmp_path: Path) -> None:
    done = run("ingest", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "error: modelyard ingest works in a project: cd PROJECT, then uv run modelyard ingest\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_setting_out_of_range_ends_a_step_with_one_line(workspace: Path) -> None:
    params = (workspace / "params.yaml").read_text("utf-8")
    (workspace / "params.yaml").write_text(params.replace("bins: ", "bins: -"), "utf-8")
    done = run("features", folder=workspace)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: params.yaml: features.bins is -")
    assert done.stderr.count("\n") == 1


def test_a_schema_that_contradicts_itself_is_told_without_a_traceback(
    workspace: Path, made: Path
) -> None:
    package = workspace / "src" / "shop"
    package.mkdir(parents=True)
    text = (made / "src/flight_delays/schema.py").read_text("utf-8")
    (package / "schema.py").write_text(text.replace('key="flight_id"', 'key="seats"'), "utf-8")
    (package / "__init__.py").write_text("", "utf-8")
    place = os.pathsep.join([str(workspace / "src"), str(example.RUNTIME.parent)])
    done = run("--project", "shop", "prepare", folder=workspace, PYTHONPATH=place)
    assert done.returncode == 1
    assert done.stderr == (
        "error: schema.py: the key seats must be a required Text, it is a not required Number\n"
    )


def test_a_project_that_is_not_there_is_told(made: Path) -> None:
    done = run("--project", "shop", "example", folder=made)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: there is no module shop, the project needs shop.schema\n"


def test_a_step_that_ends_well_has_the_exit_code_0(workspace: Path) -> None:
    done = run("evaluate", folder=workspace)
    assert (done.returncode, done.stderr) == (0, "")
    assert last(done.stdout).startswith("evaluate: ")


def test_a_refused_candidate_has_the_exit_code_1(workspace: Path) -> None:
    params = (workspace / "params.yaml").read_text("utf-8")
    high = params.replace("floors:\n    roc_auc: 0.62", "floors:\n    roc_auc: 0.99")
    assert high != params
    (workspace / "params.yaml").write_text(high, "utf-8")
    done = run("gate", folder=workspace)
    assert done.returncode == 1
    assert last(done.stderr).startswith("error: the candidate is refused; models/model.onnx is")


def test_example_prints_the_body_of_a_request(made: Path) -> None:
    done = run("example", "3", folder=made)
    assert (done.returncode, len(json.loads(done.stdout)["rows"])) == (0, 3)


@pytest.mark.parametrize("count", ["0", "1001"])
def test_as_many_examples_as_there_are_can_be_asked(count: str, made: Path) -> None:
    done = run("example", count, folder=made)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: {count} examples asked, allowed are 1 to 1000\n"
