"""Which versions are behind which, and what a shallow clone does not tell."""

import json
from pathlib import Path

import pytest

from modelyard_lifecycle.errors import UserError
from modelyard_lifecycle.template import count_newer, is_behind
from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard

KNOWN = ["v1.0.0", "v1.9.0", "v1.10.0", "v2.0.0"]


@pytest.mark.parametrize(
    ("version", "newer"),
    [
        ("v2.0.0", 0), ("v1.10.0", 1), ("v1.9.0", 2), ("v1.0.0", 3), ("v1.0.0-3-gabcdef0", 3),
        ("v3.0.0rc1", 0), ("v3.0.0rc1-2-gabcdef0", 0), ("v2.0.1-beta.1", 0), ("v2.0.0rc1", 1),
        ("v1.9.1a2", 2), ("abcdef0", None),
    ],
)  # fmt: skip
def test_newer_releases_are_counted(version: str, newer: int | None) -> None:
    assert count_newer(version, KNOWN) == newer
    assert is_behind(version, KNOWN, "family") == (newer != 0)


def test_a_release_that_the_template_does_not_have_is_an_error() -> None:
    with pytest.raises(UserError, match=r"family has no version v1\.5\.0; its newest is v2\.0\.0"):
        is_behind("v1.5.0", KNOWN, "family")


def test_a_project_of_a_newer_pre_release_is_current(
    modelyard: Modelyard, child: Path, family: Path
) -> None:
    answers = child / ".copier-answers.yml"
    answers.write_text(answers.read_text("utf-8").replace("v1.0.0", "v3.0.0rc1"), "utf-8")
    commit(child, "A pre-release")
    done = modelyard("update", child)
    assert done.returncode == 0, done.stderr
    assert "v3.0.0rc1 is up to date" in done.stdout


def test_a_shallow_clone_does_not_tell_when_a_project_was_trained(
    modelyard: Modelyard, child: Path, tmp_path: Path
) -> None:
    (child / "dvc.lock").write_text("trained\n", "utf-8")
    commit(child, "Trained")
    (child / "same.txt").write_text("later\n", "utf-8")
    commit(child, "Later")
    for depth, known in (("1", False), ("2", False), ("99", True)):
        git(tmp_path, "clone", "--quiet", "--depth", depth, child.as_uri(), f"depth-{depth}")
        found = modelyard("fleet", "report", tmp_path / f"depth-{depth}", "--json").stdout
        assert bool(json.loads(found)[0]["trained"]) == known, depth


def test_the_fleet_report_of_an_address_tells_when_it_was_trained(
    modelyard: Modelyard, child: Path, tmp_path: Path
) -> None:
    (child / "dvc.lock").write_text("trained\n", "utf-8")
    commit(child, "Trained")
    listed = tmp_path / "addresses.txt"
    listed.write_text(f"{child.as_uri()}\n", "utf-8")
    found = modelyard("fleet", "report", listed, "--json").stdout
    assert json.loads(found)[0]["trained"]
