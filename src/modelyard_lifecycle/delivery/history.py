"""What happened in a project: commits, versions, decisions, trainings, verdicts, in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple


class Commit(NamedTuple):
    """A commit of a person: its hash, and when it was written."""

    name: str
    when: datetime


class Version(NamedTuple):
    """A registered version: its commit, when it was registered, and its release manifest."""

    name: str
    commit: str
    when: datetime
    manifest: Mapping[str, Any]


class Event(NamedTuple):
    """A decision: `promote`, `rollback`, `quarantine` or `deliver`, of a version, for a stage."""

    number: int
    action: str
    version: str
    stage: str
    by: str
    when: datetime


class Training(NamedTuple):
    """A run of the pipeline that was committed: when it ended, its duration, why it ran."""

    when: datetime
    seconds: float
    version: str
    reasons: tuple[str, ...]


class Verdict(NamedTuple):
    """The end of a recorded command such as `monitor`: its exit code, and when it ended."""

    check: str
    code: int
    when: datetime


@dataclass(frozen=True)
class Deployment:
    """A version that was promoted to prod.

    Attributes:
        version: its version.
        before: the name of the version that served before; empty for the first.
        promoted: when it was promoted.
        served: when its images were delivered; when it was promoted if none were.
        by: who promoted it.
        commits: commits of persons that it contains and the version before did not.
        changed: what changed: `data`, `model`, `code`.
        training: the run that made it; None if a person ran the pipeline.
    """

    version: Version
    before: str
    promoted: datetime
    served: datetime
    by: str
    commits: tuple[Commit, ...] = ()
    changed: frozenset[str] = frozenset()
    training: Training | None = None

    @property
    def is_automatic(self) -> bool:
        """Whether a CI job promoted it, without a person."""
        return self.by == PIPELINE


@dataclass(frozen=True)
class History:
    """All that is known of a project.

    Attributes:
        deployments: in the order of their promotions.
        events: the decisions about `prod`, and quarantines, in order.
        verdicts: the ends of recorded commands, in order.
    """

    deployments: list[Deployment] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)


PROD, DELIVERED = "prod", "delivered"
PIPELINE = "pipeline"  # who decides if a CI job does
