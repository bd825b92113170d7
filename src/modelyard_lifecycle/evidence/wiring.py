"""Whether a CI job that made evidence will run again by itself, and cannot hide a failure."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from .ledger import Entry

SWALLOWS = re.compile(r"\|\|\s*(true|:|exit 0|echo)\b|set \+e|;\s*(true|exit 0)\s*$", re.MULTILINE)
SCRIPT = re.compile(r"scripts/[\w-]+\.sh")


class Loader(yaml.SafeLoader):
    """A loader for which `on` is a key, not the boolean of YAML 1.1."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Wiring:
    """The workflows of a project, for GitHub and GitLab."""

    folder: Path

    @cached_property
    def github(self) -> dict[str, dict[str, Any]]:
        """Workflows by name."""
        files = sorted(self.folder.glob(".github/workflows/*.y*ml"))
        found = [one for path in files if isinstance(one := load(path), dict)]
        return {str(one.get("name", "")): one for one in found}

    @cached_property
    def gitlab(self) -> dict[str, Any]:
        """Jobs by name."""
        files = [*self.folder.glob(".gitlab/*.yml"), *self.folder.glob(".gitlab-ci.yml")]
        return {name: job for path in files for name, job in (load(path) or {}).items()}

    def why_not(self, entry: Entry, now: datetime, days: int) -> str:
        """Return why the job of an entry does not repeat or hides failures; empty if neither."""
        if entry.job in self.gitlab and isinstance(job := self.gitlab[entry.job], dict):
            return self.hides(job.get("script", []), job.get("allow_failure"), job.get("when"))
        workflow = self.github.get(entry.workflow)
        job = (workflow or {}).get("jobs", {}).get(entry.job)
        if workflow is None or not isinstance(job, dict):
            return f"no workflow {entry.workflow} with a job {entry.job} any more"
        if (trigger := entry.trigger) not in triggers(workflow):
            return f"the workflow {entry.workflow} is no longer started by {trigger}"
        steps = [one for one in job.get("steps", []) if isinstance(one, dict)]
        for one in (job, *steps):
            commands = one.get("run", "")
            if why := self.hides(commands, one.get("continue-on-error"), one.get("if")):
                return f"the workflow {entry.workflow} {why}"
        limit = 1 + 1.5 * interval(workflow) if trigger == "schedule" else days
        age = (now - entry.when).days
        return f"the last run by CI is {age} days old; is it disabled?" if age > limit else ""

    def hides(self, commands: Any, allowed: Any, condition: Any) -> str:
        """Return how a job or step hides a failure or never runs; empty if it does neither."""
        text = "\n".join(map(str, commands)) if isinstance(commands, list) else str(commands)
        paths = [self.folder / name for name in SCRIPT.findall(text)]
        text += "\n".join(path.read_text("utf-8") for path in paths if path.is_file())
        if str(allowed).lower() == "true":
            return "ignores a failure"
        if str(condition).lower().strip("${} ") in ("false", "manual", "never"):
            return "is switched off"
        return f"hides a failure: {found[0].strip()}" if (found := SWALLOWS.search(text)) else ""


def load(path: Path) -> Any:
    """Return the content of a YAML file; None if it is not YAML."""
    try:
        return yaml.load(path.read_text("utf-8"), Loader)
    except (OSError, ValueError, yaml.YAMLError):
        return None


def triggers(workflow: dict[str, Any]) -> list[str]:
    """Return the events that start a workflow: `on` is a name, a list or a mapping."""
    found = workflow.get("on", {})
    return [found] if isinstance(found, str) else [str(one) for one in found or ()]


def interval(workflow: dict[str, Any]) -> int:
    """Return about how many days lie between two runs of a schedule."""
    crons = [str(one.get("cron", "")).split() for one in workflow["on"]["schedule"] or ()]
    days = [31 if one[2] != "*" else 7 if one[4] != "*" else 1 for one in crons if len(one) == 5]
    return min(days, default=0)
