"""Generate the project with Copier in the folder that Cookiecutter created.

Cookiecutter renders the answers into this file and runs it in that folder with its own Python. The
result is the same as that of `copier copy` from the same commit; on failure nothing is left.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

# fmt: off
CONTEXT = json.loads({{ cookiecutter | jsonify | tojson }})  # type: ignore  # noqa: F821
# fmt: on
PLACEHOLDER = "NO-HOOK-RAN.md"
INTERRUPTED = 130
CALLING_GIT = r"GIT_(CONFIG_(KEY|VALUE)_\d+|(AUTHOR|COMMITTER)_(NAME|EMAIL|DATE))"
# URLs that Copier recognises as git repositories without the prefix git+.
ADDRESS = re.compile(r"(gh:|gl:|git\+|git@|git://|https://git(hub|lab)\.com/).*|.*\.git")


class Refused(Exception):
    """The project cannot be generated; the message gives the reason."""


def main() -> None:
    """Generate the project, or exit with the reason."""
    forget_calling_git()
    here = Path.cwd()
    (here / PLACEHOLDER).unlink()
    try:
        if existing := sorted(path.name for path in here.iterdir()):
            raise Refused(f"{here} is not empty: it contains {existing[0]}; type another folder")
        address, commit = source()
        with emptied_on_failure(here):
            copy(address, commit, here)
    except Refused as refusal:
        remove_leftovers()
        sys.exit(f"error: {refusal}")
    print(f"{here} was generated from {address}; next steps: README.md")


def forget_calling_git() -> None:
    """Remove the variables by which a calling git points to its own repository and commit."""
    listed = ["git", "rev-parse", "--local-env-vars"]
    with suppress(FileNotFoundError):  # `source` reports it
        clean = {name: os.environ[name] for name in os.environ if not name.startswith("GIT_")}
        done = subprocess.run(listed, env=clean, stdout=subprocess.PIPE)
        own = re.compile("|".join([*done.stdout.decode().split(), CALLING_GIT]))
        for name in filter(own.fullmatch, [*os.environ]):
            del os.environ[name]


def source() -> tuple[str, str]:
    """Return the template's URL, which is recorded for updates, and its current commit.

    Raises:
        Refused: the template has no commit that an update could use.
    """
    typed = without_password(CONTEXT["_template"])
    if "_repo_dir" not in CONTEXT:  # cruft runs the hooks with fewer values
        return typed, CONTEXT["_commit"]
    if not shutil.which("git"):
        raise Refused("git is not on PATH, but Copier needs it; install it")
    commit = git(CONTEXT["_repo_dir"], "rev-parse", "HEAD")
    if not commit:
        raise Refused(f"{typed} is not a git repository with a commit; type the URL of one")
    output = Path(CONTEXT["_output_dir"])
    for folder in (Path(os.environ.get("PWD", "")), output, *output.parents):
        local = os.path.abspath(Path(folder, typed))
        if git(local, "rev-parse", "HEAD") == commit:
            return local, commit
    if ADDRESS.fullmatch(typed):
        return typed, commit
    if not (origin := git(CONTEXT["_repo_dir"], "remote", "get-url", "origin")):
        raise Refused(f"{typed} cannot be found; type its absolute path")
    return f"git+{without_password(origin)}", commit


def without_password(address: str) -> str:
    """Return a URL without user name and password."""
    return re.sub(r"^((git\+)?https?://)[^/@]*@", r"\1", address)


def git(folder: str, *words: str) -> str:
    """Run git on the repository in a folder and return its output; empty if it fails."""
    command = ["git", "--git-dir", str(Path(folder, ".git")), *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8").stdout.strip()


def copy(address: str, commit: str, folder: Path) -> None:
    """Run `copier copy`.

    Raises:
        Refused: Copier fails; the message is Copier's.
    """
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch, "answers.json")
        file.write_text(json.dumps(answers(), ensure_ascii=False), "utf-8")
        words = ["--defaults", "--quiet", "--vcs-ref", commit, "--data-file", str(file)]
        command = [*copier(), "copy", *words, address, str(folder)]
        done = subprocess.run(command, stderr=subprocess.PIPE, encoding="utf-8", errors="replace")
    if done.returncode:
        raise Refused(reason(done.stderr))


def answers() -> dict[str, object]:
    """Return the answers to the questions that Copier would ask as well."""
    given = {name: value for name, value in CONTEXT.items() if name[0] != "_"}
    del given["project_slug"]
    for name in CONTEXT["_several"]:
        given[name] = re.findall(r"[^\s,\[\]\"']+", given[name])
    return {name: given[name] for name in given if CONTEXT.get(f"__when_{name}") != "False"}


def copier() -> list[str]:
    """Return the command that runs Copier: next to Cookiecutter, on PATH, or by uvx or pipx.

    Raises:
        Refused: Copier is not found.
    """
    spec = CONTEXT["_copier"]
    if find_spec("copier"):
        return [sys.executable, "-m", "copier"]
    for name, *words in (
        ["copier"],
        ["uvx", "--from", spec, "copier"],
        ["pipx", "run", "--spec", spec, "copier"],
    ):
        if found := shutil.which(name):
            return [found, *words]
    raise Refused(f'Copier not found; install it: "{sys.executable}" -m pip install "{spec}"')


def reason(stderr: str) -> str:
    """Return why Copier failed: the answer that it refuses, or the last line of its output."""
    refused = r"ValueError: (?:Validation error|Invalid choice) for (?:question )?'(\w+)':(.*)"
    if found := re.search(refused, stderr, re.DOTALL):
        return f"{found[1]}: {' '.join(found[2].split())}"
    last = stderr.strip().rpartition("\n")[2]
    return last.rpartition("| ")[2] or "Copier failed without a message"


@contextmanager
def emptied_on_failure(folder: Path) -> Iterator[None]:
    """Empty a folder if the block fails; after Ctrl+C also remove the folder.

    Cookiecutter removes the folder after a failure, but not after Ctrl+C.
    """
    try:
        yield
    except BaseException as error:
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if isinstance(error, KeyboardInterrupt):
            remove_leftovers()
            with suppress(OSError):
                os.chdir(folder.parent)
                folder.rmdir()
            sys.exit(INTERRUPTED)
        raise


def remove_leftovers() -> None:
    """Remove what Cookiecutter leaves after a failure: its copy of the template and this file."""
    temporary = Path(tempfile.gettempdir()).resolve()
    copy_of_template = Path(CONTEXT.get("_repo_dir", ".")).parent
    made = re.fullmatch(r"cookiecutter[a-z0-9_]{8}", copy_of_template.name)
    if made and copy_of_template.parent == temporary:
        shutil.rmtree(copy_of_template, ignore_errors=True)
    if (own := Path(__file__).resolve()).parent == temporary:
        own.unlink()


if __name__ == "__main__":
    main()
