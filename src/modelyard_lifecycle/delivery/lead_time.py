"""Lead time of a deployment, from the first new commit to serving, split into its parts."""

from datetime import datetime, timedelta
from statistics import median

from .history import Deployment

PARTS = ("exploration", "training", "waiting", "manual steps")
NOTHING = timedelta()


def lead_times(deployment: Deployment) -> list[float]:
    """Return for each new commit the seconds until it served; none if it is newer than that."""
    ages = ((deployment.served - one.when).total_seconds() for one in deployment.commits)
    return [age for age in ages if age >= 0]


def parts(deployment: Deployment) -> dict[str, float] | None:
    """Return the seconds of each part; None if no commit of a person is new.

    - exploration: from the first to the last new commit,
    - training: the duration of the pipeline's run; 0 if a person ran it,
    - manual steps: from the registration to the promotion by a person,
    - waiting: the rest of the time from the first new commit to serving.
    """
    before = [one.when for one in deployment.commits if one.when <= deployment.served]
    if not before:
        return None
    first, last = min(before), max(before)
    training = deployment.training.seconds if deployment.training else 0.0
    manual = (
        0.0 if deployment.is_automatic else seconds(deployment.version.when, deployment.promoted)
    )
    exploration = seconds(first, last)
    rest = seconds(first, deployment.served) - exploration - training - manual
    return dict(zip(PARTS, (exploration, training, max(rest, 0.0), manual), strict=True))


def seconds(start: datetime, end: datetime) -> float:
    """Return the seconds from start to end; 0 if the end is before the start."""
    return max(end - start, NOTHING).total_seconds()


def medians(found: list[dict[str, float]]) -> dict[str, float]:
    """Return the median of each part over several deployments."""
    return {name: median(one[name] for one in found) for name in PARTS} if found else {}
