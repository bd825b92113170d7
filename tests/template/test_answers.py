"""Tests for answers: any text is either refused with a remedy or rendered correctly."""

import keyword
import re
import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from copier import run_copy
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.checkout import ROOT
from tests.conftest import Render
from tests.template import rendered_checks

HOSTILE = [
    "O'Neil & \"Söhne\" '''x''' \"\"\"",
    "a: b, - c # no comment",
    "- *alias &anchor !tag % @ [a, {b: c}]",
    "back\\slash \\n \\u0041 %(name)s %s {0} \\",
    "Ça va? 日本 \U0001f6eb \U0001f468\u200d\U0001f680 <b>bold</b>",
    "{{ 7 * 7 }} {% raw %} {# note #}",
    "${HOME} $(id) `id` ; rm -rf x | tee && !!",
    "yes",
    "null",
    "1e3",
    "2013-01-01",
    "~",
    "=1+1",
]
FIELDS = ["project_name", "description", "author"]


@pytest.fixture(scope="session")
def questionnaire(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a template with the real questions but only the answers file."""
    folder = tmp_path_factory.mktemp("questionnaire")
    for name in ("copier.yml", "includes"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    (folder / "template").mkdir()
    answers = folder / "template" / "{{ _copier_conf.answers_file }}.jinja"
    answers.write_text("{{ _copier_answers | to_json }}", "utf-8")
    return folder


def record(questionnaire: Path, folder: Path, **answers: Any) -> dict[str, Any]:
    """Return the answers that Copier records."""
    shutil.rmtree(folder, ignore_errors=True)
    run_copy(str(questionnaire), folder, data=answers, defaults=True, quiet=True)
    recorded: dict[str, Any] = yaml.safe_load((folder / ".copier-answers.yml").read_text("utf-8"))
    return recorded


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_text_with_special_characters_is_rendered_correctly(number: int, render: Render) -> None:
    rotated = [HOSTILE[(number + step) % len(HOSTILE)] for step in range(len(FIELDS))]
    answers = dict(zip(FIELDS, rotated, strict=True))
    project = render(answers | {"package_name": "flight_delays"})

    assert rendered_checks.unparsed(project) == []
    assert rendered_checks.unlinted(project) == []
    recorded = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    assert {name: recorded[name] for name in FIELDS} == answers
    described = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]
    assert described["description"] == answers["description"]
    assert described["authors"] == [{"name": answers["author"]}]
    assert answers["author"] in (project / "LICENSE").read_text("utf-8").splitlines()[2]
    assert (project / "README.md").read_text("utf-8").startswith(f"# {answers['project_name']}\n")


TYPE_PACKAGE = "Type 2 to 30 lower-case letters, digits or underscores, beginning with a letter"
TYPE_ANOTHER = "Type another name, for example"

REFUSED = [
    *[
        ({"package_name": word}, TYPE_PACKAGE)
        for word in ("", "a", "Flight", "1st", "_a", "a-b", "a b", "a" * 31, "é_a", "a.b", "ab\n")
    ],
    *[
        ({"package_name": word}, TYPE_ANOTHER)
        for word in ("class", "import", "json", "test", "numpy", "sklearn", "tests", "con", "lpt1")
    ],
    *[
        ({"package_name": word}, TYPE_ANOTHER)
        for word in ("modelyard", "modelyard_lifecycle")
    ],
    *[
        ({field: word}, text)
        for field, text in (
            ("project_name", "Type a name of 1 to 60 characters on one line"),
            ("description", "Type a sentence of 1 to 200 characters on one line"),
            ("author", "Type a name of 1 to 100 characters on one line"),
        )
        for word in ("", " ", " a", "a ", "a\nb", "a\tb", "a\x00b", "a\x85b", "a\u2028b", "a" * 201)
    ],
    ({"serving_targets": []}, "Choose at least one of: rest, batch, edge"),
    *[
        ({"dvc_remote": "s3", "dvc_remote_url": url}, "Type a URL that begins with s3://")
        for url in ("", "s3://", "gs://b", "s3:/b", "s3://a b", "s3://a'", 's3://a"', "s3://a\nb", "s3://#a")
    ],
    ({"dvc_remote": "azure"}, "for example: azure://my-container/flights"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "text"), REFUSED, ids=str)
def test_an_invalid_answer_is_refused_with_a_remedy(
    answers: dict[str, Any], text: str, questionnaire: Path, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="Validation error") as refusal:
        record(questionnaire, tmp_path / "new", **answers)
    assert text in " ".join(str(refusal.value).split())
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "answers",
    [
        {"package_name": "ab"},
        {"package_name": "a" * 30},
        {"package_name": "tests_2"},
        {"project_name": "é" * 60},
        {"description": "a" * 200},
        {"serving_targets": ["edge"]},
        {"dvc_remote": "ssh", "dvc_remote_url": "ssh://me@host:2222/srv/a~b"},
        {"dvc_remote": "azure", "dvc_remote_url": "azure://box/path.v1"},
        {"python_version": "3.13", "automation_level": 3},
    ],
    ids=str,
)
def test_a_valid_answer_is_recorded_unchanged(
    answers: dict[str, Any], questionnaire: Path, tmp_path: Path
) -> None:
    recorded = record(questionnaire, tmp_path / "new", **answers)
    assert answers.items() <= recorded.items()


@pytest.mark.parametrize(
    ("project_name", "package_name"),
    [
        ("Flight Delays", "flight_delays"),
        ("  Two   words".strip(), "two_words"),
        ("Élan vital!", "elan_vital"),
        ("Überfall-Prognose", "ueberfall_prognose"),
        ("Income \u0045\u0301tude", "income_etude"),  # decomposed
        ("Gro\u00dfe Mu\u0308he", "grosse_muehe"),
        ("Łódź & Čačak", "lodz_cacak"),
        ("Dự báo", "du_bao"),
        ("2 Fast", "project_2_fast"),
        ("NumPy", "numpy_project"),
        ("日本", "project"),
        ("x", "project"),
        ("Thirty letters are quite enough for us", "thirty_letters_are_quite_enoug"),
    ],
)
def test_the_default_package_name_is_derived_from_the_project_name(
    project_name: str, package_name: str, questionnaire: Path, tmp_path: Path
) -> None:
    recorded = record(questionnaire, tmp_path / "new", project_name=project_name)
    assert recorded["package_name"] == package_name


@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=60))
@example("con")
@example("2")
@example("_" * 60)
@example("multiprocessing")
def test_any_project_name_gives_an_importable_package_name(
    questionnaire: Path, tmp_path: Path, project_name: str
) -> None:
    package = record(questionnaire, tmp_path / "new", project_name=project_name)["package_name"]
    assert package.isidentifier()
    assert package not in sys.stdlib_module_names
    assert not keyword.iskeyword(package)


def test_an_answer_to_a_question_that_is_not_asked_changes_no_file(render: Render) -> None:
    plain, leaked = render({}), render({"scale_out": "ray"})
    assert rendered_checks.differing(plain, leaked) == []


def test_the_reserved_names_include_the_standard_library_and_our_dependencies() -> None:
    reserved = set((ROOT / "includes" / "names" / "reserved.txt").read_text("utf-8").split())
    taken = {*sys.stdlib_module_names, *keyword.kwlist, *dependencies()}
    assert {name for name in taken if name.islower() and name[0] != "_"} - reserved == set()


def dependencies() -> set[str]:
    """Return the import names of all dependencies, derived from their distribution names."""
    text = (ROOT / "template" / "pyproject.toml.jinja").read_text("utf-8")
    words = [line.strip().strip('",') for line in text.splitlines() if line.startswith('  "')]
    names = {re.split(r"[>.\[]", word)[0].replace("-", "_") for word in words}
    assert {"polars", "pytest", "fastapi"} <= names
    return names
