"""Change failures: deployments that were rolled back, quarantined, or followed by an incident."""

from collections.abc import Mapping
from datetime import timedelta

from modelyard.models.metrics import LOWER_IS_BETTER

from .history import PROD, Deployment, Event, History
from .incidents import MONITOR, Incident

LIABLE = timedelta(days=7)  # an incident within this time counts against the deployment


def failure(deployment: Deployment, history: History, found: list[Incident]) -> str:
    """Return why a deployment failed; empty if it did not.

    It failed if the next decision about prod is a rollback, if it was quarantined, or if the
    monitor opened an incident while it served, within 7 days.
    """
    later = [one for one in history.events if one.when > deployment.promoted]
    ends = next((one for one in later if one.stage == PROD), None)
    if ends and ends.action == "rollback":
        return "rolled back"
    if any(is_quarantine(one, deployment) for one in later):
        return "quarantined"
    last = min(filter(None, [deployment.served + LIABLE, ends.when if ends else None]))
    bad = (one for one in found if one.rule == MONITOR)
    return "incident" if any(deployment.served <= one.opened < last for one in bad) else ""


def is_quarantine(event: Event, deployment: Deployment) -> bool:
    """Whether an event excludes the version of a deployment."""
    return event.action == "quarantine" and event.version == deployment.version.name


def falls(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, float]:
    """Return by how much each metric that both have became worse, on the test set; 0 if it did not.

    Args:
        old: metrics of the version before; values that are no numbers are left out.
        new: metrics of the deployed version.
    """
    found = {}
    for name, value in new.items():
        before = old.get(name)
        if isinstance(value, int | float) and isinstance(before, int | float):
            change = value - before
            found[name] = max(change if name in LOWER_IS_BETTER else -change, 0.0)
    return found
