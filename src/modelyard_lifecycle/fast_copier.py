"""A Copier worker with caches: the same files in half the time."""

from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from copier._jinja_ext import SandboxedEnvironment
from copier._main import Worker
from jinja2 import Template
from plumbum import local

from .git import run


class FastCopier(Worker):
    """A Copier worker that caches compiled templates; it needs the answers file's name.

    Copier compiles each part of each path again and asks git for `core.fileMode` once per file.
    All overrides but the first only cache these results. If a later Copier no longer calls them,
    the files stay the same and only the speed-up is lost.
    """

    def _git_initialize_repo(self) -> None:
        """Commit all files of the folder, those that the project's .gitignore names included.

        Copier updates from a comparison of two such repositories: a file that is in neither would
        lose its edits.
        """
        for words in (("init", "--quiet"), ("add", "--force", "--all")):
            local["git"](*words)
        self._git_commit()

    @cached_property
    def jinja_env(self) -> SandboxedEnvironment:
        """Return Copier's environment, with a cache of compiled templates."""
        environment = super().jinja_env
        environment.from_string = _cached_from_string(environment)  # type: ignore[method-assign]
        return environment

    @property
    def answers_relpath(self) -> Path:
        """Return the answers file's name as given, without rendering it."""
        return Path(str(self.answers_file))

    @cached_property
    def _git_ignores_modes(self) -> bool:
        args = ("config", "--type=bool", "--get", "core.fileMode")
        return run(*args, folder=self.subproject.local_abspath).stdout.strip() == b"false"

    def _sync_git_index_executable_bit(self, dst_relpath: Path, src_mode: int) -> None:
        if self._git_ignores_modes:
            super()._sync_git_index_executable_bit(dst_relpath, src_mode)


def _cached_from_string(environment: SandboxedEnvironment) -> Callable[..., Template]:
    compiled = cache(environment.from_string)

    def from_string(source: str, *args: Any) -> Template:
        # Copier's `yield` tag resets the loop of the previous path only in preprocess().
        environment.preprocess(source)
        return compiled(source, *args)

    return from_string
