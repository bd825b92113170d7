"""A password or token in an address is neither shown nor recorded."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from modelyard_lifecycle.credentials import without_credentials
from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.small_template import generate

SECRET = "s3cret-t0ken"
ADDRESS = f"https://bot:{SECRET}@forge.invalid/family.git"
CLEAN = "https://forge.invalid/family.git"


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        (ADDRESS, CLEAN),
        (f"https://{SECRET}@forge.invalid/a.git", "https://forge.invalid/a.git"),
        (f"git+https://bot:p@{SECRET}@forge.invalid/a", "git+https://forge.invalid/a"),
        (f"http://:{SECRET}@forge.invalid:8080/a", "http://forge.invalid:8080/a"),
        (f"ssh://git:{SECRET}@forge.invalid/a", "ssh://git@forge.invalid/a"),
        (f"fatal: '{ADDRESS}' and https://{SECRET}@b.invalid", f"fatal: '{CLEAN}' and https://b.invalid"),
    ],
)  # fmt: skip
def test_credentials_are_removed(address: str, clean: str) -> None:
    assert without_credentials(address) == clean


@pytest.mark.parametrize(
    "address",
    [
        CLEAN, "gh:us/modelyard", "git@forge.invalid:us/modelyard.git", "../family", "/a@b:c/d",
        "ssh://git@forge.invalid/a", "https://forge.invalid/a@v1", "https://a.invalid?to=b@c",
        "write to us@example.invalid: see https://forge.invalid/",
    ],
)  # fmt: skip
def test_other_addresses_are_unchanged(address: str) -> None:
    assert without_credentials(address) == address


@pytest.fixture
def forge(family: Path, user_settings: Callable[[str], None]) -> None:
    """Let git find the small template at both addresses."""
    user_settings(f'[url "{family}"]\n\tinsteadOf = {ADDRESS}\n\tinsteadOf = {CLEAN}\n')


@pytest.fixture
def project(family: Path, tmp_path: Path) -> Path:
    """A project whose answers file records the address with its token."""
    project = generate(family, tmp_path / "project")
    file = project / ".copier-answers.yml"
    file.write_text(file.read_text("utf-8").replace(str(family), ADDRESS), "utf-8")
    commit(project, "A token")
    return project


def committed(folder: Path) -> str:
    """Return all that the newest commit of a repository contains, and its message."""
    return git(folder, "show", "--format=%B", "--text", git(folder, "rev-parse", "HEAD").strip())


@pytest.mark.parametrize("reachable", [True, False], ids=["reachable", "unreachable"])
@pytest.mark.parametrize(
    "words",
    [
        ["check"], ["check", "--json"], ["update"], ["fleet", "report"],
        ["fleet", "report", "--json"], ["fleet", "update"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_no_command_shows_the_recorded_token(
    words: list[str],
    reachable: bool,
    modelyard: Modelyard,
    project: Path,
    forge: None,
    user_settings: Callable[[str], None],
) -> None:
    if not reachable:
        user_settings("")
    done = modelyard(*words, project)
    assert SECRET not in done.stdout + done.stderr
    assert "forge.invalid" in done.stdout + done.stderr or words[0] == "fleet"
    assert reachable or "forge.invalid" in done.stdout + done.stderr


def test_the_fleets_page_does_not_contain_the_token(
    modelyard: Modelyard, project: Path, forge: None, tmp_path: Path
) -> None:
    page = tmp_path / "fleet.html"
    assert modelyard("fleet", "report", project, "--html", page).returncode in (0, 10)
    assert "forge.invalid" in page.read_text("utf-8")
    assert SECRET not in page.read_text("utf-8")


def test_a_policy_does_not_show_the_token(
    modelyard: Modelyard, project: Path, forge: None, tmp_path: Path
) -> None:
    policy = tmp_path / "policy.yml"
    rules = {"remotes": {"template": ["https://other.invalid/*"], "origin": ["https://*"]}}
    policy.write_text(json.dumps(rules), "utf-8")
    git(project, "remote", "add", "origin", f"https://{SECRET}@forge.invalid/project.git")
    for options in ([], ["--json"]):
        done = modelyard("comply", policy, project, *options)
        assert "forge.invalid" in done.stdout
        assert SECRET not in done.stdout + done.stderr


def test_an_adoption_records_no_token(modelyard: Modelyard, forge: None, tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "own.txt").write_text("own\n", "utf-8")
    commit(repository, "Own")
    done = modelyard("adopt", repository, "--template", ADDRESS)
    assert done.returncode == 0, done.stderr
    assert CLEAN in committed(repository)
    assert SECRET not in done.stdout + done.stderr + committed(repository)


def test_a_new_project_records_no_token(modelyard: Modelyard, forge: None, tmp_path: Path) -> None:
    project = tmp_path / "new"
    done = modelyard("new", project, "--defaults", "--template", ADDRESS, "--no-run")
    assert done.returncode == 0, done.stderr
    assert CLEAN in committed(project)
    assert "recorded without its credentials" in " ".join(done.stdout.split())
    assert SECRET not in done.stdout + done.stderr + committed(project)
