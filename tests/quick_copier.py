"""Let Copier do once per process what it repeats for every project: half the time, the same files.

Templates are compiled once as by FastCopier, `copier.yml` is parsed by libyaml, git searches for
submodules only in a template that has some, and a version of a template is cloned once, for Copier
only reads its clones. What is rendered, merged and committed is the work of Copier:
tests/template/test_quick_copier.py compares.
"""

import shutil
import subprocess
from collections.abc import Callable
from multiprocessing.util import Finalize
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock
from types import SimpleNamespace
from typing import Any

import yaml
from copier import _template, _vcs
from copier._jinja_ext import SandboxedEnvironment

from modelyard_lifecycle.fast_copier import compile_once

get_git: Callable[..., Any] = _vcs.get_git
make_clone: Callable[..., str] = _vcs.clone
clones: dict[Any, str] = {}
cloning = Lock()  # the commands render in threads


def install() -> None:
    """Change Copier in this process, once."""
    if SandboxedEnvironment.compile is compile_once:
        return
    SandboxedEnvironment.compile = compile_once  # type: ignore[assignment, method-assign]
    _vcs.get_git = Git  # type: ignore[assignment]
    vars(_template)["clone"] = clone_once
    if yaml.__with_libyaml__:
        parsers = vars(yaml) | {"SafeLoader": yaml.CSafeLoader}
        vars(_template)["yaml"] = SimpleNamespace(**parsers)


class Git:
    """Copier's git, which starts no search for submodules where there is no `.gitmodules`."""

    def __init__(self, *context: Any) -> None:
        """Wrap the command."""
        self.command = get_git(*context)

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the command."""
        return getattr(self.command, name)

    def __getitem__(self, words: Any) -> Any:
        """Return the command with arguments."""
        return self.command[words]

    def __call__(self, *words: str) -> str:
        """Run the command and return its output."""
        if words[0] == "submodule" and not Path(".gitmodules").exists():
            return ""
        return str(self.command(*words))


def clone_once(url: str, ref: str, location: str) -> str:
    """Clone a template; return the clone of an earlier call if no commit and tag has changed."""
    listed = ["git", "-C", url, "show-ref", "--head"]
    found = subprocess.run(listed, capture_output=True, check=False)
    if found.returncode or ref == "HEAD":  # a remote, or changes that are not committed
        return make_clone(url, ref, location)
    key = (str(Path(url).resolve()), ref, found.stdout)
    with cloning:
        if key not in clones:
            folder = mkdtemp(prefix="modelyard-test-clone-")
            Finalize(None, shutil.rmtree, (folder, True), exitpriority=0)  # with this process
            clones[key] = make_clone(url, ref, folder)
        return clones[key]
