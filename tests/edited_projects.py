"""Projects with a past: born from an earlier version of the template, edited by their users."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from copier import run_copy, run_update
from pathspec import PathSpec

from tests.checkout import commit, git, settings, snapshot, tree

MADE = {"__pycache__", "processed", "raw"}  # by Python and the pipeline
YOURS = PathSpec.from_lines("gitignore", settings()["_skip_if_exists"])
MINE = "\n# Mine, not to be lost.\n"


def make_up_an_earlier_version(folder: Path) -> None:
    """Turn the template in a folder into one that had other and fewer files."""
    snapshot(folder)
    source = folder / "template" / "src"
    package, runtime = source / "{{ package_name }}", source / "modelyard"
    (runtime / "files.py").unlink()
    for file in (
        runtime / "console.py",
        package / "schema.py",
        package / "models" / "estimator.py",
    ):
        file.write_text(f"{file.read_text('utf-8')}\n\nEARLIER = True\n", "utf-8")
    params = folder / "template" / "params.yaml.jinja"
    params.write_text("# An earlier first line.\n" + params.read_text("utf-8"), "utf-8")
    (folder / "template" / "GONE.md").write_text("Left out by the next version.\n", "utf-8")


def with_history(folder: Path) -> Path:
    """Make a template with two versions, of which the earlier is made up."""
    folder.mkdir()
    make_up_an_earlier_version(folder)
    commit(folder, "Earlier", tag="v0.1.0")
    git(folder, "rm", "--quiet", "-r", ".")
    snapshot(folder)
    commit(folder, "As it stands", tag="v0.2.0")
    return folder


def yours(project: Path) -> list[Path]:
    """Return the files of a project that belong to its users, but params.yaml, which is merged."""
    files = (project / name for name in sorted(YOURS.match_files(tree(project))))
    return [file for file in files if not MADE & {*file.parts}]


def edit(project: Path) -> dict[str, bytes]:
    """Edit what users edit, add a file, commit; return what must be found again, by its path."""
    for file in yours(project):
        file.write_bytes(edited(file.suffix, file.read_bytes()))
    params = project / "params.yaml"
    params.write_text(re.sub(r"seed: \d+", "seed: 4711", params.read_text("utf-8")), "utf-8")
    added = next(project.glob("src/*/schema.py")).with_name("mine.py")
    added.write_text(f'"""Mine."""\n{MINE}', "utf-8")
    commit(project, "Ours now")
    return {str(file.relative_to(project)): file.read_bytes() for file in [*yours(project), added]}


def edited(suffix: str, content: bytes) -> bytes:
    """Return a file's content as somebody might have changed it."""
    if suffix == ".parquet":
        return b"rows of our own"
    if suffix != ".ipynb":
        return content + MINE.encode()
    notebook = json.loads(content)
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": [MINE]})
    return json.dumps(notebook).encode()


def born(folder: Path, template: Path, answers: dict[str, Any], ref: str) -> Path:
    """Copy a version of a template into a new folder, commit, and return the folder."""
    run_copy(str(template), folder, data=answers, vcs_ref=ref, defaults=True, quiet=True)
    commit(folder, "Born")
    return folder


def update(project: Path, exclude: Sequence[str] = (), **answers: Any) -> None:
    """Bring a project to v0.2.0 of its template, with some answers changed and some files kept."""
    run_update(
        project, data=answers, vcs_ref="v0.2.0", exclude=exclude, defaults=True, overwrite=True,
        quiet=True,
    )  # fmt: skip


def changes(project: Path) -> dict[str, str]:
    """Return what git sees changed in a project: path to one letter, as `git status` has them."""
    git(project, "add", "--all")
    lines = git(project, "status", "--porcelain", "--no-renames").splitlines()
    return {line[3:].strip('"'): line[0] for line in lines}


def unmerged(project: Path) -> Iterator[str]:
    """Yield the files in which an update left a conflict."""
    for name in tree(project):
        marked = re.search(rb"(?m)^<<<<<<< before", (project / name).read_bytes())
        if marked or name.endswith(".rej"):
            yield name
