"""The environment of git and Copier, free of a calling git and of the user's settings.

A hook runs with variables that name its repository, its index and its commit; Copier's temporary
repositories obey the user's ignore rules, hooks and line ends. Both have lost edits.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from plumbum import local

# `git rev-parse --local-env-vars`, then identity and dates, then how paths and diffs are read.
LEFT_OUT = re.compile(
    r"GIT_("
    r"ALTERNATE_OBJECT_DIRECTORIES|CONFIG(_PARAMETERS|_COUNT|_KEY_\d+|_VALUE_\d+)?|OBJECT_DIRECTORY"
    r"|(IMPLICIT_)?WORK_TREE|DIR|GRAFT_FILE|INDEX_FILE|NO_REPLACE_OBJECTS|REPLACE_REF_BASE|PREFIX"
    r"|INTERNAL_SUPER_PREFIX|SHALLOW_FILE|COMMON_DIR|NAMESPACE|QUARANTINE_PATH|REFLOG_ACTION"
    r"|(AUTHOR|COMMITTER)_(NAME|EMAIL|DATE)"
    r"|(LITERAL|GLOB|NOGLOB|ICASE)_PATHSPECS|ATTR_SOURCE|ATTR_NOSYSTEM|TEMPLATE_DIR"
    r"|EXTERNAL_DIFF|DIFF_OPTS|DEFAULT_HASH|DEFAULT_REF_FORMAT)"
)
NO_HOOKS = {"core.hooksPath": os.devnull}
# Settings for repositories and worktrees that are ours.
NEUTRAL = NO_HOOKS | {
    "core.excludesFile": os.devnull,
    "core.attributesFile": os.devnull,
    "core.autocrlf": "false",
    "core.safecrlf": "false",
    "core.fsmonitor": "false",
    "core.untrackedCache": "false",
    "core.quotePath": "true",
    "commit.gpgSign": "false",
    "commit.template": "",
    "commit.cleanup": "default",
    "status.showUntrackedFiles": "all",
    "status.relativePaths": "true",
    "diff.noprefix": "false",
    "diff.mnemonicPrefix": "false",
    "diff.external": "",
    "diff.orderFile": os.devnull,
    "diff.algorithm": "default",
    "diff.renames": "true",
    "apply.whitespace": "nowarn",
    "apply.ignoreWhitespace": "no",
    "merge.conflictStyle": "merge",
    "color.ui": "false",
    "init.templateDir": "",
    "rerere.enabled": "false",
}


_replaced: dict[str, str] = {}  # settings of this process


def replace_addresses(folders: Mapping[str, str]) -> None:
    """Let Copier find repositories in folders instead of at these addresses."""
    _replaced.update({f"url.{folder}.insteadOf": address for address, folder in folders.items()})


def clean_environment() -> dict[str, str]:
    """Return the environment without the variables that a calling git has set."""
    return {name: value for name, value in os.environ.items() if not LEFT_OUT.fullmatch(name)}


def as_variables(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that give git these settings, which override all of its files."""
    variables = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (name, value) in enumerate(settings.items()):
        variables |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return variables


@contextmanager
def neutral_git() -> Iterator[None]:
    """Give the git commands of Copier the neutral settings; it runs them by plumbum and dunamai."""
    before, neutral = dict(os.environ), clean_environment() | as_variables(NEUTRAL | _replaced)
    with local.env():
        for environment in (local.env, os.environ):
            environment.clear()
            environment.update(neutral)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
