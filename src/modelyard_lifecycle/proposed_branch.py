"""The branch of a proposed update: whose its newest commit is, and how it is published."""

from dataclasses import dataclass
from pathlib import Path

from .errors import UserError
from .git import commit, error_message, git, run
from .worktree import git_output

ROBOT = {"commit.gpgSign": "false"} | {
    f"{role}.{part}": f"template-update{end}"
    for role in ("user", "author", "committer")
    for part, end in (("name", ""), ("email", "@localhost"))
}
TREE = "Proposed-tree"
LOG = (
    "-1",
    "--no-show-signature",
    f"--format=%ce%n%T%n%(trailers:key={TREE},valueonly,separator=%x2C)%n%h %s (%cn)",
)


@dataclass(frozen=True)
class Remote:
    """Where to push a branch: a name or an address, and git's push options."""

    address: str
    options: tuple[str, ...] = ()


def commit_as_robot(folder: Path, message: str) -> None:
    """Commit what is staged such that `commit_of_others` recognises it: it names its own tree."""
    tree = git_output("write-tree", folder=folder)
    commit(folder, f"{message}\n\n{TREE}: {tree}", "--allow-empty", author=ROBOT)


def commit_of_others(folder: Path, tip: str) -> str:
    """Return a branch's newest commit if somebody else made or changed it, otherwise nothing.

    A commit that the current one contains is nobody's: replacing the branch loses nothing.
    """
    if not tip or run("merge-base", "--is-ancestor", tip, "HEAD", folder=folder).returncode == 0:
        return ""
    email, tree, named, shown = git_output("log", *LOG, tip, folder=folder).split("\n", 3)
    return "" if (email, named) == (ROBOT["committer.email"], tree) else shown


def local_tip(folder: Path, branch: str) -> str:
    """Return the newest commit of a branch; empty if there is no such branch."""
    found = run("rev-parse", "--quiet", "--verify", f"refs/heads/{branch}", folder=folder)
    return found.stdout.decode().strip()


def published_tip(folder: Path, branch: str, remote: Remote) -> str:
    """Return the newest commit of a remote's branch and fetch it; empty if there is none.

    Raises:
        UserError: the remote cannot be reached.
    """
    ref = f"refs/heads/{branch}"
    listed = run("ls-remote", "--", remote.address, ref, folder=folder)
    if listed.returncode:
        raise UserError(f"{remote.address} cannot be reached: {error_message(listed)}")
    tip = listed.stdout.decode().partition("\t")[0]
    if tip and run("cat-file", "-e", f"{tip}^{{commit}}", folder=folder).returncode:
        git("fetch", "--quiet", "--no-tags", "--", remote.address, ref, folder=folder)
    return tip


def is_same_update(folder: Path, one: str, other: str) -> bool:
    """Return whether two commits have the same files and the same parent."""
    if not one:
        return False
    files, parents = (
        {run("rev-parse", f"{tip}{end}", folder=folder).stdout for tip in (one, other)}
        for end in ("^{tree}", "^@")
    )
    return len(files) == len(parents) == 1


def push(folder: Path, branch: str, remote: Remote, known: str) -> None:
    """Push a branch, unless the remote's is no longer the known commit.

    Args:
        folder: a folder of the repository.
        branch: the branch to push.
        remote: where to push it.
        known: the remote's commit, which is replaced; empty if it has no such branch.

    Raises:
        UserError: somebody else has changed the branch, or the remote refuses it.
    """
    ref = f"refs/heads/{branch}"
    options = [word for option in remote.options for word in ("--push-option", option)]
    lease = f"--force-with-lease={ref}:{known}"
    words = ("push", "--porcelain", lease, *options, "--", remote.address, f"{ref}:{ref}")
    done = run(*words, folder=folder)
    if done.returncode:
        refused = [line for line in done.stdout.decode().splitlines() if line.startswith("!")]
        reason = " ".join(refused[0].split("\t")[2:]) if refused else error_message(done)
        raise UserError(f"{branch} cannot be pushed to {remote.address}: {reason}")
