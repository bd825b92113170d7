"""Let Copier make the project in the folder that Cookiecutter has made.

Cookiecutter puts the answers in here and runs this file in that folder, with its own Python. What
it leaves is what `copier copy` makes of the same commit; if it fails, nothing.
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
# What Copier takes for git's address without being told.
ADDRESS = re.compile(r"(gh:|gl:|git\+|git@|git://|https://git(hub|lab)\.com/).*|.*\.git")


class Refused(Exception):
    """The project cannot be made; the text says why."""


def main() -> None:
    """Make the project, or say why not."""
    here = Path.cwd()
    (here / PLACEHOLDER).unlink()
    try:
        if there := sorted(path.name for path in here.iterdir()):
            raise Refused(f"{here} is not empty, it holds {there[0]}; type another folder")
        address, commit = source()
        with emptied_on_failure(here):
            copy(address, commit, here)
    except Refused as refusal:
        forget()
        sys.exit(f"error: {refusal}")
    print(f"{here} was made from {address}; its README.md says how to go on.")


def source() -> tuple[str, str]:
    """Return the template's address, to be recorded for updates, and the commit at hand.

    Raises:
        Refused: the template has no commit that an update could find again.
    """
    typed = without_password(CONTEXT["_template"])
    if "_repo_dir" not in CONTEXT:  # cruft calls the hooks and says less
        return typed, CONTEXT["_commit"]
    if not shutil.which("git"):
        raise Refused("found no git, which Copier needs; install it")
    commit = git(CONTEXT["_repo_dir"], "rev-parse", "HEAD")
    if not commit:
        raise Refused(f"{typed} is no git repository with a commit; type the address of one")
    output = Path(CONTEXT["_output_dir"])
    for folder in (Path(os.environ.get("PWD", "")), output, *output.parents):
        local = os.path.abspath(Path(folder, typed))
        if git(local, "rev-parse", "HEAD") == commit:
            return local, commit
    if ADDRESS.fullmatch(typed):
        return typed, commit
    if not (origin := git(CONTEXT["_repo_dir"], "remote", "get-url", "origin")):
        raise Refused(f"did not find {typed} again; type its whole path")
    return f"git+{without_password(origin)}", commit


def without_password(address: str) -> str:
    """Return an address without the name and the password that may stand in it."""
    return re.sub(r"^((git\+)?https?://)[^/@]*@", r"\1", address)


def git(folder: str, *words: str) -> str:
    """Return what git says about the repository in a folder; nothing if there is none."""
    command = ["git", "--git-dir", str(Path(folder, ".git")), *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8").stdout.strip()


def copy(address: str, commit: str, folder: Path) -> None:
    """Let Copier make the project.

    Raises:
        Refused: it does not; the text is what it says.
    """
    with tempfile.TemporaryDirectory() as desk:
        file = Path(desk, "answers.json")
        file.write_text(json.dumps(answers(), ensure_ascii=False), "utf-8")
        words = ["--defaults", "--quiet", "--vcs-ref", commit, "--data-file", str(file)]
        command = [*copier(), "copy", *words, address, str(folder)]
        done = subprocess.run(command, stderr=subprocess.PIPE, encoding="utf-8", errors="replace")
    if done.returncode:
        raise Refused(reason(done.stderr))


def answers() -> dict[str, object]:
    """Return what was answered to the questions that Copier would ask, too."""
    given = {name: value for name, value in CONTEXT.items() if name[0] != "_"}
    del given["project_slug"]
    for name in CONTEXT["_several"]:
        given[name] = re.findall(r"[^\s,\[\]\"']+", given[name])
    return {name: given[name] for name in given if CONTEXT.get(f"__when_{name}") != "False"}


def copier() -> list[str]:
    """Return the command for Copier: beside Cookiecutter, on PATH, or fetched.

    Raises:
        Refused: there is none.
    """
    wanted = CONTEXT["_copier"]
    if find_spec("copier"):
        return [sys.executable, "-m", "copier"]
    for name, *words in (
        ["copier"],
        ["uvx", "--from", wanted, "copier"],
        ["pipx", "run", "--spec", wanted, "copier"],
    ):
        if found := shutil.which(name):
            return [found, *words]
    raise Refused(f'found no Copier; "{sys.executable}" -m pip install "{wanted}" brings it')


def reason(said: str) -> str:
    """Return why Copier did not make the project: what it refuses, or its last line."""
    refused = r"ValueError: (?:Validation error|Invalid choice) for (?:question )?'(\w+)':(.*)"
    if found := re.search(refused, said, re.DOTALL):
        return f"{found[1]}: {' '.join(found[2].split())}"
    last = said.strip().rpartition("\n")[2]
    return last.rpartition("| ")[2] or "Copier failed without a word"


@contextmanager
def emptied_on_failure(folder: Path) -> Iterator[None]:
    """Empty a folder if something fails in it; remove it if that is Ctrl+C.

    Cookiecutter removes the folder after a failure, but not after Ctrl+C.
    """
    try:
        yield
    except BaseException as error:
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if isinstance(error, KeyboardInterrupt):
            forget()
            with suppress(OSError):
                os.chdir(folder.parent)
                folder.rmdir()
            sys.exit(INTERRUPTED)
        raise


def forget() -> None:
    """Remove what Cookiecutter leaves after a failure: its copy of the template, and this file."""
    desk = Path(tempfile.gettempdir()).resolve()
    made = Path(CONTEXT.get("_repo_dir", ".")).parent
    if made.parent == desk and re.fullmatch(r"cookiecutter[a-z0-9_]{8}", made.name):
        shutil.rmtree(made, ignore_errors=True)
    if (own := Path(__file__).resolve()).parent == desk:
        own.unlink()


if __name__ == "__main__":
    main()
