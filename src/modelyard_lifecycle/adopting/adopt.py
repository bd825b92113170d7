"""Adopt a repository: render the template with detected answers and merge it in a worktree."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from copier import run_copy

from ..errors import UserError
from ..git import commit, top_folder
from ..progress import OnStep, silent
from ..project import (
    PATTERN,
    read_answers,
    record_without_credentials,
    refuse_unfinished_merge,
)
from ..render import Files, calling_copier, content, render_over
from ..template import releases
from ..verbose import is_verbose
from ..worktree import Worktree, fast_forward, git_output, temporary_worktree
from .adoption import Adoption
from .detected_answers import Answer, detect_answers
from .known_templates import detect_kind
from .merge import merge
from .questions import questions_of


def adopt(
    folder: Path,
    source: str,
    version: str | None,
    given: Mapping[str, Any],
    on_step: OnStep = silent,
) -> Adoption:
    """Adopt a template in a repository; its branch moves only if there are no conflicts.

    Args:
        folder: the repository's folder.
        source: the template's URL or folder.
        version: one of its releases; None for the newest.
        given: the user's answers, which override the detected ones.
        on_step: called with the name of each step.

    Raises:
        UserError: the adoption failed; the repository is unchanged.
    """
    _check_repository(folder)
    source = (
        str(Path(source).expanduser().resolve()) if Path(source).expanduser().is_dir() else source
    )
    on_step("reading the releases of the template")
    chosen = _choose_version(version, releases(source), source)
    result = Adoption(source, chosen, detect_kind(folder))
    with (
        temporary_worktree(folder, f"modelyard-{chosen}") as tree,
        TemporaryDirectory(prefix="modelyard-") as name,
    ):
        on_step(f"rendering {chosen} and merging it")
        _merge_template(tree, folder, result, given, Path(name))
        _commit_or_keep(tree, result)
    return result


def _check_repository(folder: Path) -> None:
    if not folder.is_dir():
        raise UserError(f"{folder} is not a folder; name the folder of a repository")
    top_folder(folder)
    refuse_unfinished_merge(folder)
    existing = sorted(path.name for path in folder.glob(PATTERN))
    if existing:
        raise UserError(f"{folder} already has a template ({existing[0]}); run: modelyard update")


def _choose_version(version: str | None, known: list[str], source: str) -> str:
    if version is not None and version not in known:
        allowed = ", ".join(known)
        raise UserError(f"the template {source} has no release {version}; choose from {allowed}")
    return version or known[-1]


def _merge_template(
    tree: Worktree, folder: Path, result: Adoption, given: Mapping[str, Any], scratch: Path
) -> None:
    """Render the template with the repository's answers and merge it into the worktree."""
    questions = questions_of(result.template, result.version)
    unknown = sorted(given.keys() - questions.keys())
    if unknown:
        raise UserError(
            f"{unknown[0]} is not a question of the template; choose from {', '.join(questions)}"
        )
    answers = detect_answers(folder, questions)
    answers |= {name: Answer(name, value, "your option") for name, value in given.items()}
    rendered = _render(result, answers, scratch)
    files = {
        path.relative_to(rendered).as_posix(): file_content
        for path in sorted(rendered.rglob("*"))
        if (file_content := content(path)) is not None
    }
    _refuse_ignored(folder, tree.folder, files)
    yours = _skipped_files(result, tree.folder, files, scratch)
    result.files = merge(tree.folder, rendered, files, yours)


def _render(result: Adoption, answers: dict[str, Answer], scratch: Path) -> Path:
    """Render the template; detected answers to questions that it does not ask are dropped."""
    folder = scratch / "first"
    _run_copier(result, answers, folder)
    recorded = _recorded_answers(folder, result.template)
    unasked = answers.keys() - recorded.keys()
    if unasked:
        folder = scratch / "second"
        for name in unasked:
            if answers.pop(name).source == "your option":
                raise UserError(f"{name} is not asked with these answers; omit it")
        _run_copier(result, answers, folder)
    result.answers = list(answers.values())
    return folder


def _run_copier(result: Adoption, answers: Mapping[str, Answer], folder: Path) -> None:
    template, version = result.template, result.version
    data = {answer.name: answer.value for answer in answers.values()}
    with calling_copier(f"{template} {version} cannot be rendered"):
        run_copy(
            template, folder, data=data, vcs_ref=version, defaults=True, quiet=not is_verbose()
        )
    record_without_credentials(folder)


def _recorded_answers(rendered: Path, template: str) -> dict[str, Any]:
    found = sorted(rendered.glob(PATTERN))
    if not found:
        raise UserError(
            f"the template {template} writes no .copier-answers.yml, so it cannot be updated later"
        )
    return read_answers(found[0])


def _refuse_ignored(folder: Path, tracked: Path, files: Files) -> None:
    """Refuse to overwrite a file that git ignores."""
    for name, theirs in files.items():
        mine = content(folder / name)
        if mine not in (None, theirs) and content(tracked / name) is None:
            raise UserError(f"{name} is ignored by git but is a template file, too; move it first")


def _skipped_files(result: Adoption, folder: Path, files: Files, scratch: Path) -> set[str]:
    """Return the existing files that Copier does not overwrite (`_skip_if_exists`)."""
    trial = scratch / "trial"
    both = [name for name in files if content(folder / name) not in (None, files[name])]
    for name in both:
        (trial / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(folder / name, trial / name, follow_symlinks=False)
    data = {answer.name: answer.value for answer in result.answers}
    with calling_copier(f"{result.template} {result.version} cannot be rendered"):
        render_over(result.template, result.version, trial, data)
    return {name for name in both if content(trial / name) == content(folder / name)}


def _commit_or_keep(tree: Worktree, result: Adoption) -> None:
    """Commit and fast-forward the user's branch, or keep the worktree if there are conflicts."""
    if result.files.conflicts:
        tree.keep = True
        result.worktree, result.branch = str(tree.top), tree.branch
        result.repository = str(tree.repository)
        return
    message = f"Adopt the template, {result.version}"
    commit(tree.top, message)
    fast_forward(tree)
    result.commit = git_output("rev-parse", "--short", "HEAD", folder=tree.repository)
