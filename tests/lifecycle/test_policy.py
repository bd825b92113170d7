"""Tests for `modelyard comply`, through the command line, with a violation of each rule."""

import json
from pathlib import Path

import pytest

from tests.checkout import git
from tests.lifecycle.compliant_project import (
    ANSWERS,
    NUMPY,
    POLICY,
    RULES,
    change,
    delete,
    ignore_result,
    make_compliant,
    origin,
    verdicts,
    write,
)
from tests.lifecycle.conftest import Modelyard


@pytest.fixture
def compliant(child: Path) -> Path:
    """A project that keeps all rules."""
    return make_compliant(child)


def test_a_compliant_project_keeps_all_rules(modelyard: Modelyard, compliant: Path) -> None:
    assert verdicts(modelyard, POLICY, compliant) == (0, dict.fromkeys(RULES, "kept"))
    assert git(compliant, "status", "--porcelain") == ""


VIOLATIONS = {
    "an older template": (
        "min_template_version",
        change(ANSWERS, "_commit: v1.0.0", "_commit: v0.0.12"),
    ),
    "a lower level": ("min_level", change(ANSWERS, "level: 2", "level: 1")),
    "a lower floor": ("gates.floors.roc_auc", change("params.yaml", "0.62", "0.59")),
    "a floor that is no number": ("gates.floors.roc_auc", change("params.yaml", "0.62", ".nan")),
    "a floor taken out": ("gates.floors.roc_auc", change("params.yaml", "{roc_auc: 0.62}", "{}")),
    "a larger budget": ("gates.budget.bytes", change("params.yaml", "1000000", "1000001")),
    "fairness off": (
        "gates.fairness.limits",
        change("params.yaml", "{demographic_parity_difference: 0.4}", "{}"),
    ),
    "another licence": ("licences.project", change(ANSWERS, "Proprietary", "MIT")),
    "a package's other licence": ("licences.packages", change(NUMPY, " AND MIT", " AND GPL-3.0")),
    "a package's classifier": (
        "licences.packages",
        change(
            NUMPY,
            "License-Expression: BSD-3-Clause AND MIT",
            "Classifier: License :: OSI Approved :: GNU Affero General Public License v3",
        ),
    ),
    "a package without a licence": (
        "licences.packages",
        change(NUMPY, "License-Expression: BSD-3-Clause AND MIT", "Version: 2.0"),
    ),
    "another host": ("remotes.origin", origin("https://host.example/ml/churn.git")),
    "no origin": (
        "remotes.origin",
        lambda project: ignore_result(git(project, "remote", "rm", "origin")),
    ),
    "another place to push to": (
        "remotes.origin",
        lambda project: ignore_result(
            git(project, "remote", "set-url", "--push", "origin", "/srv/mine.git")
        ),
    ),
    "another store": ("remotes.dvc", change(".dvc/config", "acme-ml-churn", "mine")),
    "a second store of this clone": (
        "remotes.dvc",
        lambda project: write(
            project, ".dvc/config.local", "['remote \"mine\"']\n    url = /srv/mine\n"
        ),
    ),
    "another region": ("regions", change(".dvc/config", "eu-central-1", "us-east-1")),
}


@pytest.mark.parametrize("fault", VIOLATIONS)
def test_a_violation_breaks_its_rule_and_no_other(
    modelyard: Modelyard, compliant: Path, fault: str
) -> None:
    rule, plant = VIOLATIONS[fault]
    plant(compliant)
    code, found = verdicts(modelyard, POLICY, compliant)
    assert code == 10
    assert [name for name, verdict in found.items() if verdict == "broken"] == [rule]
    assert set(found.values()) == {"kept", "broken"}


UNKNOWNS = {
    "a bare commit": ("min_template_version", change(ANSWERS, "_commit: v1.0.0", "_commit: 1a2b")),
    "no level": ("min_level", change(ANSWERS, "automation_level: 2\n", "")),
    "no lock": ("licences.packages", delete("uv.lock")),
    "a broken lock": ("licences.packages", change("uv.lock", "version = 1", "version = [")),
    "nothing installed": (
        "licences.packages",
        lambda project: ignore_result((project / ".venv").rename(project / ".other")),
    ),
    "a region from elsewhere": (
        "regions",
        change(".dvc/config", "    region = eu-central-1\n", ""),
    ),
}


@pytest.mark.parametrize("case", UNKNOWNS)
def test_a_rule_that_cannot_be_checked_is_not_kept(
    modelyard: Modelyard, compliant: Path, case: str
) -> None:
    rule, plant = UNKNOWNS[case]
    plant(compliant)
    code, found = verdicts(modelyard, POLICY, compliant)
    assert code == 1
    assert [name for name, verdict in found.items() if verdict != "kept"] == [rule]
    assert found[rule] == "not known"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "contains no rules; allowed keys are min_template_version, min_level, gates, lic"),
        ("a: [", "is not YAML: "),
        ("min_level: 1\nmin_level: 3", "is not YAML: duplicate key min_level"),
        ("min_levle: 2", "unknown key min_levle; allowed keys are min_template_version, "),
        ("min_level: two", "min_level is 'two', must be 1, 2 or 3"),
        ("min_level: true", "min_level is True, must be 1, 2 or 3"),
        ("min_template_version: 1.2", "min_template_version is 1.2, must be a release such as"),
        ("gates: {}", "gates is {}, must be a non-empty mapping of the form name: value"),
        ("gates: {a: 1}", "gates.a is 1, must be {} or have at_least or at_most"),
        ("gates: {a: {least: 1}}", "unknown key gates.a.least; allowed keys are at_least, at"),
        ("gates: {a: {at_most: x}}", "gates.a.at_most is 'x', must be a number"),
        ("regions: eu", "regions is 'eu', must be a non-empty list of texts"),
        ("licences: {projects: [MIT]}", "unknown key licences.projects; allowed keys are pro"),
        ("remotes: {dvc: []}", "remotes.dvc is [], must be a non-empty list of texts"),
    ],
)
def test_an_invalid_policy_is_refused_with_one_line(
    modelyard: Modelyard, child: Path, tmp_path: Path, text: str, message: str
) -> None:
    policy = tmp_path / "policy.yml"
    policy.write_text(text, "utf-8")
    done = modelyard("comply", policy, child)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"error: {policy}")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_missing_file_and_a_missing_argument_are_refused(
    modelyard: Modelyard, child: Path
) -> None:
    done = modelyard("comply", child / "none.yml", child)
    assert (done.returncode, done.stderr[:6]) == (1, "error:")
    assert modelyard("comply").returncode == 2


def test_a_password_in_a_url_is_not_printed(modelyard: Modelyard, compliant: Path) -> None:
    origin("https://me:secret@host.example/ml/churn.git")(compliant)
    done = modelyard("comply", POLICY, compliant)
    assert done.returncode == 10
    assert "https://host.example/ml/churn.git" in done.stdout
    assert "secret" not in done.stdout


def test_a_fleet_report_lists_the_rules_that_are_not_kept(
    modelyard: Modelyard, compliant: Path, tmp_path: Path
) -> None:
    words = ("fleet", "report", compliant, "--policy", POLICY)
    assert json.loads(modelyard(*words, "--json").stdout)[0]["rules"] == []
    change(".dvc/config", "eu-central-1", "us-east-1")(compliant)
    delete("uv.lock")(compliant)
    page = tmp_path / "fleet.html"
    output = modelyard(*words, "--html", page).stdout
    assert "project: policy rules not kept: licences.packages (not known), regions" in output
    assert output.splitlines()[0].split()[-1] == "policy"
    assert output.splitlines()[1].split()[-1] == "2"
    assert '"rules": ["licences.packages (not known)", "regions"]' in page.read_text("utf-8")
    assert "policy" not in modelyard("fleet", "report", compliant).stdout
