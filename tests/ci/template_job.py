"""The weekly job that proposes template updates: each run in a new clone, with fake uvx and gh."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.checkout import ROOT, TEMPLATE, commit, git
from tests.ci.hosts import run_in
from tests.lifecycle.small_template import generate, make_template

SCRIPT = "scripts/update-template.sh"
BRANCH = "template-update"
REF = f"refs/heads/{BRANCH}"
UVX = f"""#!/bin/sh
echo "$2" >"$RECORD/source"
shift 3
PYTHONPATH="{ROOT / "src"}" exec "{sys.executable}" -m modelyard_lifecycle "$@"
"""
GH = """#!/bin/sh
[ "$2" != create ] || echo "$*" >>"$RECORD/requests"
[ "$2" = create ] || [ ! -e "$RECORD/requests" ] || echo 7
"""
OPTIONS = """#!/bin/sh
printf '%s\\n' "$GIT_PUSH_OPTION_0" "$GIT_PUSH_OPTION_1" >"$RECORD/options"
"""


@dataclass
class Job:
    """A project behind its template, its origin, and the job's clones.

    Attributes:
        folder: where all of it is.
        weeks: how often the job ran.
    """

    folder: Path
    weeks: int = 0

    @property
    def origin(self) -> Path:
        """Return the bare repository."""
        return self.folder / "origin.git"

    @property
    def mine(self) -> Path:
        """Return the clone of the project's owner."""
        return self.folder / "project"

    def clone(self) -> Path:
        """Return a new clone of the origin."""
        self.weeks += 1
        name = f"week-{self.weeks}"
        git(self.folder, "clone", "--quiet", str(self.origin), name)
        return self.folder / name

    def run(self, clone: Path, **env: str) -> "subprocess.CompletedProcess[str]":
        """Run the script in a clone; without settings with a token of GitHub."""
        settings = env or {"GH_TOKEN": "x"}
        path = f"{self.folder / 'tools'}:{Path(sys.executable).parent}:/usr/bin:/bin"
        return run_in(clone, SCRIPT, PATH=path, RECORD=str(self.folder), **settings)

    def tip(self) -> str:
        """Return the newest commit of the origin's branch; empty if there is none."""
        return git(self.origin, "for-each-ref", "--format=%(objectname)", REF).strip()

    def at_branch(self, name: str) -> str:
        """Return a file's content on the origin's branch."""
        return git(self.origin, "show", f"{REF}:{name}")

    def requests(self) -> int:
        """Return how many pull requests were opened."""
        file = self.folder / "requests"
        return len(file.read_text("utf-8").splitlines()) if file.exists() else 0

    def release(self, version: str, text: str) -> None:
        """Release a version of the template that changes a file."""
        (self.folder / "template" / "template" / "same.txt").write_text(text, "utf-8")
        commit(self.folder / "template", version, tag=version)

    def change(self, name: str, old: str, new: str, branch: str = "main") -> str:
        """Commit and push a change of a file of the project on a branch; return the commit."""
        git(self.mine, "fetch", "--quiet", "origin")
        git(self.mine, "checkout", "--quiet", "--force", "-B", branch, f"origin/{branch}")
        text = (self.mine / name).read_text("utf-8")
        assert old in text
        (self.mine / name).write_text(text.replace(old, new), "utf-8")
        commit(self.mine, "Mine")
        git(self.mine, "push", "--quiet", "origin", branch)
        return git(self.mine, "rev-parse", "HEAD").strip()


def make_job(folder: Path) -> Job:
    """Make a project of the small template's first release that contains the script."""
    job = Job(folder)
    generate(make_template(folder / "template"), job.mine)
    (job.mine / "scripts").mkdir()
    shutil.copy2(TEMPLATE / SCRIPT, job.mine / SCRIPT)
    commit(job.mine, "The script")
    git(job.mine, "branch", "--move", "--force", "main")
    git(folder, "clone", "--quiet", "--bare", str(job.mine), str(job.origin))
    git(job.origin, "config", "receive.advertisePushOptions", "true")
    git(job.mine, "remote", "add", "origin", str(job.origin))
    programs = {
        folder / "tools" / "uvx": UVX,
        folder / "tools" / "gh": GH,
        job.origin / "hooks" / "post-receive": OPTIONS,
    }
    for file, text in programs.items():
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
        file.chmod(0o755)
    return job
