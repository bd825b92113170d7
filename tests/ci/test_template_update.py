"""A newer template is proposed on a branch each week, and nobody's commits there are lost."""

import os
import shutil
from pathlib import Path

import pytest

from tests.checkout import TEMPLATE, git
from tests.ci.template_job import BRANCH, REF, SCRIPT, Job, make_job
from tests.lifecycle.repository_state import state

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the script is Bash")
ROBOT = ("-c", "user.name=template-update", "-c", "user.email=template-update@localhost")


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A project behind its template, to which the job has not yet run."""
    return make_job(tmp_path)


@pytest.fixture(scope="module")
def first_week(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Where the job has run once, and a copy of the folder as it was then."""
    folder = tmp_path_factory.mktemp("job")
    job = make_job(folder / "now")
    done = job.run(job.clone())
    assert done.returncode == 0, done.stdout
    assert job.requests() == 1
    return job.folder, Path(shutil.copytree(job.folder, folder / "then", symlinks=True))


@pytest.fixture
def proposed(first_week: tuple[Path, Path]) -> Job:
    """The same after the first week, at the same place for each test, as the project names it."""
    now, then = first_week
    shutil.rmtree(now)
    return Job(Path(shutil.copytree(then, now, symlinks=True)), weeks=1)


def test_a_newer_template_is_proposed_on_a_branch(job: Job) -> None:
    clone = job.clone()
    before = git(clone, "rev-parse", "HEAD"), git(clone, "symbolic-ref", "HEAD")
    done = job.run(clone)
    assert done.returncode == 0, done.stdout
    assert "Branch template-update is this update" in done.stdout
    assert job.requests() == 1
    assert "line six\n" in job.at_branch("text.txt")
    assert git(job.origin, "rev-list", "--count", f"main..{REF}") == "1\n"
    assert git(job.origin, "diff", "--name-only", f"main...{REF}", "--", "*.rej") == ""
    assert (git(clone, "rev-parse", "HEAD"), git(clone, "symbolic-ref", "HEAD")) == before
    assert git(clone, "status", "--porcelain") == ""


def test_in_the_second_week_the_same_branch_stays_and_no_request_is_added(proposed: Job) -> None:
    tip = proposed.tip()
    done = proposed.run(proposed.clone())
    assert done.returncode == 0, done.stdout
    assert "already is this update" in done.stdout
    assert (proposed.tip(), proposed.requests()) == (tip, 1)


@pytest.mark.parametrize("moves", ["the template", "main"])
def test_the_branch_is_replaced_after_a_newer_release_or_commit(proposed: Job, moves: str) -> None:
    tip = proposed.tip()
    if moves == "main":
        proposed.change("named.txt", "x", "mine")
    else:
        proposed.release("v3.0.0", "three\n")
    done = proposed.run(proposed.clone())
    assert done.returncode == 0, done.stdout
    assert proposed.tip() != tip
    assert proposed.requests() == 1
    assert proposed.at_branch("same.txt") == ("same\n" if moves == "main" else "three\n")
    assert git(proposed.origin, "rev-list", "--count", f"main..{REF}") == "1\n"
    assert git(proposed.origin, "rev-parse", f"{REF}^") == git(proposed.origin, "rev-parse", "main")


def review(job: Job, *options: str, identity: tuple[str, ...] = ()) -> str:
    """Commit a reviewer's change to the branch and push it; return the commit."""
    git(job.mine, "fetch", "--quiet", "origin")
    git(job.mine, "checkout", "--quiet", "-B", BRANCH, f"origin/{BRANCH}")
    (job.mine / "text.txt").write_text("reviewed\n", "utf-8")
    words = ("commit", "--quiet", "--all", *(options or ("--message", "Review")))
    git(job.mine, *identity, *words)
    git(job.mine, "push", "--quiet", "--force", "origin", BRANCH)
    return git(job.mine, "rev-parse", "HEAD").strip()


@pytest.mark.parametrize(
    ("options", "identity", "release"),
    [
        ((), (), False),
        ((), (), True),
        (("--amend", "--no-edit"), (), True),
        ((), ROBOT, True),
        (("--amend", "--no-edit"), ROBOT, True),
    ],
    ids=["on top", "newer template", "amended", "by the robot's name", "amended by that name"],
)
def test_a_reviewers_commit_stops_the_job(
    proposed: Job, options: tuple[str, ...], identity: tuple[str, ...], release: bool
) -> None:
    if release:
        proposed.release("v3.0.0", "three\n")
    mine = review(proposed, *options, identity=identity)
    done = proposed.run(proposed.clone())
    assert done.returncode == 0, done.stdout
    assert f"Branch {BRANCH} has a commit of somebody else: {mine[:7]}" in done.stdout
    assert "merge it or delete the branch" in done.stdout
    assert proposed.tip() == mine


def test_a_merged_branch_is_nobodys_and_is_replaced(proposed: Job) -> None:
    mine = review(proposed)
    git(proposed.mine, "push", "--quiet", "origin", f"{mine}:refs/heads/main")
    proposed.release("v3.0.0", "three\n")
    done = proposed.run(proposed.clone())
    assert done.returncode == 0, done.stdout
    assert proposed.at_branch("same.txt") == "three\n"
    assert proposed.at_branch("text.txt") == "reviewed\n"


@pytest.mark.parametrize("name", ["same.txt", "notes.txt"])
def test_uncommitted_files_are_refused_and_nothing_changes(job: Job, name: str) -> None:
    clone = job.clone()
    (clone / name).write_text("mine\n", "utf-8")
    before = state(clone)
    done = job.run(clone)
    assert done.returncode == 1
    assert f"error: {name} is not committed" in done.stdout
    assert (state(clone), job.tip(), job.requests()) == (before, "", 0)


def test_conflicts_are_listed_and_nothing_is_pushed(proposed: Job) -> None:
    tip = proposed.tip()
    proposed.change("text.txt", "line 6\n", "line VI\n")
    clone = proposed.clone()
    before = state(clone)
    done = proposed.run(clone)
    assert done.returncode == 20
    assert "Conflicts:\n  text.txt\n" in done.stdout
    after = state(clone)
    assert {name for name in after if after[name] != before.get(name)} <= {".git/FETCH_HEAD"}
    assert (proposed.tip(), proposed.requests()) == (tip, 1)


def test_an_up_to_date_project_needs_no_request(job: Job) -> None:
    answers = (job.mine / ".copier-answers.yml").read_text("utf-8")
    assert "v1.0.0" in answers
    job.change(".copier-answers.yml", "v1.0.0", "v2.0.0")
    done = job.run(job.clone())
    assert done.returncode == 0, done.stdout
    assert "v2.0.0 is up to date" in done.stdout
    assert (job.tip(), job.requests()) == ("", 0)


def test_without_a_token_the_branch_stays_here(job: Job) -> None:
    clone = job.clone()
    done = job.run(clone, GH_TOKEN="")
    assert done.returncode == 0, done.stdout
    assert "neither GH_TOKEN nor GITLAB_TOKEN is set; see branch template-update" in done.stdout
    assert git(clone, "rev-list", "--count", f"main..{BRANCH}") == "1\n"
    assert job.tip() == ""


def test_a_gitlab_job_works_on_a_commit_and_asks_for_a_merge_request(job: Job) -> None:
    clone = job.clone()
    git(clone, "checkout", "--quiet", "--detach")
    settings = {"GITLAB_TOKEN": "x", "PUSH_URL": job.origin.as_uri()}
    done = job.run(clone, **settings)
    assert done.returncode == 0, done.stdout
    options = (job.folder / "options").read_text("utf-8").splitlines()
    assert options == ["merge_request.create", "merge_request.title=Update the template"]
    assert job.tip()


@pytest.mark.parametrize(
    ("recorded", "source"),
    [
        ("gh:us/m", "https://github.com/us/m"),
        ("gl:us/m", "https://gitlab.com/us/m"),
        ("git+https://h.example.invalid/m.git", "https://h.example.invalid/m.git"),
        ("git@h.example.invalid:us/m.git", "ssh://git@h.example.invalid/us/m.git"),
        ("/srv/m", "file:///srv/m"),
    ],
)
def test_the_command_comes_from_the_template(job: Job, recorded: str, source: str) -> None:
    clone = job.clone()
    (clone / ".copier-answers.yml").write_text(f"_commit: v1\n_src_path: {recorded}\n", "utf-8")
    (job.folder / "tools" / "uvx").write_text('#!/bin/sh\necho "$2"; exit 10\n', "utf-8")
    git_without_network(job.folder / "tools" / "git")
    assert job.run(clone).stdout == f"modelyard[lifecycle] @ git+{source}\n"


def git_without_network(path: Path) -> None:
    """Write a git that finds no tags in a remote repository."""
    path.write_text(
        f'#!/bin/sh\n[ "$1" = ls-remote ] || exec {shutil.which("git")} "$@"\n', "utf-8"
    )
    path.chmod(0o755)


def test_the_command_is_that_of_the_newest_release(job: Job) -> None:
    for tag in ("v10.0.0", "v11.0.0rc1", "latest"):
        git(job.folder / "template", "tag", tag)
    assert job.run(job.clone()).returncode == 0
    source = (job.folder / "source").read_text("utf-8")
    assert source == f"modelyard[lifecycle] @ git+file://{job.folder / 'template'}@v10.0.0\n"


def test_the_script_is_short() -> None:
    assert len((TEMPLATE / SCRIPT).read_text("utf-8").splitlines()) <= 25
