"""Tests for `modelyard fleet report` on git repositories, through the command line."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from modelyard_lifecycle.fleet.page import page
from modelyard_lifecycle.fleet.project_row import Row
from tests.checkout import ROOT, commit, git
from tests.docs.blocks import blocks
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.fleets import EDITS, apply_edit
from tests.lifecycle.small_template import generate

PAGE = ROOT / "docs" / "how-to" / "report-the-fleet.md"


@pytest.fixture(scope="module")
def fleet(family: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of repositories in every state; do not change it."""
    folder = tmp_path_factory.mktemp("fleet")
    for name in EDITS:
        apply_edit(add_answers(generate(family, folder / name)))
    add_model(add_answers(generate(family, folder / "delays", "v2.0.0")))
    (folder / "website").mkdir()
    commit(folder / "website", "No project")
    moved = generate(family, folder / "turnover")
    answers = (moved / ".copier-answers.yml").read_text("utf-8")
    answers = answers.replace(str(family), "/srv/git/old-template")
    (moved / ".copier-answers.yml").write_text(answers, "utf-8")
    commit(moved, "Moved")
    (folder / "no repository").mkdir()
    return folder


def add_answers(project: Path) -> Path:
    """Add an automation level and serving targets, which the small template does not ask for."""
    with (project / ".copier-answers.yml").open("a", encoding="utf-8") as file:
        file.write("automation_level: 2\nserving_targets: [rest, batch]\n")
    commit(project, "Level and targets")
    return project


def add_model(project: Path) -> None:
    """Add the files that a training writes."""
    (project / "models").mkdir()
    (project / "models" / "metrics.json").write_text('{"accepted": true}', "utf-8")
    (project / "dvc.lock").write_text("stages: {}\n", "utf-8")
    commit(project, "Trained")


def rows(modelyard: Modelyard, *words: str | Path) -> dict[str, dict[str, Any]]:
    done = modelyard("fleet", "report", *words, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return {row["name"]: row for row in json.loads(done.stdout)}


def test_each_state_is_reported(modelyard: Modelyard, fleet: Path) -> None:
    found = rows(modelyard, fleet)
    assert {name: row["state"] for name, row in found.items()} == {
        "prices": "behind",
        "churn": "would conflict",
        "demand": "would lose edits",
        "delays": "current",
        "website": "broken",
        "turnover": "broken",
    }
    assert found["prices"]["behind"] == 1
    assert found["delays"]["behind"] == 0
    assert found["demand"]["losses"] == ["dropped.txt (dropped)"]
    assert found["churn"]["conflicts"] == ["text.txt"]
    assert found["delays"]["gate"] == "accepted"
    assert found["delays"]["trained"] == git(fleet / "delays", "log", "-1", "--format=%cs").strip()
    assert "has no .copier-answers.yml" in found["website"]["fault"]
    assert "/srv/git/old-template cannot be reached" in found["turnover"]["fault"]


def test_a_report_agrees_with_a_check(modelyard: Modelyard, fleet: Path) -> None:
    found = rows(modelyard, *(fleet / name for name in EDITS))
    for name in EDITS:
        checked = json.loads(modelyard("check", fleet / name, "--json").stdout)
        row, files = found[name], checked["files"]
        assert (row["edited"], row["conflicts"]) == (files["edited"], files["conflicts"])
        assert len(row["losses"]) == len(files["losses"])


def test_a_list_of_urls_is_cloned_and_a_failed_clone_is_a_row(
    modelyard: Modelyard, fleet: Path, tmp_path: Path
) -> None:
    lines = [f"file://{fleet / 'demand'}", "# the other team's", f"file://{tmp_path}/gone.git"]
    (tmp_path / "addresses.txt").write_text("\n".join(lines), "utf-8")
    found = rows(modelyard, tmp_path / "addresses.txt")
    assert found["demand"]["state"] == "would lose edits"
    assert "cannot be cloned" in found["gone"]["fault"]


def test_a_glob_finds_repositories_once(modelyard: Modelyard, fleet: Path) -> None:
    assert list(rows(modelyard, f"{fleet}/pr*", fleet / "prices")) == ["prices"]


def test_the_table_is_the_one_on_the_page(
    modelyard: Modelyard, fleet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "")
    done = modelyard("fleet", "report", fleet)
    assert done.returncode == 0
    output = re.sub(r"\d{4}-\d\d-\d\d", "2026-11-26", done.stdout).replace(str(fleet), "teams")
    (shown,) = (block.text for block in blocks(PAGE) if block.language == "text")
    assert [line.rstrip() for line in output.splitlines()] == shown.splitlines()


def names_of_rows(page: str) -> list[str]:
    """Return the names of the rows in the data of an HTML page."""
    data = page.split('<script type="application/json" id="data">')[1].split("</script>")[0]
    return [row["name"] for row in json.loads(data)["rows"]]


def test_the_html_page_contains_the_rows_and_is_self_contained(
    modelyard: Modelyard, fleet: Path, tmp_path: Path
) -> None:
    file = tmp_path / "fleet.html"
    assert modelyard("fleet", "report", fleet, "--html", file).returncode == 0
    text = file.read_text("utf-8")
    assert sorted(names_of_rows(text)) == sorted([*EDITS, "delays", "website", "turnover"])
    assert "src=" not in text
    assert "http" not in text


def test_a_script_tag_in_a_value_does_not_end_the_script() -> None:
    hostile = "</script><script>alert(1)</script>"
    assert names_of_rows(page([Row(hostile, fault=hostile)], "2026-11-26")) == [hostile]


def test_a_source_without_repository_is_refused(
    modelyard: Modelyard, fleet: Path, tmp_path: Path
) -> None:
    for word in (fleet / "no repository", tmp_path / "nowhere"):
        done = modelyard("fleet", "report", word)
        assert done.returncode == 1
        assert (
            done.stderr == f"error: {word} contains no git repository and is not a list of them\n"
        )


def test_a_report_changes_nothing(modelyard: Modelyard, fleet: Path) -> None:
    before = {name: git(fleet / name, "rev-parse", "HEAD") for name in EDITS}
    rows(modelyard, fleet)
    assert {name: git(fleet / name, "rev-parse", "HEAD") for name in EDITS} == before
    assert all(git(fleet / name, "status", "--porcelain") == "" for name in EDITS)


@pytest.mark.parametrize("command", ["report", "update"])
def test_with_two_templates_the_chosen_answers_file_is_used(
    command: str, modelyard: Modelyard, child: Path
) -> None:
    (child / ".copier-answers.second.yml").write_text("_src_path: x\n_commit: v1\n", "utf-8")
    commit(child, "A second template")
    two = modelyard("fleet", command, child, "--json")
    (row,) = json.loads(two.stdout)
    assert "has 2 answers files; choose one: --answers-file .copier-answers" in row["fault"]

    done = modelyard("fleet", command, child, "--answers-file", ".copier-answers.yml", "--json")

    (row,) = json.loads(done.stdout)
    assert (row["fault"], row["version"], row["newest"]) == ("", "v1.0.0", "v2.0.0")
