"""Let Copier do once per session what it repeats for every project: half the time, the same files.

Templates are compiled once as by FastCopier, `copier.yml` is parsed by libyaml, git searches for
submodules only in a template that has some, is asked about modes only where it ignores them, and a
version of a template is cloned and described once, for Copier only reads its clones. What is
rendered, merged and committed is the work of Copier: tests/template/test_quick_copier.py compares.
"""

import os
import pickle
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from multiprocessing.util import Finalize
from pathlib import Path
from tempfile import NamedTemporaryFile, mkdtemp
from types import SimpleNamespace
from typing import Any

import dunamai
import yaml
from copier import _template, _vcs
from copier._jinja_ext import SandboxedEnvironment
from copier._main import Worker

from modelyard_lifecycle.fast_copier import compile_once

get_git: Callable[..., Any] = _vcs.get_git
make_clone: Callable[..., str] = _vcs.clone
is_repository: Callable[..., bool] = _vcs.is_git_repo_root
set_mode: Callable[..., None] = Worker._sync_git_index_executable_bit
repositories: set[str] = set()
CLONES = "MODELYARD_TEST_CLONES"  # the folder of the clones, for this process and those it starts


def install() -> None:
    """Change Copier in this process, once."""
    if SandboxedEnvironment.compile is compile_once:
        return
    if CLONES not in os.environ:
        os.environ[CLONES] = folder = mkdtemp(prefix="modelyard-test-clones-")
        Finalize(None, shutil.rmtree, (folder, True), exitpriority=0)  # with this process
    SandboxedEnvironment.compile = compile_once  # type: ignore[assignment, method-assign]
    _vcs.get_git = Git  # type: ignore[assignment]
    _vcs.is_git_repo_root = is_repository_once
    Worker._sync_git_index_executable_bit = set_mode_where_needed  # type: ignore[method-assign, assignment]
    versions = SimpleNamespace(from_git=version_once)
    parts = vars(dunamai) | {"Version": versions}
    vars(_template).update(clone=clone_once, get_git=Git, dunamai=SimpleNamespace(**parts))
    if yaml.__with_libyaml__:
        parsers = vars(yaml) | {"SafeLoader": yaml.CSafeLoader}
        vars(_template)["yaml"] = SimpleNamespace(**parsers)


class Git:
    """Copier's git, which starts no search for submodules where there is no `.gitmodules`."""

    def __init__(self, context_dir: Any = None) -> None:
        """Wrap the command."""
        self.command, self.folder = get_git(context_dir), str(context_dir)

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
        return str(once((self.folder, words), self.folder, lambda: str(self.command(*words))))


def once(key: Any, folder: str, read: Callable[[], Any]) -> Any:
    """Return what is read from a clone, read at the first call; nothing of others is kept."""
    if not folder.startswith(os.environ[CLONES]):
        return read()
    file = Path(f"{folder}.{sha256(repr(key).encode()).hexdigest()}")
    if not file.exists():
        with NamedTemporaryFile(dir=file.parent, delete=False) as new:
            pickle.dump(read(), new)
        os.replace(new.name, file)
    return pickle.loads(file.read_bytes())


def version_once(pattern: Any) -> Any:
    """Return the version of a template in the current folder."""
    folder = str(Path.cwd())
    return once((folder, pattern), folder, lambda: dunamai.Version.from_git(pattern=pattern))


def is_repository_once(path: Any) -> bool:
    """Return whether a folder is a repository; one stays so as long as it has its `.git`."""
    place = str(Path(path).resolve())
    if place not in repositories and is_repository(path):
        repositories.add(place)
    return place in repositories and Path(place, ".git").exists()


def set_mode_where_needed(worker: Worker, path: Path, mode: int) -> None:
    """Write a file's mode into the index of a repository, unless its git reads modes from disk."""
    repository = Path(worker.subproject.local_abspath, ".git")
    settings = repository / "config"
    if settings.is_file() and "filemode = true" in settings.read_text("utf-8").lower():
        return
    if repository.exists():
        set_mode(worker, path, mode)


def clone_once(url: str, ref: str, location: str) -> str:
    """Clone a template; return the clone of an earlier call if no commit and tag has changed."""
    listed = ["git", "-C", url, "show-ref", "--head"]
    found = subprocess.run(listed, capture_output=True, check=False)
    if found.returncode or ref == "HEAD":  # a remote, or changes that are not committed
        return make_clone(url, ref, location)
    key = (str(Path(url).resolve()), ref, found.stdout)
    folder = Path(os.environ[CLONES], sha256(repr(key).encode()).hexdigest())
    if not folder.exists():
        made = make_clone(url, ref, mkdtemp(dir=folder.parent))
        with suppress(OSError):  # another process was first
            os.rename(made, folder)
    return str(folder)
