"""Which commands belong to which automation level and serving target."""

from typing import NamedTuple

from ..choices import Choices

UPDATE = "uvx copier update --defaults --vcs-ref=:current: --data"


class Part(NamedTuple):
    """Some commands, and what brings them.

    Attributes:
        module: beside this one; its `add_to` adds the commands.
        commands: their names.
        level: the least automation level.
        targets: one of them must be among the serving targets; empty: any.
    """

    module: str
    commands: tuple[str, ...]
    level: int = 1
    targets: tuple[str, ...] = ()

    def lacks(self, choices: Choices | None) -> str:
        """Say what brings a command, `{}` for its name; nothing if a project has it.

        Args:
            choices: what the project has chosen; None outside of one.
        """
        if choices is None:
            return "works in a project: cd PROJECT, then uv run modelyard {}"
        if choices.include(self.level, self.targets):
            return ""
        if choices.level < self.level:
            found = f"automation level {self.level}, this project has level {choices.level}"
            return f"comes with {found}; raise it: {UPDATE} automation_level={self.level}"
        wanted, had = self.targets[0], ", ".join(choices.targets)
        found = f"the target {wanted}, this project has {had}"
        return f"comes with {found}; add it: {UPDATE} 'serving_targets=[{had}, {wanted}]'"


STAGES = ("ingest", "prepare", "features", "train", "export", "evaluate", "gate")
REGISTRY = ("register", "promote", "rollback", "quarantine", "versions", "show", "card")

PARTS = (
    Part("pipeline", STAGES),
    Part("example", ("example",)),
    Part("rest", ("serve",), targets=("rest",)),
    Part("batch", ("score",), targets=("batch",)),
    Part("edge", ("bundle",), targets=("edge",)),
    Part("watch", ("monitor", "replay"), targets=("rest", "batch")),
    Part("release", (*REGISTRY, "verify", "audit", "fetch", "adopt-mlflow"), 2),
    Part("retrain", ("retrain", "trigger"), 2),
    Part("canary", ("canary", "approve", "drill"), 3),
)
