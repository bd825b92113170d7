"""The runtime as a package: the same project without its source, and the switch both ways."""

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from copier import run_copy

import modelyard_lifecycle
from tests import package_index
from tests.conftest import Render, train_shortly
from tests.histories import changes, unmerged, update
from tests.repository import ROOT, commit, git, settings, snapshot, tree
from tools.service import post, served
from tools.steps import StepFailed, Steps

INDEX = {"runtime": "package", "runtime_index": "https://packages.example.com/simple/"}
BATCH = {"automation_level": 2, "serving_targets": ["rest", "batch"]}
ALL = {"automation_level": 3, "serving_targets": ["rest", "batch", "edge"], "scale_out": "ray"}
NAMES_THE_RUNTIME = {
    ".copier-answers.yml", "AGENTS.md", "README.md", "docs/map.md", "pyproject.toml",
}  # fmt: skip
MODELYARD = ["uv", "run", "modelyard"]


def project_file(project: Path) -> dict[str, Any]:
    """Read a project's pyproject.toml."""
    return tomllib.loads((project / "pyproject.toml").read_text("utf-8"))


@pytest.mark.parametrize("answers", [{}, BATCH, ALL], ids=str)
def test_without_the_source_of_the_runtime_a_project_is_the_same(
    answers: dict[str, Any], render: Render
) -> None:
    vendored, package = render(answers), render(answers | INDEX)
    ours = [name for name in tree(vendored) if not name.startswith("src/modelyard/")]
    assert tree(package) == ours
    differ = {
        name for name in ours if (vendored / name).read_bytes() != (package / name).read_bytes()
    }
    assert differ == NAMES_THE_RUNTIME


def test_a_project_asks_for_the_version_that_the_template_was_made_with() -> None:
    assert settings()["runtime_version"]["default"] == modelyard_lifecycle.__version__


def extras() -> dict[str, set[str]]:
    """Return the extras of the distribution, without the two notes of this repository alone."""
    content = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {name: {*some} for name, some in content["optional-dependencies"].items()}


def test_a_vendored_project_has_the_libraries_of_the_packages_extras(render: Render) -> None:
    groups = project_file(render(ALL))["dependency-groups"]
    ours = extras()
    for name in ("rest", "batch", "ray"):
        assert {*groups[name]} == ours[name]
    assert {*groups["tracking"]} == ours["dvclive"]
    assert {*groups["train"]} == ours["train"]
    needed = project_file(render(ALL))["project"]["dependencies"]
    assert (
        needed
        == tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    )


def test_a_project_that_depends_on_the_package_names_its_extras(render: Render) -> None:
    groups = project_file(render(ALL | INDEX))["dependency-groups"]
    for name, extra in [("train", "train"), ("tracking", "dvclive"), ("rest", "rest"),
                        ("batch", "batch"), ("ray", "ray")]:  # fmt: skip
        assert groups[name] == [f"modelyard[{extra}]=={modelyard_lifecycle.__version__}"]


def test_only_the_runtime_comes_from_the_index(render: Render) -> None:
    uv = project_file(render(INDEX))["tool"]["uv"]
    assert uv["sources"] == {"modelyard": {"index": "runtime"}}
    (index,) = uv["index"]
    assert index == {"name": "runtime", "url": INDEX["runtime_index"], "explicit": True}
    assert uv["exclude-newer-package"] == {"modelyard": False}


def test_a_bucket_asks_for_its_library_in_both_modes(render: Render) -> None:
    store = {"dvc_remote": "s3", "dvc_remote_url": "s3://a/b"}
    for mode in ({}, INDEX):
        groups = project_file(render(store | mode))["dependency-groups"]
        assert [one for one in groups["train"] if one.startswith("dvc[s3]")] != []


@pytest.mark.parametrize(
    "address",
    ["packages", "ftp://a/simple", "https://me:secret@a.example/simple", "https://a/simple?b=1",
     "https://a b/", 'https://a/"', "https://a/#b", "https://a/\n"],
)  # fmt: skip
def test_an_address_that_is_no_index_is_refused(
    address: str, template: Path, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="neither a user name nor a password"):
        run_copy(
            str(template), tmp_path / "new", data=INDEX | {"runtime_index": address},
            defaults=True, quiet=True,
        )  # fmt: skip
    assert not (tmp_path / "new").exists()


def test_a_template_that_is_a_folder_needs_an_index(template: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"(?s)Type the address of an index.*by a URL"):
        run_copy(
            str(template), tmp_path / "new", data={"runtime": "package"}, defaults=True, quiet=True
        )


def test_without_an_index_the_package_is_that_of_the_templates_commit(
    template: Path, tmp_path: Path
) -> None:
    url = f"git+file://{template}"
    run_copy(url, tmp_path / "new", data={"runtime": "package"}, defaults=True, quiet=True)
    source = project_file(tmp_path / "new")["tool"]["uv"]["sources"]["modelyard"]
    here = git(template, "rev-parse", "HEAD").strip()
    assert source == {"git": f"file://{template}", "rev": here}
    image = (tmp_path / "new/deployment/rest/Dockerfile").read_text("utf-8")
    assert "install --yes --no-install-recommends git && pip" in image


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("gh:acme/yard", "https://github.com/acme/yard"),
        ("gl:acme/yard.git", "https://gitlab.com/acme/yard.git"),
        ("git+https://git.example.com/yard", "https://git.example.com/yard"),
        ("https://git.example.com/yard.git", "https://git.example.com/yard.git"),
        ("git@git.example.com:acme/yard.git", "ssh://git@git.example.com/acme/yard.git"),
        ("git+ssh://git@git.example.com/yard", "ssh://git@git.example.com/yard"),
        ("/srv/templates/yard", ""),
        ("../yard", ""),
        ("C:\\yard", ""),
    ],
)
def test_the_templates_address_is_written_as_uv_reads_it(
    given: str, address: str, tmp_path: Path
) -> None:
    asked = settings()["template_url"]["default"].replace("_copier_answers._src_path", "given")
    (tmp_path / "copier.yml").write_text(yaml.safe_dump({"given": {"type": "str"}}), "utf-8")
    (tmp_path / "found.txt.jinja").write_text(asked, "utf-8")
    run_copy(str(tmp_path), tmp_path / "new", data={"given": given}, quiet=True)
    assert (tmp_path / "new/found.txt").read_text("utf-8").strip() == address


# --- Installed, trained, switched ---------------------------------------------------------------


NOT_CHOSEN = [
    (["canary", "rest"], "canary comes with automation level 3, this project has level 2"),
    (["bundle", "out"], "bundle comes with the target edge, this project has rest, batch"),
    (["check"], r"\[lifecycle\]' modelyard check"),
]
UNKNOWN = [("edge", "the target edge"), ("canary", "automation level 3")]
STEPS = Steps()


@pytest.mark.slow
def test_a_project_on_the_package_lives_and_changes_over(render: Render, tmp_path: Path) -> None:
    package_index.make(tmp_path / "index")
    with package_index.serve(tmp_path / "index") as address:
        project = tmp_path / "project"
        shutil.copytree(render(BATCH | {"runtime": "package", "runtime_index": address}), project)
        trains(project)
        passes_serves_and_scores(project)
        has_only_what_was_chosen(project)
        refuses_two_runtimes(project)
        switches_both_ways(project, address)
        takes_another_target(project)


def trains(project: Path) -> None:
    """Install the project, train for a short time, commit."""
    train_shortly(project / "params.yaml")
    commit(project, "Born")
    STEPS.run("install", ["uv", "sync"], project)
    STEPS.run("train", ["uv", "run", "dvc", "repro"], project)
    commit(project, "Trained")


def passes_serves_and_scores(project: Path) -> None:
    """Run what the README names."""
    assert "passed" in STEPS.run("style, types, tests", ["scripts/check.sh"], project)
    assert (project / "models/model.json").is_file()
    STEPS.run("score", [*MODELYARD, "score", "data/raw", "scored"], project)
    assert (project / "scored/manifest.json").is_file()
    body = json.loads(STEPS.run("example", [*MODELYARD, "example", "2"], project))
    with served([*MODELYARD, "serve"], project, project.parent / "rest.log") as url:
        status, answer = post(f"{url}/predict", body)
    assert (status, len(answer["predictions"])) == (200, 2)


def has_only_what_was_chosen(project: Path) -> None:
    """Ask for commands and sections of other levels and targets, which the package has."""
    for words, said in NOT_CHOSEN:
        with pytest.raises(StepFailed, match=said):
            STEPS.run("ask", [*MODELYARD, *words], project)
    params = project / "params.yaml"
    before = params.read_text("utf-8")
    for section, bringer in UNKNOWN:
        params.write_text(f"{before}{section}: {{}}\n", "utf-8")
        with pytest.raises(StepFailed, match=f"{section} is not known here, {bringer} brings it"):
            STEPS.run("gate", [*MODELYARD, "gate"], project)
    params.write_text(before, "utf-8")


def refuses_two_runtimes(project: Path) -> None:
    """Put a second runtime beside the package."""
    runtime = project / "src/modelyard"
    runtime.mkdir()
    (runtime / "__init__.py").write_text("", "utf-8")
    with pytest.raises(StepFailed, match="is installed beside src/modelyard; keep one: uv venv"):
        STEPS.run("ask", [*MODELYARD, "example"], project)
    shutil.rmtree(runtime)


def switches_both_ways(project: Path, address: str) -> None:
    """Update to the other mode and back: nothing is trained anew, no edit is lost."""
    commit(project, "Scored")
    mine = [project / "tests/test_model.py", project / "src/flight_delays/serving/rest.py"]
    for file in mine:
        file.write_text(f"{file.read_text('utf-8')}\n# Mine.\n", "utf-8")
    commit(project, "Ours now")
    for mode in ("vendored", "package"):
        update(project, runtime=mode, runtime_index=address)
        touched = changes(project)
        assert list(unmerged(project)) == []
        assert {name for name, how in touched.items() if how == "M"} == NAMES_THE_RUNTIME
        assert all(file.read_text("utf-8").endswith("# Mine.\n") for file in mine)
        STEPS.run("install", ["uv", "sync"], project)
        assert "up to date" in STEPS.run("status", ["uv", "run", "dvc", "status"], project)
        commit(project, f"The runtime is {mode}")
        source = list((project / "src/modelyard").glob("**/*.py"))
        told = STEPS.run("version", [*MODELYARD, "--version"], project)
        assert ("src/modelyard" in told, bool(source)) == (mode == "vendored",) * 2


def takes_another_target(project: Path) -> None:
    """Add the target edge: its bundle, without the package, gives the scores of the others."""
    update(project, serving_targets=["rest", "batch", "edge"])
    assert list(unmerged(project)) == []
    STEPS.run("install", ["uv", "sync"], project)
    STEPS.run("bundle", [*MODELYARD, "bundle", "build/edge"], project)
    assert (project / "build/edge/run.py").is_file()
    assert [*(project / "build/edge").glob("**/modelyard/project.py")] != []


@pytest.mark.slow
def test_the_templates_repository_gives_the_package_too(tmp_path: Path) -> None:
    template, project = tmp_path / "template", tmp_path / "project"
    snapshot(template)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, template / name)
    shutil.copytree(ROOT / "src", template / "src", ignore=shutil.ignore_patterns("__pycache__"))
    commit(template, "As it stands", tag="v0.2.0")
    answers = {"runtime": "package"}
    run_copy(f"git+file://{template}", project, data=answers, defaults=True, quiet=True)
    STEPS.run("install", ["uv", "sync", "--no-default-groups", "--group", "rest"], project)
    found = "import modelyard.serving.rest.app as app; print(app.__file__)"
    assert "site-packages" in STEPS.run(
        "import", ["uv", "run", "--no-sync", "python", "-c", found], project
    )
