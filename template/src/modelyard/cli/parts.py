"""Which commands belong to which automation level and serving target."""

from typing import NamedTuple

from ..choices import Choices


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

    def chosen(self, choices: Choices) -> bool:
        """Tell whether a project has these commands."""
        target = not self.targets or bool({*self.targets} & {*choices.targets})
        return target and choices.level >= self.level


STAGES = ("ingest", "prepare", "features", "train", "export", "evaluate", "gate")
REGISTRY = ("register", "promote", "rollback", "quarantine", "versions", "show", "card")

PARTS = (
    Part("pipeline", STAGES),
    Part("example", ("example",)),
    Part("rest", ("serve",), targets=("rest",)),
    Part("batch", ("score",), targets=("batch",)),
    Part("edge", ("bundle",), targets=("edge",)),
    Part("watch", ("monitor", "replay"), targets=("rest",)),
    Part("release", (*REGISTRY, "verify", "audit", "fetch", "adopt-mlflow"), 2),
    Part("retrain", ("retrain", "trigger"), 2),
    Part("canary", ("canary", "approve", "drill", "charts"), 3),
)
