"""Adopt a repository: rendered with what it says of itself, merged aside, then taken over."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from copier import run_copy

from ..errors import Fault
from ..git import git, run
from ..project import PATTERN, read_answers, refuse_a_half_finished_merge
from ..render import Files, content, render_over, told_by_copier
from ..template import releases
from ..worktree import Aside, aside, said, take_over
from .detected_answers import Answer, found_answers
from .known_templates import Kind, recognised
from .merge import Merged, merge
from .questions import questions_of

ADOPTED, CONFLICTS = 0, 20


@dataclass
class Adoption:
    """What an adoption did.

    Attributes:
        template, version: what the repository was brought under.
        kind: what it was recognised as.
        answers: what was given to the template, with sources.
        files: the template's files, by what became of them.
        commit: the new commit, if nothing conflicts.
        aside, branch, home: the working tree to resolve conflicts in, its branch, the user's own.
    """

    template: str
    version: str
    kind: Kind
    answers: list[Answer] = field(default_factory=list)
    files: Merged = field(default_factory=Merged)
    commit: str = ""
    aside: str = ""
    branch: str = ""
    home: str = ""

    @property
    def code(self) -> int:
        """Return the exit code."""
        return CONFLICTS if self.files.conflicts else ADOPTED


def adopt(folder: Path, source: str, version: str | None, given: Mapping[str, Any]) -> Adoption:
    """Bring a repository under a template; its branch moves only if nothing conflicts.

    Args:
        folder: the repository's folder.
        source: the template's address.
        version: one of its releases; None for the newest.
        given: answers by the user, which win over those that are read.

    Raises:
        Fault: it cannot be done; the repository is as it was.
    """
    _refuse(folder)
    source = (
        str(Path(source).expanduser().resolve()) if Path(source).expanduser().is_dir() else source
    )
    chosen = _chosen(version, releases(source), source)
    done = Adoption(source, chosen, recognised(folder))
    with (
        aside(folder, f"modelyard-{chosen}") as made,
        TemporaryDirectory(prefix="modelyard-") as name,
    ):
        _try(made, folder, done, given, Path(name))
        _conclude(made, done)
    return done


def _refuse(folder: Path) -> None:
    if not folder.is_dir():
        raise Fault(f"{folder} is not a folder; name the folder of a repository")
    if run("rev-parse", "--show-toplevel", folder=folder).returncode:
        raise Fault(f"{folder} is not in a git repository; run: git init")
    refuse_a_half_finished_merge(folder)
    held = sorted(path.name for path in folder.glob(PATTERN))
    if held:
        raise Fault(f"{folder} has {held[0]}, so it has a template already; run: modelyard update")


def _chosen(version: str | None, known: list[str], source: str) -> str:
    if version is not None and version not in known:
        raise Fault(f"the template {source} has no release {version}; it has {', '.join(known)}")
    return version or known[-1]


def _try(
    made: Aside, folder: Path, done: Adoption, given: Mapping[str, Any], scratch: Path
) -> None:
    """Render the template with the repository's answers and merge it into the tree aside."""
    questions = questions_of(done.template, done.version)
    unasked = sorted(given.keys() - questions.keys())
    if unasked:
        raise Fault(
            f"the template does not ask for {unasked[0]}; it asks for {', '.join(questions)}"
        )
    answers = found_answers(folder, questions)
    answers |= {name: Answer(name, value, "your option") for name, value in given.items()}
    born = _rendered(done, answers, scratch)
    files = {
        path.relative_to(born).as_posix(): held
        for path in sorted(born.rglob("*"))
        if (held := content(path)) is not None
    }
    _refuse_ignored(folder, made.folder, files)
    yours = _left_alone(done, made.folder, files, scratch)
    done.files = merge(made.folder, born, files, yours)


def _rendered(done: Adoption, answers: dict[str, Answer], scratch: Path) -> Path:
    """Render; an answer to a question that is not asked after all is left out and not told."""
    born = scratch / "born"
    _let_copier(done, answers, born)
    recorded = _recorded(born, done.template)
    unasked = answers.keys() - recorded.keys()
    if unasked:
        born = scratch / "again"
        for name in unasked:
            if answers.pop(name).source == "your option":
                raise Fault(f"{name} is not asked with these answers; leave it out")
        _let_copier(done, answers, born)
    done.answers = list(answers.values())
    return born


def _let_copier(done: Adoption, answers: Mapping[str, Answer], folder: Path) -> None:
    data = {answer.name: answer.value for answer in answers.values()}
    with told_by_copier(f"{done.template} {done.version} cannot be rendered"):
        run_copy(done.template, folder, data=data, vcs_ref=done.version, defaults=True, quiet=True)


def _recorded(born: Path, template: str) -> dict[str, Any]:
    found = sorted(born.glob(PATTERN))
    if not found:
        raise Fault(
            f"the template {template} writes no .copier-answers.yml, so nothing can follow it"
        )
    return read_answers(found[0])


def _refuse_ignored(folder: Path, tracked: Path, files: Files) -> None:
    """Refuse where a file that git ignores stands in the place of one of the template's."""
    for name, theirs in files.items():
        mine = content(folder / name)
        if mine not in (None, theirs) and content(tracked / name) is None:
            raise Fault(f"{name} is ignored by git and the template has one, too; move it first")


def _left_alone(done: Adoption, folder: Path, files: Files, scratch: Path) -> set[str]:
    """Return the files that Copier leaves as they are where they exist."""
    trial = scratch / "trial"
    both = [name for name in files if content(folder / name) not in (None, files[name])]
    for name in both:
        (trial / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(folder / name, trial / name, follow_symlinks=False)
    data = {answer.name: answer.value for answer in done.answers}
    with told_by_copier(f"{done.template} {done.version} cannot be rendered"):
        render_over(done.template, done.version, trial, data)
    return {name for name in both if content(trial / name) == content(folder / name)}


def _conclude(made: Aside, done: Adoption) -> None:
    """Commit what was merged and move the branch on to it, or keep it aside to be resolved."""
    if done.files.conflicts:
        made.kept = True
        done.aside, done.branch, done.home = str(made.top), made.branch, str(made.home)
        return
    message = f"Adopt the template, {done.version}"
    git("commit", "--quiet", "--no-verify", "--message", message, folder=made.top)
    take_over(made)
    done.commit = said("rev-parse", "--short", "HEAD", folder=made.home)
