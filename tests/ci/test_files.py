"""The CI files are short, call only scripts, hide no failure, and pass all checkers."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.checkout import TEMPLATE
from tests.ci.files import FILES, HOSTS, MOST_LINES, commands, hidden_failures, not_scripts
from tests.conftest import EVERY_TARGET, Render

BIN = Path(sys.executable).parent
CHECK = TEMPLATE / ".github" / "workflows" / "check-model.yml"
LEVEL_1 = {"check.yml"}
LEVEL_2 = LEVEL_1 | {"train.yml", "monitor.yml"}
LEVEL_3 = LEVEL_2 | {"check-model.yml", "deliver.yml", "drill.yml", "template-update.yml"}
RENOVATE = {  # for each manager a file that it recognises without a custom pattern
    "copier": ".copier-answers.yml",
    "docker-compose": "compose.yaml",
    "dockerfile": "deployment/rest/Dockerfile",
    "github-actions": ".github/workflows/check.yml",
    "gitlabci": ".gitlab-ci.yml",
    "kustomize": "deployment/rest/kubernetes/base/kustomization.yaml",
    "pep621": "pyproject.toml",
    "pre-commit": ".pre-commit-config.yaml",
}
HIDDEN = {
    "shell": "a: {script: [scripts/check-code.sh || true]}",
    "echo": "a: {script: [scripts/check-code.sh || echo failed]}",
    "step": "a: {steps: [{run: x, continue-on-error: true}]}",
    "job": "a: {allow_failure: true, script: [x]}",
    "never": "a: {if: false, steps: []}",
    "never, as an expression": "a: {if: '${{ false }}', steps: []}",
    "going on": "a: {run: 'set +e'}",
}


def names(project: Path, folder: str) -> set[str]:
    return {file.name for file in (project / folder).glob("*.yml")}


def check(*words: str | Path) -> tuple[int, str]:
    """Run a checker of this environment; return its exit code and output."""
    command = [str(BIN / words[0]), *map(str, words[1:])]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_ci_file_is_short_and_calls_only_existing_scripts(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) <= MOST_LINES
    assert not_scripts(commands(file)) == []
    assert [one for one in scripts(file) if not (TEMPLATE / one).exists()] == []


def test_a_command_that_is_not_a_script_is_detected() -> None:
    assert not_scripts(["uv run pytest", "scripts/check-code.sh"]) == ["uv run pytest"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_job_hides_a_failure(file: Path) -> None:
    assert hidden_failures(file.read_text("utf-8")) == []


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN)
def test_a_hidden_failure_is_detected(text: str) -> None:
    assert hidden_failures(text)


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("host", HOSTS)
def test_a_level_has_its_files_and_none_of_the_other_host(
    render: Render, host: str, level: int
) -> None:
    project = render({"automation_level": level, "ci_host": host})
    expected = {1: LEVEL_1, 2: LEVEL_2, 3: LEVEL_3}[level]
    found = {
        "github": names(project, ".github/workflows"),
        "gitlab": names(project, ".gitlab"),
    }
    assert found.pop(host) == expected
    assert list(found.values()) == [set()]
    assert (project / ".gitlab-ci.yml").exists() == (host == "gitlab")
    assert (project / "renovate.json").exists()
    files = [*project.glob(".github/workflows/*.yml"), *project.glob(".gitlab/*.yml")]
    assert [one for file in files for one in scripts(file) if not (project / one).exists()] == []


def scripts(file: Path) -> list[str]:
    """Return the scripts that the jobs of a file call."""
    return [part for one in commands(file) for part in one.split() if "scripts/" in part]


def test_every_workflow_has_permissions_concurrency_and_timeouts() -> None:
    for file in HOSTS["github"]:
        text = file.read_text("utf-8")
        assert "\npermissions:\n  contents: read\n" in text, file.name
        assert "\nconcurrency:\n" in text, file.name
        assert text.count("runs-on:") == text.count("timeout-minutes:"), file.name


def test_only_workflows_that_push_may_write_to_the_repository() -> None:
    writers = {f.name for f in HOSTS["github"] if "contents: write" in f.read_text("utf-8")}
    assert writers == {"train.yml", "deliver.yml", "template-update.yml"}


def test_a_delivery_is_approved_in_production_and_reads_no_cache() -> None:
    github = (TEMPLATE / ".github" / "workflows" / "deliver.yml").read_text("utf-8")
    gitlab = yaml.safe_load((TEMPLATE / ".gitlab" / "deliver.yml").read_text("utf-8"))["deliver"]
    assert yaml.safe_load(github)["jobs"]["deliver"]["environment"] == "production"
    assert "enable-cache: false" in github
    assert "actions/cache@" not in github
    assert (gitlab["environment"]["name"], gitlab["cache"]) == ("production", [])


@pytest.mark.parametrize("name", ["check", "check-model"])
def test_tests_are_reported_as_junit_and_proposed_code_gets_no_cloud_access(name: str) -> None:
    github = (TEMPLATE / ".github" / "workflows" / f"{name}.yml").read_text("utf-8")
    gitlab = yaml.safe_load((TEMPLATE / ".gitlab" / f"{name}.yml").read_text("utf-8"))
    assert "build/tests.xml" in github
    assert "id-token" not in github
    jobs = [job for one, job in gitlab.items() if not one.startswith(".")]
    assert {job["artifacts"]["reports"]["junit"] for job in jobs} == {"build/tests.xml"}


def alter(tmp_path: Path, before: str, after: str) -> Path:
    text = CHECK.read_text("utf-8")
    assert before in text
    file = tmp_path / ".github" / "workflows" / CHECK.name
    file.parent.mkdir(parents=True)
    file.write_text(text.replace(before, after), "utf-8")
    return file


def test_actionlint_finds_nothing() -> None:
    assert check("actionlint", "-shellcheck=", *HOSTS["github"]) == (0, "")


def test_actionlint_detects_a_missing_job(tmp_path: Path) -> None:
    code, text = check("actionlint", "-shellcheck=", alter(tmp_path, "needs: data", "needs: date"))
    assert code
    assert "date" in text


def test_zizmor_finds_nothing() -> None:
    code, text = check("zizmor", "--offline", "--no-progress", TEMPLATE / ".github")
    assert code == 0, text


def test_zizmor_detects_an_unpinned_action(tmp_path: Path) -> None:
    pinned = "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2"
    code, text = check("zizmor", "--offline", alter(tmp_path, pinned, "actions/checkout@v6"))
    assert code
    assert "unpinned-uses" in text


@pytest.mark.parametrize("host", HOSTS)
def test_ci_files_follow_the_schema_of_their_host(host: str) -> None:
    schema = {"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}[host]
    words: list[str | Path] = ["--builtin-schema", schema, "--default-filetype", "yaml"]
    code, text = check("check-jsonschema", *words, *HOSTS[host])
    assert code == 0, text


def test_renovate_json_follows_its_schema() -> None:
    file = TEMPLATE / "renovate.json"
    code, text = check("check-jsonschema", "--builtin-schema", "vendor.renovate", file)
    assert code == 0, text


def test_renovate_updates_each_kind_of_file_that_names_a_version(render: Render) -> None:
    config = json.loads((TEMPLATE / "renovate.json").read_text("utf-8"))
    assert sorted(RENOVATE) == config["enabledManagers"]
    assert config["pre-commit"]["enabled"]  # the others are enabled by default
    projects = [render(EVERY_TARGET | {"ci_host": host}) for host in HOSTS]
    for manager, file in RENOVATE.items():
        assert any((project / file).exists() for project in projects), manager


def test_an_unknown_key_is_detected(tmp_path: Path) -> None:
    file = alter(tmp_path, "runs-on: ubuntu-24.04", "run-on: ubuntu-24.04")
    assert check("check-jsonschema", "--builtin-schema", "vendor.github-workflows", file)[0]
