"""Projects generated from an earlier version of the template and edited by their users."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pathspec import PathSpec

from modelyard_lifecycle.fast_copier import FastCopier
from tests.checkout import commit, git, settings, snapshot, tree

ANSWERS = Path(".copier-answers.yml")
MADE = {"__pycache__", "processed", "raw"}  # by Python and the pipeline
YOURS = PathSpec.from_lines("gitignore", settings()["_skip_if_exists"])
MINE = "\n# Mine, not to be lost.\n"


def write_earlier_version(folder: Path) -> None:
    """Write a made-up earlier version of the template, with different and fewer files."""
    snapshot(folder)
    source = folder / "template" / "src"
    package, runtime = source / "{{ package_name }}", source / "modelyard"
    (runtime / "files.py").unlink()
    for file in (
        runtime / "console.py",
        package / "schema.py",
        package / "models" / "estimator.py.jinja",
    ):
        file.write_text(f"{file.read_text('utf-8')}\n\nEARLIER = True\n", "utf-8")
    params = folder / "template" / "params.yaml.jinja"
    params.write_text("# An earlier first line.\n" + params.read_text("utf-8"), "utf-8")
    (folder / "template" / "GONE.md").write_text("Left out by the next version.\n", "utf-8")


def with_history(folder: Path) -> Path:
    """Make a template with two versions, the earlier of them made up."""
    folder.mkdir()
    write_earlier_version(folder)
    commit(folder, "Earlier", tag="v0.1.0")
    git(folder, "rm", "--quiet", "-r", ".")
    snapshot(folder)
    commit(folder, "As it stands", tag="v0.2.0")
    return folder


def yours(project: Path) -> list[Path]:
    """Return the files of a project's yours zone; params.yaml, which is merged, is not in it."""
    files = (project / name for name in sorted(YOURS.match_files(tree(project))))
    return [file for file in files if not MADE & {*file.parts}]


def edit(project: Path) -> dict[str, bytes]:
    """Edit a project as users do and commit; return the content that updates must keep, by path."""
    for file in yours(project):
        file.write_bytes(edited(file.suffix, file.read_bytes()))
    params = project / "params.yaml"
    params.write_text(re.sub(r"seed: \d+", "seed: 4711", params.read_text("utf-8")), "utf-8")
    added = next(project.glob("src/*/schema.py")).with_name("mine.py")
    added.write_text(f'"""Mine."""\n{MINE}', "utf-8")
    commit(project, "Ours now")
    return {str(file.relative_to(project)): file.read_bytes() for file in [*yours(project), added]}


def edited(suffix: str, content: bytes) -> bytes:
    """Return a file's content with a user's edit."""
    if suffix == ".parquet":
        return b"rows of our own"
    if suffix != ".ipynb":
        return content + MINE.encode()
    notebook = json.loads(content)
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": [MINE]})
    return json.dumps(notebook).encode()


def copy_template(
    folder: Path, template: Path, answers: Mapping[str, Any], ref: str | None = None
) -> None:
    """Render a version of a template, by default the newest, into a new folder."""
    with FastCopier(
        src_path=str(template), dst_path=folder, data=dict(answers), answers_file=ANSWERS,
        vcs_ref=ref, defaults=True, quiet=True,
    ) as worker:  # fmt: skip
        worker.run_copy()


def generate(folder: Path, template: Path, answers: Mapping[str, Any], ref: str) -> Path:
    """Generate a project from a version of a template, commit it and return its folder."""
    copy_template(folder, template, answers, ref)
    commit(folder, "Initial commit")
    return folder


def update(project: Path, exclude: Sequence[str] = (), **answers: Any) -> None:
    """Update a project to v0.2.0 of its template, with changed answers and excluded files."""
    with FastCopier(
        dst_path=project, data=answers, answers_file=ANSWERS, vcs_ref="v0.2.0", exclude=exclude,
        defaults=True, overwrite=True, quiet=True,
    ) as worker:  # fmt: skip
        worker.run_update()


def changes(project: Path) -> dict[str, str]:
    """Return the changed files of a project with the status letter of `git status`."""
    git(project, "add", "--all")
    lines = git(project, "status", "--porcelain", "--no-renames").splitlines()
    return {line[3:].strip('"'): line[0] for line in lines}


def unmerged(project: Path) -> Iterator[str]:
    """Yield the files with conflict markers and the .rej files left by an update."""
    for name in tree(project):
        marked = re.search(rb"(?m)^<<<<<<< before", (project / name).read_bytes())
        if marked or name.endswith(".rej"):
            yield name
