"""A small template with two releases, and projects generated from it."""

from pathlib import Path

from copier import run_copy

from tests.checkout import commit

COPIER_YML = """\
_subdirectory: template
_exclude:
  - "{% if _copier_operation == 'update' %}yours.txt{% endif %}"
name:
  type: str
  default: x
size:
  type: int
  default: 3
"""
LINES = "".join(f"line {number}\n" for number in range(1, 13))
ONE = {
    "template/{{ _copier_conf.answers_file }}.jinja": b"{{ _copier_answers|to_nice_yaml }}",
    "template/text.txt": LINES.encode(),
    "template/same.txt": b"same\n",
    "template/named.txt.jinja": b"{{ name }}\n",
    "template/yours.txt": b"yours 1\n",
    "template/moved.txt": f"moved\n{LINES}".encode(),
    "template/dropped.txt": b"dropped\n",
    "template/picture.bin": b"\0one",
    "template/emblem.bin": b"\0same",
    "CHANGELOG.md": b"## 1.0.0\n\n- First release\n",
    "copier.yml": COPIER_YML.encode(),
}
CHANGES = """\
## 2.0.0

- `text.txt` counts [in words]
- **Renamed** `moved.txt` → `sub/renamed.txt`
- **Dropped** `dropped.txt`: nobody read it

## 1.0.0

- First release
"""
TWO = {
    "template/text.txt": LINES.replace("line 6\n", "line six\n").encode(),
    "template/yours.txt": b"yours 2\n",
    "template/sub/renamed.txt": f"moved\n{LINES}".encode(),
    "template/fresh.txt": b"fresh\n",
    "template/picture.bin": b"\0two",
    "CHANGELOG.md": CHANGES.encode(),
}
GONE = ("template/moved.txt", "template/dropped.txt")


def make_template(folder: Path) -> Path:
    """Make the template with its two releases, v1.0.0 and v2.0.0."""
    _write(folder, ONE)
    commit(folder, "One", tag="v1.0.0")
    _write(folder, TWO)
    for name in GONE:
        (folder / name).unlink()
    commit(folder, "Two", tag="v2.0.0")
    return folder


def with_pyproject(template: Path) -> Path:
    """Make a template whose projects cannot be locked."""
    (template / "template").mkdir(parents=True)
    (template / "copier.yml").write_text("_subdirectory: template\n", "utf-8")
    (template / "template" / "pyproject.toml").write_text("[project]\nname = 'a b'\n", "utf-8")
    commit(template, "One", tag="v1.0.0")
    return template


def generate(template: Path, folder: Path, version: str = "v1.0.0") -> Path:
    """Generate a project and commit it."""
    run_copy(str(template), folder, vcs_ref=version, defaults=True, quiet=True)
    commit(folder, "Initial commit")
    return folder


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
