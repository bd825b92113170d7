"""A template to adopt, and a small repository of each kind."""

from pathlib import Path

from tests.checkout import commit

COPIER_YML = """\
_subdirectory: template
_skip_if_exists: [README.md]
project_name: {type: str, default: x}
package_name:
  type: str
  default: pkg
  validator: "{% if not package_name | regex_search('^[a-z_]+$') %}letters only{% endif %}"
description: {type: str, default: d}
author: {type: str, default: a}
python_version: {type: str, choices: ["3.11", "3.12"], default: "3.11"}
license: {type: str, choices: [MIT, Apache-2.0], default: MIT}
hidden: {type: str, when: false, default: h}
unasked: {type: str, when: "{{ author == 'nobody' }}", default: u}
"""
LINES = "".join(f"line {number}\n" for number in range(1, 13))
FILES = {
    "copier.yml": COPIER_YML,
    "template/{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers|to_nice_yaml }}",
    "template/same.txt": "same\n",
    "template/text.txt": LINES,
    "template/README.md.jinja": "# {{ project_name }}\n",
    "template/src/{{ package_name }}/core.py": "CORE = 1\n",
    "template/data/fresh.txt": "fresh\n",
    "template/about.txt.jinja": "{{ author }} {{ license }} {{ python_version }} {{ hidden }}\n",
}
PYPROJECT = """\
[project]
name = "Churn-Model"
description = "Who leaves."
authors = [{ name = "Ada Lovelace", email = "ada@example.invalid" }]
requires-python = ">=3.12"
license = { text = "MIT License" }
"""
SETUP_CFG = """\
[metadata]
name = waves
description = Tells the height
author = Grace Hopper
license = Apache-2.0
[options]
python_requires = >=3.12
[pyscaffold]
package = waves_model
"""
CRUFT = """{"template": "x", "context": {"cookiecutter":
{"project_name": "Old Friend", "module_name": "old_friend", "author_name": "Alan", "_x": 1}}}"""
CCDS = {f"{name}/.gitkeep": "" for name in ("references", "reports/figures")}
DSLP = {f"code/{name}/__init__.py": "" for name in ("datasets", "models")}
KEDRO = '[tool.kedro]\nproject_name = "Space"\npackage_name = "space_flights"\n'
REPOSITORIES = {
    "plain": {"train.py": "print(1)\n"},
    "Cookiecutter Data Science": {**CCDS, ".gitignore": "/data/\n", "pyproject.toml": PYPROJECT},
    "PyScaffold": {"setup.cfg": SETUP_CFG},
    "Kedro": {"pyproject.toml": KEDRO},
    "Data Science Lifecycle Process": DSLP,
    "cruft": {".cruft.json": CRUFT},
}


def make_template(folder: Path) -> Path:
    """Make a template with the releases v1.0.0 and v2.0.0, which changes one line."""
    write(folder, FILES)
    commit(folder, "One", tag="v1.0.0")
    write(folder, {"template/text.txt": LINES.replace("line 6\n", "line six\n")})
    commit(folder, "Two", tag="v2.0.0")
    return folder


def repository(folder: Path, files: dict[str, str]) -> Path:
    """Make a repository with one commit."""
    write(folder, files)
    commit(folder, "Theirs")
    return folder


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files into a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
