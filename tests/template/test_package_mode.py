"""Tests for the runtime as a package: the same project without the vendored source."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from copier import run_copy

import modelyard_lifecycle
from tests.checkout import ROOT, git, settings, tree
from tests.conftest import Render

INDEX = {"runtime": "package", "runtime_index": "https://packages.example.com/simple/"}
BATCH = {"automation_level": 2, "serving_targets": ["rest", "batch"]}
ALL = {"automation_level": 3, "serving_targets": ["rest", "batch", "edge"], "scale_out": "ray"}
NAMES_THE_RUNTIME = {
    ".copier-answers.yml", "AGENTS.md", "README.md", "docs/map.md", "pyproject.toml",
}  # fmt: skip


def project_file(project: Path) -> dict[str, Any]:
    """Read a project's pyproject.toml."""
    return tomllib.loads((project / "pyproject.toml").read_text("utf-8"))


@pytest.mark.parametrize("answers", [{}, BATCH, ALL], ids=str)
def test_both_modes_render_the_same_files_except_the_runtime(
    answers: dict[str, Any], render: Render
) -> None:
    vendored, package = render(answers), render(answers | INDEX)
    ours = [name for name in tree(vendored) if not name.startswith("src/modelyard/")]
    assert tree(package) == ours
    differ = {
        name for name in ours if (vendored / name).read_bytes() != (package / name).read_bytes()
    }
    assert differ == NAMES_THE_RUNTIME


def test_a_project_requires_the_version_of_the_template() -> None:
    assert settings()["runtime_version"]["default"] == modelyard_lifecycle.__version__


def extras() -> dict[str, set[str]]:
    """Return the extras of the distribution."""
    content = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {name: {*some} for name, some in content["optional-dependencies"].items()}


def test_a_vendored_project_has_the_dependencies_of_the_packages_extras(render: Render) -> None:
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


def test_a_project_in_package_mode_requires_the_extras(render: Render) -> None:
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


def test_a_bucket_adds_its_dvc_extra_in_both_modes(render: Render) -> None:
    store = {"dvc_remote": "s3", "dvc_remote_url": "s3://a/b"}
    for mode in ({}, INDEX):
        groups = project_file(render(store | mode))["dependency-groups"]
        assert [one for one in groups["train"] if one.startswith("dvc[s3]")] != []


@pytest.mark.parametrize(
    "address",
    ["packages", "ftp://a/simple", "https://me:secret@a.example/simple", "https://a/simple?b=1",
     "https://a b/", 'https://a/"', "https://a/#b", "https://a/\n"],
)  # fmt: skip
def test_an_invalid_index_url_is_refused(address: str, template: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="without user name, password"):
        run_copy(
            str(template), tmp_path / "new", data=INDEX | {"runtime_index": address},
            defaults=True, quiet=True,
        )  # fmt: skip
    assert not (tmp_path / "new").exists()


def test_a_template_in_a_folder_requires_an_index(template: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"(?s)Type the URL of an index.*by a URL"):
        run_copy(
            str(template), tmp_path / "new", data={"runtime": "package"}, defaults=True, quiet=True
        )


def test_without_an_index_the_package_is_installed_from_the_templates_commit(
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
def test_the_templates_url_is_converted_for_uv(given: str, address: str, tmp_path: Path) -> None:
    asked = settings()["template_url"]["default"].replace("_copier_answers._src_path", "given")
    (tmp_path / "copier.yml").write_text(yaml.safe_dump({"given": {"type": "str"}}), "utf-8")
    (tmp_path / "found.txt.jinja").write_text(asked, "utf-8")
    run_copy(str(tmp_path), tmp_path / "new", data={"given": given}, quiet=True)
    assert (tmp_path / "new/found.txt").read_text("utf-8").strip() == address


@pytest.mark.parametrize("library", ["lightgbm", "xgboost"])
def test_a_library_adds_its_extra_in_both_modes_and_to_the_image(
    library: str, render: Render
) -> None:
    chosen, ours = {"model_library": library, "automation_level": 2}, extras()
    project = render(chosen)
    assert {*project_file(project)["dependency-groups"]["train"]} == ours["train"] | ours[library]
    (train,) = project_file(render(chosen | INDEX))["dependency-groups"]["train"]
    assert train.startswith(f"modelyard[train,{library}]==")
    image = (project / "deployment" / "pipeline" / "Dockerfile").read_text("utf-8")
    assert (" libgomp1 " in image) == (library == "lightgbm")  # its wheel links the system's
    assert (project / "src" / "modelyard" / "models" / "boosting.py").is_file()
    assert not (render({}) / "src" / "modelyard" / "models" / "boosting.py").exists()
