"""Automation level and serving targets that each command requires."""

from typing import NamedTuple

from ..choices import Choices

UPDATE = "uvx copier update --defaults --vcs-ref=:current: --data"


class Component(NamedTuple):
    """Commands of one module, with their requirements.

    Attributes:
        module: name of a module of this package; its `add_to` adds the commands.
        commands: names of the commands.
        level: minimum automation level.
        targets: serving targets, of which the project needs one; empty: no requirement.
    """

    module: str
    commands: tuple[str, ...]
    level: int = 1
    targets: tuple[str, ...] = ()

    def unavailable_reason(self, choices: Choices | None) -> str:
        """Return why the commands are unavailable, with the remedy; empty if they are available."""
        if choices is None:
            return "runs inside a project: cd PROJECT, then uv run modelyard {}"
        if choices.include(self.level, self.targets):
            return ""
        if choices.level < self.level:
            found = f"automation level {self.level}, this project has level {choices.level}"
            return f"requires {found}; raise it: {UPDATE} automation_level={self.level}"
        missing, present = self.targets[0], ", ".join(choices.targets)
        found = f"the target {missing}, this project has {present}"
        return f"requires {found}; add it: {UPDATE} 'serving_targets=[{present}, {missing}]'"


STAGES = ("ingest", "prepare", "features", "train", "export", "evaluate", "gate")
REGISTRY = ("register", "promote", "rollback", "quarantine", "versions", "show", "card")

COMPONENTS = (
    Component("pipeline", STAGES),
    Component("example", ("example",)),
    Component("rest", ("serve",), targets=("rest",)),
    Component("batch", ("score",), targets=("batch",)),
    Component("edge", ("bundle",), targets=("edge",)),
    Component("watch", ("monitor", "replay", "sync-records"), targets=("rest", "batch")),
    Component("release", (*REGISTRY, "verify", "audit", "fetch", "deliver", "adopt-mlflow"), 2),
    Component("retrain", ("retrain", "trigger"), 2),
    Component("canary", ("canary", "approve", "drill"), 3),
)
