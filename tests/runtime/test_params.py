import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from modelyard import params_sections
from modelyard.console import UserError
from modelyard.models.search import list_trials
from modelyard.params import OPTIONAL, parse, read_params
from modelyard.params_operation import Batch, Canary, Edge, Monitoring, Retrain
from modelyard.params_sections import History, Section, Serving


@pytest.fixture
def content() -> dict[str, Any]:
    """Content of this project's `params.yaml`."""
    return dict(yaml.safe_load(Path("params.yaml").read_text("utf-8")))


def test_the_projects_own_file_is_valid(content: dict[str, Any]) -> None:
    assert read_params().model_dump(mode="json")["train"] == content["train"]


OUT_OF_RANGE = [
    ("data", "max_rejected_share", 1.5, "less than or equal to 1"),
    ("data", "as_of", "soon", "valid date"),
    ("split", "test", 1.4, "less than 1"),
    ("split", "validation", 0, "greater than 0"),
    ("features", "bins", 1, "greater than or equal to 2"),
    ("train", "rounds", 0, "greater than or equal to 1"),
    ("train", "checkpoint_every", -5, "greater than or equal to 1"),
    ("train", "seed", -1, "greater than or equal to 0"),
    ("train", "divergence", 1, "greater than 1"),
    ("search", "trials", "many", "valid integer"),
    ("decision", "threshold", 1.01, "less than or equal to 1"),
    ("gate", "min_slice_rows", 0, "greater than or equal to 1"),
    ("gate", "max_parity_gap", 0, "greater than 0"),
    ("monitoring", "window_days", 0, "greater than or equal to 1"),
    ("monitoring", "max_psi", 0, "greater than 0"),
    ("monitoring", "max_broken_share", 2, "less than or equal to 1"),
    ("monitoring", "cool_down_days", -1, "greater than or equal to 0"),
    ("split", "frozen", 0, "greater than 0"),
    ("split", "frozen", 1.1, "less than or equal to 1"),
    ("canary", "prod_approval", True, "'required' or false"),
    ("canary", "prod_approval", "never", "'required' or false"),
    ("canary", "prod_approval", None, "'required' or false"),
]


@pytest.mark.parametrize(("section", "name", "value", "allowed"), OUT_OF_RANGE)
def test_a_value_out_of_range_is_named_with_what_is_allowed(
    content: dict[str, Any], section: str, name: str, value: Any, allowed: str
) -> None:
    content[section] = content[section] | {name: value}
    with pytest.raises(UserError) as refused:
        parse(content, "params.yaml")
    assert str(refused.value).startswith(f"params.yaml: {section}.{name} is {value!r}: ")
    assert allowed in str(refused.value)


def test_an_unknown_name_is_refused(content: dict[str, Any]) -> None:
    content["train"] = content["train"] | {"round": 5}
    with pytest.raises(
        UserError, match=r"params\.yaml: train\.round is not known, allowed are seed, "
    ):
        parse(content, "params.yaml")


def test_a_missing_setting_is_named(content: dict[str, Any]) -> None:
    del content["train"]["seed"]
    with pytest.raises(UserError, match=r"params\.yaml: train\.seed is missing$"):
        parse(content, "params.yaml")


def test_a_misspelt_name_is_reported_rather_than_the_missing_one(content: dict[str, Any]) -> None:
    content["train"]["sede"] = content["train"].pop("seed")
    with pytest.raises(
        UserError, match=r"params\.yaml: train\.sede is not known, allowed are seed"
    ):
        parse(content, "params.yaml")


def test_a_misspelt_section_is_reported_with_the_known_ones(content: dict[str, Any]) -> None:
    content["splitt"] = content.pop("split")
    with pytest.raises(
        UserError, match=r"params\.yaml: splitt is not known, allowed are data, split"
    ):
        parse(content, "params.yaml")


def test_a_value_of_a_union_type_is_reported_with_all_types(content: dict[str, Any]) -> None:
    content["train"]["candidate"] = {"rate": date(2026, 1, 1)}
    with pytest.raises(UserError, match=r"train\.candidate\.rate is datetime\.date.* valid json"):
        parse(content, "params.yaml")


def test_settings_may_be_lists_and_nested(content: dict[str, Any]) -> None:
    nested = {"layers": [64, 32], "kernel": {"name": "rbf", "scale": [0.5, None]}}
    content["train"]["candidate"] = nested
    content["search"]["space"] = {"layers": [[64, 32], [16]], "kernel": [{"name": "linear"}]}
    params = parse(content, "params.yaml")
    assert params.train.candidate == nested
    trials = list_trials(params.train, params.search.model_copy(update={"trials": 9}))
    assert [trial["layers"] for trial in trials] == [[64, 32], [64, 32], [16]]


def test_an_empty_file_is_reported_with_the_sections() -> None:
    with pytest.raises(
        UserError, match=r"^params\.yaml: the file is empty, allowed are data, split"
    ):
        parse(None, "params.yaml")


def test_a_file_that_is_not_utf_8_is_reported_with_the_byte(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_bytes(b"a: \xff\n")
    with pytest.raises(
        UserError, match=r"params\.yaml is not UTF-8: byte 0xff at position 3; save"
    ):
        read_params(tmp_path / "params.yaml")


@pytest.mark.parametrize("content", [None, [], "text", 5])
def test_a_file_that_holds_no_sections_is_refused(content: Any) -> None:
    with pytest.raises(UserError, match=r"params\.yaml: the file is "):
        parse(content, "params.yaml")


def test_a_file_that_is_no_yaml_is_refused_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text("train: [1,\n", "utf-8")
    with pytest.raises(UserError, match=r"params\.yaml is not YAML: line 2: expected[^\n]*$"):
        read_params(tmp_path / "params.yaml")


def test_a_missing_file_says_where_to_run(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"does not exist; run this in the project's folder"):
        read_params(tmp_path / "params.yaml")


def test_the_test_rows_can_never_be_all_rows(content: dict[str, Any]) -> None:
    content["split"] |= {"validation": 0.5, "test": 0.5}
    with pytest.raises(UserError, match="validation and test leave no rows for training"):
        parse(content, "params.yaml")


OPTIONAL_SECTIONS: list[type[Section]] = [Monitoring, Batch, Edge, Retrain, Canary]


@pytest.mark.parametrize("kind", OPTIONAL_SECTIONS)
def test_a_section_of_operation_is_also_found_beside_those_of_the_pipeline(kind: Any) -> None:
    assert getattr(params_sections, kind.__name__) is kind


def test_a_section_that_does_not_exist_is_found_nowhere() -> None:
    with pytest.raises(AttributeError, match="Hats"):
        _ = params_sections.Hats


@pytest.mark.parametrize("kind", OPTIONAL_SECTIONS)
def test_the_section_of_a_target_or_level_is_given_by_its_class(kind: type[Section]) -> None:
    assert isinstance(read_params().section(kind), kind)


@pytest.mark.parametrize("kind", OPTIONAL_SECTIONS)
def test_a_required_section_that_is_missing_is_named(
    kind: type[Section], content: dict[str, Any]
) -> None:
    name = kind.__name__.lower()
    del content[name]
    with pytest.raises(UserError, match=rf"^params\.yaml: {name} is missing$"):
        parse(content, "params.yaml").section(kind)


CHOSEN = [
    ("monitoring", 3, "edge", "the target rest or batch"),
    ("batch", 3, "rest", "the target batch"),
    ("edge", 3, "rest", "the target edge"),
    ("retrain", 1, "rest", "automation level 2"),
    ("gate.serving", 1, "rest", "automation level 2"),
    ("gate.history", 1, "rest", "automation level 2"),
    ("canary", 2, "rest", "automation level 3"),
]


@pytest.mark.parametrize(("section", "level", "target", "required_by"), CHOSEN)
def test_a_section_of_what_was_not_chosen_is_refused_with_its_requirement(
    section: str, level: int, target: str, required_by: str, content: dict[str, Any],
    workspace: Path,
) -> None:  # fmt: skip
    choose(workspace, level, target)
    others = [one for one in OPTIONAL if one != section]
    content["gate"] = {n: v for n, v in content["gate"].items() if f"gate.{n}" not in others}
    held = {name: value for name, value in content.items() if name not in others}
    message = f"params.yaml: {section} is not known here, it requires {required_by}"
    with pytest.raises(UserError, match=f"^{re.escape(message)}$"):
        parse(held, "params.yaml")


def test_the_known_sections_are_those_of_what_was_chosen(
    content: dict[str, Any], workspace: Path
) -> None:
    choose(workspace, 2, "rest")
    held = {name: value for name, value in content.items() if name not in OPTIONAL}
    message = r"hats is not known, .*, gate, monitoring, retrain$"
    with pytest.raises(UserError, match=message):
        parse(held | {"hats": {}}, "params.yaml")


def choose(folder: Path, level: int, target: str) -> None:
    """Give the project in a folder another level, and one target."""
    file = folder / "pyproject.toml"
    text = re.sub(r"(?m)^level = 3$", f"level = {level}", file.read_text("utf-8"))
    file.write_text(re.sub(r"(?m)^targets = .*$", f'targets = ["{target}"]', text), "utf-8")


def test_a_misspelt_setting_of_an_optional_section_is_reported_with_the_known_ones(
    content: dict[str, Any],
) -> None:
    content["batch"] = content["batch"] | {"maximum": 1}
    with pytest.raises(UserError, match=r"^params\.yaml: batch\.maximum is not known, allowed are"):
        parse(content, "params.yaml")


@pytest.mark.parametrize("kind", [Serving, History])
def test_a_required_part_of_the_gate_that_is_missing_is_named(
    kind: type[Section], content: dict[str, Any]
) -> None:
    name = kind.__name__.lower()
    assert isinstance(parse(content, "params.yaml").gate.section(kind), kind)
    content["gate"] = {one: asked for one, asked in content["gate"].items() if one != name}
    with pytest.raises(UserError, match=rf"^params\.yaml: gate\.{name} is missing$"):
        parse(content, "params.yaml").gate.section(kind)


def test_a_misspelt_setting_of_a_part_of_the_gate_is_reported_with_the_known_ones(
    content: dict[str, Any],
) -> None:
    content["gate"] = content["gate"] | {"history": {"latest": 1}}
    message = r"^params\.yaml: gate\.history\.latest is not known, allowed are last, tolerance, "
    with pytest.raises(UserError, match=message):
        parse(content, "params.yaml")
