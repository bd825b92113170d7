"""Evaluate a policy on a project; nothing is fetched, rendered or changed."""

from collections.abc import Iterator

from ..project import Project
from ..template import DESCRIBED, RELEASE
from .finding import BROKEN, UNKNOWN, Finding, finding
from .gates import gates
from .licences import licences
from .policy import Policy
from .remotes import remotes

COMPLIES, BREAKS, UNCHECKED = 0, 10, 1


def evaluate(project: Project, policy: Policy) -> list[Finding]:
    """Return a finding for each rule of a policy, in the order of its sections."""
    return [
        *_template(project, policy),
        *_level(project, policy),
        *gates(project.folder, policy.gates),
        *licences(project, policy.licences),
        *remotes(project, policy),
    ]


def exit_code(findings: list[Finding]) -> int:
    """Return the exit code of the most severe verdict."""
    verdicts = {one.verdict for one in findings}
    if BROKEN in verdicts:
        return BREAKS
    return UNCHECKED if UNKNOWN in verdicts else COMPLIES


def _template(project: Project, policy: Policy) -> Iterator[Finding]:
    minimum = policy.min_template_version
    if minimum is None:
        return
    described = DESCRIBED.fullmatch(project.version)
    release = described[1] if described else project.version
    kept = _number(release) >= _number(minimum) if RELEASE.fullmatch(release) else None
    yield finding("min_template_version", project.version, f">= {minimum}", kept)


def _level(project: Project, policy: Policy) -> Iterator[Finding]:
    minimum = policy.min_level
    if minimum is None:
        return
    level = project.answers.get("automation_level")
    kept = level >= minimum if type(level) is int else None
    yield finding("min_level", "none" if level is None else str(level), f">= {minimum}", kept)


def _number(release: str) -> list[int]:
    return [int(part) for part in release.removeprefix("v").split(".")]
